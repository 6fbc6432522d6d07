"""Every form and query × every family of hostile input: never 500, never kept dirty."""

from __future__ import annotations

import html
import itertools
import random
from urllib.parse import urlencode, urljoin, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client

from tests.integration.security import hostile
from tests.integration.security.actors import Actor, World
from tests.integration.security.addresses import addresses_of
from tests.integration.security.forms import Form, forms_of
from tests.integration.security.sweep import SCALE, SEED, send
from tests.integration.security.test_matrix import API, FORM, may, routes, table

pytestmark = pytest.mark.django_db
FOR_EACH_FIELD = 1 * SCALE
QUERIES_EACH = 4 * SCALE
ENTRANCE = ("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/")
QUERIES = ("page", "q", "status", "category", "province", "product", "offer", "request", "cursor",
           "request_id", "state", "ordering", "limit", "format", "needed_on", "available_from",
           "organisation", "minimum_stars", "mine", "on", "level", "when", "kind", "copy", "leaves",
           "archived", "commune", "origin_province", "words", "quantity", "unit", "needed_to",
           "next", "tab", "list", "done")  # fmt: skip
ERROR_SIGNS = ("is-invalid", "invalid-feedback", 'role="alert"', "alert-danger", "nc-error",
               "nc-unknown")  # fmt: skip


def own_forms(world: World) -> list[tuple[Actor, str, Form]]:
    """Return every form that posts, with who may send it and where to."""
    relations, said = table()
    asked = [(world.actors["anonymous"], path) for path in ENTRANCE]
    for name, pattern in sorted(routes().items()):
        if pattern.startswith(API):
            continue
        rules = said[name]
        both = [may(rules[verb], relations) for verb in ("GET", "POST")]
        shared = [n for n in world.actors if n in both[0] & both[1] and "_key_" not in n]
        actors = [n for n in shared if n not in {"anonymous", "guest"}] or shared
        if actors:
            actor = world.actors[actors[0]]
            asked += [(actor, a.path) for a in addresses_of(name, pattern, world)]
    found = []
    for actor, path in asked:
        page, _ = world.try_out(actor, "GET", path)
        for form in forms_of(page.content.decode("utf-8", "replace")):
            target = form.action or path
            if form.method == "post" and target.split("?")[0] == path.split("?")[0]:
                found.append((actor, target if form.action else path, form))
    return found


def test_forms_take_no_hostile_value(world):
    dice, wrong, sent, families = random.Random(SEED), [], 0, set()
    values = itertools.cycle(dice.sample(hostile.ALL_TYPED, len(hostile.ALL_TYPED)))
    forms = own_forms(world)
    for actor, path, form in forms:
        good = form.filled()
        for name in good:
            for family, value in itertools.islice(values, FOR_EACH_FIELD):
                cache.clear() if sent % 8 == 0 else None
                sent += 1
                families.add(family)
                body = urlencode({**good, name: [value]}, doseq=True)
                response, found = send(world, actor, "POST", path, body, content_type=FORM)
                shows_result = "/api-keys/" in path  # a new key is shown once, on the answer itself
                if response.status_code == 200 and form.fields[name].is_free and not shows_result:
                    found += lost(response, form, name, value)
                wrong += [f"{path} {name}={value[:40]!r}: {one}" for one in found]

    assert not wrong, "\n".join(wrong)
    assert len(forms) >= 35
    assert families == set(hostile.TYPED)


def lost(response, form: Form, name: str, value: str) -> list[str]:
    """Say what a page that came back has forgotten: why, or what was typed."""
    body = response.content.decode()
    if not any(sign in body for sign in ERROR_SIGNS):
        return [] if form.fields[name].kind == "hidden" else ["came back without an error"]
    plain = value.isprintable() and len(value) < 300 and value == value.strip()
    untold = form.fields[name].kind in {"password", "hidden"}
    if plain and not untold and value not in html.unescape(body):
        return ["typed value lost"]
    return []


def test_every_good_form_is_understood(world):
    """The sweep means little unless the other fields are right: most forms must go through."""
    forms = own_forms(world)
    passed = []
    for actor, path, form in forms:
        cache.clear()
        response, _ = world.try_out(
            actor, "POST", path, urlencode(form.filled(), doseq=True), content_type=FORM
        )
        passed.append(response.status_code == 302)

    assert sum(passed) / len(passed) > 0.6


def test_lists_and_pages_take_no_hostile_query(world):
    dice, wrong, sent = random.Random(SEED), [], 0
    relations, said = table()
    values = itertools.cycle(dice.sample(hostile.ALL_TYPED, len(hostile.ALL_TYPED)))
    for name, pattern in sorted(routes().items()):
        actors = [n for n in world.actors if n in may(said[name]["GET"], relations)]
        people = [n for n in actors if "_key_" not in n and n != "anonymous"] or actors
        if not people or "api-schema" in name:
            continue
        actor, path = world.actors[people[0]], addresses_of(name, pattern, world)[0].path
        is_list = "list" in name or "<" not in pattern
        for query in dice.sample(QUERIES, min(len(QUERIES), QUERIES_EACH if is_list else SCALE)):
            _family, value = next(values)
            cache.clear() if sent % 50 == 0 else None
            sent += 1
            joint = "&" if "?" in path else "?"
            _, found = send(world, actor, "GET", f"{path}{joint}{urlencode({query: value})}")
            wrong += [f"{path} ?{query}={value[:40]!r}: {one}" for one in found]

    assert not wrong, "\n".join(wrong)
    assert sent > 200


@pytest.mark.parametrize("to", ["//evil.example", "/%09/evil.example", "/\\evil.example",
                                "https://evil.example", "https:evil.example", "/\t/evil.example",
                                "/\x00/evil"])  # fmt: skip
@pytest.mark.parametrize("path", ["/language/", "/accounts/login/"])
def test_next_leads_to_no_other_host(world, path, to):
    cache.clear()
    body = urlencode({"next": to, "language": "en", "login": "x@vidu.example", "password": "x"})

    answer, found = send(
        world, world.actors["a_owner"], "POST", path, body, content_type=FORM,
        headers={"Referer": "https://evil.example/"},
    )  # fmt: skip

    assert found == []
    place = answer.get("Location", "/").translate(dict.fromkeys(map(ord, "\t\r\n")))
    assert urlsplit(urljoin("http://testserver/", place.replace("\\", "/"))).netloc == "testserver"


def test_every_form_needs_its_token(world):
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    wrong = []
    for actor, path, form in own_forms(world):
        strict.cookies.clear()
        for key, value in actor.cookies.items():
            strict.cookies[key] = value
        body = urlencode(form.filled(), doseq=True)
        answer = strict.post(path, body, content_type=FORM)
        if answer.status_code != 403 and not path.startswith(("/unsubscribe/",)):
            wrong.append(f"{path}: {answer.status_code}")

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("verb", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FOO"])
def test_pages_know_no_other_verbs(world, verb):
    wrong = []
    relations, said = table()
    for name, pattern in sorted(routes().items()):
        if pattern.startswith(("api/", "language/")):
            continue
        people = [n for v in ("GET", "POST") for n in may(said[name][v], relations)]
        actor = world.actors[min([n for n in people if "_key_" not in n] or ["a_owner"])]
        path = addresses_of(name, pattern, world)[0].path
        answer, written = world.try_out(actor, verb, path)
        if answer.status_code not in {302, 403, 404, 405} or written:
            wrong.append(f"{path} as {actor.name}: {answer.status_code} {written}")

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("host", ["evil.example", "testserver@evil.example", "testserver:1:2",
                                  "evil.example:80", "[::1]", ""])  # fmt: skip
def test_forged_host_is_refused_or_not_believed(world, host):
    cache.clear()
    forged = {"HTTP_HOST": host, "HTTP_X_FORWARDED_HOST": "evil.example"}

    answer = world.client.post(
        "/accounts/password/reset/", {"email": "nguoi@vidu.example"}, **forged
    )

    assert answer.status_code in {302, 400}
    assert "evil" not in answer.get("Location", "")
