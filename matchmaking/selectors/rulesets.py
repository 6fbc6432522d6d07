"""Other rules on the data of today, before anybody publishes them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from buyers import selectors as buyers
from core.accounts.models import Organisation
from core.kernel import clock
from matchmaking import columns
from matchmaking.engine.comparison import Comparison, compare
from matchmaking.engine.ruleset import Ruleset as Rules
from matchmaking.engine.values import DemandColumns, SupplyColumns
from matchmaking.models import Match, Ruleset
from matchmaking.selectors.exposure import shortfalls
from matchmaking.selectors.pairs import active_rules
from producers import selectors as producers

_Seen = tuple[float, float]
_SIZES = ((1, "1 offer"), (5, "2-5 offers"))
_LARGER = "more than 5 offers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gainer:
    """An organisation, or all of one kind, with its share of the buyers' attention."""

    name: str
    before: float
    after: float

    @property
    def change(self) -> float:
        """What it gains of all attention; below zero what it loses."""
        return self.after - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesCompared:
    """What other rules would change; shares are of all attention, in [0, 1]."""

    found: Comparison
    offers: int
    by_organisation: list[Gainer]
    """Who gains most first, who loses most last."""
    by_kind: list[Gainer]
    by_size: list[Gainer]
    """By number of open offers; see `_SIZES`."""


def rulesets() -> list[tuple[Ruleset, int]]:
    """Return all versions, the newest first, with the number of matches scored by each."""
    scored = dict(Match.objects.values_list("ruleset").annotate(Count("pk")))
    return [(one, scored.get(one.pk, 0)) for one in Ruleset.objects.order_by("-version")]


def compare_rules(rules: dict[str, Any]) -> RulesCompared:
    """Rank all open offers for all open requests by the active rules and by others.

    Lists and attention are those buyers would be shown, exposure as last counted.

    Args:
        rules: As `engine.ruleset.Ruleset.to_json`.

    Raises:
        ValueError: The rules cannot give a score between 0 and 10,000.
    """
    other = Rules.from_json(rules)
    ground = columns.ground_on(clock.today())
    offers = [one for one in producers.offer_facts(None) if one.status_open]
    requests = [one for one in buyers.request_facts(None) if one.status_open]
    found = compare(
        SupplyColumns.from_records(columns.supplies(offers, ground=ground)),
        DemandColumns.from_records(columns.demands(requests, ground=ground)),
        ground.terrain,
        before=active_rules(),
        after=other,
        shortfalls=shortfalls(),
    )
    named = Organisation.objects.in_bulk(found.attention)
    owned = Counter(one.organisation_id for one in offers)
    seen = found.attention.items()
    return RulesCompared(
        found=found,
        offers=len(offers),
        by_organisation=_shares([(named[pk].name, one) for pk, one in seen]),
        by_kind=_shares(_summed((str(named[pk].get_kind_display()), one) for pk, one in seen)),
        by_size=_shares(_summed((_size(owned[pk]), one) for pk, one in seen)),
    )


def _summed(attention: Iterable[tuple[str, _Seen]]) -> list[tuple[str, _Seen]]:
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for name, (before, after) in attention:
        sums[name][0] += before
        sums[name][1] += after
    return [(name, (before, after)) for name, (before, after) in sums.items()]


def _size(offers: int) -> str:
    return next((name for most, name in _SIZES if offers <= most), _LARGER)


def _shares(attention: Sequence[tuple[str, _Seen]]) -> list[Gainer]:
    whole = [sum(seen[at] for _name, seen in attention) or 1.0 for at in (0, 1)]
    gainers = (
        Gainer(name=name, before=before / whole[0], after=after / whole[1])
        for name, (before, after) in attention
    )
    return sorted(gainers, key=lambda one: (-one.change, one.name))
