"""Every endpoint × every family of hostile input: never 500, never kept dirty."""

from __future__ import annotations

import json
import random

import pytest
from django.core.cache import cache

from tests.integration.security import hostile
from tests.integration.security.actors import World
from tests.integration.security.bodies import good_bodies
from tests.integration.security.sweep import SCALE, SEED, send
from tests.integration.security.test_matrix import FORM

pytestmark = pytest.mark.django_db
BODIES_EACH = 35 * SCALE


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "cD1hYmM=",
        "cD0lMDA=",
        "cj0x",
        "cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk=",
        "bz0tMQ==",
        "bz05OTk5OTk5OTk5OTk5OTk5OTk5OTk=",
    ],
)
@pytest.mark.parametrize(
    "path", ["offers", "products", "papers", "requests", "matches", "documents"]
)
def test_cursor_of_a_list_cannot_be_forged_into_an_error(world, path, cursor):
    _, found = send(world, world.actors["a_key_read"], "GET", f"/api/v1/{path}?cursor={cursor}")

    assert found == []


def call(world: World, actor: str, method: str, path: str, body: bytes, **more):
    more.setdefault("content_type", "application/json")
    return send(world, world.actors[actor], method, path, body, **more)


def test_good_bodies_are_taken(world):
    cache.clear()
    answers = [
        call(world, actor, method, path, json.dumps(body).encode())[0].status_code
        for actor, method, path, body in good_bodies(world)[:-1]
    ]

    assert answers == [201, 200, 201, 200, 201, 200, 200, 201, 201, 200, 201, 200, 200]


def variants(body: dict[str, object]):
    """Yield the body with one value replaced, also one level down."""
    for key, inner in body.items():
        yield from ((key, {**body, key: value}) for value in hostile.JSON_VALUES)
        if isinstance(inner, dict):
            yield from ((f"{key}.{deep}", {**body, key: one}) for deep, one in variants(inner))


def test_endpoints_take_no_hostile_value(world):
    dice, wrong = random.Random(SEED), []
    for actor, method, path, body in good_bodies(world):
        found_here = list(variants(body))
        for number, (key, changed) in enumerate(
            dice.sample(found_here, min(BODIES_EACH, len(found_here)))
        ):
            cache.clear() if number % 50 == 0 else None
            _, found = call(world, actor, method, path, json.dumps(changed).encode())
            wrong += [f"{method} {path} {key} in {str(changed)[:90]}: {one}" for one in found]

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", sorted(hostile.RAW))
def test_endpoints_refuse_what_is_no_body(world, name):
    cache.clear()
    wrong = []
    for actor, method, path, _body in good_bodies(world)[:-1]:
        answer, found = call(world, actor, method, path, hostile.RAW[name])
        if method == "POST" and answer.status_code < 400:
            found.append(f"took it with {answer.status_code}")
        wrong += [f"{method} {path}: {one}" for one in found]

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("kind", ["", "text/plain", "application/json; charset=nonsense",
                                  "application/json; charset=utf-7",
                                  "multipart/form-data", FORM])  # fmt: skip
def test_endpoints_refuse_other_content_types_without_a_crash(world, kind):
    cache.clear()
    wrong = []
    for actor, method, path, body in good_bodies(world)[:-1]:
        data = json.dumps(body).encode()
        _, found = call(world, actor, method, path, data, content_type=kind)
        wrong += [f"{method} {path}: {one}" for one in found]

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("key", ["x" * 201, "a\x07", "\u200b", "x'--", "ключ"])
def test_idempotency_key_cannot_hurt(world, key):
    actor, method, path, body = good_bodies(world)[0]

    _, found = call(
        world, actor, method, path, json.dumps(body).encode(),
        headers={"Idempotency-Key": key},
    )  # fmt: skip

    assert found == []


def test_one_idempotency_key_of_two_owners_answers_each_its_own(world):
    body = json.dumps(good_bodies(world)[2][3]).encode()
    paths = "/api/v1/products"
    headers = {"Idempotency-Key": "same"}

    a = world.ask(world.actors["a_key_write"], "POST", paths, body,
                  content_type="application/json", headers=headers).json()  # fmt: skip
    b = world.ask(world.actors["b_key_write"], "POST", paths, body,
                  content_type="application/json", headers=headers).json()  # fmt: skip

    assert a["organisation_id"] == world.at["a"].pk
    assert b["organisation_id"] == world.at["b"].pk
