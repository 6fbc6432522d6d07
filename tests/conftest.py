"""Servers of the test run: own PostgreSQL and Valkey, started before Django reads its settings."""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import gc
import os
import shutil
import signal
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import IO

import pytest

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))
if sys.dont_write_bytecode:
    # Some hundred processes start here, and each would compile Django anew: what may not lie
    # beside the sources is kept in var/, for this process and those it starts.
    sys.dont_write_bytecode, sys.pycache_prefix = False, str(ROOT / "var" / "bytecode")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix

from tools.postgres import LocalPostgres  # noqa: E402 -- the checkout has to be importable first
from tools.valkey import LocalValkey  # noqa: E402 -- as above

HARMLESS = {
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "SECRET_KEY": "only-for-tests-never-deployed-0123456789-abcdefghij",
    "EMAIL_URL": "memorymail://",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "SITE_URL": "http://testserver",
    "DEBUG": "false",
    # Its own tests load it; elsewhere worlds are small, and each worker would take a second.
    "MATCHING_KERNEL": "never",
    "NUMBA_CACHE_DIR": str(ROOT / "var" / "numba"),
}
# Files that take longest, and those that mostly wait beside those that mostly compute.
FIRST = (
    "tests/fault/test_pipeline",
    "tests/integration/security/test_matrix",
    "tests/integration/security/test_hostile",
    "tests/e2e/test_browser_pages",
    "tests/fault/",
    "tests/integration/security/",
    "tests/e2e/",
    "tests/integration/demo/",
    "tests/integration/web/test_translations",
)


class Servers:
    """What this run started; ``stop`` may be called any number of times."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.lock: IO[str] | None = None
        self.postgres: LocalPostgres | None = None
        self.valkey: LocalValkey | None = None

    def start(self) -> None:
        """Start what the environment does not name."""
        packages = Path(sysconfig.get_paths()["purelib"])
        base = ROOT / "var" / "test"
        base.mkdir(mode=0o755, parents=True, exist_ok=True)
        with (base / "lock").open("w") as one_at_a_time:
            fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
            _clear_leftovers(base)
            self.folder = Path(tempfile.mkdtemp(prefix="run-", dir=base))
            self.folder.chmod(0o711)
            self.lock = (self.folder / "lock").open("w")
            fcntl.flock(self.lock, fcntl.LOCK_EX)
        if not os.environ.get("DATABASE_URL"):
            self.postgres = LocalPostgres(packages, self.folder / "postgres", durable=False)
            os.environ["DATABASE_URL"] = self.postgres.start()
        if not os.environ.get("REDIS_URL"):
            self.valkey = LocalValkey(packages, self.folder / "valkey")
            os.environ["REDIS_URL"] = self.valkey.start()
        os.environ.setdefault("MEDIA_ROOT", str(self.folder / "media"))

    def stop(self) -> None:
        """Stop and remove everything of this run."""
        if self.postgres is not None:
            self.postgres.stop(immediately=True)
            self.postgres = None
        if self.valkey is not None:
            self.valkey.stop()
            self.valkey = None
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder = None
        if self.lock is not None:
            self.lock.close()
            self.lock = None


SERVERS = Servers()


def _clear_leftovers(base: Path) -> None:
    """Remove folders of runs that were killed: nobody holds their lock any more."""
    for folder in base.glob("run-*"):
        with contextlib.suppress(OSError), (folder / "lock").open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            LocalPostgres(folder, folder / "postgres", durable=False).stop(immediately=True)
            LocalValkey(folder, folder / "valkey").stop()
            shutil.rmtree(folder, ignore_errors=True)


def _end(number: int, _frame: object) -> None:
    pytest.exit(f"ended by {signal.Signals(number).name}", returncode=128 + number)


def _prepare() -> None:
    """Start the servers, then Django; at import, so that every other conftest finds models."""
    for name, value in HARMLESS.items():
        os.environ.setdefault(name, value)
    atexit.register(SERVERS.stop)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    SERVERS.start()
    import django
    from django.conf import settings

    # Tests read static files from the tree: no collecting, no hashed names.
    settings.WHITENOISE_AUTOREFRESH = True
    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    # A good hash is slow by design: some thousand people made for tests would cost minutes.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    django.setup()
    # What is loaded by now stays: let the collector look at it no more, and less often at all.
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


GIVEN = dict(os.environ)
_prepare()


@pytest.fixture(autouse=True)
def _no_market_of_before() -> None:
    """A market in memory is true to what was committed, and a test's rows never are."""
    if ranking := sys.modules.get("matchmaking.services.ranking"):
        ranking.let_go()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Let each worker start servers of its own: fault tests stop and crash them.

    Workers inherit the variables, and Django would read its settings before this file is read.
    """
    SERVERS.stop()
    for name in os.environ.keys() - GIVEN.keys():
        del os.environ[name]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files, so that all workers end together; the rest stays random."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: _turn(item.nodeid))


def _turn(nodeid: str) -> int:
    turns = (turn for turn, prefix in enumerate(FIRST) if nodeid.startswith(prefix))
    return next(turns, len(FIRST))


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the servers, also after an interrupted run."""
    del config
    SERVERS.stop()


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """A server of our own goes with its folder; to drop the database first takes seconds."""
    return SERVERS.postgres is not None


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """End what threads of some test still hold open, or the test database cannot be dropped.

    While Playwright's event loop lives, Django keeps another connection for this thread. The one
    from before it may have been ended by the fault tests meanwhile, so begin with a new one.
    """
    yield
    from django.db import connection

    with django_db_blocker.unblock():
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(scope="session")
def postgres_server() -> LocalPostgres:
    """The run's own PostgreSQL, for fault tests that stop, crash or restart it."""
    if SERVERS.postgres is None:
        pytest.skip("DATABASE_URL names a server this run did not start")
    return SERVERS.postgres


@pytest.fixture(scope="session")
def valkey_server() -> LocalValkey:
    """The run's own Valkey, for fault tests that empty, stop or crash it."""
    if SERVERS.valkey is None:
        pytest.skip("REDIS_URL names a server this run did not start")
    return SERVERS.valkey
