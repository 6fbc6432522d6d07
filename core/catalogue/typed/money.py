"""Amounts of đồng as typed: "95k/kg", "1tr2", "15.587 tỷ", "25-30k"."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import Final, NamedTuple

from core.catalogue.typed.meaning import RANGE_SIGNS, qualified
from core.catalogue.typed.numbers import Line, numbers, tidy
from core.catalogue.typed.outcomes import (
    Money,
    No,
    Outcome,
    Qualifier,
    Question,
    Refusal,
    Understood,
    Why,
)
from core.catalogue.typed.tokens import Token, tokens_of, without_plus
from core.catalogue.typed.units import Vocabulary, vocabulary

MOST_VND: Final = 10**17
_MOST_READINGS: Final = 64
_SHOWN: Final = 6
# Less than this for one unit of anything is more likely meant in thousands.
_SUSPICIOUS_BELOW_VND: Final = 1000
_DONG: Final = {"đ", "đồng", "dong", "vnd", "vnđ"}
_FOREIGN: Final = {
    "$", "usd", "dola", "dollar", "dollars", "đô", "€", "eur", "euro", "£", "¥", "cny", "rmb",
    "tệ", "yuan",
}  # fmt: skip
_PER_SIGNS: Final = {"/", "per", "mot", "moi", "tren", "a"}
_IN_THOUSANDS: Final = {"k", "nghin", "ngan"}


class Found(NamedTuple):
    """One way to read the whole text."""

    value: Money | None  # None for a part of a đồng
    is_doubted: bool
    upper: Money | None = None


class Amount(NamedTuple):
    """An amount up to a place; a bare one was written without nghìn, triệu or đồng."""

    vnd: Decimal
    at: int
    is_doubted: bool
    is_bare: bool


def read_money(typed: str, *, language: str, units: Vocabulary | None = None) -> Outcome[Money]:
    """Read an amount or a price of one unit; what has several readings is asked back.

    Args:
        typed: What a person typed, of any length and kind.
        language: "vi" or "en": how points and commas are read.
        units: The units to know; those of units.csv unless given.
    """
    tokens = tokens_of(typed)
    if isinstance(tokens, Refusal):
        return tokens
    bare, qualifier = qualified(without_plus(tokens))
    if bare[0].text == "-":
        return Refusal(why=No.NEGATIVE)
    if any(token.text in _FOREIGN for token in bare):
        return Refusal(why=No.FOREIGN_CURRENCY)
    if bare[0].text in _DONG and len(bare) > 1:
        bare = (*bare[1:], bare[0])
    known = units or vocabulary()

    def is_unit(at: int) -> bool:
        return bool(known.at(bare, at, language=language)[0])

    line = Line(tokens=bare, language=language, is_money=True, is_unit=is_unit)
    reader = _Reader(line, known)
    found = list(dict.fromkeys(islice(reader.all(), _MOST_READINGS)))
    return _outcome(found, qualifier=qualifier) or _not_understood(bare)


class _Reader:
    """Reads one line of tokens; where several readings exist it yields them all."""

    def __init__(self, line: Line, units: Vocabulary) -> None:
        self.line = line
        self.units = units

    def all(self) -> Iterator[Found]:
        for amount in self._amounts(0):
            for vnd, is_doubted in _likely(amount):
                yield from self._priced(vnd, None, amount.at, is_doubted=is_doubted)
            if self.line.folded(amount.at) in RANGE_SIGNS:
                yield from self._range(amount)

    def _amounts(self, at: int) -> Iterator[Amount]:
        for number in numbers(self.line, at):
            end = number.at
            is_named = end < len(self.line.tokens) and self.line.tokens[end].text in _DONG
            is_bare = not (number.is_scaled or is_named)
            yield Amount(number.value, end + is_named, number.is_doubted, is_bare)

    def _range(self, low: Amount) -> Iterator[Found]:
        """25-30k: the scale of the upper end holds for both."""
        for high in self._amounts(low.at + 1):
            scale = self._scale_before(high.at) if low.is_bare else 1
            is_doubted = low.is_doubted or high.is_doubted
            lows = [low.vnd * scale]
            if scale > 1 and low.vnd >= _SUSPICIOUS_BELOW_VND:
                lows.append(low.vnd)
            for first in lows:
                if first < high.vnd:
                    yield from self._priced(first, high.vnd, high.at, is_doubted=is_doubted)

    def _scale_before(self, at: int) -> int:
        names = {self.line.folded(at - 1), self.line.folded(at - 2)} if at > 1 else set()
        if names & _IN_THOUSANDS:
            return 1000
        if names & {"trieu", "tr"}:
            return 10**6
        return 10**9 if names & {"ty", "ti"} else 1

    def _priced(
        self, vnd: Decimal, upper: Decimal | None, at: int, *, is_doubted: bool
    ) -> Iterator[Found]:
        for per, per_amount, end, doubt in self._per(at):
            if end == len(self.line.tokens):
                value = _money(vnd, per, per_amount)
                top = _money(upper, per, per_amount) if upper is not None else None
                yield Found(value, is_doubted or doubt, upper=top)

    def _per(self, at: int) -> Iterator[tuple[str | None, Decimal, int, bool]]:
        if at == len(self.line.tokens):
            yield None, Decimal(1), at, False
            return
        start = at + (self.line.folded(at) in _PER_SIGNS)
        amount, is_doubted = Decimal(1), False
        if self.line.is_number(start):
            plain = Line(tokens=self.line.tokens, language=self.line.language)
            number = next(numbers(plain, start), None)
            if number is None or number.value <= 0:
                return
            amount, start, is_doubted = number.value, number.at, number.is_doubted
        elif self.line.folded(start) == "mot":
            start += 1
        codes, end = self.units.at(self.line.tokens, start, language=self.line.language)
        for code in codes:
            yield code, tidy(amount), end, is_doubted


def _likely(amount: Amount) -> list[tuple[Decimal, bool]]:
    """A bare 95 may be 95.000, a bare 1,5 one and a half million: people leave the rest out."""
    if amount.is_bare and 0 < amount.vnd < _SUSPICIOUS_BELOW_VND:
        is_part = amount.vnd != amount.vnd.to_integral_value()
        scales = (1000, 10**6) if is_part else (1000, 1)
        return [(amount.vnd * scale, True) for scale in scales]
    return [(amount.vnd, amount.is_doubted)]


def _money(vnd: Decimal, per: str | None, per_amount: Decimal) -> Money | None:
    if vnd != vnd.to_integral_value():
        return None
    return Money(vnd=int(vnd), per=per, per_amount=per_amount)


def _outcome(found: list[Found], *, qualifier: Qualifier) -> Outcome[Money] | None:
    if not found:
        return None
    whole = [one for one in found if one.value is not None]
    if not whole:
        return Refusal(why=No.PART_OF_A_DONG)
    if any(one.value.vnd > MOST_VND for one in whole if one.value):
        return Refusal(why=No.TOO_LARGE)
    readings = dict.fromkeys(
        Understood(
            value=one.value,
            upper=one.upper,
            qualifier=Qualifier.BETWEEN if one.upper else qualifier,
        )
        for one in whole
        if one.value is not None
    )
    if len(readings) == 1 and not any(one.is_doubted for one in whole):
        return next(iter(readings))
    units = {one.value.per for one in readings}
    why = Why.UNIT if len(units) > 1 else Why.AMOUNT
    return Question(why=why, readings=tuple(readings)[:_SHOWN])


def _not_understood(tokens: tuple[Token, ...]) -> Refusal:
    if not any(token.is_number for token in tokens):
        return Refusal(why=No.NO_NUMBER)
    return Refusal(why=No.NOT_UNDERSTOOD, facts={"part": " ".join(t.text for t in tokens)})
