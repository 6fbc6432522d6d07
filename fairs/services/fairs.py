"""Planning fairs and changing what they say."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.selectors import approved_organisations
from core.kernel.errors import IllegalTransitionError, InvalidInputError, NotAllowedError
from core.outbox import outbox
from fairs.enums import BEFORE_RUNNING, FairPhase
from fairs.events import FairDateChanged
from fairs.models import Fair
from fairs.selectors import places_of
from fairs.services.terms import FairTerms, check_terms


@transaction.atomic
def open_fair(*, organiser_id: int, terms: FairTerms, copied_from_id: int | None = None) -> Fair:
    """Plan a fair; until its call opens only its organiser and its provinces' officers see it.

    Raises:
        InvalidInputError: A field cannot be accepted.
        NotAllowedError: The organisation is not an approved organiser.
    """
    organisers = approved_organisations().filter(is_organiser=True, pk=organiser_id)
    if not organisers.select_for_update(no_key=True).exists():
        raise NotAllowedError(_("Only approved organisers plan fairs."))
    check_terms(terms, organiser_id=organiser_id)
    fair = Fair.objects.create(
        organiser_id=organiser_id, copied_from_id=copied_from_id, **terms.values()
    )
    fair.co_provinces.set(terms.co_province_ids)
    return fair


@transaction.atomic
def revise_fair(*, fair_id: int, terms: FairTerms) -> Fair:
    """Change what a fair says; new days of a public fair are announced.

    Raises:
        Fair.DoesNotExist: No such fair.
        IllegalTransitionError: It is over or cancelled.
        InvalidInputError: A field cannot be accepted.

    Emits:
        FairDateChanged, when the days of a public fair changed.
    """
    fair = locked_fair(fair_id)
    if fair.phase not in {*BEFORE_RUNNING, FairPhase.RUNNING}:
        raise IllegalTransitionError(_("This fair is over. Use it as the pattern of a new one."))
    check_terms(terms, organiser_id=fair.organiser_id, stored=fair)
    _check_against_state(fair, terms)
    values = terms.values()
    changed = {name for name, value in values.items() if getattr(fair, name) != value}
    for name in changed:
        setattr(fair, name, values[name])
    if set(fair.co_provinces.values_list("pk", flat=True)) != set(terms.co_province_ids):
        fair.co_provinces.set(terms.co_province_ids)
        changed.add("co_provinces")
    if changed:
        fair.version += 1
        fair.save()
    if changed & {"opens_on", "closes_on"} and fair.is_public:
        _announce_days(fair)
    return fair


def terms_of(fair: Fair) -> FairTerms:
    """Return what a stored fair says, as it would be typed."""
    return FairTerms(
        kind=fair.kind,
        name=fair.name,
        province_id=fair.province_id,
        co_province_ids=tuple(fair.co_provinces.order_by("pk").values_list("pk", flat=True)),
        venue_name=fair.venue_name,
        address=fair.address,
        commune_id=fair.commune_id,
        opens_on=fair.opens_on,
        closes_on=fair.closes_on,
        applications_from=fair.applications_from,
        applications_to=fair.applications_to,
        booth_quota=fair.booth_quota,
        about=fair.about,
    )


def locked_fair(fair_id: int) -> Fair:
    """Return the fair, held until the transaction ends.

    Raises:
        Fair.DoesNotExist: No such fair.
    """
    return Fair.objects.select_for_update(no_key=True).get(pk=fair_id)


def _announce_days(fair: Fair) -> None:
    outbox.append(
        FairDateChanged(
            fair_id=fair.pk,
            version=fair.version,
            organisation_id=fair.organiser_id,
            opens_on=fair.opens_on,
            closes_on=fair.closes_on,
        )
    )


def _check_against_state(fair: Fair, terms: FairTerms) -> None:
    """Refuse what would take back promises already made.

    Raises:
        InvalidInputError: It runs and should open on another day; booths given exceed the
            new number; a public fair would lose what its call needs.
    """
    errors: dict[str, list[str]] = {}
    if fair.phase == FairPhase.RUNNING and terms.opens_on != fair.opens_on:
        errors["opens_on"] = [_("The fair has opened already. Only its last day can change.")]
    if fair.is_public:
        errors |= _missing_in_public(terms)
    granted = places_of(fair.pk, quota=None).granted
    if terms.booth_quota is not None and terms.booth_quota < granted:
        words = _("%(granted)d booths are given already. Take some back first.")
        errors["booth_quota"] = [words % {"granted": granted}]
    if errors:
        raise InvalidInputError(_("Some fields need another look."), errors)


def _missing_in_public(terms: FairTerms) -> dict[str, list[str]]:
    words = _("A public fair needs this.")
    needed = {
        "venue_name": terms.venue_name,
        "booth_quota": terms.booth_quota,
        "applications_from": terms.applications_from,
    }
    return {name: [words] for name, value in needed.items() if not value}
