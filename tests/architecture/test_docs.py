"""The documentation holds: links lead somewhere, commands exist, the changelog reads alike."""

from __future__ import annotations

import gettext
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.architecture.measure import PACKAGES, ROOT

SKIPPED = {".venv", "var", "node_modules", ".git", "vendor"}
PAGES = sorted(
    path
    for path in ROOT.rglob("*.md")
    if not SKIPPED & set(path.relative_to(ROOT).parts) and ".pytest_cache" not in path.parts
)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"`([^`\n]+)`")
VERB = re.compile(r"(?<![\w/])\./dev ([a-z]+)")
COMMAND = re.compile(r"(?:manage\.py|\./dev manage|(?<![\w.])manage) ([a-z_]+)")
HEADING = re.compile(r"^## \[(?:Unreleased|\d+\.\d+\.\d+)\](?: - \d{4}-\d\d-\d\d)?$")
KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
HOMONYMS = {"part", "person", "service"}  # on pages these also mean something else
BUILT_IN = {"help", "version"}


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def anchors(page: Path) -> set[str]:
    """The anchors a code host makes of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    words = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {word.strip().replace(" ", "-") for word in words}


def shell_text(page: Path) -> str:
    """Everything of a page that is code: fenced blocks and `spans`."""
    text = page.read_text(encoding="utf-8")
    fenced = FENCE.findall(text)
    return "\n".join([*fenced, *CODE.findall(FENCE.sub("", text))])


def is_ours(app: str) -> bool:
    return app.split(".", maxsplit=1)[0] in PACKAGES


@pytest.fixture(scope="module")
def verbs() -> set[str]:
    said = subprocess.run(
        [sys.executable, ROOT / "dev", "--help"], capture_output=True, text=True, check=True
    ).stdout
    return set(re.findall(r"^ {4}([a-z]+)\b", said, re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page):
    broken = []
    for target in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _hash, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_commands_exist(page, verbs):
    assert {"run", "test", "check"} <= verbs
    text = shell_text(page)
    named = {command for command in COMMAND.findall(text) if command not in BUILT_IN}
    assert set(VERB.findall(text)) - verbs == set()
    assert named - set(get_commands()) == set()


def test_every_verb_and_command_of_ours_is_explained(verbs):
    page = shell_text(ROOT / "docs" / "operations.md")
    assert verbs - set(VERB.findall(page)) == set()
    ours = {name for name, app in get_commands().items() if isinstance(app, str) and is_ours(app)}
    assert len(ours) > 5
    assert ours - set(COMMAND.findall(page)) == set()


def test_decisions_are_listed_once_and_have_a_status():
    folder = ROOT / "docs" / "decisions"
    records = sorted(path.name for path in folder.glob("[0-9]*.md"))
    listed = LINK.findall((folder / "README.md").read_text(encoding="utf-8"))
    assert sorted(one for one in listed if one[0].isdigit()) == records
    statuses = [re.search(r"Status\W", (folder / one).read_text()) for one in records]
    assert all(statuses)


def test_changelog_keeps_its_form():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    releases = [line for line in text.splitlines() if line.startswith("## ")]
    kinds = {line[4:] for line in text.splitlines() if line.startswith("### ")}
    assert releases[0] == "## [Unreleased]"
    assert [line for line in releases if not HEADING.match(line)] == []
    assert kinds - KINDS == set()


def test_every_direct_dependency_is_explained():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = [project["project"]["dependencies"], *project["dependency-groups"].values()]
    wanted = {
        re.split(r"[=<>\[ ]", entry)[0].lower()
        for group in groups
        for entry in group
        if isinstance(entry, str)
    }
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").lower()
    assert {name for name in wanted if f"`{name}`" not in page} == set()


def test_every_variable_of_the_environment_is_explained():
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "config" / "env.py").read_text()))
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE))
    assert len(read) > 10
    assert explained == read


def test_glossary_says_what_the_pages_say():
    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    with (ROOT / "locale" / "vi" / "LC_MESSAGES" / "django.mo").open("rb") as file:
        said = gettext.GNUTranslations(file)
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|", page, re.MULTILINE)
    words = [(word, vi) for en, vi in rows for word in re.split(r"[,;] ", en)]
    otherwise = {
        word: translation
        for word, vietnamese in words
        for translation in {said.gettext(word), said.gettext(word.capitalize())}
        if word not in HOMONYMS
        and translation.lower() != word.lower()  # else it is no text of the pages
        and translation.lower() not in vietnamese.lower()
    }
    assert len(words) > 60
    assert otherwise == {}


def test_pictures_stay_light():
    pictures = [p for p in (ROOT / "docs").rglob("*") if p.suffix in {".png", ".jpg", ".webp"}]
    assert {name_of(p): p.stat().st_size for p in pictures if p.stat().st_size > 200 * 1024} == {}
