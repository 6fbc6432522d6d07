"""What a packet's ZIP will hold: files in order, and the rows of its index."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from core.kernel.errors import InvalidInputError
from core.vault.models import Document
from core.vault.packing.lines import Answer, Line, Packet
from core.vault.packing.names import numbered

MAX_PACKET_BYTES: Final = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file of the ZIP."""

    name: str
    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the index; `file_name` is empty where nothing answers the line."""

    number: int
    label: str
    is_required: bool
    title: str = ""
    paper_number: str = ""
    validity: str = ""
    state: str = ""
    file_name: str = ""
    size: int = 0
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A packet ready to be written."""

    packet: Packet
    entries: tuple[Entry, ...]
    rows: tuple[Row, ...]

    @property
    def size(self) -> int:
        """All files together, in bytes."""
        return sum(entry.document.size for entry in self.entries)

    @property
    def missing(self) -> list[Row]:
        """Rows that have to hold a file and do not."""
        return [row for row in self.rows if row.is_required and not row.file_name]


def plan_of(packet: Packet, *, chosen: Collection[int] | None = None) -> Plan:
    """Return what the ZIP of a packet holds, each file once, in the order of the lines.

    Args:
        packet: The dossier.
        chosen: Ids of the documents to hand over; None for all that count today.

    Raises:
        InvalidInputError: The files together are too large.
    """
    names: dict[int, Entry] = {}
    rows: list[Row] = []
    for number, line in enumerate(packet.lines, start=1):
        answers = [one for one in line.answers if _is_taken(one, chosen)]
        rows += [_row(number, line, one, names) for one in answers]
        if not answers:
            rows.append(_empty_row(number, line))
    plan = Plan(packet=packet, entries=tuple(names.values()), rows=tuple(rows))
    if plan.size > MAX_PACKET_BYTES:
        message = _("Together the files are larger than 200 MB. Choose fewer.")
        raise InvalidInputError(message, {"documents": [message]})
    return plan


def _is_taken(answer: Answer, chosen: Collection[int] | None) -> bool:
    if answer.document is None or not answer.is_there:
        return False
    return answer.counts if chosen is None else answer.document.pk in chosen


def _row(number: int, line: Line, answer: Answer, names: dict[int, Entry]) -> Row:
    document = answer.document
    if document is None:
        return _empty_row(number, line)
    if document.pk not in names:
        name = numbered(len(names) + 1, title=answer.title, ending=document.type)
        names[document.pk] = Entry(name=name, document=document)
    return Row(
        number=number,
        label=line.asked.label,
        is_required=line.asked.is_required,
        title=answer.title,
        paper_number=answer.number,
        validity=validity_of(answer),
        state=answer.state,
        file_name=names[document.pk].name,
        size=document.size,
        sha256=document.sha256,
    )


def _empty_row(number: int, line: Line) -> Row:
    state = _("Missing") if line.asked.is_required else _("Not included")
    return Row(
        number=number, label=line.asked.label, is_required=line.asked.is_required, state=state
    )


def validity_of(answer: Answer) -> str:
    """Return in words how long an answer holds; empty where nobody said."""
    if answer.valid_to is not None:
        return _("until %(day)s") % {"day": _day(answer.valid_to)}
    if answer.valid_from is not None:
        return _("from %(day)s, no end") % {"day": _day(answer.valid_from)}
    return answer.valid_text


def _day(day: dt.date) -> str:
    return f"{day:%d/%m/%Y}"
