"""Offers and requests drawn so that gates open and close about as often."""

from __future__ import annotations

import os

from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaking.engine.records import PAPER_SLOTS, HeldPaper, Place
from tests.unit.engine.builders import DAY, LEAF, make_demand, make_supply

NAMES = ("Chả mực Hạ Long", "chả mực giã tay 500g", "Ruốc tôm", "Cam Vân Đồn loại 1", "", "!!")
KINDS = ("vietgap", "haccp", "growing_area_code")
EXAMPLES = int(os.environ.get("ENGINE_EXAMPLES", "25"))
"""Examples per property; a thorough run asks for thousands."""


def for_all(*drawn):
    """Hold the property for every example, without a clock over each."""
    return lambda test: settings(max_examples=EXAMPLES, deadline=None)(given(*drawn)(test))


numbers = st.integers(1, 10**6)
days = st.integers(DAY, DAY + 40)
periods = st.tuples(days, days).map(sorted)
maybe = st.none


def places():
    return st.builds(
        Place,
        node=st.integers(-1, 3),
        access_hours=st.sampled_from([0.0, 1.5]),
        access_km=st.sampled_from([0.0, 12.5]),
    )


@st.composite
def papers(draw):
    kind = draw(st.sampled_from(KINDS))
    first, last = draw(periods)
    markets = ("CN",) if kind == "growing_area_code" and draw(st.booleans()) else ()
    return HeldPaper(kind=kind, valid_from=first - 15, valid_to=last + 15, markets=markets)


@st.composite
def supplies(draw):
    first, last = draw(periods)
    stars_from, stars_to = draw(periods)
    return make_supply(
        offer_id=draw(numbers),
        organisation_id=draw(st.integers(1, 4)),
        category_order=draw(st.integers(LEAF, LEAF + 3)),
        leaf_name=draw(st.sampled_from(NAMES)),
        product_name=draw(st.sampled_from(NAMES)),
        dimension=draw(st.sampled_from(["mass", "mass", "mass", "volume", "count"])),
        quantity_base=draw(st.sampled_from([0.0, 10.0, 500.0, 2_000.5, 1e6])),
        weekly_capacity_base=draw(st.sampled_from([None, None, 0.0, 70.0, 900.0])),
        minimum_lot_base=draw(st.sampled_from([None, 20.0, 600.0])),
        price_vnd_per_base=draw(maybe() | st.integers(0, 60_000)),
        kg_per_base=draw(st.sampled_from([None, 0.33, 12.0])),
        first_day=first,
        last_day=last,
        storage=draw(st.sampled_from(["ambient", "chilled", "frozen", "live"])),
        shelf_life_days=draw(st.sampled_from([None, 0.0, 1.0, 5.0, 365.0])),
        origin=draw(places()),
        province=draw(st.integers(-1, 3)),
        stars=draw(st.integers(0, 5)),
        stars_from=stars_from - 15,
        stars_to=stars_to + 15,
        papers=tuple(draw(st.lists(papers(), max_size=4))),
        can_issue_invoice=draw(st.booleans()),
        has_gtin=draw(st.booleans()),
    )


@st.composite
def demands(draw):
    first, last = draw(periods)
    low = draw(st.integers(LEAF, LEAF + 2))
    names = st.lists(st.sampled_from([*KINDS, "growing_area_code:CN", PAPER_SLOTS[-1]]), max_size=2)
    return make_demand(
        request_id=draw(numbers),
        organisation_id=draw(st.integers(3, 6)),
        category_lo=low,
        category_hi=low + draw(st.integers(1, 3)),
        words=draw(st.sampled_from(NAMES)),
        dimension=draw(st.sampled_from(["mass", "mass", "mass", "volume", "count"])),
        quantity_base=draw(st.sampled_from([0.0, 5.0, 400.0, 3_000.0])),
        price_ceiling_vnd_per_base=draw(maybe() | st.integers(0, 60_000)),
        first_day=first,
        last_day=last,
        destinations=tuple(draw(st.lists(places(), max_size=3))),
        province=draw(st.integers(-1, 3)),
        minimum_stars=draw(st.sampled_from([0, 0, 3, 4])),
        required_papers=tuple(draw(names)),
        preferred_papers=tuple(draw(names)),
        storage_required=draw(st.sampled_from([None, None, "ambient", "frozen"])),
        needs_invoice=draw(st.booleans()),
        needs_barcode=draw(st.booleans()),
        max_lead_hours=draw(st.sampled_from([None, 0.0, 12.0, 72.0])),
    )


@st.composite
def kind_supplies(draw):
    """Offers that pass most gates, so that scores differ instead of being refused."""
    one = draw(supplies())
    return make_supply(
        offer_id=one.offer_id,
        category_order=one.category_order,
        product_name=one.product_name,
        quantity_base=draw(st.floats(100, 5_000)),
        price_vnd_per_base=one.price_vnd_per_base,
        first_day=one.first_day,
        last_day=one.last_day + 10,
        origin=one.origin,
        province=one.province,
    )


@st.composite
def kind_demands(draw):
    """Requests that refuse little."""
    one = draw(demands())
    return make_demand(
        request_id=one.request_id,
        category_lo=LEAF,
        category_hi=LEAF + draw(st.integers(1, 5)),
        words=one.words,
        quantity_base=draw(st.floats(100, 5_000)),
        price_ceiling_vnd_per_base=draw(maybe() | st.integers(30_000, 60_000)),
        first_day=one.first_day,
        last_day=one.last_day + 10,
        destinations=one.destinations,
        province=one.province,
        max_lead_hours=one.max_lead_hours and 72.0,
    )
