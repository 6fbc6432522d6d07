"""Vietnamese tax codes: ten digits, thirteen for a branch, twelve for a household or a person."""

from __future__ import annotations

import datetime as dt
import enum
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.kernel import clock

_WEIGHTS: Final = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_SEPARATORS: Final = re.compile(r"[\s.\-\u2010-\u2015\u2212]+")
COMPANY_LENGTH: Final = 10
_PERSON_LENGTH: Final = 12
_BRANCH_LENGTH: Final = 13
_LAST_PROVINCE: Final = 96
_LAST_CENTURY_DIGIT: Final = 3
_SHOWN_DIGITS: Final = 3


class TaxCodeForm(enum.Enum):
    """Which of the three forms a code has."""

    COMPANY = "company"
    BRANCH = "branch"
    PERSON = "person"


class TaxCodeError(ValueError):
    """The text is no tax code; `message` says in the reader's language what to do."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class TaxCode:
    """A well-formed code; `value` is written as stored: 0123456789-001 for a branch."""

    value: str
    form: TaxCodeForm

    @property
    def parent(self) -> str:
        """Code of the business itself: the first ten digits of a branch, else the code."""
        return parent_of(self.value)


def parse(text: str, *, today: dt.date | None = None) -> TaxCode:
    """Read a tax code however it was typed: spaces, dashes, dots, full-width digits.

    Args:
        text: What was typed.
        today: Day against which a birth year is judged; Vietnam's today by default.

    Raises:
        TaxCodeError: It cannot be a tax code.

    Source:
        docs/decisions/0010-verification-and-personal-data.md (form and check digit; the
        twelve-digit form since 2025-07-01, TT 86/2024/TT-BTC, secondary source).
    """
    digits = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    if not digits:
        raise TaxCodeError(_("Type the tax code."))
    if not (digits.isascii() and digits.isdigit()):
        raise TaxCodeError(_("A tax code has digits only. Remove letters and other signs."))
    if len(digits) == COMPANY_LENGTH:
        _check_company(digits)
        return TaxCode(digits, TaxCodeForm.COMPANY)
    if len(digits) == _BRANCH_LENGTH:
        _check_company(digits[:COMPANY_LENGTH])
        _check_branch(digits[COMPANY_LENGTH:])
        written = f"{digits[:COMPANY_LENGTH]}-{digits[COMPANY_LENGTH:]}"
        return TaxCode(written, TaxCodeForm.BRANCH)
    if len(digits) == _PERSON_LENGTH:
        _check_person(digits, today or clock.today())
        return TaxCode(digits, TaxCodeForm.PERSON)
    raise TaxCodeError(
        _(
            "A tax code has 10 digits, 13 for a branch, or 12 for a household business. "
            "Count the digits on your registration certificate."
        )
    )


def check_digit(first_nine: str) -> int | None:
    """Return the tenth digit of a code; None where no valid code begins like this.

    Source:
        Weights 31, 29, 23, 19, 17, 13, 7, 5, 3 modulo 11; compared with python-stdnum 2.2
        `vn.mst` in tests/unit/accounts/test_taxcode.py.
    """
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first_nine, strict=True))
    digit = 10 - total % 11
    return None if digit == 10 else digit  # noqa: PLR2004 -- ten is no digit


def parent_of(value: str) -> str:
    """Return the ten-digit code a branch belongs to; any other code belongs to itself."""
    return value.partition("-")[0]


def mask(value: str) -> str:
    """Hide all but the last three digits: a household's code is a personal number."""
    digits = "".join(c for c in value if c.isdigit())
    shown = digits[-_SHOWN_DIGITS:] if len(digits) > _SHOWN_DIGITS else ""
    return "•" * (len(digits) - len(shown)) + shown


def _check_company(digits: str) -> None:
    expected = check_digit(digits[:9])
    if expected is None or int(digits[9]) != expected or digits[2:9] == "0000000":
        raise TaxCodeError(
            _("This number is not a valid tax code: the check digit does not fit. Compare it.")
        )


def _check_branch(digits: str) -> None:
    if digits == "000":
        raise TaxCodeError(
            _("The last three digits of a branch run from 001 to 999. Compare them.")
        )


def _check_person(digits: str, today: dt.date) -> None:
    """Judge whether twelve digits can be a personal number; there is no check digit.

    Three digits of the province of birth (001-096), one for century and sex, two for the year,
    six in sequence.
    """
    is_province = 1 <= int(digits[:3]) <= _LAST_PROVINCE
    century = int(digits[3])
    born = 1900 + 100 * (century // 2) + int(digits[4:6])
    if not is_province or century > _LAST_CENTURY_DIGIT or born > today.year:
        raise TaxCodeError(
            _("This cannot be a personal number of 12 digits. Compare it with your identity card.")
        )
