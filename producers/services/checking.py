"""Collecting what is wrong with an input, field by field, before anything is stored."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext as _

from core.kernel import text
from core.kernel.errors import InvalidInputError

# Cleaning megabytes only to say "too long" would cost seconds.
_CLEANED_AT_MOST: Final = 20


class FieldErrors:
    """Errors by field; `raise_any` ends the service while nothing has been stored."""

    def __init__(self) -> None:
        self._found: dict[str, list[str]] = {}

    def add(self, field: str, message: str) -> None:
        """Note one error."""
        self._found.setdefault(field, []).append(message)

    def has(self, field: str) -> bool:
        """Tell whether the field has an error already."""
        return field in self._found

    def line(self, field: str, *, typed: str, most: int, required: bool = False) -> str:
        """Return one line of text as it will be stored, noting what is wrong with it."""
        return self._text(field, typed, most=most, required=required, lines=False)

    def lines(self, field: str, *, typed: str, most: int) -> str:
        """Return several lines of text as they will be stored."""
        return self._text(field, typed, most=most, required=False, lines=True)

    def _text(self, field: str, typed: str, *, most: int, required: bool, lines: bool) -> str:
        if len(typed) <= most * _CLEANED_AT_MOST:
            typed = text.clean_lines(typed) if lines else text.clean(typed)
        if required and not typed:
            self.add(field, _("Please fill this in."))
        if len(typed) > most:
            words = _("At most %(most)d characters; this has %(length)d.")
            self.add(field, words % {"most": most, "length": len(typed)})
        return typed

    def choice(self, field: str, *, value: str, known: Iterable[str]) -> None:
        """Note a value that is not on the list."""
        if value not in set(known):
            self.add(field, _("Choose one from the list."))

    def raise_any(self) -> None:
        """Raise what was noted.

        Raises:
            InvalidInputError: Anything was noted.
        """
        if self._found:
            raise InvalidInputError(_("Some fields need another look."), self._found)
