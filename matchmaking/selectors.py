"""Reading matches: whose they are, why they fit, and who may see whom."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core import signing
from django.db.models import Q, QuerySet

from buyers import selectors as buyers
from buyers.selectors import RequestFacts
from core.accounts import selectors as accounts
from core.accounts.actors import Actor
from core.accounts.models import Organisation
from core.kernel import clock
from matchmaking import columns
from matchmaking.engine.explain import Explanation, explain
from matchmaking.engine.records import Demand, Route, Supply
from matchmaking.engine.ruleset import DEFAULT_RULESET
from matchmaking.engine.ruleset import Ruleset as Rules
from matchmaking.engine.values import DemandColumns, Pairs, SupplyColumns
from matchmaking.enums import MatchStatus, Side, Verdict
from matchmaking.models import Decision, Match, Ruleset
from producers import selectors as producers
from producers.selectors import OfferFacts

HIDDEN = [MatchStatus.ENDED]
LINK_LIFETIME = dt.timedelta(days=14)
_SALT = "matchmaking.mail_link"


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


def active_rules() -> Rules:
    """Return the rules that scores are made by now."""
    active = Ruleset.objects.filter(is_active=True).first()
    return Rules.from_json(active.rules) if active else DEFAULT_RULESET


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Any offer and request side by side, judged as they stand now."""

    offer: OfferFacts
    request: RequestFacts
    explanation: Explanation
    match_id: int | None

    @property
    def dimension(self) -> str:
        """Dimension the offer counts in."""
        return self.offer.dimension


def pair_for(actor: Actor, *, offer_id: int, request_id: int) -> Pair | None:
    """Judge an offer against a request for somebody who owns one and may see the other.

    Returns:
        None where either does not exist or the actor has no business with the pair.
    """
    offer = next(iter(producers.offer_facts([offer_id])), None)
    request = next(iter(buyers.request_facts([request_id])), None)
    if offer is None or request is None or actor.organisation_id is None:
        return None
    owns_offer = offer.organisation_id == actor.organisation_id
    owns_request = request.organisation_id == actor.organisation_id
    sees_offer, sees_request = owns_offer or offer.status_open, owns_request or request.status_open
    if not (owns_offer or owns_request) or not (sees_offer and sees_request):
        return None
    stored = Match.objects.filter(offer_id=offer_id, request_id=request_id)
    return Pair(
        offer=offer,
        request=request,
        explanation=explain_pair(offer, request),
        match_id=stored.values_list("pk", flat=True).first(),
    )


def explain_pair(offer: OfferFacts, request: RequestFacts) -> Explanation:
    """Judge an offer against a request as they stand now, by the active rules."""
    ground = columns.ground_on(clock.today())
    supply = columns.supplies([offer], ground=ground)[0]
    demand = columns.demands([request], ground=ground)[0]
    return explain_inputs(supply, demand, ground=ground)


def explain_inputs(supply: Supply, demand: Demand, *, ground: columns.Ground) -> Explanation:
    """Judge two inputs on a day's road network by the active rules."""
    supplies, demands = SupplyColumns.from_records([supply]), DemandColumns.from_records([demand])
    routes = ground.terrain.routes(supplies, demands, Pairs.every(supplies, demands))
    return explain(supply, demand, routes.record(0), active_rules())


def count_by_status(actor: Actor) -> dict[str, int]:
    """Return how many of the actor's matches stand in each status that is shown."""
    counts = dict.fromkeys(MatchStatus.values, 0)
    for status in visible_to(actor).values_list("status", flat=True):
        counts[status] += 1
    return counts


def mail_link_token(*, match_id: int, user_id: int) -> str:
    """Return the secret part of a link that lets one person answer one match without signing in."""
    return signing.dumps([match_id, user_id], salt=_SALT, compress=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailLink:
    """What a link in a mail stands for, once its signature, age and membership were checked."""

    match: Match
    side: Side
    user_id: int

    @property
    def is_open(self) -> bool:
        """Whether the side still has to answer."""
        verdict = self.match.verdict_of(self.side)
        return self.match.status == MatchStatus.PROPOSED and verdict == Verdict.PENDING


def mail_link(token: str) -> MailLink | None:
    """Return what a link stands for.

    Returns:
        None where the link is forged or older than `LINK_LIFETIME`, or where the person no
        longer acts for a side of the match.
    """
    try:
        match_id, user_id = signing.loads(token, salt=_SALT, max_age=LINK_LIFETIME)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    match = with_parties().filter(pk=match_id).first()
    if match is None:
        return None
    for side in Side:
        organisation_id = match.organisation_id_of(side)
        if accounts.decides_for(user_id=user_id, organisation_id=organisation_id):
            return MailLink(match=match, side=side, user_id=user_id)
    return None


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
