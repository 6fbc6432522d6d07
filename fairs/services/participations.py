"""Applying to take part in a fair, and taking that back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.selectors import approved_organisations
from core.kernel import clock, text
from core.kernel.errors import IllegalTransitionError, InvalidInputError, NotAllowedError
from core.outbox import outbox
from fairs.enums import (
    BEFORE_RUNNING,
    WITHOUT_PRODUCTS,
    FairPhase,
    ParticipationStatus,
)
from fairs.events import ParticipationSubmitted, ParticipationWithdrawn
from fairs.models import Fair, Participation
from fairs.services.fairs import locked_fair
from fairs.services.terms import MAX_BOOTHS_EACH, MAX_NOTE
from producers import selectors as producers

MOST_PRODUCTS: Final = 100
CHANGEABLE: Final = (
    ParticipationStatus.SUBMITTED,
    ParticipationStatus.RETURNED,
    ParticipationStatus.WITHDRAWN,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What a producer asks for."""

    booths: int
    product_ids: tuple[int, ...] = ()
    note: str = ""


@transaction.atomic
def apply_to_fair(*, fair_id: int, organisation_id: int, application: Application) -> Participation:
    """Ask to take part, or change what was asked for while nobody has decided.

    The organiser is told when the application comes in, not at every change of it.

    Raises:
        Fair.DoesNotExist: No such fair.
        IllegalTransitionError: The call is not open, or the decision has been taken.
        InvalidInputError: A field cannot be accepted.
        NotAllowedError: The organisation is not an approved producer, or organises the fair.

    Emits:
        ParticipationSubmitted, when the application comes in or comes back.
    """
    fair = locked_fair(fair_id)
    _check_applicant(fair, organisation_id)
    stored = Participation.objects.filter(fair=fair, organisation=organisation_id).first()
    _check_is_open(fair, stored)
    _check_application(application, fair, organisation_id)
    if stored is None:
        place, comes_in = Participation(fair=fair, organisation_id=organisation_id), True
    else:
        place, comes_in = stored, stored.status != ParticipationStatus.SUBMITTED
        place.version += 1
    place.booths_wanted = application.booths
    place.note = text.clean_lines(application.note)
    if comes_in:
        place.status, place.reason = ParticipationStatus.SUBMITTED, ""
        place.submitted_at, place.decided_at, place.decided_by = clock.now(), None, None
    place.save()
    place.products.set(application.product_ids)
    if comes_in:
        outbox.append(
            ParticipationSubmitted(
                participation_id=place.pk,
                fair_id=fair.pk,
                version=place.version,
                organisation_id=organisation_id,
            )
        )
    return place


@transaction.atomic
def withdraw_participation(*, participation_id: int) -> Participation:
    """Take an application back; booths it was given are free again.

    Raises:
        Participation.DoesNotExist: No such application.
        IllegalTransitionError: It was declined, or the fair has opened.

    Emits:
        ParticipationWithdrawn.
    """
    place = locked_participation(participation_id)
    if place.status == ParticipationStatus.WITHDRAWN:
        return place
    if place.status == ParticipationStatus.DECLINED:
        raise IllegalTransitionError(_("This application was declined; nothing is left to take."))
    if place.fair.phase not in BEFORE_RUNNING:
        raise IllegalTransitionError(_("The fair has opened or ended. Call the organiser."))
    place.status, place.booths_granted = ParticipationStatus.WITHDRAWN, None
    place.version += 1
    place.save(update_fields=["status", "booths_granted", "version"])
    outbox.append(
        ParticipationWithdrawn(
            participation_id=place.pk,
            fair_id=place.fair_id,
            version=place.version,
            organisation_id=place.organisation_id,
        )
    )
    return place


def locked_participation(participation_id: int) -> Participation:
    """Return the application, its fair and itself held until the transaction ends.

    The fair is locked first, as everywhere, so that two transactions never wait for each other.

    Raises:
        Participation.DoesNotExist: No such application.
    """
    fair_id = Participation.objects.values_list("fair_id", flat=True).get(pk=participation_id)
    fair = locked_fair(fair_id)
    place = Participation.objects.select_for_update(no_key=True).get(pk=participation_id)
    place.fair = fair
    return place


def _check_applicant(fair: Fair, organisation_id: int) -> None:
    producers_only = approved_organisations().filter(is_producer=True, pk=organisation_id)
    if not producers_only.exists():
        raise NotAllowedError(_("Only approved producers apply. Ask your officer for approval."))
    if fair.organiser_id == organisation_id:
        raise NotAllowedError(_("You organise this fair; you need not apply."))


def _check_is_open(fair: Fair, stored: Participation | None) -> None:
    if stored is not None and stored.status not in CHANGEABLE:
        raise IllegalTransitionError(
            _("The organiser has decided on your application. It can no longer be changed.")
        )
    is_correction = stored is not None and stored.status == ParticipationStatus.RETURNED
    if is_correction and fair.phase in {FairPhase.CALLING, FairPhase.REVIEWING}:
        return
    if not fair.is_call_open_on(clock.today()):
        raise IllegalTransitionError(_("This fair takes no applications today."))


def _check_application(application: Application, fair: Fair, organisation_id: int) -> None:
    errors: dict[str, list[str]] = {}
    if not 1 <= application.booths <= MAX_BOOTHS_EACH:
        words = _("Write a number from 1 to %(most)d.") % {"most": MAX_BOOTHS_EACH}
        errors["booths"] = [words]
    if len(application.note) > MAX_NOTE:
        errors["note"] = [_("At most %(most)d characters.") % {"most": MAX_NOTE}]
    problem = _problem_of_products(application.product_ids, fair, organisation_id)
    if problem:
        errors["products"] = [problem]
    if errors:
        raise InvalidInputError(_("Some fields need another look."), errors)


def _problem_of_products(product_ids: tuple[int, ...], fair: Fair, organisation_id: int) -> str:
    if not product_ids and fair.kind not in WITHOUT_PRODUCTS:
        return _("Choose at least one product you will show.")
    if len(product_ids) > MOST_PRODUCTS:
        return _("Choose at most %(most)d products.") % {"most": MOST_PRODUCTS}
    own = producers.products_of(organisation_id).filter(pk__in=product_ids).count()
    return "" if own == len(set(product_ids)) else _("Choose products from the list.")
