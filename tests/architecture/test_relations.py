"""Foreign keys obey the import arrows: a record points down the layers, or within its app."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db.models import Model

# From the ground up; apps of one row do not know each other.
LAYERS = (
    {"outbox"},
    {"places", "catalogue"},
    {"accounts"},
    {"notifications"},
    {"web"},
    {"freight", "imports", "vault"},
    {"producers", "buyers"},
    {"fairs"},
    {"matchmaking"},
)
HEIGHT = {label: height for height, labels in enumerate(LAYERS) for label in labels}
THIRD_PARTY = -1  # below everything of ours


def relations() -> list[tuple[type[Model], str, type[Model]]]:
    """(model, field, target) of every relation a table of ours holds."""
    return [
        (model, field.name, field.related_model)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in HEIGHT
        for field in [*model._meta.concrete_fields, *model._meta.local_many_to_many]
        if field.is_relation
    ]


def points_up(source: str, target: str) -> bool:
    """Whether a table of app `source` may not point at one of app `target`."""
    if source == target:
        return False
    return HEIGHT.get(target, THIRD_PARTY) >= HEIGHT[source]


def test_every_app_of_ours_has_a_layer():
    ours = ("core.", "producers", "buyers", "fairs", "matchmaking")
    labels = {config.label for config in apps.get_app_configs() if config.name.startswith(ours)}
    assert labels == set(HEIGHT)


def test_relations_point_down_or_within_their_app():
    found = relations()
    upward = [
        f"{model.__name__}.{field} → {target._meta.label}"
        for model, field, target in found
        if points_up(model._meta.app_label, target._meta.app_label)
    ]
    assert len(found) > 40
    assert upward == []


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("producers", "matchmaking", True),
        ("producers", "buyers", True),
        ("accounts", "producers", True),
        ("matchmaking", "producers", False),
        ("producers", "accounts", False),
        ("producers", "producers", False),
        ("outbox", "contenttypes", False),
    ],
)
def test_upward_and_sideways_relations_are_recognised(source, target, expected):
    assert points_up(source, target) is expected
