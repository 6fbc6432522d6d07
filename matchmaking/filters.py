"""What matches are narrowed down by, on pages and in the API alike."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.search import SearchFilter, SearchFilterSet
from core.web.actor import acting
from matchmaking.enums import MatchStatus, Verdict
from matchmaking.models import MAX_ID, Match

WAITING = "waiting"
STATES = [(WAITING, _("Waiting for you")), *MatchStatus.choices]


class MatchFilter(SearchFilterSet):
    q = SearchFilter(
        folded=[
            "offer__product__name_folded",
            "request__words_folded",
            "producer__organisation__name_folded",
            "group__organisation__name_folded",
        ],
        exact=[
            "offer__product__name",
            "request__words",
            "producer__organisation__name",
            "group__organisation__name",
        ],
        label=_("Product or business"),
    )
    state = django_filters.ChoiceFilter(label=_("State"), choices=STATES, method="in_state")
    offer = django_filters.NumberFilter(
        field_name="offer", label=_("Offer"), min_value=1, max_value=MAX_ID
    )
    request = django_filters.NumberFilter(
        field_name="request", label=_("Request"), min_value=1, max_value=MAX_ID
    )

    class Meta:
        model = Match
        fields: list[str] = []

    def in_state(self, matches: QuerySet[Match], _name: str, state: str) -> QuerySet[Match]:
        if state != WAITING:
            return matches.filter(status=state)
        organisation_id = acting(self.request).organisation_id
        mine = Q(producer_id=organisation_id, producer_verdict=Verdict.PENDING) | Q(
            group_id=organisation_id, buyer_verdict=Verdict.PENDING
        )
        return matches.filter(mine, status=MatchStatus.PROPOSED)
