"""The classifier's vocabulary as the reference files say it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from core.catalogue.classifier.vocabulary import (
    EnglishRow,
    FormRow,
    LeafRow,
    PhraseRow,
    Vocabulary,
    build_vocabulary,
)
from core.kernel.reference import read_rows, split_list

_OTHER: Final = " khác"
DATA: Final = Path(__file__).resolve().parents[1] / "data"


def vocabulary_of_files() -> Vocabulary:
    """Return the vocabulary of the reference files; `extended` adds what was approved since."""
    rows = read_rows(DATA / "categories.csv")
    leaves = [row for row in rows if row["level"] == "leaf"]
    owners = _owners(leaves)
    return build_vocabulary(
        [_leaf(row, owners) for row in leaves],
        forms=[
            FormRow(r["form"], r["place"], r["material"], r["category"], float(r["confidence"]))
            for r in read_rows(DATA / "name_forms.csv")
        ],
        phrases=[PhraseRow(r["words"], r["kind"]) for r in read_rows(DATA / "name_words.csv")],
        english=[
            EnglishRow(r["english"], r["kind"], r["means"])
            for r in read_rows(DATA / "english_names.csv")
        ],
        sets={r["code"]: r["name_vi"] for r in rows if r["level"] == "bo_san_pham"},
    )


def _leaf(row: Mapping[str, str], owners: Mapping[str, str]) -> LeafRow:
    # A leaf's name may list kinds: "Mì, bún, phở khô"; a part may be another leaf's word.
    parts = [part.strip() for part in row["name_vi"].split(",")]
    own = [part for part in parts if owners.get(part.casefold(), row["code"]) == row["code"]]
    terms = dict.fromkeys([*own, *split_list(row["synonyms"])])
    is_open = parts[-1].endswith(_OTHER)
    return LeafRow(row["code"], row["parent"], row["material"], tuple(terms), is_open)


def _owners(leaves: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return the leaf of each synonym and of each name that is one word or phrase."""
    return {
        term.casefold(): row["code"]
        for row in leaves
        for term in (*split_list(row["synonyms"]), row["name_vi"])
    }
