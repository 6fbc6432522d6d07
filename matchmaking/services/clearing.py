"""Whether the reason of a refusal is gone: papers were missing, and now they are there."""

from __future__ import annotations

import datetime as dt
from typing import Any

from core.kernel import clock
from matchmaking.enums import DeclineReason, Side, Verdict
from matchmaking.models import Decision, Match
from matchmaking.services.judging import Judged


def has_cleared(match: Match, judged: Judged) -> bool:
    """Tell whether a buyer declined for papers, and the offer has gained some and fits.

    A declined match keeps the inputs of the day it was declined on, so they tell what is new.
    Any other refusal, and one of the producer, stands.
    """
    if judged.refusals or match.producer_verdict == Verdict.DECLINED:
        return False
    last = Decision.objects.filter(match=match, side=Side.BUYER).order_by("-pk").first()
    if last is None or last.reason != DeclineReason.PAPERS:
        return False
    return _gained(match.supply, judged.supply.to_json(), said_on=_day(last.decided_at))


def _gained(before: dict[str, Any], now: dict[str, Any], *, said_on: dt.date) -> bool:
    """Tell whether something counts today that did not count on the day of the refusal."""
    has, had = _counting(now, day=clock.today()), _counting(before, day=said_on)
    starts = ("can_issue_invoice", "has_gtin")
    return bool(has - had) or any(now[name] and not before[name] for name in starts)


def _counting(supply: dict[str, Any], *, day: dt.date) -> set[tuple[object, ...]]:
    on = day.toordinal()
    found: set[tuple[object, ...]] = {
        (paper["kind"], *paper["markets"])
        for paper in supply["papers"]
        if paper["valid_from"] <= on <= paper["valid_to"]
    }
    if supply["stars_from"] <= on <= supply["stars_to"]:
        found |= {("stars", stars) for stars in range(1, supply["stars"] + 1)}
    return found


def _day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(clock.VIETNAM).date()
