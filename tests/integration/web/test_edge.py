"""The edge of the site: probes, hostile addresses, language, limits, a cache that is away."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import override_settings
from django.urls import reverse

from core.web.cache import ForgivingRedisCache

pytestmark = pytest.mark.django_db


def test_healthz_answers_without_database_or_known_host(client):
    answer = client.get("/healthz", headers={"host": "elsewhere.example"})

    assert (answer.status_code, answer.json()) == (200, {"alive": True})


def test_readyz_tells_database_migrations_relay_and_dead_duties(client):
    answer = client.get("/readyz")

    body = answer.json()
    assert answer.status_code == 200
    assert (body["database"], body["migrations"], body["valkey"]) == (True, True, True)
    assert (body["dead_duties"], body["degraded"]) == (0, [])


def test_nul_in_a_query_is_400_not_500(client):
    assert client.get("/fairs/?q=%00").status_code == 400


@pytest.mark.parametrize(
    ("cookie", "language"), [("", "vi"), ("en", "en"), ("fr", "vi"), ("'; drop", "vi")]
)
def test_language_is_vietnamese_unless_chosen_whatever_the_browser_says(client, cookie, language):
    client.cookies["nhipcau_language"] = cookie

    page = client.get("/", headers={"accept-language": "en-US"})

    assert page["Content-Language"] == language
    assert f'<html lang="{language}"' in page.content.decode()


def test_every_answer_names_its_correlation_id(client):
    first, second = client.get("/"), client.get("/")

    assert first["X-Correlation-ID"] != second["X-Correlation-ID"]


def test_pages_forbid_foreign_and_inline_code(client):
    policy = client.get("/")["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy


def test_anonymous_callers_of_the_api_are_limited_and_told_when_to_come_back(client):
    answers = [client.get("/api/v1/matches") for _ in range(3)]
    limited = None
    for _ in range(70):
        limited = client.get("/api/v1/provinces")
        if limited.status_code == 429:
            break

    assert {answer.status_code for answer in answers} == {401}
    assert limited is not None
    assert limited.status_code == 429
    assert int(limited["Retry-After"]) > 0


def test_schema_is_openapi_3_1_and_its_page_loads_nothing_from_elsewhere(client):
    schema = client.get(reverse("api-schema"), headers={"accept": "application/json"}).json()
    page = client.get(reverse("api-docs")).content.decode()

    assert schema["openapi"].startswith("3.1")
    assert {"/api/v1/matches", "/api/v1/match-previews", "/api/v1/offers", "/api/v1/requests"} <= (
        set(schema["paths"])
    )
    assert "https://" not in page


def test_cache_that_is_away_falls_back_to_memory():
    away = ForgivingRedisCache("unix:///nowhere/valkey.sock?db=1", {"OPTIONS": {}})

    away.set("limit", 1)

    assert (away.get("limit"), away.incr("limit"), away.get("other", "none")) == (1, 2, "none")


@override_settings(
    CACHES={
        "default": {
            "BACKEND": "core.web.cache.ForgivingRedisCache",
            "LOCATION": "unix:///nowhere/valkey.sock?db=1",
        }
    }
)
def test_site_serves_and_readyz_says_degraded_without_valkey(client):
    page, ready = client.get("/"), client.get("/readyz")

    assert page.status_code == 200
    assert (ready.status_code, ready.json()["degraded"]) == (200, ["valkey"])
    assert cache is not None
