"""The form of a fair: what is wrong is named at its field, what was typed is kept."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from core.kernel import clock
from fairs.models import Fair
from tests.factories.accounts import province
from tests.factories.fairs import FairFactory, days_from_now

pytestmark = pytest.mark.django_db


def path(name, *args):
    return reverse(f"fairs:{name}", args=args)


def test_planning_a_fair_from_the_form(client_for, host, typed):
    client = client_for(host.user)
    other = province("31", name="Hải Phòng")
    response = client.post(path("fair_create"), typed(co_provinces=[str(other.pk)]))
    fair = Fair.objects.get()
    assert response.url == path("fair_manage", fair.pk)
    assert (fair.name, fair.booth_quota, fair.opens_on) == (
        "Hội chợ mới 2027",
        1000,
        days_from_now(100),
    )
    assert list(fair.co_provinces.all()) == [other]
    assert client.post(path("fair_edit", fair.pk), typed(booth_quota="12")).status_code == 302
    fair.refresh_from_db()
    assert (fair.booth_quota, fair.version) == (12, 2)
    assert not fair.co_provinces.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "\u200b\u200b"),
        ("name", "x" * 161),
        ("name", "x" * 100_000),
        ("name", "Hội ch\u043e"),
        ("name", "\u202egnouht iac"),
        ("kind", "circus"),
        ("province", ""),
        ("province", "999999"),
        ("province", "²"),
        ("province", "9" * 5000),
        ("co_provinces", "9" * 30),
        ("co_provinces", "x"),
        ("commune", "1"),
        ("opens_on", ""),
        ("opens_on", "31/02/2027"),
        ("opens_on", "0001-01-01"),
        ("opens_on", "2099-01-01"),
        ("opens_on", "2020-01-01"),
        ("closes_on", "2020-01-01"),
        ("closes_on", "9999-12-31"),
        ("closes_on", "2054-01-01"),
        ("applications_to", "2020-01-01"),
        ("applications_to", ""),
        ("booth_quota", "0"),
        ("booth_quota", "-5"),
        ("booth_quota", "1,5"),
        ("booth_quota", "１２"),
        ("booth_quota", "٣"),
        ("booth_quota", "1_0"),
        ("booth_quota", "10001"),
        ("booth_quota", "1e3"),
        ("booth_quota", "NaN"),
        ("about", "x" * 2001),
        ("venue_name", "x" * 161),
    ],
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_bad_input_is_named_at_its_field_and_kept(client_for, host, field, value, language, typed):
    client = client_for(host.user, language=language)
    response = client.post(path("fair_create"), typed(**{field: value}))
    assert response.status_code == 200
    errors = set(response.context["form"].errors)
    assert field in errors
    assert "booth_quota" not in errors - {field}
    assert "Dành cho HTX" in response.content.decode() or field == "about"
    assert not Fair.objects.exists()


def test_invisible_characters_are_left_out_of_what_is_stored(client_for, host, typed):
    client_for(host.user).post(path("fair_create"), typed(venue_name="Quảng\x00 trường\u202e"))
    assert Fair.objects.get().venue_name == "Quảng trường"


@pytest.mark.parametrize("name", ["<script>alert(1)</script> 2027", "{{7*7}} hội", "%s%n {0}"])
def test_markup_in_a_name_is_only_text(client_for, host, name, typed):
    client = client_for(host.user)
    client.post(path("fair_create"), typed(name=name))
    fair = Fair.objects.get()
    page = client.get(path("fair_manage", fair.pk)).content.decode()
    assert fair.name == name
    assert "<script>alert" not in page
    assert "49 hội" not in page


def test_the_next_edition_starts_from_the_last(client_for, host, typed):
    last = FairFactory(
        organiser=host.organisation,
        name=f"Hội chợ OCOP {clock.today().year}",
        running=True,
        venue_name="Cung Quy hoạch",
    )
    client = client_for(host.user)
    form = client.get(path("fair_copy", last.pk)).context["form"]
    assert form["venue_name"].value() == "Cung Quy hoạch"
    assert form["opens_on"].value() == last.opens_on + dt.timedelta(weeks=52)
    client.post(path("fair_copy", last.pk), typed())
    assert Fair.objects.get(copied_from=last).phase == "planned"
