"""The lines of a dossier, and what its holder has for each of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import get_language

from core.kernel.reference import read_rows, split_list
from core.vault.models import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One thing a dossier asks for: proofs by kind, or documents by what they are.

    `proofs` are kinds the apps know of; any one of them, or any one document, answers the line.
    """

    code: str
    label: str
    is_required: bool
    proofs: tuple[str, ...] = ()
    contents: tuple[str, ...] = ()
    text: str = ""
    source: str = ""
    confidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the holder has: a paper, with or without its file, or a document alone.

    `is_good` tells whether what it proves holds today; `state` says in words why, or why not.
    An archived document answers nothing, however good the paper that rests on it.
    """

    title: str
    document: Document | None
    is_good: bool = True
    number: str = ""
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    valid_text: str = ""
    state: str = ""
    url: str = ""
    is_archived: bool = False

    @property
    def is_there(self) -> bool:
        """Whether there is a file that may be handed over."""
        return self.document is not None and not self.is_archived

    @property
    def counts(self) -> bool:
        """Whether it answers its line today."""
        return self.is_good and self.is_there


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the checklist with its answers, the good ones first."""

    asked: Asked
    answers: tuple[Answer, ...]

    @property
    def is_answered(self) -> bool:
        """Whether something good with a file answers it."""
        return any(one.counts for one in self.answers)

    @property
    def is_missing(self) -> bool:
        """Whether it has to be answered and is not."""
        return self.asked.is_required and not self.is_answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """A whole dossier: of whom, for what, its lines in order."""

    code: str
    subject_id: int
    title: str
    holder_id: int
    holder_name: str
    as_of: dt.date
    lines: tuple[Line, ...]
    receiver_id: int | None = None
    receiver_name: str = ""

    @property
    def missing(self) -> list[Line]:
        """The lines that have to be answered and are not."""
        return [line for line in self.lines if line.is_missing]

    @property
    def answered_count(self) -> int:
        """How many lines have a good answer with a file."""
        return sum(line.is_answered for line in self.lines)

    @property
    def documents(self) -> list[Document]:
        """The files it can hold, each once, in the order of the lines."""
        found = {
            answer.document.pk: answer.document
            for line in self.lines
            for answer in line.answers
            if answer.document is not None and answer.is_there
        }
        return list(found.values())


def asked_by_file(path: Path) -> list[tuple[dict[str, str], Asked]]:
    """Return the lines of a reference file, each with its whole row.

    Columns: code, label_vi, label_en, required, papers, contents, text_vi, text_en, source,
    confidence, as_of; more are up to the app.
    """
    language = "en" if (get_language() or "vi").startswith("en") else "vi"
    return [(row, _asked(row, language)) for row in read_rows(path)]


def _asked(row: Mapping[str, str], language: str) -> Asked:
    return Asked(
        code=row["code"],
        label=row[f"label_{language}"],
        text=row[f"text_{language}"],
        is_required=row["required"] == "yes",
        proofs=tuple(split_list(row["papers"])),
        contents=tuple(split_list(row["contents"])),
        source=f"{row['source']} ({row['as_of']})",
        confidence=row["confidence"],
    )


def lines_of(
    asked: Iterable[Asked],
    *,
    proofs: Mapping[str, Sequence[Answer]],
    documents: Iterable[Document],
) -> tuple[Line, ...]:
    """Return the lines with whatever the holder has for them.

    Args:
        asked: What is asked for, in order.
        proofs: Papers by kind.
        documents: The holder's current documents.
    """
    kept = list(documents)
    return tuple(Line(asked=one, answers=_answers(one, proofs, kept)) for one in asked)


def _answers(
    asked: Asked, proofs: Mapping[str, Sequence[Answer]], documents: Sequence[Document]
) -> tuple[Answer, ...]:
    found = [answer for kind in asked.proofs for answer in proofs.get(kind, ())]
    taken = {answer.document.pk for answer in found if answer.document is not None}
    found += [
        Answer(title=one.title, document=one, valid_text=one.valid_until)
        for one in documents
        if one.kind in asked.contents and one.pk not in taken
    ]
    return tuple(sorted(found, key=lambda one: (not one.counts, not one.is_good)))
