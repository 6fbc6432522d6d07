"""Whether the reason of a refusal is gone: papers were missing, and now they are there."""

from __future__ import annotations

from typing import Any

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
    if not _gained(match.supply, judged.supply.to_json()):
        return False
    last = Decision.objects.filter(match=match, side=Side.BUYER).order_by("-pk").first()
    return last is not None and last.reason == DeclineReason.PAPERS


def _gained(before: dict[str, Any], now: dict[str, Any]) -> bool:
    had = {(paper["kind"], *paper["markets"]) for paper in before["papers"]}
    has = {(paper["kind"], *paper["markets"]) for paper in now["papers"]}
    is_new = bool(has - had) or now["stars"] > before["stars"]
    starts = ("can_issue_invoice", "has_gtin")
    return is_new or any(now[name] and not before[name] for name in starts)
