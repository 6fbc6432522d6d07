"""From what was understood to one exact value in one unit; what is vague is asked back."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Literal, TypeVar

from core.catalogue.typed.outcomes import (
    Content,
    Days,
    Money,
    Outcome,
    Qualifier,
    Quantity,
    Question,
    Refusal,
    Understood,
    Why,
)
from core.catalogue.typed.units import vocabulary
from core.kernel.quantity import Measure, measure_of

V = TypeVar("V")
End = Literal["first", "last"]


def exactly(outcome: Outcome[V]) -> Outcome[V]:
    """Return one exact value, or ask: of "gần 1.500" for the figure, of "30-40" for the end."""
    if isinstance(outcome, Refusal):
        return outcome
    readings = outcome.readings if isinstance(outcome, Question) else (outcome,)
    exact: dict[Understood[V], None] = {}
    for reading in readings:
        exact[Understood(value=reading.value)] = None
        if reading.upper is not None:
            exact[Understood(value=reading.upper)] = None
    if isinstance(outcome, Understood) and outcome.is_exact:
        return outcome
    return Question(why=_why(outcome), readings=tuple(exact))


def _why(outcome: Understood[V] | Question[V]) -> Why:
    if isinstance(outcome, Question):
        return outcome.why
    return Why.RANGE if outcome.qualifier == Qualifier.BETWEEN else Why.QUALIFIER


def one_day(outcome: Outcome[Days], *, end: End | None) -> Outcome[Days]:
    """Return one day: of a span the end that is wanted, or a question where either may be.

    Args:
        outcome: What was read.
        end: "first" for a day on which something begins, "last" for one on which it ends.
    """
    if isinstance(outcome, Refusal):
        return outcome
    readings = outcome.readings if isinstance(outcome, Question) else (outcome,)
    ends: tuple[End, ...] = (end,) if end else ("first", "last")
    days = dict.fromkeys(_end(one.value, at) for one in readings for at in ends)
    options = tuple(Understood(value=Days(first=day, last=day)) for day in days)
    if isinstance(outcome, Understood) and len(options) == 1:
        return options[0]
    why = outcome.why if isinstance(outcome, Question) else Why.RANGE
    return Question(why=why, readings=options)


def _end(days: Days, end: End) -> dt.date:
    return days.first if end == "first" else days.last


def measure(unit: str, *, content: Content | None = None) -> Measure | None:
    """Return what one unit holds, None for a pack whose content is not known."""
    known = vocabulary().by_code[unit]
    inner = vocabulary().by_code[content.unit].measure() if content else None
    return measure_of(
        dimension=known.dimension,
        to_base=known.to_base,
        pack_size=content.amount if content else None,
        pack_measure=inner,
    )


def in_unit(value: Quantity, *, unit: str, content: Content | None = None) -> Decimal | None:
    """Return a quantity in another unit, None where they do not compare or do not come out even.

    Args:
        value: A quantity; one without a unit is taken to be in `unit` already.
        unit: Code of the unit wanted.
        content: What one of the wanted unit holds, where that is a pack.
    """
    held = value.content or (content if value.unit in (None, unit) else None)
    if value.unit == unit or (value.unit is None and value.content is None):
        return value.amount if held == content or content is None else None
    theirs = vocabulary().by_code[unit]
    if value.unit is None and theirs.is_pack:
        return value.amount if value.content == content else None
    mine = _whole(value)
    wanted = measure(unit, content=content)
    if mine is None or wanted is None or mine[0].dimension != wanted.dimension:
        return None
    return _even(Fraction(mine[1]) / Fraction(wanted.to_base))


def _whole(value: Quantity) -> tuple[Measure, Decimal] | None:
    """Return the measure of a quantity and what it comes to in base units."""
    if value.unit is not None:
        one = measure(value.unit, content=value.content)
    elif value.content is not None:
        inner = measure(value.content.unit)
        one = inner and replace(inner, to_base=inner.to_base * value.content.amount)
    else:
        one = None
    return (one, one.base_of(value.amount)) if one else None


def price_in_unit(value: Money, *, unit: str, content: Content | None = None) -> int | None:
    """Return a price for one unit, None where it does not compare or is no whole đồng.

    Args:
        value: A price; one that names no unit is taken to be for one `unit` already.
        unit: Code of the unit wanted.
        content: What one of the wanted unit holds, where that is a pack.
    """
    if value.per is None or (value.per == unit and value.per_amount == 1):
        return value.vnd
    theirs = measure(value.per, content=content if value.per == unit else None)
    wanted = measure(unit, content=content)
    if theirs is None or wanted is None or theirs.dimension != wanted.dimension:
        return None
    per_base = Fraction(value.vnd) / (Fraction(value.per_amount) * Fraction(theirs.to_base))
    price = per_base * Fraction(wanted.to_base)
    return price.numerator if price.denominator == 1 else None


def _even(amount: Fraction) -> Decimal | None:
    """Return a fraction as a number of at most three decimals, None where it has more."""
    thousandths = amount * 1000
    if thousandths.denominator != 1:
        return None
    with localcontext(prec=60):
        return Decimal(thousandths.numerator).scaleb(-3)
