"""Numbers written with digits, and the ways they can be read."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final, NamedTuple

MOST_DIGITS: Final = 24
_GROUPED: Final = re.compile(r"[1-9][0-9]{0,2}(?:[.,][0-9]{3})+")


class Literal(NamedTuple):
    """One reading of a number; a doubted one has to be confirmed."""

    value: Decimal
    is_doubted: bool = False


def readings_of(body: str, *, language: str, is_vietnamese: bool = False) -> tuple[Literal, ...]:
    """Return the readings of digits with separators, the likeliest first; none for 1.50.0.

    Vietnamese writes 1.500,5 where English writes 1,500.5. What can be read in one way only is
    certain in either. 1,500 in Vietnamese (1.500 in English) has two readings; 1.5 in Vietnamese
    is the English way or a slip and has to be confirmed. 1,125 is certain: nobody who means
    thousands writes them so here, and it is what we show for 1125 grams of a kilogram.

    Args:
        body: Digits, points and commas.
        language: "vi" or "en".
        is_vietnamese: The words around it are Vietnamese whatever the language of the page.
    """
    if len(body) > MOST_DIGITS:
        return ()
    separators = [c for c in body if c in ".,"]
    if not separators:
        return (Literal(Decimal(body)),)
    if len(set(separators)) == len(".,"):
        return _two_kinds(body, last=separators[-1])
    if len(separators) > 1:
        return (Literal(_grouped(body)),) if _GROUPED.fullmatch(body) else ()
    if _GROUPED.fullmatch(body):
        return _one_group(body, language=language, is_vietnamese=is_vietnamese)
    return (_decimal(body, language=language),)


def _two_kinds(body: str, *, last: str) -> tuple[Literal, ...]:
    whole, _sep, decimals = body.rpartition(last)
    if last in whole or not _GROUPED.fullmatch(whole):
        return ()
    return (Literal(Decimal(f"{_grouped(whole)}.{decimals}")),)


def _one_group(body: str, *, language: str, is_vietnamese: bool) -> tuple[Literal, ...]:
    thousands, decimals = _grouped(body), Decimal(body.replace(",", "."))
    if ("," in body) == (language == "en"):
        return (Literal(thousands),)
    if body.endswith("0") or (language == "en" and is_vietnamese):
        return (Literal(decimals, is_doubted=True), Literal(thousands, is_doubted=True))
    return (Literal(decimals),)


def _decimal(body: str, *, language: str) -> Literal:
    whole = re.split("[.,]", body)[0]
    may_be_slip = whole != "0" and len(whole) <= len("999")
    is_doubted = "." in body and language != "en" and may_be_slip
    return Literal(Decimal(body.replace(",", ".")), is_doubted=is_doubted)


def _grouped(body: str) -> Decimal:
    return Decimal(body.replace(".", "").replace(",", ""))
