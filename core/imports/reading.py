"""Reading a row's cells into exact values, as the pages read them, and collecting what is wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from core.catalogue.typed import settling
from core.catalogue.typed.dates import FIRST, LAST, read_days
from core.catalogue.typed.outcomes import Days, Outcome
from core.imports.enums import RowOutcome
from core.imports.registry import Change, Column, Planned, Row
from core.kernel.errors import DomainError, InvalidInputError
from core.kernel.text import clean, fold
from core.sheets.cells import Cell, code_of, counted_day, is_cut_short, text_of
from core.web.typed_fields import TypedDateField, TypedField

_LONGEST_QUOTE: Final = 60
_COUNT_DIGITS: Final = 5
_DAY_COUNT: Final = gettext_lazy(
    "this looks like a day as a spreadsheet counts it, perhaps %(day)s. Format the column as a "
    "date (dd/mm/yyyy) and save the file again."
)
_YES: Final = frozenset({"1", "co", "yes", "y", "x", "true", "dung", "roi", "v"})
_NO: Final = frozenset({"0", "khong", "no", "n", "false", "chua", "sai", ""})


class AsOfDateField(TypedDateField):
    """A day of a list: what is counted from today is counted from the day of the list."""

    def __init__(
        self, *, today: dt.date, end: settling.End | None = None, required: bool = True
    ) -> None:
        super().__init__(end=end, required=required)
        self.today = today

    def read(self, typed: str) -> Outcome[Days]:
        """Read one day."""
        return settling.one_day(read_days(typed, today=self.today), end=self.end)


class RowReader:
    """The cells of one row; what cannot be read is noted in a sentence that names its column.

    A column the file does not have gives `otherwise`; so does a cell that cannot be read.
    """

    def __init__(self, row: Row, *, columns: Sequence[Column]) -> None:
        self.row = row
        self.reasons: list[str] = []
        self.refused: set[str] = set()
        self._headers = {column.key: column.header for column in columns}
        for column in columns:
            if column.is_required and not self.text(column.key):
                self.refuse(column.key, _("Please fill this in."))

    @property
    def is_refused(self) -> bool:
        """Whether anything is wrong."""
        return bool(self.reasons)

    def has(self, key: str) -> bool:
        """Tell whether the file has this column."""
        return key in self.row.cells

    def cell(self, key: str) -> Cell:
        """Return a cell; the empty text where there is none."""
        return self.row.cells.get(key, "")

    def refuse(self, key: str, sentence: str) -> None:
        """Note what is wrong with a cell."""
        self.refused.add(key)
        header = self._headers.get(key)
        self.reasons.append(f"{header}: {sentence}" if header else sentence)

    def refuse_all(self, error: DomainError) -> None:
        """Note what a service found wrong."""
        if isinstance(error, InvalidInputError):
            for key, sentences in error.field_errors.items():
                for sentence in sentences:
                    self.refuse(key, sentence)
        else:
            self.reasons.append(str(error))

    def text(self, key: str, *, otherwise: str = "") -> str:
        """Return one line of text, cleaned as it will be stored."""
        return clean(text_of(self.cell(key))) if self.has(key) else otherwise

    def lines(self, key: str, *, otherwise: str = "") -> str:
        """Return a text with its line breaks."""
        return text_of(self.cell(key)) if self.has(key) else otherwise

    def code(self, key: str, *, otherwise: str = "", digits: int = 0) -> str:
        """Return a code; a number cell's lost leading zeros are put back up to `digits`."""
        if not self.has(key):
            return otherwise
        if is_cut_short(self.cell(key)):
            sentence = _(
                "A spreadsheet has shortened this number to “%(typed)s” and lost its end. Format "
                "the column as text and type it again."
            )
            self.refuse(key, sentence % {"typed": text_of(self.cell(key))})
            return ""
        return clean(code_of(self.cell(key), digits=digits))

    def typed(self, key: str, field: TypedField, *, otherwise: object = None) -> Any:  # noqa: ANN401 -- what the field makes of it
        """Return what a field of the pages reads; numbers and days of a spreadsheet are exact."""
        if not self.has(key):
            return otherwise
        cell = self.cell(key)
        if field.kind == "day" and (day := _bare_count(cell)):
            self.refuse(key, f"{_quoted(cell)} {_DAY_COUNT % {'day': text_of(day)}}")
            return otherwise
        if isinstance(cell, bool):
            cell = text_of(cell)
        if isinstance(cell, Decimal) and field.kind == "money" and cell == int(cell):
            cell = int(cell)  # type: ignore[assignment]  # -- what the field takes as whole đồng
        if isinstance(cell, dt.date) and field.kind != "day":
            cell = text_of(cell)
        if isinstance(cell, Decimal) and field.kind != "quantity":
            cell = text_of(cell)
        try:
            return field.clean(cell)
        except ValidationError as error:
            self.refuse(key, f"{_quoted(cell)} {' '.join(error.messages)}")
            return otherwise

    def whole(self, key: str, *, otherwise: int | None = None) -> int | None:
        """Return a whole number, not below zero."""
        if not self.has(key):
            return otherwise
        cell = self.cell(key)
        written = code_of(cell).replace(".", "").replace(" ", "")
        if not written:
            return None
        if not (written.isascii() and written.isdigit() and len(written) <= 9):  # noqa: PLR2004 -- what a column holds
            self.refuse(key, f"{_quoted(cell)} {_('Write a whole number.')}")
            return otherwise
        return int(written)

    def flag(self, key: str, *, otherwise: bool = False) -> bool:
        """Return yes or no: có, không, x, 1, 0."""
        if not self.has(key):
            return otherwise
        cell = self.cell(key)
        if isinstance(cell, bool):
            return cell
        said = fold(text_of(cell))
        if said not in _YES | _NO:
            self.refuse(key, f"{_quoted(cell)} {_('Write yes or no.')}")
        return said in _YES

    def choice(
        self,
        key: str,
        choices: type[TextChoices],
        *,
        otherwise: str = "",
        known_as: Mapping[str, str] = MappingProxyType({}),
    ) -> str:
        """Return the code of one of `choices`, named by code or label in either language.

        `known_as` are codes by the folded names people use besides.
        """
        if not self.has(key):
            return otherwise
        said = fold(text_of(self.cell(key)))
        if not said:
            return ""
        found = _named(choices).get(said) or known_as.get(said)
        if found is None:
            words = _("“%(typed)s” is not on the list. Write one of these: %(known)s.")
            known = ", ".join(str(label) for label in choices.labels)
            self.refuse(key, words % {"typed": self.text(key)[:_LONGEST_QUOTE], "known": known})
            return otherwise
        return found

    def planned_refusal(self, *, key: str = "", label: str = "") -> Planned:
        """Return the row as refused."""
        return Planned(
            number=self.row.number,
            outcome=RowOutcome.REFUSED,
            key=key,
            label=label,
            reasons=tuple(self.reasons),
        )


def changes_between(old: Mapping[str, Cell], new: Mapping[str, Cell]) -> tuple[Change, ...]:
    """Return the fields in which two records differ, as a person reads them."""
    names = dict.fromkeys([*old, *new])
    pairs = ((name, text_of(old.get(name, "")), text_of(new.get(name, ""))) for name in names)
    return tuple(Change(key=name, old=was, new=now) for name, was, now in pairs if was != now)


def yes_or_no(*, value: bool) -> str:
    """Return the word a cell says yes or no with."""
    return _("yes") if value else _("no")


@cache
def _named(choices: type[TextChoices]) -> Mapping[str, str]:
    """Return the codes by folded code and label in either language."""
    names = {fold(code): code for code in choices.values}
    for language in ("vi", "en"):
        with override(language):
            names |= {fold(str(label)): code for code, label in choices.choices}
    return MappingProxyType(names)


def _bare_count(cell: Cell) -> dt.date | None:
    """Return the day a text may stand for that is nothing but a spreadsheet's count of days."""
    written = cell.strip() if isinstance(cell, str) else ""
    is_count = len(written) == _COUNT_DIGITS and written.isascii() and written.isdigit()
    day = counted_day(Decimal(written)) if is_count else None
    return day if day and FIRST <= day <= LAST else None


def _quoted(cell: object) -> str:
    written = text_of(cell) if isinstance(cell, str | Decimal | dt.date | bool) else str(cell)
    return f"“{written[:_LONGEST_QUOTE]}”:"
