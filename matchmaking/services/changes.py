"""What one refresh does to the stored matches, written and announced at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import Q, QuerySet

from core.kernel import clock
from core.kernel.events import DomainEvent
from core.outbox import outbox
from matchmaking.enums import MatchStatus, Verdict
from matchmaking.events import MatchEnded, MatchProposed, MatchResumed, MatchSuspended
from matchmaking.models import Match, Ruleset
from matchmaking.selectors import first_shown
from matchmaking.services.clearing import has_cleared
from matchmaking.services.judging import Judged
from matchmaking.services.rulesets import ensure_ruleset

ANNOUNCED_PER_CHANGE = 3
"""How many new matches of one change are told at once, those buyers are shown first; the rest wait
on the portal."""

_WRITTEN = [
    "status", "score", "parts", "supply", "demand", "pair", "refusals", "ruleset",
    "offer_version", "request_version", "producer_verdict", "buyer_verdict", "version",
    "changed_at",
]  # fmt: skip


class Changes:
    """What one refresh does to the stored matches, gathered and written at once.

    Args:
        ruleset: The rules it judges by.
        of_offers: Offers that changed themselves: new matches of each are a change of their own.
        of_requests: Requests that did.
    """

    def __init__(
        self,
        *,
        ruleset: Ruleset,
        of_offers: Collection[int] = (),
        of_requests: Collection[int] = (),
    ) -> None:
        self.ruleset = ruleset
        self._of_offers, self._of_requests = of_offers, of_requests
        self.new: list[Match] = []
        self.changed: list[Match] = []
        self.suspended: list[Match] = []
        self.proposed_again: list[Match] = []
        self.resumed: list[Match] = []
        self.ended: list[Match] = []

    @property
    def count(self) -> int:
        """How many matches are new, changed or ended."""
        return len(self.new) + len(self.changed) + len(self.ended)

    def apply(self, match: Match | None, judged: Judged) -> None:
        """Create, update, suspend or bring back the match of one pair."""
        if match is None:
            if not judged.refusals:
                self.new.append(self._filled(_blank(judged), judged))
            return
        if match.status == MatchStatus.DECLINED and not has_cleared(match, judged):
            return
        if _is_same(match, judged, self.ruleset):
            return
        status_before, terms_before = match.status, _terms(match)
        self._filled(match, judged)
        match.version += 1
        match.changed_at = clock.now()
        self.changed.append(match)
        self._move(match, status_before=status_before, has_new_terms=_terms(match) != terms_before)

    def stop(self, match: Match, *, because: str) -> None:
        """Suspend a match whose offer or request can no longer be scored."""
        match.status, match.refusals = MatchStatus.SUSPENDED, [because]
        match.version += 1
        match.changed_at = clock.now()
        self.changed.append(match)
        self.suspended.append(match)

    def resume(self, match: Match) -> None:
        """Bring an agreed match back that `stop` suspended."""
        match.status, match.refusals = MatchStatus.AGREED, []
        match.version += 1
        match.changed_at = clock.now()
        self.changed.append(match)
        self.resumed.append(match)

    def end(self, match: Match, *, because: str) -> None:
        """Close a match whose offer or request left; what was agreed stays on record."""
        if match.status not in {MatchStatus.PROPOSED, MatchStatus.SUSPENDED} or match.agreed_at:
            return
        match.status, match.refusals = MatchStatus.ENDED, [because]
        match.version += 1
        match.changed_at = clock.now()
        self.ended.append(match)

    def write(self, *, announce: bool) -> None:
        """Store all changes and announce them."""
        self.new.sort(key=lambda m: (-m.score, m.offer_id, m.request_id))
        Match.objects.bulk_create(self.new, batch_size=500)
        touched = sorted([*self.changed, *self.ended], key=lambda m: m.pk)
        Match.objects.bulk_update(touched, _WRITTEN, batch_size=500)
        if announce:
            outbox.append_all(self._events())

    def _move(self, match: Match, *, status_before: str, has_new_terms: bool) -> None:
        if match.refusals:
            match.status = MatchStatus.SUSPENDED
            if status_before in {MatchStatus.PROPOSED, MatchStatus.AGREED}:
                self.suspended.append(match)
            return
        was_agreed = match.agreed_at is not None and status_before != MatchStatus.ENDED
        starts_anew = status_before in {MatchStatus.ENDED, MatchStatus.DECLINED}
        if (has_new_terms and not was_agreed) or starts_anew:
            # Who accepted other terms, or another season's offer, has not accepted these.
            match.producer_verdict = match.buyer_verdict = Verdict.PENDING
        match.status = MatchStatus.AGREED if was_agreed else MatchStatus.PROPOSED
        if status_before == MatchStatus.SUSPENDED and match.is_answered:
            self.resumed.append(match)
        elif (
            starts_anew
            or status_before == MatchStatus.SUSPENDED
            or (has_new_terms and not was_agreed)
        ):
            self.proposed_again.append(match)

    def _filled(self, match: Match, judged: Judged) -> Match:
        match.score = judged.score
        match.parts, match.refusals = judged.parts, judged.refusals
        match.supply, match.demand = judged.supply.to_json(), judged.demand.to_json()
        match.pair = judged.route.to_json()
        match.ruleset = self.ruleset
        match.offer_version = judged.supply.version
        match.request_version = judged.demand.version
        return match

    def _new_by_cause(self) -> dict[tuple[str, int], list[int]]:
        """New matches by whose change brought them; what roads or rules brought is one change."""
        found: dict[tuple[str, int], list[int]] = defaultdict(list)
        for match in self.new:
            cause = "", 0
            if match.offer_id in self._of_offers:
                cause = "offer", match.offer_id
            elif match.request_id in self._of_requests:
                cause = "request", match.request_id
            found[cause].append(match.pk)
        return found

    def _events(self) -> Iterable[DomainEvent]:
        told = {
            pk
            for ids in self._new_by_cause().values()
            for pk in first_shown(ids, count=ANNOUNCED_PER_CHANGE)
        }
        for match in self.new:
            yield MatchProposed(match_id=match.pk, version=match.version, is_top=match.pk in told)
        for match in self.proposed_again:
            yield MatchProposed(match_id=match.pk, version=match.version, is_top=True)
        for match in self.resumed:
            yield MatchResumed(match_id=match.pk, version=match.version)
        for match in self.suspended:
            yield MatchSuspended(
                match_id=match.pk, version=match.version, refusals=",".join(match.refusals)
            )
        for match in self.ended:
            yield MatchEnded(match_id=match.pk, version=match.version)


def _blank(judged: Judged) -> Match:
    return Match(
        offer_id=judged.supply.offer_id,
        request_id=judged.demand.request_id,
        producer_id=judged.supply.organisation_id,
        group_id=judged.demand.organisation_id,
        status=MatchStatus.PROPOSED,
    )


def _is_same(match: Match, judged: Judged, ruleset: Ruleset) -> bool:
    """Whether nothing that is stored would change, so that a repeated duty writes nothing."""
    return (
        match.status != MatchStatus.ENDED
        and match.ruleset_id == ruleset.pk
        and match.refusals == judged.refusals
        and match.parts == judged.parts
        and match.supply == judged.supply.to_json()
        and match.demand == judged.demand.to_json()
        and match.pair == judged.route.to_json()
    )


def _terms(match: Match) -> tuple[object, ...]:
    """What a side said yes to: price, quantity and days of both."""
    return (
        match.supply.get("price_vnd_per_base"),
        match.supply.get("quantity_base"),
        match.supply.get("first_day"),
        match.supply.get("last_day"),
        match.demand.get("price_ceiling_vnd_per_base"),
        match.demand.get("quantity_base"),
        match.demand.get("first_day"),
        match.demand.get("last_day"),
    )


def end_all(matches: QuerySet[Match], *, because: str) -> None:
    """Close the open ones of the given matches and announce it."""
    changes = Changes(ruleset=ensure_ruleset())
    live = Q(status__in=[MatchStatus.PROPOSED, MatchStatus.SUSPENDED])
    for match in matches.filter(live).select_for_update(no_key=True).order_by("pk"):
        changes.end(match, because=because)
    changes.write(announce=True)
