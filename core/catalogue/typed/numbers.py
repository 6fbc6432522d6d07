"""Number phrases: digits, number words, nghìn and triệu, rưỡi; every way to read them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from core.catalogue.typed.literals import MOST_DIGITS, Literal, readings_of
from core.catalogue.typed.tokens import Token

HALF: Final = Decimal("0.5")
_DIGITS: Final = {
    "khong": 0, "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "nham": 5,
    "sau": 6, "bay": 7, "tam": 8, "chin": 9,
}  # fmt: skip
_TEN: Final = "muoi"
_HUNDRED: Final = "tram"
_DOZENISH: Final = "chuc"
_ODD: Final = {"linh", "le"}
_HALF: Final = {"ruoi"}
_SCALES: Final = {
    _DOZENISH: 10, _HUNDRED: 100, "nghin": 1000, "ngan": 1000, "k": 1000, "van": 10_000,
    "trieu": 10**6, "tr": 10**6, "ty": 10**9, "ti": 10**9,
    "thousand": 1000, "million": 10**6, "billion": 10**9,
}  # fmt: skip
_BEGINS_ALONE: Final = {"tram", "nghin", "ngan", "van", "trieu", "ty", "ti", _DOZENISH}
_VIETNAMESE: Final = {"nghin", "ngan", "trieu", "tr", "ty", "ti", "van", "ruoi"}
_TENTH_DIGITS: Final = 3
_HUNDREDS: Final = 100
_THOUSAND: Final = 1000


class Found(NamedTuple):
    """A number read from `tokens[:at]`; a scaled one was written with nghìn, k or triệu."""

    value: Decimal
    at: int
    is_doubted: bool = False
    is_scaled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The tokens being read and how to read them."""

    tokens: tuple[Token, ...]
    language: str
    is_money: bool = False
    # Whether "chục" before this token is a number word: ba chục kg is 30 kg.
    counts_tens: Callable[[int], bool] = lambda _at: False
    # Whether a unit stands at a place: in "95k 1 kg" the 1 belongs to it.
    is_unit: Callable[[int], bool] = lambda _at: False

    def folded(self, at: int) -> str:
        """Return the word without accents at a place, "" past the end."""
        return self.tokens[at].folded if at < len(self.tokens) else ""

    def is_number(self, at: int) -> bool:
        """Whether digits stand at a place."""
        return at < len(self.tokens) and self.tokens[at].is_number

    @property
    def is_vietnamese(self) -> bool:
        """Whether a word has accents or is one of our scales."""
        return any(
            not token.is_plain or token.folded in _VIETNAMESE
            for token in self.tokens
            if not token.is_number
        )


def tidy(value: Decimal) -> Decimal:
    """Return a number without needless zeros or exponent: 2.300 is 2.3, 1E+3 is 1000."""
    plain = value.normalize()
    return Decimal(int(plain)) if plain == plain.to_integral_value() else plain


def numbers(line: Line, at: int) -> Iterator[Found]:
    """Yield every number that begins at a place, as far as it goes."""
    for first in _blocks(line, at):
        yield from _continued(line, first)


def _continued(line: Line, first: _Block) -> Iterator[Found]:
    """Add what follows a scale: 1tr2, 2 tỷ 300 triệu, nghìn rưỡi, hai nghìn ba trăm."""
    scale, at = first.scale, first.at
    if scale > 1 and line.folded(at) in _HALF:
        yield first.found(plus=HALF * scale, at=at + 1)
        return
    if scale < _HUNDREDS:
        yield first.found()
        return
    is_odd = line.folded(at) in _ODD
    rests = list(_blocks(line, at + is_odd))
    if not rests:
        yield first.found()
    for rest in rests:
        yield from _joined(line, first, rest, is_odd=is_odd)


def _joined(line: Line, first: _Block, rest: _Block, *, is_odd: bool) -> Iterator[Found]:
    scale = first.scale
    is_doubted = first.is_doubted or rest.is_doubted
    if line.is_money and line.is_unit(rest.at):
        yield first.found()
        return
    if rest.scale == 1 and not is_odd and rest.is_single:
        tenths = Decimal(10) ** len(str(rest.digits))
        yield Found(first.value + rest.value * scale / tenths, rest.at, is_doubted, is_scaled=True)
        if line.is_money or rest.is_word:
            return
    for more in _continued(line, rest):
        if more.value < scale:
            value = first.value + more.value
            is_bare = rest.scale == 1 and not rest.is_word and not is_odd
            doubt = more.is_doubted or is_doubted or is_bare
            yield Found(value, more.at, doubt, is_scaled=True)


class _Block(NamedTuple):
    """A coefficient and the product of the scales behind it."""

    value: Decimal
    scale: int
    at: int
    is_doubted: bool = False
    digits: str = ""  # as typed, where nothing but digits or one digit word was typed
    is_word: bool = False

    @property
    def is_single(self) -> bool:
        """Whether it may continue the scale before it: 1tr2, triệu hai."""
        return 0 < len(self.digits) <= _TENTH_DIGITS

    def found(self, *, plus: Decimal = Decimal(0), at: int = 0) -> Found:
        """Return the block as a number."""
        is_scaled = self.scale > 1
        return Found(self.value + plus, at or self.at, self.is_doubted, is_scaled=is_scaled)


def _blocks(line: Line, at: int) -> Iterator[_Block]:
    if line.is_number(at):
        body = line.tokens[at].text
        is_whole = body.isdigit()
        for literal in _literals(line, at, body):
            block = _Block(literal.value, 1, at + 1, literal.is_doubted, body if is_whole else "")
            yield from _scaled(line, block)
    elif line.folded(at) in _BEGINS_ALONE:
        one = _Block(Decimal(1), 1, at)
        yield from (block for block in _scaled(line, one) if block.scale > 1)
    else:
        yield from _word_blocks(line, at)


def _literals(line: Line, at: int, body: str) -> Iterator[Literal]:
    is_scale = line.folded(at + 1) in _SCALES
    found = readings_of(body, language=line.language, is_vietnamese=line.is_vietnamese)
    if not line.is_money:
        yield from found
    elif not is_scale:
        yield from _whole_dong(body, found)
    elif len(found) == 1 and not body.isdigit() and line.folded(at + 1) == "k":
        yield from _before_k(found[0])
    else:
        # In 1.5tr the point is how people write; nothing else can be meant.
        yield from (Literal(one.value, one.is_doubted and len(found) > 1) for one in found)


def _whole_dong(body: str, found: tuple[Literal, ...]) -> Iterator[Literal]:
    """Đồng have no decimals: three digits after a separator always mean thousands."""
    whole = [one for one in found if one.value == one.value.to_integral_value()]
    groups = body.replace(",", ".").split(".")
    if (
        len(groups) > 1
        and groups[0][0] != "0"
        and all(len(group) == len("000") for group in groups[1:])
    ):
        yield Literal(Decimal("".join(groups)))
    else:
        yield from (Literal(one.value) for one in whole or found)


def _before_k(found: Literal) -> Iterator[Literal]:
    """95.000k is 95 million to the letter and 95.000 đồng in most mouths."""
    if found.value >= _THOUSAND and found.value % _THOUSAND == 0:
        yield Literal(found.value / _THOUSAND, is_doubted=True)
        yield Literal(found.value, is_doubted=True)
    else:
        yield Literal(found.value)


def _scaled(line: Line, block: _Block) -> Iterator[_Block]:
    at, scale = block.at, 1
    while line.folded(at) in _SCALES:
        if line.folded(at) == _DOZENISH and not _is_number_word(line, at):
            break
        scale *= _SCALES[line.folded(at)]
        at += 1
    if scale >= 10**MOST_DIGITS:
        return
    if scale == 1:
        yield block
    else:
        yield _Block(block.value * scale, scale, at, block.is_doubted)


def _is_number_word(line: Line, at: int) -> bool:
    return line.folded(at + 1) in _SCALES or line.counts_tens(at + 1)


def _word_blocks(line: Line, at: int) -> Iterator[_Block]:
    below = _below_hundred(line, at)
    if below is None:
        return
    count, end, is_single = below
    value = Decimal(count)
    if line.folded(end) == _HUNDRED:
        value, end = _hundreds(line, count, end + 1)
        is_single = False
    digits = str(count) if is_single else ""
    yield from _scaled(line, _Block(value, 1, end, digits=digits, is_word=True))


def _hundreds(line: Line, count: int | Decimal, at: int) -> tuple[Decimal, int]:
    value = Decimal(count) * 100
    if line.folded(at) in _HALF:
        return value + 50, at + 1
    is_odd = line.folded(at) in _ODD
    below = _below_hundred(line, at + is_odd)
    if below is None:
        return value, at
    rest, end, is_single = below
    # hai trăm ba is 230; with linh between it would be 203.
    return value + (rest * 10 if is_single and not is_odd else rest), end


def _below_hundred(line: Line, at: int) -> tuple[int, int, bool] | None:
    """Return a number of 0 to 99 in words, where it ends, and whether it is one digit."""
    word, after = line.folded(at), line.folded(at + 1)
    if word == _TEN:
        return (10 + _DIGITS[after], at + 2, False) if after in _DIGITS else (10, at + 1, False)
    if word not in _DIGITS:
        return None
    tens = _DIGITS[word]
    if after == _TEN:
        last = line.folded(at + 2)
        return (tens * 10 + _DIGITS.get(last, 0), at + 2 + (last in _DIGITS), False)
    if after in {"lam", "nham"}:
        return (tens * 10 + 5, at + 2, False)
    return (tens, at + 1, True)
