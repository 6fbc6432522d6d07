"""The virtual environment: made once, filled from the hash-pinned exports, added to when needed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.checkout import Checkout
from tools.console import Console
from tools.failure import Failure
from tools.locks import exclusive
from tools.processes import Command

_STAMP = "nhipcau-installed.json"
_ONE_HOUR = 3600.0


def entries(requirements: Path) -> dict[str, str]:
    """Map each package of an export to a digest of its pin, marker and hashes."""
    found: dict[str, list[str]] = {}
    name = ""
    for raw in requirements.read_text(encoding="utf-8").splitlines():
        line = raw.strip().removesuffix("\\").strip()
        if not line or line.startswith("#"):
            continue
        if not line.startswith("--hash"):
            name = line.partition("==")[0].partition("[")[0].strip().lower()
        found.setdefault(name, []).append(line)
    return {
        name: hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
        for name, lines in found.items()
    }


def missing(checkout: Checkout, kind: str) -> dict[str, str]:
    """What ``kind`` needs and the stamp does not show as installed; a superset counts."""
    try:
        installed = json.loads((checkout.venv / _STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        installed = {}
    needed = entries(checkout.requirements(kind))
    return {name: digest for name, digest in needed.items() if installed.get(name) != digest}


def ensure(checkout: Checkout, *, kind: str, console: Console) -> None:
    """Make the environment hold everything ``requirements/<kind>.txt`` names.

    Raises:
        Failure: It cannot be made or filled.
    """
    if not missing(checkout, kind) and _works(checkout.python):
        return
    checkout.make_folders()
    lock = checkout.var / "environment.lock"
    with exclusive(
        lock,
        wait_seconds=_ONE_HOUR,
        when_waiting=lambda: console.say("• Another ./dev is installing here; waiting for it"),
    ):
        if not _works(checkout.python):
            with console.step(f"Creating .venv with Python {sys.version.split()[0]}"):
                _create(checkout)
        wanted = missing(checkout, kind)
        if wanted:
            everything = len(entries(checkout.requirements(kind)))
            with console.step(
                f"Installing {len(wanted)} of {everything} packages of requirements/{kind}.txt"
            ):
                _install(checkout, kind)
            _remember(checkout, kind)


def _works(python: Path) -> bool:
    try:
        done = subprocess.run(
            [python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"],
            check=False, stdin=subprocess.DEVNULL, capture_output=True,
        )  # fmt: skip
    except OSError:
        return False
    return done.returncode == 0


def _create(checkout: Checkout) -> None:
    """Use uv when present, else venv, else venv without pip (Debian without python3-venv)."""
    if checkout.venv.exists():
        shutil.rmtree(checkout.venv)
    uv = shutil.which("uv")
    ways: list[Command] = (
        [[uv, "venv", "--quiet", "--python", sys.executable, checkout.venv]] if uv else []
    )
    ways += [
        [sys.executable, "-m", "venv", checkout.venv],
        [sys.executable, "-m", "venv", "--without-pip", "--clear", checkout.venv],
    ]
    for way in ways:
        if _logged(checkout, way) and _works(checkout.python):
            return
    raise Failure(
        "Python here cannot make a virtual environment: install it with "
        "`apt install python3-venv` (or your system's equivalent) and run this again."
    )


def _install(checkout: Checkout, kind: str) -> None:
    arguments: Command = ["--require-hashes", "-r", checkout.requirements(kind)]
    uv = shutil.which("uv")
    ways: list[Command]
    if uv:
        ways = [[uv, "pip", "install", "--quiet", "--python", checkout.python, *arguments]]
    else:
        quiet = ["install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
        quiet += ["--only-binary", ":all:"]
        ways = [
            [checkout.python, "-m", "pip", *quiet, *arguments],
            [sys.executable, "-m", "pip", "--python", checkout.python, *quiet, *arguments],
        ]
        if not _logged(checkout, [checkout.python, "-m", "pip", "--version"]):
            del ways[0]
    if not any(_logged(checkout, way) for way in ways):
        raise Failure(
            f"The packages could not be installed; {checkout.logs / 'install.log'} says why: check "
            "the network or the package mirror (on musl systems also set DATABASE_URL and "
            "REDIS_URL) and run this again."
        )


def _remember(checkout: Checkout, kind: str) -> None:
    stamp = checkout.venv / _STAMP
    try:
        installed = json.loads(stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        installed = {}
    installed |= entries(checkout.requirements(kind))
    fresh = stamp.with_suffix(".new")
    fresh.write_text(json.dumps(installed, indent=0, sort_keys=True), encoding="utf-8")
    fresh.replace(stamp)


def _logged(checkout: Checkout, command: Command) -> bool:
    with (checkout.logs / "install.log").open("ab") as log:
        log.write(("\n$ " + " ".join(str(part) for part in command) + "\n").encode())
        log.flush()
        try:
            return (
                subprocess.run(
                    command, check=False, cwd=checkout.root, stdin=subprocess.DEVNULL,
                    stdout=log, stderr=log, env={**os.environ, "TMPDIR": str(checkout.scratch)},
                ).returncode
                == 0
            )  # fmt: skip
        except OSError as error:
            log.write(f"{error}\n".encode())
            return False
