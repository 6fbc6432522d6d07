"""Matches of the caller's organisation."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.enums import ApiScope
from core.accounts.rules import can_decide
from core.kernel.errors import NotAllowedError
from core.web.actor import acting
from core.web.idempotency import idempotent
from matchmaking import selectors, wording
from matchmaking.engine.readiness import NAMEABLE
from matchmaking.enums import Channel, DeclineReason, ShownBy, Side, Verdict
from matchmaking.filters import MatchFilter
from matchmaking.models import Decision, Match
from matchmaking.services import decisions
from matchmaking.services.exposure import note_shown


class ContactSerializer(serializers.Serializer[selectors.Contact]):
    organisation_name = serializers.CharField()
    person = serializers.CharField()
    phone = serializers.CharField()
    email = serializers.EmailField()


class MatchSerializer(serializers.ModelSerializer[Match]):
    """One match as its two sides may see it; `contact` is the other side's, null until agreed."""

    side = serializers.SerializerMethodField()
    my_verdict = serializers.SerializerMethodField()
    other_verdict = serializers.SerializerMethodField()
    ruleset_version = serializers.IntegerField(source="ruleset.version")
    other_organisation = serializers.SerializerMethodField()
    product = serializers.CharField(source="offer.product.name")
    words = serializers.CharField(source="request.words")

    class Meta:
        model = Match
        fields = [
            "id", "offer", "request", "product", "words", "other_organisation", "status", "score",
            "parts", "refusals", "ruleset_version", "offer_version", "request_version", "side",
            "my_verdict", "other_verdict", "version", "created_at", "changed_at", "agreed_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_side(self, match: Match) -> str:
        return self._side(match).value

    def get_my_verdict(self, match: Match) -> str:
        return match.verdict_of(self._side(match)).value

    def get_other_verdict(self, match: Match) -> str:
        return match.verdict_of(selectors.other_side(self._side(match))).value

    def get_other_organisation(self, match: Match) -> str:
        other = match.group if self._side(match) == Side.PRODUCER else match.producer
        return str(other.organisation.name)

    def _side(self, match: Match) -> Side:
        side = selectors.side_of(match, acting(self.context["request"]._request).organisation_id)
        if side is None:
            raise Http404
        return side


class MatchDetailSerializer(MatchSerializer):
    """One match with its reasons in words."""

    contact = serializers.SerializerMethodField()
    reasons = serializers.SerializerMethodField()
    declined = serializers.SerializerMethodField()

    class Meta(MatchSerializer.Meta):
        fields = [
            *MatchSerializer.Meta.fields,
            "supply",
            "demand",
            "pair",
            "contact",
            "reasons",
            "declined",
        ]
        read_only_fields = fields

    def get_contact(self, match: Match) -> dict[str, Any] | None:
        contact = selectors.contact_of(match, selectors.other_side(self._side(match)))
        return dict(ContactSerializer(contact).data) if contact else None

    def get_declined(self, match: Match) -> dict[str, Any] | None:
        said = selectors.declined_by(match)
        return dict(DeclinedSerializer(said).data) if said else None

    def get_reasons(self, match: Match) -> list[dict[str, Any]]:
        explanation = selectors.explanation_of(match)
        lines = wording.part_lines(explanation, dimension=str(match.supply["dimension"]))
        return [
            {
                "criterion": line.code,
                "points": line.points,
                "weight": line.weight,
                "fit": line.score,
                "text": line.detail,
            }
            for line in lines
        ]


class DeclinedSerializer(serializers.Serializer[Decision]):
    """Why a match was declined, in the words of the side that did."""

    side = serializers.ChoiceField(choices=Side.choices)
    reason = serializers.ChoiceField(choices=DeclineReason.choices)
    missing = serializers.ListField(child=serializers.CharField())
    comment = serializers.CharField()
    decided_at = serializers.DateTimeField()


class DecisionSerializer(serializers.Serializer[Any]):
    """Accept or decline; declining needs a reason from the list."""

    verdict = serializers.ChoiceField([Verdict.ACCEPTED.value, Verdict.DECLINED.value])
    reason = serializers.ChoiceField(DeclineReason.choices, required=False)
    comment = serializers.CharField(max_length=500, required=False, allow_blank=True)
    missing = serializers.ListField(
        child=serializers.ChoiceField(NAMEABLE),
        required=False,
        max_length=len(NAMEABLE),
        help_text=(
            "Only of a buyer whose reason is `papers`: what it misses. The producer reads it; the "
            "match is proposed again once all of it is there. Codes count for one market: "
            "`growing_area_code:CN`."
        ),
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["verdict"] == Verdict.DECLINED and not attrs.get("reason"):
            raise serializers.ValidationError({"reason": "Say why, with a reason from the list."})
        return attrs


class ApiMatchFilter(MatchFilter):
    """The filters of the page, and its order."""

    order = django_filters.ChoiceFilter(
        label=gettext_lazy("Order"),
        choices=[("best", gettext_lazy("Best first"))],
        method="in_order",
        help_text=(
            "`best`: the first 1,000 in the order of the page, that is by score, by which a match "
            "may be passed by one of a producer shown little. Search words order by themselves."
        ),
    )

    def in_order(self, matches: QuerySet[Match], _name: str, _order: str) -> QuerySet[Match]:
        if self.form.cleaned_data.get("q"):
            return matches
        return selectors.first_best(matches, placed=selectors.placed_for(acting(self.request)))


class MatchViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Match]
):
    """Matches of your organisation, newest first or best first."""

    filterset_class = ApiMatchFilter
    queryset = Match.objects.none()
    write_scope = ApiScope.DECIDE
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Match]:
        visible = selectors.visible_to(acting(self.request._request))
        return selectors.with_parties().filter(pk__in=visible.values("pk"))

    def paginate_queryset(self, queryset: QuerySet[Match, Any] | Sequence[Any]) -> Any:
        """Note what is shown at a place that means something: a list by date ranks nobody."""
        page = super().paginate_queryset(queryset)
        placed = [one for one in page or () if hasattr(one, "search_place")]
        if placed:
            note_shown(
                placed,
                organisation_id=acting(self.request._request).organisation_id,
                channel=ShownBy.API,
                first_place=placed[0].search_place,
            )
        return page

    def get_serializer_class(self) -> type[MatchSerializer]:
        return MatchSerializer if self.action == "list" else MatchDetailSerializer

    @extend_schema(
        request=DecisionSerializer,
        responses={200: MatchDetailSerializer, 409: OpenApiResponse(description="No longer open")},
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def decide(self, request: Request, pk: int) -> Response:
        """Accept or decline a match for your organisation."""
        match = self.get_object()
        said = DecisionSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        _decide(match, said.validated_data, request=request)
        fresh = self.get_queryset().get(pk=match.pk)
        body = MatchDetailSerializer(fresh, context={"request": request}).data
        return Response(body, status=HTTPStatus.OK)


def _decide(match: Match, said: dict[str, Any], *, request: Request) -> None:
    actor = acting(request._request)
    side = selectors.side_of(match, actor.organisation_id)
    if side is None:
        raise Http404
    if not can_decide(actor):
        raise NotAllowedError(_("Only owners and editors answer matches."))
    voice = decisions.Voice(side=side, channel=Channel.API, user_id=actor.user_id)
    if said["verdict"] == Verdict.ACCEPTED:
        decisions.accept_match(match_id=match.pk, voice=voice)
        return
    decisions.decline_match(
        match_id=match.pk,
        voice=voice,
        reason=DeclineReason(said["reason"]),
        comment=said.get("comment", ""),
        missing=said.get("missing", ()),
    )
