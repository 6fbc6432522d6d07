"""Quantities as typed: "1,5 tấn", "3 tạ rưỡi", "2 tấn 3 tạ", "200 thùng x 10kg"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import islice
from typing import Final, NamedTuple

from core.catalogue.typed.meaning import RANGE_SIGNS, qualified
from core.catalogue.typed.numbers import HALF, Line, numbers, tidy
from core.catalogue.typed.outcomes import (
    Content,
    No,
    Outcome,
    Qualifier,
    Quantity,
    Question,
    Refusal,
    Understood,
    Why,
)
from core.catalogue.typed.tokens import Token, tokens_of, without_plus
from core.catalogue.typed.units import PERCENT, TypedUnit, Vocabulary, vocabulary
from core.kernel.quantity import Dimension

MOST: Final = Decimal(10) ** 12
_MOST_READINGS: Final = 64
_SHOWN: Final = 6
_TIMES: Final = {"x", "moi", "loai", "tuc", "=", ",", "(", "@", "of"}
_END_OF_CONTENT: Final = {")"}
_PER: Final = {"/", "mot", "per"}


class Part(NamedTuple):
    """A number with its unit, up to a place."""

    amount: Decimal
    unit: TypedUnit | None
    at: int
    is_doubted: bool


class Found(NamedTuple):
    """One way to read the whole text."""

    value: Quantity
    is_doubted: bool
    upper: Quantity | None = None


class _Reader:
    """Reads one line of tokens; where several readings exist it yields them all."""

    def __init__(self, line: Line, units: Vocabulary) -> None:
        self.line = line
        self.units = units

    def all(self) -> Iterator[Found]:
        last = len(self.line.tokens)
        for part in self.parts(0):
            for found, at in self._with_content(part):
                if at == last:
                    yield found
            yield from self._range(part)

    def _range(self, low: Part) -> Iterator[Found]:
        if self.line.folded(low.at) not in RANGE_SIGNS:
            return
        for high in self.parts(low.at + 1):
            unit = high.unit
            if high.at == len(self.line.tokens) and low.unit in (None, unit):
                is_doubted = low.is_doubted or high.is_doubted
                yield Found(_plain(low.amount, unit), is_doubted, upper=_plain(high.amount, unit))

    def parts(self, at: int) -> Iterator[Part]:
        """Yield numbers with their units, and sums of falling units: 2 tấn 3 tạ."""
        if self.line.folded(at) in {"nua", "half"}:
            for unit, end in self._units(at + 1):
                yield Part(HALF, unit, end, is_doubted=False)
        for number in numbers(self.line, at):
            yield Part(number.value, None, number.at, number.is_doubted)
            for unit, end in self._units(number.at):
                part = Part(number.value, unit, end, number.is_doubted)
                yield from self._summed(part)
        for unit, end in self._units(at):  # tấn rưỡi
            if self.line.folded(end) == "ruoi":
                yield Part(1 + HALF, unit, end + 1, is_doubted=False)

    def _units(self, at: int) -> Iterator[tuple[TypedUnit, int]]:
        codes, end = self.units.at(self.line.tokens, at, language=self.line.language)
        for code in codes:
            unit = self.units.by_code[code]
            # chục quả, tá trứng: the second word only names the goods.
            yield unit, self._after_goods(unit, end)

    def _after_goods(self, unit: TypedUnit, at: int) -> int:
        if unit.dimension != Dimension.COUNT or unit.to_base == 1:
            return at
        codes, end = self.units.at(self.line.tokens, at, language="vi")
        named = [self.units.by_code[code] for code in codes]
        is_goods = any(one.dimension == Dimension.COUNT and one.to_base == 1 for one in named)
        return end if is_goods else at

    def _summed(self, part: Part) -> Iterator[Part]:
        if self.line.folded(part.at) == "ruoi":
            yield part._replace(amount=part.amount + HALF, at=part.at + 1)
            return
        sums = list(self._sums(part))
        yield from sums or [part]

    def _sums(self, part: Part) -> Iterator[Part]:
        """Yield sums with what follows; a bare figure is tenths or the next unit, so doubted."""
        whole = part.unit
        if whole is None or whole.to_base is None:
            return
        for number in numbers(self.line, part.at):
            for unit, end in self._units(number.at):
                next_part = Part(number.value, unit, end, number.is_doubted)
                if unit.dimension == whole.dimension and _is_below(next_part, whole):
                    yield from (_added(part, rest) for rest in self._summed(next_part))
            if number.at == len(self.line.tokens) and not number.is_scaled:
                yield from _bare(part, number.value, number.at)

    def _with_content(self, part: Part) -> Iterator[tuple[Found, int]]:
        value = _plain(part.amount, part.unit)
        yield Found(value, part.is_doubted), part.at
        times = self._after_times(part.at)
        if part.unit is not None and not part.unit.is_pack:
            yield from self._content_first(part)
            return
        if part.unit is None and times == part.at:
            return
        for content, at in self._contents(times):
            end = self._after_pack_name(at, part.unit)
            if content.unit is not None and content.unit.to_base is not None:
                held = Content(amount=tidy(content.amount), unit=content.unit.code)
                packed = Quantity(amount=value.amount, unit=value.unit, content=held)
                yield Found(packed, part.is_doubted or content.is_doubted), end

    def _content_first(self, part: Part) -> Iterator[tuple[Found, int]]:
        """10kg x 200 thùng."""
        if self.line.folded(part.at) != "x" or part.unit is None:
            return
        for packs in self.parts(part.at + 1):
            if packs.unit is not None and packs.unit.is_pack:
                held = Content(amount=tidy(part.amount), unit=part.unit.code)
                value = Quantity(amount=packs.amount, unit=packs.unit.code, content=held)
                yield Found(value, part.is_doubted or packs.is_doubted), packs.at

    def _contents(self, at: int) -> Iterator[tuple[Part, int]]:
        """Yield what one pack holds; packs inside packs multiply: x 24 lon x 330 ml."""
        for part in self.parts(at):
            if part.unit is None:
                continue
            if not part.unit.is_pack:
                yield part, part.at
                continue
            for inner, end in self._contents(self._after_times(part.at)):
                amount = part.amount * inner.amount
                yield Part(amount, inner.unit, end, part.is_doubted or inner.is_doubted), end

    def _after_times(self, at: int) -> int:
        while self.line.folded(at) in _TIMES:
            at += 1
        return at

    def _after_pack_name(self, at: int, unit: TypedUnit | None) -> int:
        """Pass over "/thùng", "mỗi thùng", ")" after the content."""
        if self.line.folded(at) in _END_OF_CONTENT:
            at += 1
        if unit is not None and self.line.folded(at) in _PER:
            codes, end = self.units.at(self.line.tokens, at + 1, language=self.line.language)
            if unit.code in codes:
                at = end
        return at + (self.line.folded(at) in _END_OF_CONTENT)


def _plain(amount: Decimal, unit: TypedUnit | None) -> Quantity:
    return Quantity(amount=tidy(amount), unit=unit.code if unit else None)


def _base(part: Part) -> Decimal:
    return part.amount * part.unit.to_base if part.unit and part.unit.to_base else part.amount


def _is_below(part: Part, whole: TypedUnit) -> bool:
    limit = whole.to_base or Decimal(0)
    unit = part.unit.to_base if part.unit and part.unit.to_base else limit
    if part.unit is None or unit >= limit or _base(part) >= limit:
        return False
    is_exact = (_base(part) / limit) * limit == _base(part)
    # mẫu and sào of different regions do not stand in one figure.
    return is_exact and (whole.region in ("", part.unit.region) or part.unit.region == "")


def _added(part: Part, rest: Part) -> Part:
    to_base = part.unit.to_base if part.unit and part.unit.to_base else Decimal(1)
    more = _base(rest) / to_base
    return Part(part.amount + more, part.unit, rest.at, part.is_doubted or rest.is_doubted)


def _bare(part: Part, figure: Decimal, at: int) -> Iterator[Part]:
    """1 tấn 2: 1,2 tấn as people say it, or 1 tấn 2 kg."""
    whole = part.unit
    if whole is None or whole.dimension != Dimension.MASS or whole.to_base is None:
        return
    if figure != figure.to_integral_value() or figure >= whole.to_base:
        return
    if figure < len("123456789") + 1:
        yield Part(part.amount + figure / 10, whole, at, is_doubted=True)
    yield Part(part.amount + figure / whole.to_base, whole, at, is_doubted=True)


def read_quantity(
    typed: str, *, language: str, units: Vocabulary | None = None
) -> Outcome[Quantity]:
    """Read a quantity with or without a unit; what has several readings is asked back.

    Args:
        typed: What a person typed, of any length and kind.
        language: "vi" or "en": how points and commas are read.
        units: The units to know; those of units.csv unless given.
    """
    tokens = tokens_of(typed)
    if isinstance(tokens, Refusal):
        return tokens
    known = units or vocabulary()
    bare, qualifier = qualified(without_plus(tokens))
    if bare[0].text == "-":
        return Refusal(why=No.NEGATIVE)
    is_share = len(bare) > 1 and bare[-1].text == PERCENT
    found = _all(bare[:-1] if is_share else bare, language=language, known=known)
    if is_share:
        found = [_as_share(one) for one in found if one.value.unit is None]
    return _outcome(found, qualifier=qualifier) or _not_understood(bare, known, language)


def _all(tokens: tuple[Token, ...], *, language: str, known: Vocabulary) -> list[Found]:
    def counts_tens(at: int) -> bool:
        """Whether chục before this place counts: of kilograms and packs, not of pieces."""
        codes, _end = known.at(tokens, at, language=language)
        return any(known.by_code[code].dimension != Dimension.COUNT for code in codes)

    line = Line(tokens=tokens, language=language, counts_tens=counts_tens)
    found = islice(_Reader(line, known).all(), _MOST_READINGS)
    return list(dict.fromkeys(found))


def _as_share(found: Found) -> Found:
    upper = replace(found.upper, unit=PERCENT) if found.upper else None
    return found._replace(value=replace(found.value, unit=PERCENT), upper=upper)


def _outcome(found: list[Found], *, qualifier: Qualifier) -> Outcome[Quantity] | None:
    if not found:
        return None
    if any(max(one.value.amount, one.upper.amount if one.upper else 0) > MOST for one in found):
        return Refusal(why=No.TOO_LARGE)
    readings = dict.fromkeys(
        Understood(
            value=one.value,
            upper=one.upper,
            qualifier=Qualifier.BETWEEN if one.upper else qualifier,
        )
        for one in found
    )
    if len(readings) == 1 and not any(one.is_doubted for one in found):
        return next(iter(readings))
    units = {(one.value.unit, one.value.content) for one in found}
    why = Why.UNIT if len(units) > 1 else Why.NUMBER
    return Question(why=why, readings=tuple(readings)[:_SHOWN])


def _not_understood(tokens: tuple[Token, ...], known: Vocabulary, language: str) -> Refusal:
    """Say which word stands in the way: the first that is no number, unit or sign."""
    if not any(token.is_number for token in tokens) and not _all(
        tokens[:1], language=language, known=known
    ):
        return Refusal(why=No.NO_NUMBER)
    for at, token in enumerate(tokens):
        if token.text.isalpha() and not known.at(tokens, at, language=language)[0]:
            return Refusal(why=No.NOT_UNDERSTOOD, facts={"part": token.text})
    return Refusal(why=No.NOT_UNDERSTOOD, facts={"part": " ".join(t.text for t in tokens)})
