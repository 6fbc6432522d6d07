"""uv.lock is the source, requirements/ its exports: writing them, finding disagreements."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools.checkout import Checkout
from tools.console import Console
from tools.failure import Failure

EXPORTS: dict[str, tuple[str, ...]] = {
    "production": (),
    "run": ("embedded",),
    "test": ("test",),
    "lint": ("lint",),
    "bench": ("bench",),
}
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)")
_HASH = re.compile(r"--hash=(sha256:[0-9a-f]{64})")


def lock(checkout: Checkout, console: Console) -> int:
    """Resolve anew and write every export.

    Raises:
        Failure: uv is absent or does not succeed.
    """
    uv = shutil.which("uv")
    if uv is None:
        raise Failure(
            "locking needs uv: install it (https://docs.astral.sh/uv/) and run this again"
        )
    with console.step("Resolving"):
        _uv(checkout, [uv, "lock", "--quiet"])
    for kind, groups in EXPORTS.items():
        with console.step(f"Exporting requirements/{kind}.txt"):
            chosen = [f"--group={group}" for group in groups]
            where = ["--output-file", f"requirements/{kind}.txt"]
            _uv(
                checkout,
                [uv, "export", "--quiet", "--frozen", "--no-default-groups", "--no-emit-project",
                 "--no-header", *chosen, *where],
            )  # fmt: skip
    return 0


def _uv(checkout: Checkout, command: list[str]) -> None:
    done = subprocess.run(command, cwd=checkout.root, check=False, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise Failure(f"`{' '.join(command[1:3])}` failed: read what uv said above")


def disagreements(root: Path) -> list[str]:
    """Compare exports, lock and pyproject.toml without uv; one sentence per difference."""
    locked = tomllib.loads((root / "uv.lock").read_text(encoding="utf-8"))["package"]
    packages: dict[str, dict[str, Any]] = {package["name"]: package for package in locked}
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    found = list(_declared_but_not_locked(project, packages))
    for kind, groups in EXPORTS.items():
        path = root / "requirements" / f"{kind}.txt"
        exported = _read_export(path)
        wanted = _closure(packages, project["project"]["name"], groups)
        found += [f"{path.name}: {name} is missing" for name in sorted(wanted - set(exported))]
        found += [f"{path.name}: {name} is not needed" for name in sorted(set(exported) - wanted)]
        for name, (version, hashes) in sorted(exported.items()):
            found += _pin_differences(path.name, name, version, hashes, packages)
    return [*found, "Run ./dev lock to write them anew."] if found else []


def _pin_differences(
    file: str, name: str, version: str, hashes: set[str], packages: dict[str, dict[str, Any]]
) -> Iterator[str]:
    package = packages.get(name)
    if package is None:
        return
    if package["version"] != version:
        yield f"{file}: {name} {version}, but uv.lock has {package['version']}"
    files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
    if {entry["hash"] for entry in files} != hashes:
        yield f"{file}: the hashes of {name} differ from uv.lock"


def _declared_but_not_locked(
    project: dict[str, Any], packages: dict[str, dict[str, Any]]
) -> Iterator[str]:
    groups = project.get("dependency-groups", {})
    declared = list(project["project"]["dependencies"])
    declared += [line for group in groups.values() for line in group if isinstance(line, str)]
    for line in declared:
        name = re.split(r"[\[=<>~! ;]", line, maxsplit=1)[0].lower().replace("_", "-")
        pin = re.search(r"==([^ ;]+)", line)
        if name not in packages:
            yield f"pyproject.toml names {name}, uv.lock does not"
        elif pin and packages[name]["version"] != pin[1]:
            yield f"pyproject.toml pins {name} {pin[1]}, uv.lock {packages[name]['version']}"


def _closure(packages: dict[str, dict[str, Any]], root: str, groups: tuple[str, ...]) -> set[str]:
    """Names of everything the project and ``groups`` need, through all extras and markers."""
    top = packages[root]
    waiting = list(top.get("dependencies", []))
    for group in groups:
        waiting += top.get("dev-dependencies", {}).get(group, [])
    seen: set[tuple[str, str]] = set()
    while waiting:
        need = waiting.pop()
        for extra in ("", *need.get("extra", [])):
            if (need["name"], extra) not in seen:
                seen.add((need["name"], extra))
                package = packages[need["name"]]
                waiting += (
                    package.get("optional-dependencies", {}).get(extra, [])
                    if extra
                    else package.get("dependencies", [])
                )
    return {name for name, _ in seen}


def _read_export(path: Path) -> dict[str, tuple[str, set[str]]]:
    found: dict[str, tuple[str, set[str]]] = {}
    name = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        pin = _PIN.match(line)
        if pin:
            name = pin[1]
            found[name] = (pin[2], set())
        if name:
            found[name][1].update(_HASH.findall(line))
    return found
