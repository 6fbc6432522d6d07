"""Every form, endpoint and query × every family of hostile input: never 500, never kept dirty."""

from __future__ import annotations

import datetime as dt
import html
import itertools
import json
import os
import random
import time
import unicodedata
from urllib.parse import urlencode, urljoin, urlsplit

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from core.kernel import clock
from tests.integration.security import hostile
from tests.integration.security.actors import Actor, World
from tests.integration.security.addresses import addresses_of
from tests.integration.security.forms import Form, forms_of
from tests.integration.security.test_matrix import API, FORM, may, routes, table

pytestmark = pytest.mark.django_db
SEED = 2026
# `SWEEP_SCALE=2 ./dev test tests/integration/security tests/e2e` looks twice as hard.
SCALE = int(os.environ.get("SWEEP_SCALE", "1"))
FOR_EACH_FIELD = 1 * SCALE
QUERIES_EACH = 6 * SCALE
BODIES_EACH = 35 * SCALE
LONGEST_SECONDS = 3
ENTRANCE = ("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/")
QUERIES = ("page", "q", "status", "category", "province", "product", "offer", "request", "cursor",
           "request_id", "state", "ordering", "limit", "format", "needed_on", "available_from",
           "organisation", "minimum_stars", "mine", "on", "level", "when", "kind", "copy", "leaves",
           "archived", "commune", "origin_province", "words", "quantity", "unit", "needed_to",
           "next", "tab", "list", "done")  # fmt: skip
SESSION_TABLES = ("django_session", "idempotency", "pghistory_context")
ERROR_SIGNS = ("is-invalid", "invalid-feedback", 'role="alert"', "alert-danger", "nc-error",
               "nc-unknown")  # fmt: skip


class Watch:
    """Collects the texts that statements write, and what must never be among them."""

    def __init__(self) -> None:
        self.dirty: list[str] = []

    def __call__(self, execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE")) and not any(t in sql[:60] for t in SESSION_TABLES):
            self.dirty += [repr(p) for p in _texts(params) if is_dirty(p)]
        return execute(sql, params, many, context)


def _texts(params):
    for one in params or ():
        if isinstance(one, str) and len(one) < 5_000 and "pbkdf2" not in one:
            yield one


def is_dirty(text: str) -> bool:
    kept = {"\n", "\u200d", "\ufe0f"}
    hidden = (c for c in text if c not in kept)
    invisible = any(unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp"} for c in hidden)
    return invisible or unicodedata.normalize("NFC", text) != text


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


def complain(response, seconds: float) -> list[str]:
    wrong = []
    if response.status_code >= 500:
        wrong.append(str(response.status_code))
    if seconds > LONGEST_SECONDS:
        wrong.append(f"{seconds:.1f} s")
    body = response.content.decode("utf-8", "replace")
    if "text/html" in response.get("Content-Type", "") and "<script>alert(1)" in body:
        wrong.append("markup is not escaped")
    return wrong


def send(world: World, actor: Actor, method: str, path: str, data=None, **more):
    watch, start = Watch(), time.monotonic()
    with connection.execute_wrapper(watch):
        response, _ = world.try_out(actor, method, path, data, **more)
    wrong = complain(response, time.monotonic() - start)
    return response, [*wrong, *(f"stored {text}" for text in watch.dirty[:2])]


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
        for query in dice.sample(QUERIES, min(len(QUERIES), QUERIES_EACH if is_list else 2)):
            _family, value = next(values)
            cache.clear() if sent % 50 == 0 else None
            sent += 1
            joint = "&" if "?" in path else "?"
            _, found = send(world, actor, "GET", f"{path}{joint}{urlencode({query: value})}")
            wrong += [f"{path} ?{query}={value[:40]!r}: {one}" for one in found]

    assert not wrong, "\n".join(wrong)
    assert sent > 200


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


def good_bodies(world: World) -> list[tuple[str, str, str, dict[str, object]]]:
    """Return (actor, method, path, body) for each endpoint that takes a body."""
    at = world.at
    offer = {
        "product": at["a.product"].pk, "quantity": "5", "unit": "tan", "price_vnd": 30_000_000,
        "available_from": "2026-12-01", "available_to": "2027-01-01", "note": "Loại 1",
        "weekly_capacity": "1", "minimum_lot": "1", "storage": "chilled", "origin_province": "22",
        "pack_size": None, "pack_unit": None, "origin_commune": None,
    }  # fmt: skip
    request = {
        "words": "cam", "category": "cam", "quantity": "2", "unit": "tan", "period": "week",
        "price_ceiling_vnd": 45_000_000, "needed_from": "2026-12-01", "needed_to": "2027-01-01",
        "delivery_province": "01", "minimum_stars": 0, "required_papers": [], "note": "x",
        "outlet_ids": [], "banner_id": None, "market": "VN", "needs_invoice": False,
        "preferred_papers": [], "storage": "", "pack_size": None, "pack_unit": None,
    }  # fmt: skip
    profile = {
        "banner_id": None, "category": "cam", "channel": "export", "market": "CN",
        "minimum_stars": 3, "required_papers": ["vietgap"], "preferred_papers": [],
        "needs_invoice": True, "needs_barcode": False, "test_report_months": 12,
        "weekly_capacity_kg": 300, "shelf_life_left_percent": 67, "payment_days": 30,
        "discount_percent": 15, "is_consignment": None, "opening_cost_vnd": 0,
        "note": "x", "based_on": "x",
    }  # fmt: skip
    product = {"name": "Mít", "category": "cam", "storage": "chilled", "description": "x",
               "gtin": "", "shelf_life_days": 5}  # fmt: skip
    paper = {
        "kind": "growing_area_code", "number": "VN-QNOR-0001", "issuer": "Sở NN&MT",
        "product": at["a.product"].pk, "crop": "cam", "lot": "", "market": "VN",
        "area_ha": "1.5", "stars": None, "score": None, "test_report_on": None, "test_lab": "",
        "households": None, "platform": "", "stage": "", "valid_from": "2026-01-01",
        "valid_to": "2027-01-01", "evidence_url": "",
    }  # fmt: skip
    sides = {
        "offer": {k: offer[k] for k in ("quantity", "unit", "available_from", "available_to")}
        | {"product_name": "Cam", "category": "cam", "origin": {"province": "22"}},
        "request": {k: request[k] for k in ("words", "category", "quantity", "unit")}
        | {"needed_from": "2026-12-01", "needed_to": "2027-01-01", "places": [{"province": "01"}]},
    }
    return [
        ("a_key_write", "POST", "/api/v1/offers", offer),
        ("a_key_write", "PATCH", f"/api/v1/offers/{at['a.draft'].pk}", offer),
        ("a_key_write", "POST", "/api/v1/products", product),
        ("a_key_write", "PATCH", f"/api/v1/products/{at['a.product'].pk}", product),
        ("a_key_write", "POST", "/api/v1/papers", paper),
        ("a_key_write", "PATCH", f"/api/v1/papers/{at['a.returned'].pk}", paper | {"lot": "x"}
         | {"kind": "halal", "crop": None, "market": "", "area_ha": None}),
        ("a_key_write", "PATCH", f"/api/v1/documents/{at['a.document'].pk}",
         {"title": "Giấy phép", "kind": "business", "valid_until": "31/12/2027"}),
        ("a_key_write", "POST", f"/api/v1/dossiers/{at['a.dossier']}/share",
         {"documents": [at["a.document"].pk], "until": f"{clock.today() + dt.timedelta(9)}"}),
        ("c_key_write", "POST", "/api/v1/requests", request),
        ("c_key_write", "PATCH", f"/api/v1/requests/{at['c.draft'].pk}", request),
        ("c_key_write", "POST", "/api/v1/requirement-profiles", profile),
        ("a_key_decide", "POST", f"/api/v1/matches/{at['a×c'].pk}/decide",
         {"verdict": "declined", "reason": "price", "comment": "x"}),
        ("a_key_read", "POST", "/api/v1/match-previews", sides),
        ("a_key_read", "POST", "/api/v1/match-previews", {"offer": sides["offer"]}),
    ]  # fmt: skip


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
