"""Where each role is led, and how panels find their people."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from core.web import context_processors as frame
from core.web import panels
from core.web.panels import Panel


def member(**organisation: object) -> SimpleNamespace:
    return SimpleNamespace(organisation=SimpleNamespace(**organisation))


def names(places) -> list[str]:
    return [place.url_name for place in places]


@pytest.fixture
def empty_registry(monkeypatch):
    monkeypatch.setattr(panels, "_panels", {})


def test_producer_is_led_to_offers_not_to_requests():
    shown = names(frame.places_of(member(is_producer=True, is_buyer=False)))
    assert "producers:offer_list" in shown
    assert "buyers:request_list" not in shown


def test_business_that_does_both_sees_both_once():
    shown = names(frame.places_of(member(is_producer=True, is_buyer=True)))
    assert {"producers:offer_list", "buyers:request_list"} <= set(shown)
    assert len(shown) == len(set(shown))


def test_officer_starts_with_what_waits_for_approval():
    shown = names(frame.places_of(SimpleNamespace(is_officer=True, organisation=None)))
    assert shown[:2] == ["web:dashboard", "accounts:officer_organisations"]


def test_names_of_products_are_not_called_keywords():
    place = next(place for place in frame.OFFICER if place.icon == "tag")
    with translation.override("vi"):
        assert (str(place.label), str(place.short)) == ("Tên gọi sản phẩm", "Tên hàng")


def test_person_without_business_is_not_led_to_business_pages():
    shown = names(frame.account_places(SimpleNamespace(organisation=None)))
    assert "accounts:organisation" not in shown
    assert "account_change_password" in shown


def test_route_that_does_not_exist_is_left_out():
    gone = frame.Place("Gone", "nowhere:at_all", "home")
    assert frame.menu([frame.HOME, gone], "/") == frame.menu([frame.HOME], "/")


def test_longest_matching_place_is_the_active_one(monkeypatch):
    addresses = {"a": "/producer/", "b": "/producer/offers/"}
    monkeypatch.setattr(frame, "address", addresses.get)
    places = [frame.Place("A", "a", "home"), frame.Place("B", "b", "home")]
    shown = frame.menu(places, "/producer/offers/7/")
    assert [item.active for item in shown] == [False, True]


def panel(name: str, order: int, *, applies: bool = True, context=None) -> Panel:
    values = {"n": name} if context is None else context
    return Panel(
        name=name,
        order=order,
        applies=lambda _actor: applies,
        template="x.html",
        context=lambda _actor: values if values != "nothing" else None,
    )


@pytest.mark.usefixtures("empty_registry")
def test_panels_come_in_order_and_only_to_those_they_concern():
    panels.register(panel("figures", 100))
    panels.register(panel("now", 10))
    panels.register(panel("other", 1, applies=False))
    panels.register(panel("silent", 2, context="nothing"))
    shown = panels.panels_for(SimpleNamespace())
    assert [found.name for found, _context in shown] == ["now", "figures"]


@pytest.mark.usefixtures("empty_registry")
def test_panel_registered_twice_is_shown_once():
    panels.register(panel("now", 10))
    panels.register(panel("now", 20))
    assert [found.order for found, _context in panels.panels_for(SimpleNamespace())] == [20]


@pytest.mark.parametrize("template", ["accounts/_desk_panel.html", "producers/_officer_panel.html"])
def test_what_waits_on_the_desk_is_not_named_twice(template):
    with translation.override("vi"):
        shown = render_to_string(template, {"count": 4, "clock": {"waiting": 4}})
    assert ">4 đang chờ</a>" in shown
