"""The API of requirement profiles: what buyers ask of every supplier."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final

from django.db.models import F, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from buyers import rules, selectors, services
from buyers.api.requests import KEY, LONGEST_CODE, CodeField
from buyers.enums import Confidence, SalesChannel
from buyers.models import STAR_MINIMA, RequirementProfile
from core.accounts.actors import Actor
from core.catalogue import selectors as catalogue
from core.catalogue.enums import Market, PaperKind
from core.kernel.errors import InvalidInputError, NotAllowedError
from core.web.actor import acting
from core.web.idempotency import idempotent

PLAIN: Final = (
    "id",
    "status",
    "version",
    "banner_id",
    "channel",
    "market",
    "minimum_stars",
    "required_papers",
    "preferred_papers",
    "needs_invoice",
    "needs_barcode",
    "test_report_months",
    "weekly_capacity_kg",
    "shelf_life_left_percent",
    "payment_days",
    "discount_percent",
    "is_consignment",
    "opening_cost_vnd",
    "note",
    "confidence",
    "default_code",
    "published_at",
    "superseded_at",
)
NAMED: Final = {
    "organisation_id": F("group_id"),
    "organisation_name": F("group__organisation__name"),
    "banner_name": F("banner__name"),
    "category_code": F("category__code"),
    "category_name": F("category__name_vi"),
    "based_on": F("source"),
}
MOST_PAPERS: Final = 20
MOST_ID: Final = 2**62


def _figure(most: int, *, least: int = 0) -> serializers.IntegerField:
    return serializers.IntegerField(
        required=False, allow_null=True, min_value=least, max_value=most
    )


def _papers() -> serializers.ListField:
    return serializers.ListField(
        child=serializers.ChoiceField(PaperKind.choices), required=False, max_length=MOST_PAPERS
    )


class ProfileInput(serializers.Serializer[Any]):
    """What a profile says; what is left out is not asked for."""

    banner_id = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=MOST_ID
    )
    category = CodeField(catalogue.categories, required=False, allow_null=True)
    channel = serializers.ChoiceField(SalesChannel.choices, required=False, allow_blank=True)
    market = serializers.ChoiceField(Market.choices, required=False)
    minimum_stars = serializers.ChoiceField(STAR_MINIMA, required=False)
    required_papers = _papers()
    preferred_papers = _papers()
    needs_invoice = serializers.BooleanField(required=False)
    needs_barcode = serializers.BooleanField(required=False)
    test_report_months = _figure(services.MAX_TEST_REPORT_MONTHS, least=1)
    weekly_capacity_kg = _figure(services.MAX_WEEKLY_CAPACITY_KG, least=1)
    shelf_life_left_percent = _figure(100, least=1)
    payment_days = _figure(services.MAX_PAYMENT_DAYS)
    discount_percent = _figure(100)
    is_consignment = serializers.BooleanField(required=False, allow_null=True)
    opening_cost_vnd = _figure(services.MAX_OPENING_COST_VND)
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    based_on = serializers.CharField(
        max_length=services.MAX_PROFILE_SOURCE, required=False, allow_blank=True
    )

    def to_internal_value(self, data: Any) -> Any:
        """Refuse fields nobody asked for, rather than drop them silently."""
        values = super().to_internal_value(data)
        unknown = sorted(set(data) - set(self.fields))
        if unknown:
            sentence = _("There is no such field.")
            raise serializers.ValidationError(
                {str(name)[:LONGEST_CODE]: [sentence] for name in unknown[:MOST_PAPERS]}
            )
        return values

    def terms(self) -> dict[str, Any]:
        """Return the values by the names services use; the caller stands behind them."""
        many = {"required_papers", "preferred_papers"}
        renamed = {"category": "category_id", "based_on": "source"}
        said = {
            renamed.get(name, name): tuple(value) if name in many else value
            for name, value in self.validated_data.items()
        }
        return said | {"confidence": Confidence.CONFIRMED.value}


class ProfileOutput(serializers.Serializer[Any]):
    """One version; empty banner, category or channel: it holds for all of them."""

    id = serializers.IntegerField(allow_null=True, help_text="None for an unverified default.")
    status = serializers.CharField(help_text="draft, published, superseded or draft_unverified")
    version = serializers.IntegerField()
    organisation_id = serializers.IntegerField(allow_null=True)
    organisation_name = serializers.CharField()
    banner_id = serializers.IntegerField(allow_null=True)
    banner_name = serializers.CharField(allow_null=True)
    category_code = serializers.CharField(allow_null=True)
    category_name = serializers.CharField(allow_null=True)
    channel = serializers.CharField(allow_blank=True)
    market = serializers.CharField()
    minimum_stars = serializers.IntegerField()
    required_papers = serializers.ListField(child=serializers.CharField())
    preferred_papers = serializers.ListField(child=serializers.CharField())
    needs_invoice = serializers.BooleanField()
    needs_barcode = serializers.BooleanField()
    test_report_months = serializers.IntegerField(allow_null=True)
    weekly_capacity_kg = serializers.IntegerField(allow_null=True)
    shelf_life_left_percent = serializers.IntegerField(allow_null=True)
    payment_days = serializers.IntegerField(allow_null=True)
    discount_percent = serializers.IntegerField(allow_null=True)
    is_consignment = serializers.BooleanField(allow_null=True)
    opening_cost_vnd = serializers.IntegerField(allow_null=True)
    note = serializers.CharField(allow_blank=True)
    based_on = serializers.CharField(allow_blank=True)
    confidence = serializers.CharField()
    default_code = serializers.CharField(allow_blank=True)
    published_at = serializers.DateTimeField(allow_null=True)
    superseded_at = serializers.DateTimeField(allow_null=True)


class ProfileViewSet(GenericViewSet[RequirementProfile]):
    """Own profiles in every state; the published ones of others for producers and officers."""

    serializer_class = ProfileOutput
    lookup_value_converter = "int"
    queryset = RequirementProfile.objects.none()
    filter_backends = []

    def get_queryset(self) -> QuerySet[RequirementProfile]:
        if getattr(self, "swagger_fake_view", False):
            return RequirementProfile.objects.none()
        return selectors.profiles_visible_to(self._actor()).order_by("pk")

    @extend_schema(responses=ProfileOutput(many=True))
    def list(self, _request: Request) -> Response:
        """Return profiles, the oldest first."""
        rows: Any = self.get_queryset().values(*PLAIN, **NAMED)
        return self.get_paginated_response(self.paginate_queryset(rows))

    @extend_schema(responses=ProfileOutput(many=True))
    @action(detail=False, pagination_class=None)
    def defaults(self, _request: Request) -> Response:
        """Return the unverified defaults nobody has made their own, to be read with care."""
        if not selectors.reads_profiles_of_others(self._actor()):
            return Response([])
        codes = dict(catalogue.categories().values_list("pk", "code"))
        unverified = [one for one in selectors.published_profiles() if one.profile_id is None]
        return Response([_default(one, codes.get(one.category_id or 0)) for one in unverified])

    @extend_schema(responses=ProfileOutput)
    def retrieve(self, _request: Request, pk: int) -> Response:
        """Return one version."""
        return Response(get_object_or_404(self._rows(), pk=pk))

    @extend_schema(
        request=ProfileInput, responses={HTTPStatus.CREATED: ProfileOutput}, parameters=[KEY]
    )
    @idempotent
    def create(self, request: Request) -> Response:
        """Keep requirements as a draft; publish them with POST …/publish."""
        organisation_id = self._writing()
        data = ProfileInput(data=request.data)
        data.is_valid(raise_exception=True)
        group = services.register_buyer_group(organisation_id=organisation_id)
        try:
            saved = services.save_profile_draft(
                group_id=group.pk, terms=services.ProfileTerms(**data.terms())
            )
        except InvalidInputError as error:
            raise _as_sent(error) from error
        return Response(self._rows().get(pk=saved.pk), status=HTTPStatus.CREATED)

    @extend_schema(request=ProfileInput(partial=True), responses=ProfileOutput)
    def partial_update(self, request: Request, pk: int) -> Response:
        """Change the fields given of a draft; a published version stays as it is (409)."""
        stored = self._own(pk)
        data = ProfileInput(data=request.data, partial=True)
        data.is_valid(raise_exception=True)
        terms = replace(services.terms_of_profile(stored), **data.terms())
        try:
            services.revise_profile_draft(profile_id=stored.pk, terms=terms)
        except InvalidInputError as error:
            raise _as_sent(error) from error
        return Response(self._rows().get(pk=stored.pk))

    @extend_schema(responses={HTTPStatus.NO_CONTENT: None})
    def destroy(self, _request: Request, pk: int) -> Response:
        """Discard a draft."""
        services.discard_profile_draft(profile_id=self._own(pk).pk)
        return Response(status=HTTPStatus.NO_CONTENT)

    @extend_schema(request=None, responses=ProfileOutput, parameters=[KEY])
    @action(detail=True, methods=["post"])
    @idempotent
    def publish(self, request: Request, pk: int) -> Response:
        """Let a draft hold; GET /requirement-effects/{id} shows first who would drop out."""
        stored = self._own(pk)
        user_id = request.user.pk if request.user.is_authenticated else None
        services.publish_profile(profile_id=stored.pk, user_id=user_id)
        return Response(self._rows().get(pk=stored.pk))

    @extend_schema(request=None, responses=ProfileOutput, parameters=[KEY])
    @action(detail=True, methods=["post"])
    @idempotent
    def renew(self, _request: Request, pk: int) -> Response:
        """Return a draft of the next version; the one there is, if any."""
        draft = services.copy_profile_to_draft(profile_id=self._own(pk).pk)
        return Response(self._rows().get(pk=draft.pk))

    def _actor(self) -> Actor:
        return acting(self.request._request)

    def _rows(self) -> Any:
        return self.get_queryset().values(*PLAIN, **NAMED)

    def _writing(self) -> int:
        """Return the organisation acted for, or refuse those who may not write for a buyer."""
        actor = self._actor()
        if actor.organisation_id is None or not rules.can_prepare(actor):
            raise NotAllowedError(_("Only owners and editors of a buyer change requirements."))
        return actor.organisation_id

    def _own(self, pk: int) -> RequirementProfile:
        """Return an own profile; 404 for those of others, published or not."""
        self._writing()
        return get_object_or_404(selectors.profiles_of(self._actor()), pk=pk)


def _default(facts: selectors.ProfileFacts, category_code: str | None) -> dict[str, Any]:
    row = {name: getattr(facts, name, None) for name in PLAIN}
    return row | {
        "organisation_id": None,
        "organisation_name": facts.chain_name,
        "banner_name": None,
        "category_code": category_code,
        "category_name": facts.category_name or None,
        "note": "",
        "based_on": facts.source,
    }


def _as_sent(error: InvalidInputError) -> InvalidInputError:
    """Name the fields as the API does."""
    renamed = {"banner": "banner_id", "source": "based_on"}
    fields = {renamed.get(name, name): found for name, found in error.field_errors.items()}
    return InvalidInputError(str(error), fields)
