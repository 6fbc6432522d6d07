"""What people are told about matches, put into words when it is shown or sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from buyers import selectors as buyers
from core.notifications.enums import Topic
from core.notifications.models import Notification
from core.notifications.registry import NotificationKind
from matchmaking import selectors, wording
from matchmaking.enums import DeclineReason, MatchStatus, Side, Verdict
from matchmaking.models import Match

Context = dict[str, Any]


def _match(notification: Notification) -> tuple[Match, Side] | None:
    """Return the match and the recipient's side; None where either is no longer theirs."""
    match = selectors.with_parties().filter(pk=notification.ref.get("match_id")).first()
    if match is None:
        return None
    side = selectors.side_of(match, notification.organisation_id)
    return (match, side) if side else None


def _facts(match: Match, side: Side, *, url: str) -> Context:
    explanation = selectors.explanation_of(match)
    other = match.group if side == Side.PRODUCER else match.producer
    dimension = str(match.supply["dimension"])
    return {
        "match": match,
        "offer": match.offer,
        "request": match.request,
        "is_producer": side == Side.PRODUCER,
        "other_name": other.organisation.name,
        "other_province": other.organisation.province,
        "score": match.share,
        "unit": wording.base_unit(dimension),
        "parts": wording.part_lines(explanation, dimension=dimension),
        "gains": wording.gain_lines(explanation),
        "url": url,
    }


def _answer_url(notification: Notification, match: Match) -> str:
    token = selectors.mail_link_token(match_id=match.pk, user_id=notification.user_id)
    return reverse("matchmaking:answer", args=[token])


def _page_url(match: Match) -> str:
    return reverse("matchmaking:match_detail", args=[match.pk])


def _open_question(notification: Notification) -> Context | None:
    """Only while the recipient's side still has to answer."""
    found = _match(notification)
    if found is None:
        return None
    match, side = found
    if match.status != MatchStatus.PROPOSED or match.verdict_of(side) != Verdict.PENDING:
        return None
    return _facts(match, side, url=_answer_url(notification, match))


def _agreed(notification: Notification) -> Context | None:
    """Only for an agreed match: this is the message that opens the contact data."""
    found = _match(notification)
    if found is None:
        return None
    match, side = found
    contact = selectors.contact_of(match, selectors.other_side(side))
    if contact is None:
        return None
    return {**_facts(match, side, url=_page_url(match)), "contact": contact}


def _declined(notification: Notification) -> Context | None:
    found = _match(notification)
    if found is None or found[0].status != MatchStatus.DECLINED:
        return None
    match, side = found
    decision = selectors.last_decision(match, selectors.other_side(side))
    if decision is None:
        return None
    reason = decision.get_reason_display()
    return {**_facts(match, side, url=_page_url(match)), "reason": reason}


def _papers_missed(notification: Notification) -> Context | None:
    """Only while the match stands declined for papers: which, who issues them, how long."""
    found = _match(notification)
    said = selectors.declined_by(found[0]) if found else None
    if found is None or said is None or said.reason != DeclineReason.PAPERS:
        return None
    match, side = found
    missing = selectors.missing_of(match)
    product_id = match.offer.product_id
    return {
        **_facts(match, side, url=reverse("matchmaking:readiness_product", args=[product_id])),
        "product_name": match.offer.product.name,
        "papers": wording.paper_lines(missing.codes),
        "is_said": missing.is_said,
        "comment": said.comment,
    }


def _stopped(*statuses: MatchStatus) -> Callable[[Notification], Context | None]:
    def context(notification: Notification) -> Context | None:
        found = _match(notification)
        if found is None or found[0].status not in statuses:
            return None
        match, side = found
        reasons = wording.short_refusals(match.refusals)
        return {**_facts(match, side, url=_page_url(match)), "reasons": reasons}

    return context


def _stands(notification: Notification) -> Context | None:
    """Only while the match that came back still stands."""
    found = _match(notification)
    if found is None or found[0].status not in {MatchStatus.PROPOSED, MatchStatus.AGREED}:
        return None
    match, side = found
    is_agreed = match.status == MatchStatus.AGREED
    return {**_facts(match, side, url=_page_url(match)), "is_agreed": is_agreed}


def _requirements(notification: Notification) -> Context | None:
    """Only while the profile holds and the product lacks something of it."""
    ref, organisation_id = notification.ref, notification.organisation_id
    profile_id, product_id = int(ref.get("profile_id") or 0), int(ref.get("product_id") or 0)
    held = {one.profile_id: one for one in buyers.published_profiles()}
    profile = held.get(profile_id)
    if profile is None or organisation_id is None:
        return None
    name, gaps = selectors.product_at(profile, producer_id=organisation_id, product_id=product_id)
    if not gaps:
        return None
    return {
        "chain_name": profile.banner_name or profile.chain_name,
        "product_name": name,
        "gaps": wording.gap_names(gaps, profile=profile),
        "url": reverse("matchmaking:readiness_product", args=[product_id]),
    }


def _kind(name: str, context: Callable[[Notification], Context | None]) -> NotificationKind:
    return NotificationKind(name=name, topic=Topic.MATCH, template=name, context=context)


KINDS = (
    _kind("match_proposed", _open_question),
    _kind("match_waiting", _open_question),
    _kind("match_agreed", _agreed),
    _kind("match_declined", _declined),
    _kind("papers_missed", _papers_missed),
    _kind("match_suspended", _stopped(MatchStatus.SUSPENDED)),
    _kind("match_resumed", _stands),
    _kind("match_ended", _stopped(MatchStatus.ENDED)),
    _kind("requirements_changed", _requirements),
)
