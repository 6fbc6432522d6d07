"""A seeded world of offers and requests, after the shape measured for the product."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matchmaking.engine.records import PLAIN_KINDS, Demand, HeldPaper, Place, Supply
from matchmaking.engine.values import DemandColumns, SupplyColumns, Terrain

LEAVES, GROUPS, PROVINCES, FIRST_DAY = 150, 12, 34, 739_000
KINDS = PLAIN_KINDS[:8]
HELD = np.array([0.35, 0.06, 0.15, 0.05, 0.12, 0.08, 0.04, 0.10])
NOUNS = ("chả mực", "ruốc tôm", "cam", "trà hoa vàng", "rượu ba kích", "miến dong", "gà đồi")
PLACES = ("Hạ Long", "Vân Đồn", "Đông Triều", "Bình Liêu", "Tiên Yên", "Ba Chẽ", "Cô Tô")
WORDS = ("đặc biệt", "giã tay", "sấy khô", "truyền thống", "hữu cơ", "hộp 500g", "loại 1", "")


@dataclass(frozen=True)
class World:
    """One world as records and as columns, offers in leaf order."""

    offers: list[Supply]
    requests: list[Demand]
    supply: SupplyColumns
    demand: DemandColumns
    terrain: Terrain


def build_world(offer_count: int, request_count: int, *, seed: int) -> World:
    """Draw offers and requests; the same seed gives the same world."""
    random = np.random.default_rng(seed)
    popularity = 1 / np.arange(1, LEAVES + 1) ** 0.9
    popularity = random.permutation(popularity / popularity.sum())
    base_price = random.lognormal(10.5, 0.8, LEAVES)
    leaves = np.sort(random.choice(LEAVES, offer_count, p=popularity))
    offers = [_offer(random, number, int(leaf), base_price) for number, leaf in enumerate(leaves)]
    wanted = random.choice(LEAVES, request_count, p=popularity)
    requests = [
        _request(random, number, int(leaf), base_price) for number, leaf in enumerate(wanted)
    ]
    return World(
        offers=offers,
        requests=requests,
        supply=SupplyColumns.from_records(offers),
        demand=DemandColumns.from_records(requests),
        terrain=_terrain(random),
    )


def _name(random: np.random.Generator, leaf: int) -> str:
    place, word = PLACES[random.integers(len(PLACES))], WORDS[random.integers(len(WORDS))]
    return f"{NOUNS[leaf % len(NOUNS)]} {place} {word}"


def _days(random: np.random.Generator, *, longest: int) -> tuple[int, int]:
    first = FIRST_DAY + int(random.integers(0, 365))
    return first, first + int(random.integers(21, longest))


def _offer(random: np.random.Generator, number: int, leaf: int, base: np.ndarray) -> Supply:
    first, last = _days(random, longest=365)
    province = int(random.integers(PROVINCES))
    papers = [
        HeldPaper(
            kind=kind, valid_from=first - 400, valid_to=first + int(random.integers(-60, 900))
        )
        for kind, holds in zip(KINDS, random.random(len(KINDS)) < HELD, strict=True)
        if holds
    ]
    return Supply(
        offer_id=number + 1,
        version=1,
        organisation_id=number % 4_000,
        category_order=leaf,
        leaf_name=NOUNS[leaf % len(NOUNS)],
        product_name=_name(random, leaf),
        dimension="mass",
        quantity_base=float(random.lognormal(7.5, 1.4)),
        weekly_capacity_base=float(random.lognormal(6.0, 1.0)) if random.random() < 0.3 else None,
        minimum_lot_base=50.0 if random.random() < 0.5 else None,
        price_vnd_per_base=float(base[leaf] * random.lognormal(0, 0.22))
        if random.random() < 0.9
        else None,
        kg_per_base=None,
        first_day=first,
        last_day=last,
        storage="ambient" if random.random() < 0.8 else "chilled",
        shelf_life_days=float(random.choice([3, 7, 30, 365])) if random.random() < 0.9 else None,
        origin=Place(node=province, access_hours=float(random.choice([0.0, 0.5]))),
        province=province,
        stars=int(random.choice([0, 3, 4, 5], p=[0.6, 0.25, 0.13, 0.02])),
        stars_from=first - 400,
        stars_to=first + int(random.integers(-60, 900)),
        papers=tuple(papers),
        can_issue_invoice=bool(random.random() < 0.8),
        has_gtin=bool(random.random() < 0.7),
    )


def _request(random: np.random.Generator, number: int, leaf: int, base: np.ndarray) -> Demand:
    first, last = _days(random, longest=180)
    province = int(random.integers(PROVINCES))
    per_group = LEAVES / GROUPS
    low, high = leaf, leaf + 1
    if random.random() < 0.25:
        low = int(leaf // per_group * per_group)
        high = int(low + per_group)
    required = random.choice(len(KINDS), int(random.choice([0, 1, 2], p=[0.55, 0.3, 0.15])), False)
    return Demand(
        request_id=number + 1,
        version=1,
        organisation_id=3_990 + number % 100,
        category_lo=low,
        category_hi=max(high, leaf + 1),
        words=_name(random, leaf) if random.random() < 0.7 else "",
        dimension="mass",
        quantity_base=float(random.lognormal(8.5, 1.3)),
        price_ceiling_vnd_per_base=float(base[leaf] * random.lognormal(0.08, 0.2))
        if random.random() < 0.8
        else None,
        first_day=first,
        last_day=last,
        destinations=(Place(node=province),),
        province=province,
        minimum_stars=int(random.choice([0, 3, 4], p=[0.7, 0.22, 0.08])),
        required_papers=tuple(KINDS[kind] for kind in required),
        preferred_papers=(),
        storage_required="chilled" if random.random() < 0.1 else None,
        needs_invoice=bool(random.random() < 0.5),
        needs_barcode=bool(random.random() < 0.3),
        max_lead_hours=float(random.choice([12, 24, 48, 72])) if random.random() < 0.8 else None,
    )


def _terrain(random: np.random.Generator) -> Terrain:
    spots = random.random((PROVINCES, 2)) * [300, 900]
    km = 1.3 * np.linalg.norm(spots[:, None] - spots[None, :], axis=2)
    pacts = random.random((PROVINCES, PROVINCES)) < 0.08
    return Terrain(travel_hours=km / 45, travel_km=km, pacts=pacts | pacts.T)
