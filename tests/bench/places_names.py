"""The places group of the bench: reading product names, beside longest-synonym matching."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from report import Aim, Measured, Row

from core.catalogue.classifier import classify, vocabulary_of_files
from core.catalogue.classifier.files import DATA
from core.kernel.reference import read_rows, split_list
from core.kernel.text import fold

LABELLED = Path(__file__).parents[1] / "unit" / "catalogue" / "product_names.csv"
HELD_OUT = "held_out"


Reader = Callable[[str], str | None]


def measure(size: int = 5_000, rounds: int = 3) -> Measured:
    """Time both readers on `size` names and count what they say of the labelled list.

    Args:
        size: How many names are read in one round; the labelled ones over and over.
        rounds: How often; the best round counts.
    """
    labelled = _labelled()
    names = [name for name, _code, _half in labelled]
    many = [names[at % len(names)] for at in range(size)]
    started = time.perf_counter()
    vocabulary = vocabulary_of_files()
    built_seconds = time.perf_counter() - started
    readers: dict[str, Reader] = {
        "classify": lambda name: classify(name, vocabulary=vocabulary).code,
        "longest synonym": longest_synonym_reader(),
    }
    rows = [Row("vocabulary built", "classify", built_seconds)]
    scores: dict[tuple[str, str], dict[str, float]] = {}
    for engine, read in readers.items():
        rows.append(Row("names", engine, round(_speed(read, many, rounds)), "names/s"))
        for half in ("all", HELD_OUT):
            chosen = [row for row in labelled if half in {"all", row[2]}]
            scores[engine, half] = score = correctness(read, chosen)
            rows += [Row(f"{case}, {half}", engine, share, "%") for case, share in score.items()]
    return Measured(rows, _aims(rows, scores))


def correctness(read: Reader, labelled: Iterable[tuple[str, str, str]]) -> dict[str, float]:
    """Return the shares in per cent: answered, right leaf and set of those answered, wrong."""
    answered = right = right_set = wrong = refused = total = 0
    for name, wanted, _half in labelled:
        said = read(name)
        total += 1
        if said is None:
            refused += bool(wanted)
            continue
        answered += 1
        right += said == wanted
        right_set += said.partition("-")[0] == wanted.partition("-")[0]
        wrong += said != wanted
    return {
        "answered": _share(answered, total),
        "right leaf of answered": _share(right, answered),
        "right set of answered": _share(right_set, answered),
        "wrong of all": _share(wrong, total),
        "refused of all": _share(refused, total),
    }


def longest_synonym_reader() -> Reader:
    """Return what one would write first: the longest synonym that stands in the folded name."""
    leaves = [row for row in read_rows(DATA / "categories.csv") if row["level"] == "leaf"]
    terms = sorted(
        (
            (f" {fold(term)} ", row["code"])
            for row in leaves
            for term in (row["name_vi"], *split_list(row["synonyms"]))
        ),
        key=lambda pair: -len(pair[0]),
    )

    def read(name: str) -> str | None:
        text = f" {fold(name)} "
        return next((code for term, code in terms if term in text), None)

    return read


def _labelled() -> list[tuple[str, str, str]]:
    with LABELLED.open(encoding="utf-8", newline="") as file:
        return [(r["name"], r["category_code"], r["half"]) for r in csv.DictReader(file)]


def _speed(read: Reader, names: list[str], rounds: int) -> float:
    best = float("inf")
    for _round in range(rounds):
        started = time.perf_counter()
        for name in names:
            read(name)
        best = min(best, time.perf_counter() - started)
    return len(names) / best


def _share(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


def _aims(rows: list[Row], scores: dict[tuple[str, str], dict[str, float]]) -> list[Aim]:
    speed = {row.engine: row.value for row in rows if row.unit == "names/s"}
    score = scores["classify", HELD_OUT]
    leaf, of_set = score["right leaf of answered"], score["right set of answered"]
    wrong, refused = score["wrong of all"], score["refused of all"]
    ratio = round(speed["classify"] / speed["longest synonym"], 1)
    return [
        Aim("right leaf of answered names, %", leaf, 85),
        Aim("right set of answered names, %", of_set, 90),
        Aim("wrong names beside refused, %", wrong, refused, "lower"),
        Aim("speed beside longest synonym, times", ratio, 1),
    ]
