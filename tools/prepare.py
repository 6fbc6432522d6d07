"""What must be in place before the portal starts, and the stamps by which it is skipped."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.checkout import Checkout
from tools.console import Console
from tools.failure import Failure

_APPS = ("core", "producers", "buyers", "fairs", "matchmaking")


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """One ``manage.py`` command and the files whose change makes it necessary again."""

    name: str
    label: str
    arguments: Sequence[str]
    patterns: Sequence[str]


_MIGRATIONS = "**/migrations/*.py"
_REFERENCE = ("places/**/*", "catalogue/**/*", "**/load_reference.py")
DATABASE = (
    Preparation(
        name="migrate",
        label="Migrating the database",
        arguments=("migrate", "--no-input", "--verbosity", "0"),
        patterns=(_MIGRATIONS,),
    ),
    Preparation(
        name="reference",
        label="Loading reference data (provinces, roads, categories, units)",
        arguments=("load_reference",),
        patterns=(_MIGRATIONS, *_REFERENCE),
    ),
    Preparation(
        name="demo",
        label="Loading the demo world (fictional businesses)",
        arguments=("load_demo",),
        patterns=(_MIGRATIONS, *_REFERENCE, "**/demo*", "**/demo/**/*", "**/load_demo.py"),
    ),
)
STATIC = Preparation(
    name="static",
    label="Collecting static files",
    arguments=("collectstatic", "--no-input", "--verbosity", "0"),
    patterns=(),
)


def prepare(
    checkout: Checkout, *, environment: Mapping[str, str], console: Console, embedded: bool
) -> None:
    """Run every preparation whose inputs changed since it last succeeded.

    The database's stamps live beside its data, so that a fresh cluster is prepared afresh; of a
    database named by DATABASE_URL nothing is known, so there everything runs.

    Raises:
        Failure: A command ended with an error.
    """
    base = _digest(checkout, [checkout.requirements("run"), checkout.root / "config/settings.py"])
    for step in DATABASE:
        stamps = checkout.var / "postgres" / "prepared.json"
        digest = base + _digest(checkout, _matching(checkout, step.patterns))
        if embedded and _read(stamps).get(step.name) == digest:
            continue
        _run(checkout, step, environment, console)
        if embedded:
            _write(stamps, {**_read(stamps), step.name: digest})
    stamps = checkout.var / "static.json"
    static_files = [path for path in (checkout.root / "static").rglob("*") if path.is_file()]
    static_files += [p for app in _APPS for p in (checkout.root / app).glob("**/static/**/*")]
    digest = base + _digest(checkout, static_files)
    collected = Path(environment["STATIC_ROOT"])
    if not collected.is_dir() or _read(stamps).get(STATIC.name) != digest:
        _run(checkout, STATIC, environment, console)
        _write(stamps, {STATIC.name: digest})


def _matching(checkout: Checkout, patterns: Sequence[str]) -> Iterable[Path]:
    for app in _APPS:
        for pattern in patterns:
            for path in (checkout.root / app).glob(pattern):
                if path.suffix != ".pyc":
                    yield path


def _digest(checkout: Checkout, paths: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in sorted(set(paths)):
        if path.is_file():
            total.update(str(path.relative_to(checkout.root)).encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:16]


def _run(
    checkout: Checkout, step: Preparation, environment: Mapping[str, str], console: Console
) -> None:
    log_path = checkout.logs / f"{step.name}.log"
    with console.step(step.label), log_path.open("wb") as log:
        done = subprocess.run(
            [checkout.python, "manage.py", *step.arguments],
            cwd=checkout.root,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            check=False,
        )
    if done.returncode != 0:
        for line in log_path.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]:
            console.say(f"    {line}")
        raise Failure(f"`./dev manage {' '.join(step.arguments)}` failed: {log_path} says why.")


def _read(path: Path) -> dict[str, str]:
    try:
        stamps: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamps


def _write(path: Path, stamps: Mapping[str, str]) -> None:
    path.write_text(json.dumps(stamps), encoding="utf-8")
