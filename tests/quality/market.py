"""From what was typed to what the engine reads, by the product's own readers, without a database.

Names go through the classifier; where it does not assert a leaf, the person of the label chooses,
as on the form. Quantities and prices go through the readers of typed input, places by province
and commune over the road network of the reference files. Days, papers and flags are given.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

import numpy as np

from core.catalogue.classifier import Vocabulary, classify, vocabulary_of_files
from core.catalogue.typed.money import read_money
from core.catalogue.typed.outcomes import Content, Understood
from core.catalogue.typed.quantities import read_quantity
from core.catalogue.typed.settling import measure, price_in_unit
from core.kernel.quantity import Measure
from core.kernel.reference import read_rows, split_list
from core.places.distance import (
    Link,
    TravelMatrix,
    Vehicle,
    access_leg,
    stretches_for,
    travel_matrix,
)
from matchmaking.engine.records import DIMENSIONS, MARKET_KINDS, Demand, HeldPaper, Place, Supply
from matchmaking.engine.values import Terrain
from tests.quality.labelled import SETS, Case, papers_in, rows

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE, PLACES = ROOT / "core/catalogue/data", ROOT / "core/places/data"
ALWAYS = (dt.date(2020, 1, 1), dt.date(2035, 12, 31))
NO_LEAF = 0
"""Order of goods that are not in the catalogue; no request asks for it."""

Row = Mapping[str, str]
Reading = Callable[[str], str | None]


@dataclass(frozen=True)
class Category:
    """A node of the tree: where it lies in the order of leaves, and what its goods are like."""

    name: str
    lo: int
    hi: int
    storage: str
    shelf_life_days: float | None


@dataclass(frozen=True)
class Amount:
    """A quantity in base units, and what one typed unit holds."""

    base: float
    unit: str
    content: Content | None
    one: Measure | None


NOTHING = Amount(0.0, "", None, None)


@cache
def vocabulary() -> Vocabulary:
    """Return the words the classifier knows."""
    return vocabulary_of_files()


@cache
def read_kind(name: str) -> str | None:
    """Return the leaf asserted for a name, None where a person is asked."""
    return classify(name, vocabulary=vocabulary()).code


def nothing_read(name: str) -> str | None:
    """Read no name: the person of the label chooses every leaf."""
    del name


@cache
def tree() -> dict[str, Category]:
    """Return the categories by code; leaves are numbered from 1 in the order of the file's tree."""
    rows = read_rows(CATALOGUE / "categories.csv")
    children: dict[str, list[Row]] = {}
    for row in rows:
        children.setdefault(row["parent"], []).append(row)
    found: dict[str, Category] = {}

    def number(row: Row, first: int) -> int:
        after = first
        for child in children.get(row["code"], []):
            after = number(child, after)
        after += row["level"] == "leaf"
        storage = "ambient" if row["storage"] in ("", "service") else row["storage"]
        life = float(row["shelf_life_days"]) if row["shelf_life_days"] else None
        found[row["code"]] = Category(row["name_vi"], first, after, storage, life)
        return after

    after = NO_LEAF + 1
    for root in children[""]:
        after = number(root, after)
    return found


@cache
def network() -> tuple[TravelMatrix, dict[str, int]]:
    """Return the matrix of the reference roads by lorry, and the row of each node's code."""
    codes = {row["code"]: at for at, row in enumerate(read_rows(PLACES / "road_nodes.csv"))}
    lorry = next(row for row in read_rows(PLACES / "vehicles.csv") if row["code"] == "truck_10t")
    speeds = {key[6:]: float(value) for key, value in lorry.items() if key.startswith("speed_")}
    vehicle = Vehicle(
        code=lorry["code"],
        payload_t=float(lorry["payload_t"]),
        gross_t=float(lorry["gross_t"]),
        loading_hours=float(lorry["loading_hours"]),
        speed_factors=speeds,
    )
    links = [_link(row, codes) for row in read_rows(PLACES / "road_links.csv")]
    stretches = stretches_for(vehicle, links=[link for link in links if link])
    return travel_matrix(range(len(codes)), stretches=stretches), codes


def _link(row: Row, codes: dict[str, int]) -> Link | None:
    if row["status"] != "open" or row["opens_on"]:
        return None
    limit = float(row["max_gross_t"]) if row["max_gross_t"] else None
    return Link(
        codes[row["start"]], codes[row["end"]], float(row["km"]), float(row["truck_hours"]),
        row["road_class"], float(row["waiting_hours"] or 0), limit,
    )  # fmt: skip


@cache
def terrain() -> Terrain:
    """Return the ways and pacts of the reference files."""
    matrix, _codes = network()
    pacts = np.zeros((100, 100), dtype=np.bool_)
    for row in read_rows(PLACES / "pacts.csv"):
        one, other = int(row["a"]), int(row["b"])
        pacts[one, other] = pacts[other, one] = True
    return Terrain(
        travel_hours=matrix.hours,
        travel_km=matrix.km,
        pacts=pacts,
        ferry_hours=np.where(np.isfinite(matrix.ferry_hours), matrix.ferry_hours, 0.0),
    )


@cache
def places() -> dict[str, tuple[Place, int]]:
    """Return where each typed place joins the network, as a commune or a province's seat does."""
    communes = {row["code"]: row for row in read_rows(PLACES / "communes.csv")}
    typed = [row for labelled in SETS for row in rows("places", labelled=labelled)]
    return {row["place"]: (_place(row, communes), int(row["province"])) for row in typed}


def _place(row: Row, communes: dict[str, dict[str, str]]) -> Place:
    _matrix, rows = network()
    nodes = [one for one in read_rows(PLACES / "road_nodes.csv") if one["kind"] != "airport"]
    landing = [one for one in nodes if row["commune"] in split_list(one["serves"])]
    mine = [one for one in nodes if one["province_code"] == row["province"]]
    ends = landing if row["commune"] and landing else [n for n in mine if n["kind"] != "landing"]
    if not row["commune"]:
        seat = next(node for node in ends if node["kind"] == "seat")
        return Place(node=rows[seat["code"]])
    here = communes[row["commune"]]
    point = float(here["lat"]), float(here["lon"])
    legs = [(*access_leg(point, (float(n["lat"]), float(n["lon"]))), rows[n["code"]]) for n in ends]
    hours, km, node = min(legs)
    return Place(node=node, access_hours=round(hours, 3), access_km=round(km, 2))


@cache
def amount_of(typed: str) -> Amount:
    """Return a typed quantity in base units; a pack whose content is not said counts as pieces.

    What the forms do not take is not on the market: nothing is offered or asked.
    """
    outcome = read_quantity(typed, language="vi")
    value = outcome.value if isinstance(outcome, Understood) else None
    one = measure(value.unit, content=value.content) if value and value.unit else None
    if value is None or value.unit is None or (one and one.dimension not in DIMENSIONS):
        return NOTHING
    base = float(one.base_of(value.amount)) if one else float(value.amount)
    return Amount(base, value.unit, value.content, one)


@cache
def price_of(typed: str, *, amount: Amount) -> float | None:
    """Return the đồng of one base unit, for a price of any unit of the same kind.

    None where no price is named, or nothing that it could be the price of.
    """
    if not typed or amount is NOTHING:
        return None
    outcome = read_money(typed, language="vi")
    assert isinstance(outcome, Understood), (typed, outcome)
    vnd = price_in_unit(outcome.value, unit=amount.unit, content=amount.content)
    if vnd is None:
        held = measure(outcome.value.per or "")
        assert held is not None, typed
        return float(outcome.value.vnd / (outcome.value.per_amount * held.to_base))
    return float(Decimal(vnd) / (amount.one.to_base if amount.one else 1))


def supply_of(row: Row, *, number: int, sellers: Mapping[str, int], kind_of: Reading) -> Supply:
    """Return an offer as the engine reads it."""
    code = kind_of(row["product"]) or row["kind"]
    kind = tree().get(code) or Category("", NO_LEAF, NO_LEAF + 1, "ambient", None)
    amount = amount_of(row["quantity"])
    place, province = places()[row["place"]]
    has_stars = bool(row["stars"])
    return Supply(
        offer_id=number,
        version=1,
        organisation_id=sellers[row["seller"]],
        category_order=kind.lo,
        leaf_name=kind.name,
        product_name=row["product"],
        dimension=amount.one.dimension.value if amount.one else "count",
        quantity_base=amount.base,
        weekly_capacity_base=amount_of(row["weekly"]).base if row["weekly"] else None,
        minimum_lot_base=amount_of(row["minimum_lot"]).base if row["minimum_lot"] else None,
        price_vnd_per_base=price_of(row["price"], amount=amount),
        kg_per_base=None,
        first_day=_ordinal(row["first_day"]),
        last_day=_ordinal(row["last_day"]),
        storage=row["storage"] or kind.storage,
        shelf_life_days=float(row["shelf_life_days"] or kind.shelf_life_days or 0) or None,
        origin=place,
        province=province,
        stars=int(row["stars"] or 0),
        stars_from=ALWAYS[0].toordinal() if has_stars else 1,
        stars_to=_ordinal(row["stars_to"]) if row["stars_to"] else ALWAYS[1].toordinal(),
        papers=tuple(_held(row["papers"])),
        can_issue_invoice=row["invoice"] == "yes",
        has_gtin=row["barcode"] == "yes",
    )


def _held(cell: str) -> Iterable[HeldPaper]:
    for paper in papers_in(cell):
        yield HeldPaper(
            kind=paper.kind,
            valid_from=(paper.first or ALWAYS[0]).toordinal(),
            valid_to=(paper.last or ALWAYS[1]).toordinal(),
            markets=paper.markets,
        )


def demand_of(row: Row, *, number: int, buyer: int, kind_of: Reading) -> Demand:
    """Return a request as the engine reads it."""
    read = None if row["kind_is_chosen"] == "yes" else kind_of(row["words"])
    kind = tree()[read or row["kind"]]
    amount = amount_of(row["quantity"])
    place, province = places()[row["place"]]
    return Demand(
        request_id=number,
        version=1,
        organisation_id=buyer,
        category_lo=kind.lo,
        category_hi=kind.hi,
        words=row["words"],
        dimension=amount.one.dimension.value if amount.one else "count",
        quantity_base=amount.base,
        price_ceiling_vnd_per_base=price_of(row["ceiling"], amount=amount),
        first_day=_ordinal(row["first_day"]),
        last_day=_ordinal(row["last_day"]),
        destinations=(place,),
        province=province,
        minimum_stars=int(row["minimum_stars"] or 0),
        required_papers=_slots(row["required_papers"], market=row["market"]),
        preferred_papers=_slots(row["preferred_papers"], market=row["market"]),
        storage_required=row["storage"] or None,
        needs_invoice=row["invoice"] == "yes",
        needs_barcode=row["barcode"] == "yes",
        max_lead_hours=None,
    )


def _slots(cell: str, *, market: str) -> tuple[str, ...]:
    return tuple(f"{k}:{market}" if k in MARKET_KINDS else k for k in split_list(cell))


def _ordinal(day: str) -> int:
    return dt.date.fromisoformat(day).toordinal()


def sides_of(case: Case, *, kind_of: Reading = read_kind) -> tuple[list[Supply], Demand]:
    """Return the candidates of a request in the order of the file, and the request."""
    names = sorted({row["seller"] for row in case.offers} | {case.request["buyer"]})
    ids = {name: number for number, name in enumerate(names, start=1)}
    supplies = [
        supply_of(row, number=number, sellers=ids, kind_of=kind_of)
        for number, row in enumerate(case.offers, start=1)
    ]
    buyer = ids[case.request["buyer"]]
    return supplies, demand_of(case.request, number=1, buyer=buyer, kind_of=kind_of)
