"""Does the reference data of the catalogue hang together? Asked by `manage.py check`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from django.core.checks import CheckMessage, Error

from core.catalogue.enums import CategoryLevel, StorageClass
from core.catalogue.services import DATA
from core.kernel.reference import read_rows, split_list

Row = Mapping[str, str]
_HS: Final = re.compile(r"\d{4}(\d{2})?")
_HS_CONFIDENCES: Final = {"sure", "likely"}
_ABOVE: Final = {
    CategoryLevel.SECTOR.value: "",
    CategoryLevel.GROUP.value: CategoryLevel.SECTOR.value,
    CategoryLevel.SET.value: CategoryLevel.GROUP.value,
    CategoryLevel.LEAF.value: CategoryLevel.SET.value,
}
_SETS_2019: Final = 26
_NOT_MATERIALS: Final = {"*", "?"}


def reference_files_agree(*, folder: Path = DATA, **_options: object) -> list[CheckMessage]:
    """Say what in the catalogue's reference files cannot be: one message for each fault."""
    categories = read_rows(folder / "categories.csv")
    units = {row["code"] for row in read_rows(folder / "units.csv")}
    leaves = [row for row in categories if row["level"] == CategoryLevel.LEAF]
    faults = [
        *_orphans(categories),
        *_incomplete(leaves, units),
        *_shared_terms(leaves),
        *_wrong_headings(leaves),
        *_unmapped(read_rows(folder / "ocop_sets_2019.csv"), categories),
        *_unknown_forms(read_rows(folder / "name_forms.csv"), categories),
    ]
    return [
        Error(words, hint=f"Put right {name} in core/catalogue/data.", id=f"catalogue.E00{number}")
        for number, name, words in faults
    ]


Fault = tuple[int, str, str]


def _orphans(rows: Sequence[Row]) -> Iterator[Fault]:
    level = {row["code"]: row["level"] for row in rows}
    for row in rows:
        above = level.get(row["parent"], "")
        if _ABOVE.get(row["level"], "?") != above:
            yield (
                1,
                "categories.csv",
                f"{row['code']} hangs under “{row['parent']}”, no such place.",
            )


def _incomplete(leaves: Iterable[Row], units: set[str]) -> Iterator[Fault]:
    months = {str(month) for month in range(1, 13)}
    for row in leaves:
        season = split_list(row["season_months"])
        for name, is_known in (
            ("unit", row["unit"] in units),
            ("storage", row["storage"] in StorageClass.values),
            ("season", bool(season) and set(season) <= months),
            ("shelf life", row["shelf_life_days"].isdigit() or not row["shelf_life_days"]),
        ):
            if not is_known:
                yield 2, "categories.csv", f"{row['code']}: {name} is empty or unknown."


def _shared_terms(leaves: Iterable[Row]) -> Iterator[Fault]:
    owners: dict[str, str] = {}
    for row in leaves:
        for term in {row["name_vi"], *split_list(row["synonyms"])}:
            owner = owners.setdefault(unicodedata.normalize("NFC", term.casefold()), row["code"])
            if owner != row["code"]:
                yield 3, "categories.csv", f"“{term}” means both {owner} and {row['code']}."


def _wrong_headings(leaves: Iterable[Row]) -> Iterator[Fault]:
    for row in leaves:
        heading, confidence = row["hs_heading"], row["hs_confidence"]
        if not heading and not confidence:
            continue
        if not _HS.fullmatch(heading) or confidence not in _HS_CONFIDENCES:
            yield (
                4,
                "categories.csv",
                f"{row['code']}: “{heading}” is no HS heading of 4 or 6 digits.",
            )


def _unmapped(former: Sequence[Row], categories: Iterable[Row]) -> Iterator[Fault]:
    sets = {row["code"] for row in categories if row["level"] == CategoryLevel.SET}
    if [row["number"] for row in former] != [str(n) for n in range(1, _SETS_2019 + 1)]:
        yield 5, "ocop_sets_2019.csv", "The sets of 2019 are not numbered from 1 to 26."
    for row in former:
        today = split_list(row["sets_today"])
        if not set(today) <= sets or not (today or row["note"]):
            yield (
                5,
                "ocop_sets_2019.csv",
                f"Set {row['number']} has no known set of today, no note.",
            )


def _unknown_forms(forms: Iterable[Row], categories: Sequence[Row]) -> Iterator[Fault]:
    codes = {row["code"] for row in categories}
    made_of = codes | {row["material"] for row in categories} | _NOT_MATERIALS
    for row in forms:
        materials = {part.strip() for part in row["material"].split(";")}
        if row["category"] not in codes | {"="} or not materials <= made_of:
            words = f"“{row['form']}” of {row['material']} makes {row['category']}: unknown."
            yield 6, "name_forms.csv", words
