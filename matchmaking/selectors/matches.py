"""Stored matches: whose they are, how they stand, and who may see whom."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet

from buyers import selectors as buyers
from core.accounts.actors import Actor
from core.accounts.models import Organisation
from core.kernel.periods import DayRange
from matchmaking.engine.explain import Explanation, explain
from matchmaking.engine.records import Demand, Route, Supply
from matchmaking.engine.ruleset import Ruleset as Rules
from matchmaking.enums import MatchStatus, Side, Verdict
from matchmaking.models import Decision, Match
from producers import selectors as producers

HIDDEN = [MatchStatus.ENDED]


def visible_to(actor: Actor) -> QuerySet[Match]:
    """Return the matches of the actor's organisation; an administrator's are nobody's."""
    if actor.organisation_id is None:
        return Match.objects.none()
    return Match.objects.filter(
        Q(producer_id=actor.organisation_id) | Q(group_id=actor.organisation_id)
    )


def with_parties() -> QuerySet[Match]:
    """Return all matches with what a row or a mail shows of them; narrow it before use."""
    return Match.objects.select_related(
        "ruleset",
        "offer__product__category",
        "offer__unit",
        "offer__origin_province",
        "request__unit",
        "request__banner",
        "request__delivery_province",
        "producer__organisation__province",
        "group__organisation__province",
    )


def listed(actor: Actor) -> QuerySet[Match]:
    """Return the actor's matches for a list: best first, with what a row shows."""
    shown = visible_to(actor).exclude(status__in=HIDDEN)
    return with_parties().filter(pk__in=shown.values("pk")).order_by("-score", "id")


def history_of(match: Match) -> QuerySet[Decision]:
    """Return what both sides said, latest first."""
    return Decision.objects.filter(match=match).select_related("decided_by").order_by("-id")


def last_decision(match: Match, side: Side) -> Decision | None:
    """Return the last word of a side."""
    return Decision.objects.filter(match=match, side=side).order_by("-id").first()


def declined_by(match: Match) -> Decision | None:
    """Return the word that a declined match ended with; None for any other match."""
    if match.status != MatchStatus.DECLINED:
        return None
    said = Decision.objects.filter(match=match, verdict=Verdict.DECLINED)
    return said.order_by("-id").first()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """What a facility packs on one day beside what a request takes in one week; None unknown."""

    packed_kg_a_day: Decimal | None
    wanted_a_week: Decimal | None


def rhythm_of(match: Match) -> Rhythm:
    """Return the two sides' pace, to be looked at: it refuses nobody."""
    request = match.request
    weeks = DayRange(request.needed_from, request.needed_to).weeks
    return Rhythm(
        packed_kg_a_day=producers.packing_kg_a_day(match.offer.product),
        wanted_a_week=request.quantity_base / Decimal(float(weeks)) if weeks > 1 else None,
    )


def waiting_for(actor: Actor) -> QuerySet[Match]:
    """Return the proposed matches that the actor's organisation has not answered."""
    mine = Q(producer_id=actor.organisation_id, producer_verdict=Verdict.PENDING) | Q(
        group_id=actor.organisation_id, buyer_verdict=Verdict.PENDING
    )
    return visible_to(actor).filter(mine, status=MatchStatus.PROPOSED)


def side_of(match: Match, organisation_id: int | None) -> Side | None:
    """Return the side an organisation speaks for; None where it has no part in the match."""
    if organisation_id is None:
        return None
    if match.producer_id == organisation_id:
        return Side.PRODUCER
    return Side.BUYER if match.group_id == organisation_id else None


def other_side(side: Side) -> Side:
    """Return the opposite side."""
    return Side.BUYER if side == Side.PRODUCER else Side.PRODUCER


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """How to reach a business; only ever made for the side it agreed with."""

    organisation_name: str
    person: str
    phone: str
    email: str


def contact_of(match: Match, side: Side) -> Contact | None:
    """Return the contact of a side of the match; None until both have accepted.

    It stays open when an agreed match is suspended: the two are already talking.
    """
    if match.agreed_at is None:
        return None
    organisation = Organisation.objects.get(pk=match.organisation_id_of(side))
    return Contact(
        organisation_name=organisation.name,
        person=organisation.contact_name,
        phone=str(organisation.contact_phone),
        email=organisation.contact_email,
    )


def explanation_of(match: Match) -> Explanation:
    """Judge a stored match again from its own inputs and ruleset version.

    The score is the stored one, to the point, or something was lost on the way.
    """
    return explain(
        Supply.from_json(match.supply),
        Demand.from_json(match.demand),
        Route.from_json(match.pair),
        Rules.from_json(match.ruleset.rules),
    )


def count_by_status(actor: Actor) -> dict[str, int]:
    """Return how many of the actor's matches stand in each status that is shown."""
    counts = dict.fromkeys(MatchStatus.values, 0)
    for status in visible_to(actor).values_list("status", flat=True):
        counts[status] += 1
    return counts


def portal_figures() -> dict[str, int]:
    """Return the live figures of the public home page."""
    return {
        "offers": producers.open_offers().count(),
        "requests": buyers.open_requests().count(),
        "matches": Match.objects.filter(
            status__in=[MatchStatus.PROPOSED, MatchStatus.AGREED]
        ).count(),
        "producers": Organisation.objects.filter(is_producer=True, status="approved").count(),
        "provinces": producers.open_offers().values("origin_province").distinct().count(),
    }
