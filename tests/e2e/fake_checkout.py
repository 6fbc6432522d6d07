"""The real ./dev around a tiny application, so that its life is tested in seconds."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

_MANAGE = """
import json, os, sys, time
if sys.argv[1] in ("run_relay", "run_mailer"):
    while True:
        time.sleep(1)
with open("calls.txt", "a") as calls:
    calls.write(" ".join(sys.argv[1:]) + chr(10))
if sys.argv[1] == "collectstatic":
    os.makedirs(os.environ["STATIC_ROOT"], exist_ok=True)
if sys.argv[1] == "load_demo":
    world = {"logins": [], "goods": {"product": "", "category": "", "price_vnd": 1}}
    with open(os.environ["DEMO_LOGINS_FILE"], "w") as file:
        file.write(json.dumps(world))
if sys.argv[1] == "crash":
    sys.exit(7)
"""
_WSGI = """
def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"ready"]
"""
_CELERY = """
from celery import Celery
app = Celery("fake", broker="memory://")
"""
_STORY = """
class Story:
    def __init__(self, base_url, mailbox, world, *, memory, runner):
        self.runner = runner

    def tell(self):
        with self.runner.step("look"):
            self.runner.summary.offers = 1
"""


class FakeCheckout:
    """Real dev and tools, the real environment's wheels, a fake application."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        shutil.copy(ROOT / "dev", folder)
        shutil.copytree(ROOT / "tools", folder / "tools", ignore=shutil.ignore_patterns("__pyc*"))
        (folder / "tools/story.py").write_text(_STORY)
        (folder / "manage.py").write_text(_MANAGE)
        (folder / "config").mkdir()
        for name, text in (
            ("__init__", ""), ("settings", ""), ("wsgi", _WSGI), ("celery", _CELERY)
        ):  # fmt: skip
            (folder / f"config/{name}.py").write_text(text)
        (folder / "requirements").mkdir()
        for kind in ("run", "test", "lint", "bench", "production"):
            (folder / f"requirements/{kind}.txt").write_text("")
        (folder / ".venv").symlink_to(Path(sys.prefix))

    def start(self, *arguments: str, **more: str) -> subprocess.Popen[str]:
        """Start ``./dev arguments`` in a session of its own, as a terminal would."""
        outside = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "SITE_URL", "MEDIA_ROOT")
        environment = {name: value for name, value in os.environ.items() if name not in outside}
        return subprocess.Popen(
            [sys.executable, "dev", *arguments], cwd=self.folder, env={**environment, **more},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            start_new_session=True,
        )  # fmt: skip

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run ``./dev arguments`` to its end."""
        process = self.start(*arguments, **more)
        out, err = process.communicate(timeout=60)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def serving(self, *arguments: str, **more: str) -> subprocess.Popen[str]:
        """Start ``./dev run`` and wait until it serves."""
        process = self.start("run", *arguments, **more)
        assert process.stdout is not None
        for line in process.stdout:
            if "Ctrl-C ends everything" in line:
                return process
        raise AssertionError(process.stderr.read() if process.stderr else "")

    def processes(self) -> list[int]:
        """Every live process that stands in this checkout or was started for it."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                standing = (entry / "cwd").readlink().is_relative_to(self.folder.resolve())
                zombie = (entry / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
            except OSError:
                continue
            if standing and not zombie:
                found.append(int(entry.name))
        return found

    def processes_gone(self, *, seconds: float = 15) -> bool:
        """Wait until no process of this checkout is left."""
        end = time.monotonic() + seconds
        while self.processes():
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        return True

    def calls(self) -> list[str]:
        """What manage.py was asked to do."""
        path = self.folder / "calls.txt"
        return path.read_text().splitlines() if path.exists() else []

    def note(self) -> dict[str, str]:
        """What a running portal wrote down for other commands."""
        return dict(json.loads((self.folder / "var/run.json").read_text()))

    def end(self) -> None:
        """End whatever a failed test left."""
        for pid in self.processes():
            os.kill(pid, signal.SIGKILL)
