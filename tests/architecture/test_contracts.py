"""Who may import whom: the contracts of pyproject.toml, kept."""

from __future__ import annotations

import sys
import tomllib

import pytest

from tests.architecture.measure import (
    ROOT,
    Source,
    imported_modules,
    imported_names,
    sources,
)

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_import_contracts_are_kept(monkeypatch, tmp_path, capsys):
    # It comes with ./dev check, which lints the imports as well.
    linter = pytest.importorskip("importlinter.cli")
    monkeypatch.chdir(ROOT)
    monkeypatch.syspath_prepend(str(ROOT))
    status = linter.lint_imports(
        config_filename=str(ROOT / "pyproject.toml"), cache_dir=str(tmp_path), no_logo=True
    )
    assert status == linter.EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_contracts_speak_of_every_package_of_ours():
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    linted = set(PYPROJECT["tool"]["importlinter"]["root_packages"])
    assert linted == packages - {"tools"}


def reached_from_dev() -> list[Source]:
    """`dev` and every tool it imports, directly or not; what it starts as a program is apart."""
    by_name = {".".join(source.parts): source for source in sources()}
    reached: dict[str, Source] = {}
    waiting = ["dev"]
    while waiting:
        name = waiting.pop()
        if name in reached or name not in by_name:
            continue
        reached[name] = by_name[name]
        for module, names in imported_names(by_name[name].tree):
            waiting += [module, *(f"{module}.{one}" for one in names)]
    return list(reached.values())


def test_dev_needs_nothing_but_the_standard_library():
    allowed = set(sys.stdlib_module_names) | {"tools"}
    reached = reached_from_dev()
    strangers = {
        f"{source.name}: {module}"
        for source in reached
        for module in imported_modules(source.tree)
        if module.split(".")[0] not in allowed
    }
    assert len(reached) > 15
    assert strangers == set()


def test_nothing_of_the_product_imports_the_tools_or_the_tests():
    found = {
        f"{source.name}: {module}"
        for source in sources()
        if source.parts[0] not in {"tools", "dev"}
        for module in imported_modules(source.tree)
        if module.split(".")[0] in {"tools", "tests"}
    }
    assert found == set()
