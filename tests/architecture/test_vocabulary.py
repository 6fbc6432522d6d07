"""One word per thing: what modules, classes and tables may be called (docs/glossary.md)."""

from __future__ import annotations

import ast
import re
from functools import cache

from django.apps import apps

from core.kernel.events import all_event_types
from tests.architecture.measure import Source, sources

JUNK_DRAWERS = {
    "utils", "util", "helpers", "helper", "misc", "common", "manager", "managers", "info", "stuff",
}  # fmt: skip
SENTENCE = re.compile(r"^[A-Z][a-z]+(?:[A-Z][a-z]+)+$")
ALL = [source for source in sources() if source.parts[0] != "dev"]


@cache
def classes() -> list[tuple[Source, ast.ClassDef]]:
    return [
        (source, node)
        for source in ALL
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef)
    ]


def test_no_module_is_a_junk_drawer():
    assert [source.name for source in ALL if JUNK_DRAWERS & set(source.parts)] == []


def test_event_names_nothing_but_domain_events():
    allowed = {"DomainEvent"}
    named = [
        f"{source.name} {node.name}"
        for source, node in classes()
        if re.search(r"Events?(?![a-z])", node.name) and node.name not in allowed
    ]
    assert named == []
    modules = [s.name for s in ALL if "event" in s.parts or s.parts[-1] == "event"]
    assert modules == []


def test_no_table_is_called_event():
    tables = {model._meta.label for model in apps.get_models() if "Event" in model.__name__}
    ours = {label for label in tables if not label.startswith("pghistory.")}
    assert ours == set()


def test_events_live_in_events_modules_and_are_frozen():
    events = [e for e in all_event_types().values() if not e.__module__.startswith("tests.")]
    homes = {event.__module__ for event in events}
    assert {home for home in homes if home.split(".")[-1] not in {"events", "calendar"}} == set()
    assert [e.__name__ for e in events if not e.__dataclass_params__.frozen] == []
    assert [e.__name__ for e in events if not SENTENCE.match(e.__name__)] == []


def test_a_happening_is_a_fair():
    forbidden = re.compile(r"^(?:Exhibition|Expo|TradeShow|Happening|Vendor|Merchant)")
    assert [node.name for _source, node in classes() if forbidden.match(node.name)] == []
