"""An event type is a promise: what was announced once keeps its fields and their meaning."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from core.kernel.events import all_event_types
from core.outbox.management.commands.events import catalogue, promised_fields
from tests.architecture.measure import ROOT

GOLDEN = Path(__file__).with_name("events.json")
PROMISED: dict[str, dict[str, str]] = json.loads(GOLDEN.read_text(encoding="utf-8"))
TYPE = re.compile(r"^[a-z]+\.[a-z_]+\.[a-z_]+\.v\d+$")
HOW_TO = "./dev manage events --json > tests/architecture/events.json"


@pytest.mark.parametrize("name", sorted(PROMISED))
def test_promised_event_keeps_its_fields(name):
    now = promised_fields()
    assert name in now, f"{name} is gone; open duties and readers still speak of it"
    kept = {field: now[name].get(field) for field in PROMISED[name]}
    assert kept == PROMISED[name], f"{name} means something else now: announce a new .v2"


@pytest.mark.parametrize("name", sorted(PROMISED))
def test_field_added_to_a_promised_event_has_a_default(name):
    added = promised_fields()[name].items() - PROMISED[name].items()
    assert [field for field, kind in added if " = " not in kind] == []


def test_golden_file_names_every_event_and_field():
    assert promised_fields() == PROMISED, f"new events or fields: {HOW_TO}"


def test_event_page_is_up_to_date():
    page = (ROOT / "docs" / "events.md").read_text(encoding="utf-8")
    assert page == catalogue(), "run ./dev manage events --write"


def test_event_types_read_app_subject_fact_and_version():
    types = promised_fields()
    assert [name for name in types if not TYPE.match(name)] == []
    owners = {
        name: "kernel" if event.__module__.startswith("core.kernel") else event.__module__
        for name, event in all_event_types().items()
        if name in types
    }
    strays = [name for name, owner in owners.items() if name.split(".")[0] not in owner.split(".")]
    assert strays == []
