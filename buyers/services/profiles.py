"""Keeping requirement profiles: drafts change, published versions stay as they are."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Final

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from buyers.enums import Confidence, ProfileStatus, SalesChannel
from buyers.events import RequirementProfilePublished
from buyers.models import STAR_MINIMA, Banner, BuyerGroup, RequirementProfile
from core.accounts.enums import OrganisationStatus
from core.catalogue.enums import Market, PaperKind
from core.catalogue.models import ProductCategory
from core.kernel import clock, text
from core.kernel.errors import IllegalTransitionError, InvalidInputError, NotAllowedError
from core.outbox import outbox

MAX_TEST_REPORT_MONTHS: Final = 60
MAX_WEEKLY_CAPACITY_KG: Final = 10_000_000
MAX_PAYMENT_DAYS: Final = 365
MAX_PERCENT: Final = 100
MAX_OPENING_COST_VND: Final = 10_000_000_000
MAX_PROFILE_SOURCE: Final = 300
MAX_NOTE: Final = 1000
_MOST: Final = {
    "test_report_months": MAX_TEST_REPORT_MONTHS,
    "weekly_capacity_kg": MAX_WEEKLY_CAPACITY_KG,
    "shelf_life_left_percent": MAX_PERCENT,
    "payment_days": MAX_PAYMENT_DAYS,
    "discount_percent": MAX_PERCENT,
    "opening_cost_vnd": MAX_OPENING_COST_VND,
}
Errors = dict[str, list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileTerms:
    """Everything a profile says; ids as chosen by the buyer, not yet trusted."""

    banner_id: int | None = None
    category_id: int | None = None
    channel: str = ""
    market: str = Market.DOMESTIC
    minimum_stars: int = 0
    required_papers: tuple[str, ...] = ()
    preferred_papers: tuple[str, ...] = ()
    needs_invoice: bool = False
    needs_barcode: bool = False
    test_report_months: int | None = None
    weekly_capacity_kg: int | None = None
    shelf_life_left_percent: int | None = None
    payment_days: int | None = None
    discount_percent: int | None = None
    is_consignment: bool | None = None
    opening_cost_vnd: int | None = None
    note: str = ""
    source: str = ""
    confidence: str = Confidence.CONFIRMED
    default_code: str = ""


@transaction.atomic
def save_profile_draft(*, group_id: int, terms: ProfileTerms) -> RequirementProfile:
    """Keep requirements as a draft, seen by their buyer only.

    Raises:
        InvalidInputError: A field cannot be accepted, or there is such a draft already.
    """
    values = _checked(terms, group_id=group_id)
    _lock_group(group_id)
    place = _place(values)
    versions = RequirementProfile.objects.filter(group_id=group_id, **place)
    if versions.filter(status=ProfileStatus.DRAFT).exists():
        raise _already_drafted()
    newest = versions.aggregate(newest=Max("version"))["newest"] or 0
    return RequirementProfile.objects.create(group_id=group_id, version=newest + 1, **values)


@transaction.atomic
def revise_profile_draft(*, profile_id: int, terms: ProfileTerms) -> RequirementProfile:
    """Change a draft.

    Raises:
        RequirementProfile.DoesNotExist: No such profile.
        IllegalTransitionError: It is published, or was.
        InvalidInputError: A field cannot be accepted, or there is such a draft already.
    """
    profile = _locked(profile_id)
    _must_be_draft(profile)
    values = _checked(terms, group_id=profile.group_id)
    versions = RequirementProfile.objects.filter(group_id=profile.group_id, **_place(values))
    others = versions.exclude(pk=profile.pk)
    if others.filter(status=ProfileStatus.DRAFT).exists():
        raise _already_drafted()
    for name, value in values.items():
        setattr(profile, name, value)
    profile.version = (others.aggregate(newest=Max("version"))["newest"] or 0) + 1
    profile.save()
    return profile


@transaction.atomic
def discard_profile_draft(*, profile_id: int) -> None:
    """Delete a draft.

    Raises:
        RequirementProfile.DoesNotExist: No such profile.
        IllegalTransitionError: It is published, or was: it stays on the record.
    """
    profile = _locked(profile_id)
    _must_be_draft(profile)
    profile.delete()


@transaction.atomic
def copy_profile_to_draft(*, profile_id: int) -> RequirementProfile:
    """Return a draft that says what a published version says; the one there is, if any.

    Raises:
        RequirementProfile.DoesNotExist: No such profile.
    """
    profile = _locked(profile_id)
    terms = terms_of_profile(profile)
    draft = RequirementProfile.objects.filter(
        group_id=profile.group_id, status=ProfileStatus.DRAFT, **_place(_values(terms))
    ).first()
    return draft or save_profile_draft(group_id=profile.group_id, terms=terms)


@transaction.atomic
def publish_profile(*, profile_id: int, user_id: int | None = None) -> RequirementProfile:
    """Let a draft hold from now on; the version before it is replaced.

    Publishing twice changes nothing.

    Raises:
        RequirementProfile.DoesNotExist: No such profile.
        NotAllowedError: The organisation is not approved.
        IllegalTransitionError: A later version has replaced it.

    Emits:
        RequirementProfilePublished.
    """
    profile = _locked(profile_id)
    if profile.status == ProfileStatus.PUBLISHED:
        return profile
    _must_be_draft(profile)
    if profile.group.organisation.status != OrganisationStatus.APPROVED:
        raise NotAllowedError(
            _("Requirements can be published once your organisation is approved.")
        )
    now = clock.now()
    before = RequirementProfile.objects.filter(
        group_id=profile.group_id,
        status=ProfileStatus.PUBLISHED,
        **_place(_values(terms_of_profile(profile))),
    ).first()
    if before is not None:
        before.status, before.superseded_at = ProfileStatus.SUPERSEDED, now
        before.save(update_fields=["status", "superseded_at"])
    profile.status, profile.published_at = ProfileStatus.PUBLISHED, now
    profile.published_by_id = user_id
    profile.save(update_fields=["status", "published_at", "published_by"])
    outbox.append(
        RequirementProfilePublished(
            profile_id=profile.pk,
            version=profile.version,
            organisation_id=profile.group_id,
            replaced_id=before.pk if before else None,
        )
    )
    return profile


def terms_of_profile(profile: RequirementProfile) -> ProfileTerms:
    """Return what a stored profile says."""
    values = {field.name: getattr(profile, field.name) for field in fields(ProfileTerms)}
    for name in ("required_papers", "preferred_papers"):
        values[name] = tuple(values[name])
    return ProfileTerms(**values)


def _values(terms: ProfileTerms) -> dict[str, Any]:
    values = {field.name: getattr(terms, field.name) for field in fields(terms)}
    for name in ("required_papers", "preferred_papers"):
        values[name] = [kind for kind in PaperKind.values if kind in values[name]]
    # What is required is not only welcome as well.
    required = set(values["required_papers"])
    values["preferred_papers"] = [k for k in values["preferred_papers"] if k not in required]
    values["note"], values["source"] = text.clean(terms.note), text.clean(terms.source)
    return values


def _place(values: dict[str, Any]) -> dict[str, Any]:
    """Return the node of the tree that a profile holds for, as a filter."""
    place: dict[str, Any] = {"channel": values["channel"], "market": values["market"]}
    for name in ("banner", "category"):
        pk = values[f"{name}_id"]
        place |= {f"{name}_id": pk} if pk is not None else {f"{name}__isnull": True}
    return place


def _checked(terms: ProfileTerms, *, group_id: int) -> dict[str, Any]:
    errors = _check_choices(terms, group_id) | _check_figures(terms)
    if len(terms.note) > MAX_NOTE:
        errors["note"] = [_("This is too long.")]
    if len(terms.source) > MAX_PROFILE_SOURCE:
        errors["source"] = [_("This is too long.")]
    if errors:
        raise InvalidInputError(_("Some fields need another look."), errors)
    return _values(terms)


def _check_choices(terms: ProfileTerms, group_id: int) -> Errors:
    kinds = {*terms.required_papers, *terms.preferred_papers}
    banners = Banner.objects.filter(group_id=group_id, is_archived=False)
    categories = ProductCategory.objects.filter(is_active=True)
    holds = {
        "banner": terms.banner_id is None or banners.filter(pk=terms.banner_id).exists(),
        "category": terms.category_id is None or categories.filter(pk=terms.category_id).exists(),
        "channel": terms.channel in {"", *SalesChannel.values},
        "market": terms.market in Market.values,
        "minimum_stars": terms.minimum_stars in {stars for stars, _label in STAR_MINIMA},
        "required_papers": kinds <= set(PaperKind.values),
        "confidence": terms.confidence in Confidence.values,
    }
    return {name: [_("Choose one from the list.")] for name, good in holds.items() if not good}


def _check_figures(terms: ProfileTerms) -> Errors:
    errors: Errors = {}
    for name, most in _MOST.items():
        value = getattr(terms, name)
        if value is not None and not 0 <= value <= most:
            errors[name] = [_("Enter a whole number from 0 to %(most)s.") % {"most": most}]
    return errors


def _already_drafted() -> InvalidInputError:
    sentence = _("You have a draft for the same banner, category and channel. Change that one.")
    return InvalidInputError(sentence, {"category": [sentence]})


def _must_be_draft(profile: RequirementProfile) -> None:
    if profile.status != ProfileStatus.DRAFT:
        raise IllegalTransitionError(
            _("A published version stays as it is. Make a new version to change it.")
        )


def _lock_group(group_id: int) -> None:
    BuyerGroup.objects.select_for_update(no_key=True).get(pk=group_id)


def _locked(profile_id: int) -> RequirementProfile:
    """Lock the buyer first: its profiles replace each other, so they change one at a time."""
    found = RequirementProfile.objects.values_list("group_id", flat=True).get(pk=profile_id)
    _lock_group(found)
    profiles = RequirementProfile.objects.select_related("group__organisation")
    return profiles.get(pk=profile_id)
