"""Who may do what: enqueue, listen, write. What import contracts cannot see, the syntax shows."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.measure import Source, imported_modules, sources

ENQUEUE = {"delay", "apply_async", "send_task", "delay_on_commit"}
SIGNALS = {"django.dispatch", "django.db.models.signals", "django.core.signals", "blinker"}
WRITES = {
    "create", "bulk_create", "update", "bulk_update", "get_or_create", "update_or_create",
    "delete", "save",
}  # fmt: skip
MANAGERS = {"objects", "_default_manager", "_base_manager"}
DOORS = {"views", "api", "forms", "filters", "tables", "panels"}
ALL = [source for source in sources() if source.parts[0] not in {"tools", "dev"}]


def attributes(source: Source) -> list[ast.Attribute]:
    return [node for node in ast.walk(source.tree) if isinstance(node, ast.Attribute)]


def spot(source: Source, node: ast.expr) -> str:
    return f"{source.name}:{node.lineno} {ast.unparse(node)[:60]}"


def enqueues(source: Source) -> list[str]:
    return [spot(source, node) for node in attributes(source) if node.attr in ENQUEUE]


def queries(source: Source) -> list[str]:
    """Queries that begin at a model instead of at a selector.

    A form field's ``queryset=`` may name the model: it is a list of choices, and the field asks
    the database itself. So may ``Model.objects.none()``, by which the schema learns the model.
    """
    harmless = _choices_of_fields(source) | _asked_for_none(source)
    return [
        spot(source, node)
        for node in attributes(source)
        if node.attr in MANAGERS and id(node) not in harmless
    ]


def _choices_of_fields(source: Source) -> set[int]:
    values = (
        keyword.value
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg in {"queryset", "choices"}
    )
    return {id(inner) for value in values for inner in ast.walk(value)}


def _asked_for_none(source: Source) -> set[int]:
    return {id(node.value) for node in attributes(source) if node.attr == "none"}


def writes(source: Source) -> list[str]:
    """Calls that write rows: ``Model.objects.create(…)``, ``row.save(…)``."""
    return [
        spot(source, node.func)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in WRITES
        and _is_on_rows(node.func.value, node.func.attr)
    ]


def _is_on_rows(value: ast.expr, verb: str) -> bool:
    starts_at_model = any(
        isinstance(node, ast.Attribute) and node.attr in MANAGERS for node in ast.walk(value)
    )
    return starts_at_model or verb == "save"


def test_only_the_outbox_enqueues():
    found = [
        spot
        for source in ALL
        if source.parts[:2] != ("core", "outbox")
        for spot in enqueues(source)
    ]
    assert found == []


def test_nobody_sends_or_hears_django_signals():
    found = [
        f"{source.name}: {module}"
        for source in ALL
        for module in imported_modules(source.tree)
        if module in SIGNALS
    ]
    assert found == []


def test_views_and_api_ask_selectors():
    doors = [source for source in ALL if {"views", "api"} & set(source.parts)]
    assert len(doors) > 10
    assert [spot for source in doors for spot in queries(source)] == []


def test_doors_write_nothing_themselves():
    doors = [source for source in ALL if DOORS & set(source.parts)]
    assert [spot for source in doors for spot in writes(source)] == []


def test_rules_are_pure():
    rules = [source for source in ALL if source.parts[-1] == "rules"]
    assert len(rules) >= 4
    assert [spot for source in rules for spot in queries(source)] == []


class _Snippet(Source):
    name = "snippet.py"


@pytest.fixture
def snippet(tmp_path):
    def parsed(code: str) -> Source:
        path = tmp_path / "snippet.py"
        path.write_text(code)
        return _Snippet(path)

    return parsed


def test_a_planted_enqueue_is_seen(snippet):
    assert enqueues(snippet("task.apply_async(args=[1])")) != []


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("Offer.objects.filter(pk=1)", 1),
        ("selectors.offers(actor)", 0),
        ("queryset = Offer.objects.none()", 0),
        ("field = ModelChoiceField(queryset=Unit.objects.none())", 0),
    ],
)
def test_planted_queries_are_seen(snippet, code, count):
    assert len(queries(snippet(code))) == count


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("Offer.objects.create(a=1)", 1),
        ("offer.save()", 1),
        ("Offer.objects.filter(pk=1).delete()", 1),
        ("values.update(a=1)", 0),
        ("services.create(a=1)", 0),
    ],
)
def test_planted_writes_are_seen(snippet, code, count):
    assert len(writes(snippet(code))) == count
