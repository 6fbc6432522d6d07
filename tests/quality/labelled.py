"""The labelled sets: requests, candidate offers and what an officer would say of each pair."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from core.kernel.reference import read_rows, split_list
from matchmaking.engine.eligibility import Refusal
from matchmaking.engine.records import MARKETS, PAPER_SLOTS, STORAGE_CLASSES

HERE = Path(__file__).resolve().parent
CATEGORIES = HERE.parents[1] / "core/catalogue/data/categories.csv"
SETS = {"first": HERE, "second": HERE / "second"}
"""The second was judged blind, by somebody who had seen neither the engine nor the first."""
HALVES = ("dev", "held_out")
HIGHEST = 3
GATES = {gate.name.lower() for gate in Refusal}
COLUMNS = {
    "offers": "offer,scene,product,kind,seller,place,quantity,price,first_day,last_day,storage,"
    "shelf_life_days,stars,stars_to,papers,minimum_lot,weekly,invoice,barcode",
    "requests": "request,scene,half,buyer,words,kind,kind_is_chosen,quantity,ceiling,first_day,"
    "last_day,place,minimum_stars,required_papers,preferred_papers,market,storage,invoice,"
    "barcode,traps",
    "judgements": "request,offer,grade,gates,reason",
    "places": "place,province,commune",
}
_PAPER = re.compile(
    r"(?P<kind>[a-z_0-9]+)(?::(?P<markets>[A-Z,]+))?"
    r"(?: (?P<first>\d{4}-\d\d-\d\d))?(?:\.\.(?P<last>\d{4}-\d\d-\d\d))?"
)


@dataclass(frozen=True)
class Judged:
    """One pair: grade 0 to 3, the gates that close, and why."""

    grade: int
    gates: frozenset[str]
    reason: str

    @property
    def is_eligible(self) -> bool:
        """Whether the pair could trade as both sides stand."""
        return not self.gates


@dataclass(frozen=True)
class Case:
    """One request with its candidates; rows are as typed."""

    request: dict[str, str]
    offers: tuple[dict[str, str], ...]
    judged: dict[str, Judged]

    @property
    def name(self) -> str:
        """Name of the request."""
        return self.request["request"]


class TypedPaper(NamedTuple):
    """A paper of an offer: kind, markets, first and last day; None holds throughout."""

    kind: str
    markets: tuple[str, ...]
    first: dt.date | None
    last: dt.date | None


def papers_in(cell: str) -> list[TypedPaper]:
    """Read a cell: "vietgap..2027-01-15; growing_area_code:CN,JP; haccp 2026-01-01..2027-01-01"."""
    return [_paper(part) for part in split_list(cell)]


def _paper(part: str) -> TypedPaper:
    found = _PAPER.fullmatch(part)
    if not found:
        raise ValueError(f"{part!r} is no paper.")
    first, last = (dt.date.fromisoformat(day) if day else None for day in found.group(3, 4))
    return TypedPaper(
        found["kind"], tuple(filter(None, (found["markets"] or "").split(","))), first, last
    )


@cache
def cases(half: str | None = None, *, labelled: str = "first") -> tuple[Case, ...]:
    """Return the requests of a half of a set, or all of it."""
    offers = {row["offer"]: row for row in rows("offers", labelled=labelled)}
    judged: dict[str, dict[str, Judged]] = {}
    for row in rows("judgements", labelled=labelled):
        gates = frozenset(split_list(row["gates"]))
        verdict = Judged(int(row["grade"]), gates, row["reason"])
        judged.setdefault(row["request"], {})[row["offer"]] = verdict
    return tuple(
        Case(row, tuple(offers[name] for name in found), found)
        for row in rows("requests", labelled=labelled)
        if half in (None, row["half"]) and (found := judged[row["request"]])
    )


def rows(name: str, *, labelled: str = "first") -> list[dict[str, str]]:
    """Return the rows of one file of a set."""
    return read_rows(SETS[labelled] / f"{name}.csv")


def flaws(labelled: str) -> list[str]:
    """Return what is wrong with the files of a set; nothing is the only good answer."""
    return [f"{where}: {what}" for where, what in _flaws(labelled)]


def _flaws(labelled: str) -> Iterator[tuple[str, str]]:
    for name, columns in COLUMNS.items():
        with (SETS[labelled] / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            table = list(csv.reader(file))
        if table[0] != columns.split(","):
            yield name, "other columns"
        yield from (
            (name, f"row {at}") for at, row in enumerate(table) if len(row) != len(table[0])
        )
        keys = Counter(tuple(row[: 1 + (name == "judgements")]) for row in table)
        yield from ((name, f"{key} twice") for key, times in keys.items() if times > 1)
    yield from _flaws_of_offers(labelled)
    yield from _flaws_of_requests(labelled)
    yield from _flaws_of_judgements(labelled)


def _flaws_of_offers(labelled: str) -> Iterator[tuple[str, str]]:
    levels = {row["code"]: row["level"] for row in read_rows(CATEGORIES)}
    known = {row["place"] for row in rows("places", labelled=labelled)}
    for row in rows("offers", labelled=labelled):
        held = papers_in(row["papers"])
        yield from _bad(row["offer"], {
            "kind": not row["kind"] or levels.get(row["kind"]) == "leaf",
            "place": row["place"] in known,
            "days": row["first_day"] <= row["last_day"],
            "storage": row["storage"] in ("", *STORAGE_CLASSES),
            "stars": row["stars"] in ("", "3", "4", "5"),
            "answers": {row["invoice"], row["barcode"]} <= {"yes", "no"},
            "papers": {one.kind for one in held} <= set(PAPER_SLOTS),
            "markets": {market for one in held for market in one.markets} <= set(MARKETS),
        })  # fmt: skip


def _flaws_of_requests(labelled: str) -> Iterator[tuple[str, str]]:
    levels = {row["code"]: row["level"] for row in read_rows(CATEGORIES)}
    known = {row["place"] for row in rows("places", labelled=labelled)}
    for row in rows("requests", labelled=labelled):
        asked = split_list(row["required_papers"]) + split_list(row["preferred_papers"])
        is_leaf = levels.get(row["kind"]) == "leaf"
        yield from _bad(row["request"], {
            "half": row["half"] in HALVES,
            "kind": row["kind"] in levels and is_leaf == (row["kind_is_chosen"] == "no"),
            "place": row["place"] in known,
            "days": row["first_day"] <= row["last_day"],
            "papers": set(asked) <= set(PAPER_SLOTS),
            "market": row["market"] in MARKETS,
            "traps": bool(row["traps"]),
        })  # fmt: skip


def _flaws_of_judgements(labelled: str) -> Iterator[tuple[str, str]]:
    scene = {row["offer"]: row["scene"] for row in rows("offers", labelled=labelled)}
    mine = {row["request"]: row["scene"] for row in rows("requests", labelled=labelled)}
    counted = Counter(scene.values())
    for row in rows("judgements", labelled=labelled):
        gates = set(split_list(row["gates"]))
        yield from _bad(f"{row['request']} {row['offer']}", {
            "scene": scene.get(row["offer"]) == mine.get(row["request"]),
            "grade": row["grade"].isdigit() and int(row["grade"]) <= (0 if gates else HIGHEST),
            "gates": gates <= GATES,
            "reason": bool(row["reason"]),
        })  # fmt: skip
    judged = Counter(row["request"] for row in rows("judgements", labelled=labelled))
    for request, name in mine.items():
        if judged[request] != counted[name]:
            yield request, "not every offer of its scene is judged"


def _bad(where: str, checks: dict[str, bool]) -> Iterator[tuple[str, str]]:
    yield from ((where, what) for what, holds in checks.items() if not holds)
