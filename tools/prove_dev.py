"""``./dev prove``: clones this checkout into awkward places and runs the main job there."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tools.console import Console
from tools.failure import Failure

ROOT = Path(__file__).resolve().parent.parent
_NOBODY = 65534
_LONGEST_SECONDS = 900.0
_OURS = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "SITE_URL")


@dataclass(slots=True)
class Place:
    """A clone, and who runs it."""

    folder: Path
    python: str = sys.executable
    account: dict[str, int | list[int]] = field(default_factory=dict)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start ``./dev arguments`` in a session of its own."""
        environment = {name: value for name, value in os.environ.items() if name not in _OURS}
        if self.account:
            environment |= {"HOME": str(self.folder.parent), "USER": "nobody"}
        return subprocess.Popen(  # type: ignore[call-overload,no-any-return]  # -- ** of an account
            [self.python, "dev", *arguments],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            **self.account,
        )

    def once(self) -> tuple[str, str]:
        """Run the main job once; return (verdict, what ./dev said)."""
        process = self.start("run", "--once", "--json")
        out, err = process.communicate(timeout=_LONGEST_SECONDS)
        try:
            ok = json.loads(out.splitlines()[-1])["ok"]
        except (IndexError, ValueError, KeyError):
            ok = False
        left = self.processes()
        said = " ".join(err.split())[-200:]
        if process.returncode != 0 or not ok:
            return f"FAILED ({process.returncode}): {said}", err
        return (f"FAILED: left {left}" if left else "ok"), err

    def processes(self) -> list[str]:
        """Names of live processes standing in the clone."""
        found, home = [], self.folder.resolve()
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if (entry / "cwd").readlink().is_relative_to(home):
                    found.append((entry / "comm").read_text(encoding="utf-8").strip())
            except OSError:
                continue
        return found

    def serve_then(self, end: Callable[[subprocess.Popen[str]], None]) -> str:
        """Serve, end it in some way, and say whether anything was left."""
        process = self.start("run")
        assert process.stdout is not None  # noqa: S101 -- it was asked for
        for line in process.stdout:
            if "Ctrl-C ends everything" in line:
                break
        else:
            return "FAILED: did not serve"
        end(process)
        try:
            process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            process.terminate()
            process.communicate()
            return "FAILED: did not end within a minute"
        limit = time.monotonic() + 20
        while self.processes() and time.monotonic() < limit:
            time.sleep(0.1)
        left = self.processes()
        return f"FAILED: left {left}" if left else "ok"


def main(arguments: list[str]) -> int:
    """Run every case and print a table; 1 if one failed."""
    parser = argparse.ArgumentParser(prog="./dev prove", description=__doc__)
    parser.add_argument("--keep", action="store_true", help="leave the clones in place")
    options = parser.parse_args(arguments)
    console, rows = Console(), []
    base = Path(tempfile.mkdtemp(prefix="nhip-cau-prove-"))
    base.chmod(0o755)
    try:
        for name, case in _cases(base):
            console.say(f"• {name}")
            began = time.monotonic()
            verdict = case()
            rows.append((name, f"{time.monotonic() - began:.1f}", verdict))
            console.say(f"    {verdict}")
    finally:
        if not options.keep:
            shutil.rmtree(base, ignore_errors=True)
    console.say()
    console.table(rows, header=("case", "seconds", "verdict"))
    return 1 if any(verdict.startswith("FAILED") for *_, verdict in rows) else 0


def _cases(base: Path) -> Iterator[tuple[str, Callable[[], str]]]:
    who = "root" if os.geteuid() == 0 else "ordinary user"
    plain = _clone(base / "plain")
    yield f"first start, as {who}", lambda: plain.once()[0]
    yield "second start does nothing again", lambda: _second(plain)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        yield (
            f"{number.name} leaves nothing",
            partial(plain.serve_then, partial(_send, number)),
        )
    yield "kill -9 leaves nothing", lambda: plain.serve_then(lambda process: process.kill())
    yield "start after kill -9", lambda: plain.once()[0]
    yield "port 8000 taken", lambda: _taken(plain)
    yield (
        "path with spaces and Vietnamese letters",
        lambda: _clone(base / "Đường dẫn có dấu cách").once()[0],
    )
    private = base / "home"
    private.mkdir(mode=0o700)
    yield "below a 0700 home", lambda: _clone(private / "checkout").once()[0]
    if os.geteuid() == 0:
        yield "as an ordinary user (uid 65534)", lambda: _as_nobody(base)
    yield "two checkouts side by side", lambda: _pair(plain, _clone(base / "second"))


def _program(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise Failure(f"this needs {name}: install it and run it again")
    return path


def _clone(folder: Path) -> Place:
    subprocess.run(
        [_program("git"), "clone", "--quiet", "--no-hardlinks", ROOT, folder], check=True
    )
    return Place(folder)


def _send(number: signal.Signals, process: subprocess.Popen[str]) -> None:
    process.send_signal(number)


def _second(place: Place) -> str:
    verdict, said = place.once()
    again = [word for word in ("Installing", "Migrating", "Loading", "Collecting") if word in said]
    return f"FAILED: did again: {', '.join(again)}" if again else verdict


@contextmanager
def _listening(port: int) -> Iterator[None]:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", port))
            taken.listen()
        except OSError:
            pass  # somebody else takes it: as good
        yield


def _taken(place: Place) -> str:
    with _listening(8000):
        verdict, said = place.once()
    return verdict if "Port 8000 is taken" in said else f"FAILED: not said; {verdict}"


def _pair(left: Place, right: Place) -> str:
    first = left.start("run", "--once", "--json")
    verdict, _ = right.once()
    out, err = first.communicate(timeout=_LONGEST_SECONDS)
    if first.returncode != 0 or not json.loads(out.splitlines()[-1])["ok"]:
        return f"FAILED: the first of two: {err[-200:]}"
    return verdict


def _as_nobody(base: Path) -> str:
    account: dict[str, int | list[int]] = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []}
    home = base / "ordinary"
    home.mkdir()
    place = _clone(home / "checkout")
    subprocess.run([_program("chown"), "-R", f"{_NOBODY}:{_NOBODY}", home], check=True)
    for candidate in (sys.executable, "/usr/local/bin/python3", "/usr/bin/python3"):
        try:
            tried = subprocess.run(  # type: ignore[call-overload]  # -- ** of an account
                [candidate, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"],
                check=False, **account,
            )  # fmt: skip
        except OSError:
            continue
        if tried.returncode == 0:
            place.python, place.account = candidate, account
            return f"{place.once()[0]} ({candidate})"
    return "skipped: no Python 3.11 that this user may run"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
