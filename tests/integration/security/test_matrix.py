"""Who may do what: every address × everybody × every verb, against one reviewed table."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
import yaml
from django.core.cache import cache
from django.urls import reverse

from tests.integration.security.actors import Actor, World, routes
from tests.integration.security.addresses import addresses_of, body_of

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).with_name("expected.yml")
API = "api/v1/"
VERBS = ("GET", "POST")
API_VERBS = (*VERBS, "PUT", "PATCH", "DELETE")
LEADS_HOME = {"accounts:switch_organisation", "accounts:invitation"}
# A verb that exists for nobody is asked for by a few; an API key means nothing to a page.
FEW = ("anonymous", "a_owner", "officer")
FORM = "application/x-www-form-urlencoded"


@functools.cache
def table() -> tuple[dict[str, list[str]], dict[str, dict[str, str]]]:
    said = yaml.safe_load(TABLE.read_text())
    return said["relations"], said["routes"]


def verbs_of(pattern: str) -> tuple[str, ...]:
    return API_VERBS if pattern.startswith(API) else VERBS


def may(rule: str, relations: dict[str, list[str]]) -> set[str]:
    """Return the actors a rule lets in: names of relations joined by `+`, or nobody."""
    if rule in {"nobody", "no such verb"}:
        return set()
    return {actor for relation in rule.split(" + ") for actor in relations[relation]}


def doors() -> set[str]:
    names = ("account_login", "web:dashboard", "accounts:join", "mfa_activate_totp")
    return {reverse(name) for name in names}


def outcome(response, *, name: str) -> str:
    """Return `in`, `out` or `no such verb`."""
    status = response.status_code
    if status == 405:
        return "no such verb"
    if status in {401, 403, 404}:
        return "out"
    if status in {301, 302}:
        to = urlsplit(response["Location"]).path
        if name in LEADS_HOME and to == reverse("web:dashboard"):
            return "in"
        return "out" if to in doors() else "in"
    assert status < 500, f"{status}: {response.content[:300]!r}"
    assert status != 429
    return "in"


def ask(world: World, actor: Actor, verb: str, name: str, path: str):
    body = body_of(name, world)
    if verb == "GET":
        return world.try_out(actor, verb, path)
    if "/api/v1/" in path:
        return world.try_out(actor, verb, path, json.dumps(body), content_type="application/json")
    return world.try_out(actor, verb, path, urlencode(body), content_type=FORM)


def leaks(response, world: World, *, owners: str) -> list[str]:
    """Return the planted strings that an answer holds, body and headers alike."""
    headers = " ".join(f"{key}: {value}" for key, value in response.headers.items())
    text = headers + response.content.decode("utf-8", "replace")
    planted = [
        (owner, where, word)
        for owner in owners
        for where, word in world.marks[owner].planted.items()
    ]
    return [f"{owner}: {where}" for owner, where, word in planted if word in text]


def test_every_route_has_one_rule_for_each_verb():
    known = {name: set(verbs_of(pattern)) for name, pattern in routes().items()}
    _relations, said = table()

    assert {name: set(rules) for name, rules in said.items()} == known


def test_every_rule_names_relations_of_the_table():
    relations, said = table()
    rules = {rule for verbs in said.values() for rule in verbs.values()}

    words = {word for rule in rules for word in rule.split(" + ")}

    assert words - set(relations) - {"nobody", "no such verb"} == set()


def test_every_relation_names_actors_of_the_world(world):
    relations, _said = table()

    assert {name for names in relations.values() for name in names} <= set(world.actors)


@pytest.mark.parametrize("name", sorted(routes()))
def test_only_those_the_table_names_get_in(world, name):
    cache.clear()
    relations, said = table()
    wrong = []
    for address in addresses_of(name, routes()[name], world):
        for verb in verbs_of(routes()[name]):
            rule = said[name][verb]
            allowed = may(rule, relations)
            for actor in askers(world, routes()[name], rule):
                response, written = ask(world, actor, verb, name, address.path)
                found = outcome(response, name=name)
                cell = f"{verb} {address.name} as {actor.name}: {response.status_code}"
                if (found == "in") != (actor.name in allowed):
                    wrong.append(f"{cell}, rule “{rule}”")
                if found != "in" and written:
                    wrong.append(f"{cell} wrote {written}")
                if found != "in" and (seen := leaks(response, world, owners=strangers(actor))):
                    wrong.append(f"{cell} shows {seen}")

    assert wrong == []


def askers(world: World, pattern: str, rule: str) -> list[Actor]:
    names = FEW if rule == "no such verb" else tuple(world.actors)
    if not pattern.startswith(API):
        names = tuple(n for n in names if "_key_" not in n or n == "a_key_write")
    return [world.actors[name] for name in names]


def strangers(actor: Actor) -> str:
    """Return the owners whose marks an actor must not even see in a refusal."""
    if actor.name == "guest":  # invited by A: the link shows who invites
        return "bcdeosx"
    own = {"a": "ae"}.get(actor.name[0], actor.name[0]) if actor.name[1] == "_" else ""
    return "".join(owner for owner in "abcdeosx" if owner not in own)
