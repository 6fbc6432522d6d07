"""Whether the reason of a refusal is gone: papers were missing, and now they are there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final

from core.catalogue.enums import PaperKind
from core.kernel import clock
from matchmaking.enums import DeclineReason, Side, Verdict
from matchmaking.models import Decision, Match
from matchmaking.services.judging import Judged

_TEST: Final = "test_report"
_Counting = dict[str, set[tuple[int, int]]]


def has_cleared(match: Match, judged: Judged) -> bool:
    """Tell whether a buyer declined for papers, and the offer has gained them and fits.

    All the papers the buyer named have to be there; where it named none, any new one will do. A
    declined match keeps the inputs of the day it was declined on, so they tell what is new.
    Any other refusal, and one of the producer, stands.
    """
    if judged.refusals or match.producer_verdict == Verdict.DECLINED:
        return False
    last = Decision.objects.filter(match=match, side=Side.BUYER).order_by("-pk").first()
    if last is None or last.reason != DeclineReason.PAPERS:
        return False
    had = _counting(match.supply, day=_day(last.decided_at))
    has = _counting(judged.supply.to_json(), day=clock.today())
    return _has_come(last.missing, had=had, has=has) if last.missing else bool(set(has) - set(had))


def _has_come(named: Iterable[str], *, had: _Counting, has: _Counting) -> bool:
    """Tell whether all that was named counts today, and something of it did not before.

    A test report comes with its declaration: a new one is a new declaration.
    """
    new = {code: spans - had.get(code, set()) for code, spans in has.items()}
    there = has | {_TEST: new.get(PaperKind.SELF_DECLARATION.value, set())}
    return all(there.get(code) for code in named) and any(
        new.get(code) or code == _TEST for code in named
    )


def _counting(supply: dict[str, Any], *, day: dt.date) -> _Counting:
    """Return what counts on a day: the days of each paper, by code of readiness."""
    on = day.toordinal()
    found: _Counting = {}
    for paper in supply["papers"]:
        span = (paper["valid_from"], paper["valid_to"])
        if span[0] <= on <= span[1]:
            codes = (f"{paper['kind']}:{market}" for market in paper["markets"])
            for code in (paper["kind"], *codes):
                found.setdefault(code, set()).add(span)
    stars = (supply["stars_from"], supply["stars_to"])
    if stars[0] <= on <= stars[1]:
        found |= {f"stars_{number}": {stars} for number in range(1, supply["stars"] + 1)}
    said = {"invoice": supply["can_issue_invoice"], "barcode": supply["has_gtin"]}
    return found | {code: {(0, 0)} for code, is_so in said.items() if is_so}


def _day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(clock.VIETNAM).date()
