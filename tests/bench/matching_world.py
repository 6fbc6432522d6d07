"""A seeded world of offers and requests as columns, after the shape measured for the product."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from matchmaking.engine.names import signatures
from matchmaking.engine.records import PAPER_SLOTS, PLAIN_KINDS
from matchmaking.engine.values import DemandColumns, SupplyColumns, Terrain

GOODS = Path(__file__).resolve().parents[2] / "core/catalogue/data/demo_goods.csv"
LEAVES, GROUPS, PROVINCES, FIRST_DAY = 150, 12, 34, 739_000
KINDS = PLAIN_KINDS[:8]
HELD = (0.35, 0.06, 0.15, 0.05, 0.12, 0.08, 0.04, 0.10)
PACKS = (
    "hộp 500g", "túi 1kg", "gói 200g", "chai 500ml", "hũ 300g", "khay 400g", "loại 1", "loại 2",
    "loại A", "đặc biệt", "thượng hạng", "xuất khẩu", "truyền thống", "hữu cơ", "tươi", "sấy khô",
    "cấp đông", "hút chân không", "quà Tết", "nguyên chất", "",
)  # fmt: skip
MAKERS = (
    "Hạ Long", "Vân Đồn", "Đông Triều", "Bình Liêu", "Tiên Yên", "Ba Chẽ", "Cô Tô", "Hải Hà",
    "Móng Cái", "Đầm Hà", "Uông Bí",
)  # fmt: skip
NEVER = np.iinfo(np.int32)


@dataclass(frozen=True)
class World:
    """One world, offers in order of their category; one dimension, one outlet, no ferry.

    Papers have one period each and nobody prefers any: what SQL says only with effort is left out,
    so that all engines judge by the same rules.
    """

    supply: SupplyColumns
    demand: DemandColumns
    terrain: Terrain
    texts: dict[str, np.ndarray]
    """What offers are called, and their categories, and what requests ask for."""


class Dice:
    """Draws that offers and requests share."""

    def __init__(self, seed: int) -> None:
        """Draw what belongs to the categories and the provinces."""
        self.random = random = np.random.default_rng(seed)
        rank = 1 / np.arange(1, LEAVES + 1) ** 0.9
        self.offered = random.permutation(rank / rank.sum())
        self.wanted = 0.7 * self.offered + 0.3 * random.permutation(rank / rank.sum())
        self.homes = random.dirichlet(np.full(PROVINCES, 0.25), LEAVES).cumsum(axis=1)
        market = 1 / np.arange(1, PROVINCES + 1) ** 0.8
        self.market = random.permutation(market / market.sum())
        self.price = random.lognormal(10.5, 0.8, LEAVES)
        self.is_seasonal = random.random(LEAVES) < 0.55
        self.season = random.integers(0, 52, LEAVES), random.integers(6, 18, LEAVES)
        self.storage = random.choice(3, LEAVES, p=[0.7, 0.2, 0.1])
        self.shelf_days = random.choice([5.0, 10.0, 90.0, 180.0, 365.0], LEAVES)
        self.names = _names()

    def days(self, leaf: np.ndarray, *, jitter: int) -> tuple[np.ndarray, np.ndarray]:
        """First and last day: the season of the category a little off, or any weeks."""
        count = len(leaf)
        off = self.random.integers(-jitter * 7, jitter * 7 + 1, count)
        begin = np.where(
            self.is_seasonal[leaf],
            self.season[0][leaf] * 7 + off,
            self.random.integers(0, 365, count),
        )
        weeks = np.where(
            self.is_seasonal[leaf], self.season[1][leaf], self.random.integers(3, 53, count)
        )
        return FIRST_DAY + begin, FIRST_DAY + begin + 7 * weeks - 1

    def maybe(self, share: float, column: np.ndarray, *, missing: float = np.nan) -> np.ndarray:
        """The column where a share of the rows states it."""
        return np.where(self.random.random(len(column)) < share, column, missing)

    def texts(self, leaf: np.ndarray, *, in_full: bool) -> np.ndarray:
        """Names of a category's products, in full with pack, grade and maker."""
        base = self.names[(leaf * 7 + self.random.integers(0, 3, len(leaf))) % len(self.names)]
        if not in_full:
            return base
        pack, maker = (np.array(words)[self.random.integers(0, len(words), len(leaf))]
                       for words in (PACKS, MAKERS))  # fmt: skip
        return np.char.add(np.char.add(base, " "), np.char.add(np.char.add(pack, " "), maker))


def build_world(offer_count: int, request_count: int, *, seed: int) -> World:
    """Draw offers and requests; the same seed gives the same world."""
    dice, texts = Dice(seed), {}
    supply, demand = _supply(dice, offer_count, texts), _demand(dice, request_count, texts)
    return World(supply, demand, _terrain(dice.random), texts)


def _names() -> np.ndarray:
    with GOODS.open(encoding="utf-8", newline="") as file:
        texts = [row[name] for row in csv.DictReader(file) for name in ("names_qn", "names_north")]
    listed = (name.partition("@")[0] for text in texts for name in text.split(";"))
    return np.array(list(dict.fromkeys(name for name in listed if name)))


def _signatures(texts: np.ndarray) -> np.ndarray:
    unique, place = np.unique(texts, return_inverse=True)
    return signatures(unique.tolist())[place]


def _supply(dice: Dice, count: int, texts: dict[str, np.ndarray]) -> SupplyColumns:
    random = dice.random
    leaf = np.sort(random.choice(LEAVES, count, p=dice.offered))
    first, last = dice.days(leaf, jitter=4)
    home = (random.random(count)[:, None] > dice.homes[leaf]).sum(axis=1).clip(max=PROVINCES - 1)
    holds = random.random((count, len(KINDS))) < HELD
    since = (first - 400)[:, None]
    until = (first[:, None] + random.integers(-60, 900, (count, len(KINDS)))).clip(min=since)
    papers_from = np.full((count, len(PAPER_SLOTS), 1), NEVER.max, dtype=np.int32)
    papers_to = np.full((count, len(PAPER_SLOTS), 1), NEVER.min, dtype=np.int32)
    papers_from[:, : len(KINDS), 0] = np.where(holds, since, NEVER.max)
    papers_to[:, : len(KINDS), 0] = np.where(holds, until, NEVER.min)
    texts["leaf"] = dice.names[leaf * 7 % len(dice.names)]
    texts["product"] = dice.texts(leaf, in_full=True)
    return SupplyColumns(
        offer_id=np.arange(1, count + 1),
        version=np.ones(count, dtype=np.int64),
        organisation_id=random.integers(1, 4_000, count),
        category_order=leaf,
        leaf_signature=_signatures(texts["leaf"]),
        product_signature=_signatures(texts["product"]),
        dimension=np.zeros(count, dtype=np.int8),
        quantity_base=random.lognormal(7.5, 1.4, count),
        weekly_capacity_base=dice.maybe(0.3, random.lognormal(6.0, 1.0, count), missing=np.inf),
        minimum_lot_base=dice.maybe(0.5, np.full(count, 50.0), missing=0.0),
        price_vnd_per_base=dice.maybe(0.9, dice.price[leaf] * random.lognormal(0, 0.22, count)),
        kg_per_base=np.ones(count),
        first_day=first,
        last_day=last,
        storage=dice.storage[leaf].astype(np.int8),
        shelf_life_days=dice.maybe(0.9, dice.shelf_days[leaf]),
        origin_node=home,
        access_hours=random.choice([0.0, 0.5], count),
        access_km=np.zeros(count),
        province=home,
        stars=random.choice([0, 3, 4, 5], count, p=[0.60, 0.25, 0.13, 0.02]),
        stars_from=first - 400,
        stars_to=first + random.integers(-60, 900, count),
        papers=(holds << np.arange(len(KINDS))).sum(axis=1),
        papers_from=papers_from,
        papers_to=papers_to,
        can_issue_invoice=random.random(count) < 0.9,
        has_gtin=random.random(count) < 0.8,
    )


def _demand(dice: Dice, count: int, texts: dict[str, np.ndarray]) -> DemandColumns:
    random = dice.random
    leaf = random.choice(LEAVES, count, p=dice.wanted / dice.wanted.sum())
    group = np.array([int(one) for one in np.arange(GROUPS + 1) * LEAVES / GROUPS])
    at = np.searchsorted(group, leaf, side="right") - 1
    is_group = random.random(count) < 0.25
    first, last = dice.days(leaf, jitter=8)
    is_all_year = random.random(count) < 0.3
    first = np.where(is_all_year, FIRST_DAY, first)
    province = random.choice(PROVINCES, count, p=dice.market)
    order = random.permuted(np.tile(np.arange(len(KINDS)), (count, 1)), axis=1)
    needs = random.choice(3, count, p=[0.55, 0.30, 0.15])
    required = ((1 << order[:, :2]) * (np.arange(2) < needs[:, None])).sum(axis=1)
    lead = random.choice([12.0, 24, 48, 72], count, p=[0.1, 0.3, 0.4, 0.2])
    is_strict = random.random(count) < 0.1
    texts["words"] = np.where(random.random(count) < 0.7, dice.texts(leaf, in_full=False), "")
    return DemandColumns(
        request_id=np.arange(1, count + 1),
        version=np.ones(count, dtype=np.int64),
        organisation_id=3_990 + np.arange(count) % 100,
        category_lo=np.where(is_group, group[at], leaf),
        category_hi=np.where(is_group, group[at + 1], leaf + 1),
        words_signature=_signatures(texts["words"]),
        dimension=np.zeros(count, dtype=np.int8),
        quantity_base=random.lognormal(8.5, 1.3, count),
        price_ceiling_vnd_per_base=dice.maybe(
            0.8, dice.price[leaf] * random.lognormal(0.15, 0.2, count)
        ),
        first_day=first,
        last_day=np.where(is_all_year, FIRST_DAY + 364, last),
        destination_nodes=province[:, None],
        destination_access_hours=np.zeros((count, 1)),
        destination_access_km=np.zeros((count, 1)),
        province=province,
        minimum_stars=random.choice([0, 3, 4], count, p=[0.70, 0.22, 0.08]),
        required_papers=required,
        preferred_papers=np.zeros(count, dtype=np.int64),
        storage_required=np.where(is_strict, dice.storage[leaf], -1).astype(np.int8),
        needs_invoice=random.random(count) < 0.5,
        needs_barcode=random.random(count) < 0.3,
        max_lead_hours=dice.maybe(0.8, lead),
    )


def _terrain(random: np.random.Generator) -> Terrain:
    spots = random.random((PROVINCES, 2)) * [250, 700]
    distance = np.linalg.norm(spots[:, None] - spots[None, :], axis=2)
    km = 1.3 * distance + 15 * (distance > 0)
    pacts = random.random((PROVINCES, PROVINCES)) < 0.08
    return Terrain(travel_hours=km / 45, travel_km=km, pacts=pacts | pacts.T)
