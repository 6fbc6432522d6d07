"""What is said to a person whose typed quantity, amount or day was not understood at once."""

from __future__ import annotations

from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.catalogue.typed.outcomes import No, Question, Refusal, Why

Sentence = str | Promise

_REFUSED: Final[dict[No, Sentence]] = {
    No.TOO_LONG: _("This is too long to be one figure or day. Write only that."),
    No.FOREIGN_DIGITS: _("Write it with the digits 0 to 9."),
    No.NEGATIVE: _("Write a number above zero."),
    No.TOO_LARGE: _("This is more than anybody trades. Check the number and its unit."),
    No.TOO_MANY_DECIMALS: _("At most three decimals, please."),
    No.PART_OF_A_DONG: _("Đồng have no decimals. Write whole đồng, for example 95,000."),
    No.FOREIGN_CURRENCY: _("Prices are in đồng here. Convert it and write, for example, 95,000."),
    No.NO_SUCH_DAY: _("There is no such day. Write day/month/year, for example 21/11/2026."),
    No.WHICH_MONTH: _("Say which month as well, for example cuối tháng 11 or 21/11/2026."),
    No.OUT_OF_RANGE: _("Write a day between 1990 and 2100."),
}
_EXAMPLES: Final[dict[str, Sentence]] = {
    "quantity": _("Write a number, with its unit if you like: 1,500 or 1.5 tonnes or 3 tạ rưỡi."),
    "money": _("Write an amount in đồng, for example 95,000, 95k/kg or 1.2 million."),
    "day": _("Write a day, for example 21/11/2026, cuối tháng 11 or 23 tháng Chạp."),
}
_ASKED: Final[dict[Why, Sentence]] = {
    Why.NUMBER: _("This number can be read in another way."),
    Why.UNIT: _("This word may be more than one unit."),
    Why.QUALIFIER: _("One exact figure is needed here."),
    Why.RANGE: _("One value is needed here, not a span."),
    Why.AMOUNT: _("The amount looks unusual."),
    Why.YEAR: _("The year is not clear."),
    Why.MONTH: _("The day is not clear."),
    Why.CONFLICT: _("Two units are given."),
}


def refused(refusal: Refusal, *, kind: str) -> str:
    """Say why a text was refused and what to write instead.

    Args:
        refusal: What the reader said.
        kind: "quantity", "money" or "day".
    """
    part = refusal.facts.get("part", "")
    if refusal.why == No.NOT_UNDERSTOOD and part and kind != "day":
        shown = {"part": part[:30], "example": _EXAMPLES[kind]}
        return gettext("“%(part)s” is not understood. %(example)s") % shown
    return str(_REFUSED.get(refusal.why, _EXAMPLES[kind]))


def asked(question: Question[Any], *, texts: list[str]) -> str:
    """Ask which reading is meant.

    Args:
        question: What the reader asks.
        texts: The readings as the person would write them.
    """
    options = gettext(" or ").join(texts)
    shown = {"why": _ASKED[question.why], "options": options}
    return gettext("%(why)s Do you mean %(options)s? Choose it, or write it anew.") % shown
