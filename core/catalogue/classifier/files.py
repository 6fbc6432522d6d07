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

DATA: Final = Path(__file__).resolve().parents[1] / "data"


def vocabulary_of_files(*, synonyms: Mapping[str, Iterable[str]] | None = None) -> Vocabulary:
    """Return the vocabulary of the reference files and of synonyms approved since.

    Args:
        synonyms: Further terms by the code of their leaf; codes the files do not know are left.
    """
    rows = read_rows(DATA / "categories.csv")
    further = synonyms or {}
    return build_vocabulary(
        [_leaf(row, further.get(row["code"], ())) for row in rows if row["level"] == "leaf"],
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


def _leaf(row: Mapping[str, str], further: Iterable[str]) -> LeafRow:
    # A leaf's name may list kinds: "Mì, bún, phở khô".
    names = [part.strip() for part in row["name_vi"].split(",")]
    terms = dict.fromkeys([*names, *split_list(row["synonyms"]), *further])
    return LeafRow(row["code"], row["parent"], row["material"], tuple(terms))
