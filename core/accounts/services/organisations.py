"""Organisations: from a draft to the officer's desk and back."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts import rules, selectors, taxcode
from core.accounts.actors import Actor
from core.accounts.enums import ConsentPurpose, OrganisationKind, OrganisationStatus, Role
from core.accounts.events import OrganisationApproved, OrganisationReturned, OrganisationSubmitted
from core.accounts.models import Membership, Organisation, User
from core.accounts.services import tax_codes
from core.kernel import clock
from core.kernel.errors import IllegalTransitionError, InvalidInputError, NotAllowedError
from core.kernel.text import clean, clean_lines, fold
from core.outbox import outbox

MAX_OPEN_DRAFTS = 5
REQUIRED_CONSENTS = (ConsentPurpose.TERMS, ConsentPurpose.PERSONAL_DATA)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What an organisation is; whoever changes it goes to the officer again."""

    kind: OrganisationKind
    name: str
    province_id: int
    is_producer: bool = False
    is_buyer: bool = False
    is_organiser: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whom to ask for; its members change it freely."""

    contact_name: str
    contact_phone: str
    contact_email: str


@transaction.atomic
def start_organisation(*, user_id: int, identity: Identity) -> Organisation:
    """Open a draft organisation with the person as its owner.

    Raises:
        NotAllowedError: The person already has several drafts open.
        InvalidInputError: The organisation neither sells, buys nor organises.
    """
    User.objects.select_for_update(no_key=True).get(pk=user_id)
    if selectors.open_registrations(user_id=user_id).count() >= MAX_OPEN_DRAFTS:
        raise NotAllowedError(
            _("You have several registrations open. Finish one of them before you start another.")
        )
    organisation = Organisation(status=OrganisationStatus.DRAFT)
    _set_identity(organisation, identity)
    organisation.save()
    Membership.objects.create(user_id=user_id, organisation=organisation, role=Role.OWNER)
    return organisation


@transaction.atomic
def save_identity(*, organisation_id: int, identity: Identity) -> Organisation:
    """Keep who the organisation is, while it is being registered.

    A commune of another province is dropped with the move.

    Raises:
        IllegalTransitionError: It is with the officer, or approved.
        InvalidInputError: It neither sells, buys nor organises.
    """
    organisation = _registering(organisation_id)
    _set_identity(organisation, identity)
    return _saved(organisation)


@transaction.atomic
def save_tax_code(*, organisation_id: int, tax_code: str) -> Organisation:
    """Keep the tax code of an organisation being registered; it is claimed on submission.

    Raises:
        IllegalTransitionError: It is with the officer, or approved.
        InvalidInputError: The text is no tax code.
    """
    organisation = _registering(organisation_id)
    organisation.tax_code = _read_tax_code(tax_code)
    return _saved(organisation)


@transaction.atomic
def save_place(
    *, organisation_id: int, province_id: int, commune_id: int | None, address: str
) -> Organisation:
    """Keep where an organisation being registered sits.

    Raises:
        IllegalTransitionError: It is with the officer, or approved.
    """
    organisation = _registering(organisation_id)
    organisation.province_id = province_id
    organisation.commune_id = commune_id
    organisation.address = clean(address)
    return _saved(organisation)


@transaction.atomic
def save_contact(*, organisation_id: int, contact: Contact) -> Organisation:
    """Keep whom to ask for in an organisation being registered.

    Raises:
        IllegalTransitionError: It is with the officer, or approved.
    """
    organisation = _registering(organisation_id)
    _set_contact(organisation, contact)
    return _saved(organisation)


@transaction.atomic
def change_contact(
    *, organisation_id: int, contact: Contact, commune_id: int | None, address: str
) -> Organisation:
    """Change whom to ask for and where, within the same province; no officer is needed."""
    organisation = _locked(organisation_id)
    _set_contact(organisation, contact)
    organisation.commune_id = commune_id
    organisation.address = clean(address)
    return _saved(organisation)


@transaction.atomic
def submit_organisation(*, organisation_id: int, user_id: int) -> Organisation:
    """Send an organisation to the officer of its province and claim its tax code.

    A code that somebody else holds only queues the claim; the answer is the same either way.

    Raises:
        IllegalTransitionError: It is not being registered.
        InvalidInputError: Something required is missing; the field errors name it.
        NotAllowedError: The person has not agreed to the terms.

    Emits:
        OrganisationSubmitted.
    """
    organisation = _registering(organisation_id)
    missing = selectors.missing_for_submission(organisation)
    if missing:
        errors = {name: [_("Fill this in before you send the registration.")] for name in missing}
        raise InvalidInputError(_("Something is still missing."), errors)
    if not selectors.has_consents(user_id=user_id, purposes=REQUIRED_CONSENTS):
        raise NotAllowedError(_("Agree to the terms and to the processing of your data first."))
    return _submitted(organisation)


@transaction.atomic
def change_identity(*, organisation_id: int, identity: Identity, tax_code: str) -> Organisation:
    """Change who an approved or waiting organisation is; the officer has to look again.

    Nothing changes, and nobody is asked, when nothing differs.

    Raises:
        IllegalTransitionError: It is still being registered.
        InvalidInputError: The text is no tax code, or the organisation has no part left.

    Emits:
        OrganisationSubmitted, when something differs.
    """
    organisation = _locked(organisation_id)
    if organisation.status in selectors.REGISTERING:
        raise IllegalTransitionError(_("Finish the registration first."))
    before = _identity_of(organisation)
    _set_identity(organisation, identity)
    organisation.tax_code = _read_tax_code(tax_code)
    if _identity_of(organisation) == before:
        return organisation
    return _submitted(organisation)


@transaction.atomic
def approve_organisation(*, organisation_id: int, actor: Actor, version: int) -> Organisation:
    """Approve what the officer has read; from now on it may be public.

    Args:
        organisation_id: An organisation on the officer's desk.
        actor: The officer.
        version: Version the officer read.

    Raises:
        NotAllowedError: The actor is no officer of its province.
        IllegalTransitionError: It is not waiting, changed meanwhile, or its tax code is held by
            another organisation.

    Emits:
        OrganisationApproved.
    """
    organisation = _on_desk(organisation_id, actor=actor, version=version)
    tax_codes.confirm_claim(organisation=organisation, officer_id=_officer_id(actor))
    _decide(organisation, status=OrganisationStatus.APPROVED, reason="", actor=actor)
    outbox.append(
        OrganisationApproved(organisation_id=organisation.pk, version=organisation.version)
    )
    return organisation


@transaction.atomic
def return_organisation(
    *, organisation_id: int, actor: Actor, version: int, reason: str
) -> Organisation:
    """Return an organisation to its members with a reason they can act on.

    Args:
        organisation_id: An organisation on the officer's desk.
        actor: The officer.
        version: Version the officer read.
        reason: Shown to the members.

    Raises:
        NotAllowedError: The actor is no officer of its province.
        IllegalTransitionError: It is not waiting, or changed meanwhile.

    Emits:
        OrganisationReturned.
    """
    organisation = _on_desk(organisation_id, actor=actor, version=version)
    _decide(organisation, status=OrganisationStatus.RETURNED, reason=reason, actor=actor)
    outbox.append(
        OrganisationReturned(organisation_id=organisation.pk, version=organisation.version)
    )
    return organisation


@transaction.atomic
def transfer_tax_code(*, organisation_id: int, actor: Actor, reason: str) -> None:
    """Give a disputed tax code to the claimant and return the organisation that held it.

    Raises:
        NotAllowedError: The actor is no officer of the claimant's province.
        IllegalTransitionError: There is no queued claim.

    Emits:
        OrganisationReturned for the former holder.
    """
    loser_id = tax_codes.move_claim(organisation_id=organisation_id, actor=actor, reason=reason)
    if loser_id is not None:
        words = _("Your tax code was checked and belongs to another business. Correct it.")
        hide_organisation(organisation_id=loser_id, reason=words)


@transaction.atomic
def hide_organisation(*, organisation_id: int, reason: str) -> None:
    """Return an organisation whose ground fell away, so that nothing of it is public.

    Args:
        organisation_id: One that nobody acts for any more, or that lost its tax code.
        reason: Shown to its members.

    Emits:
        OrganisationReturned, unless it is being registered anyway.
    """
    organisation = _locked(organisation_id)
    if organisation.status in selectors.REGISTERING:
        return
    organisation.status = OrganisationStatus.RETURNED
    organisation.status_reason = reason
    organisation.decided_at = clock.now()
    organisation.decided_by = None
    _saved(organisation)
    outbox.append(
        OrganisationReturned(organisation_id=organisation.pk, version=organisation.version)
    )


def _locked(organisation_id: int) -> Organisation:
    return Organisation.objects.select_for_update(no_key=True).get(pk=organisation_id)


def _registering(organisation_id: int) -> Organisation:
    organisation = _locked(organisation_id)
    if organisation.status not in selectors.REGISTERING:
        raise IllegalTransitionError(
            _("This organisation is registered already. Change it on its own page.")
        )
    return organisation


def _on_desk(organisation_id: int, *, actor: Actor, version: int) -> Organisation:
    organisation = _locked(organisation_id)
    if not rules.can_decide_on_organisation(actor, organisation):
        raise NotAllowedError(_("Only an officer of its province decides on an organisation."))
    if organisation.status != OrganisationStatus.SUBMITTED:
        raise IllegalTransitionError(
            _("Somebody has decided already. Load the page again to see it.")
        )
    if organisation.version != version:
        raise IllegalTransitionError(
            _("The organisation was changed while you were reading. Load the page again.")
        )
    return organisation


def _officer_id(actor: Actor) -> int:
    if actor.user_id is None:
        raise NotAllowedError(_("Only a person decides."))
    return actor.user_id


def _decide(
    organisation: Organisation, *, status: OrganisationStatus, reason: str, actor: Actor
) -> None:
    organisation.status = status
    organisation.status_reason = clean_lines(reason)
    organisation.decided_at = clock.now()
    organisation.decided_by_id = _officer_id(actor)
    _saved(organisation)


def _submitted(organisation: Organisation) -> Organisation:
    organisation.status = OrganisationStatus.SUBMITTED
    organisation.submitted_at = clock.now()
    organisation.decided_at = organisation.decided_by = None
    _saved(organisation)
    tax_codes.claim_tax_code(organisation_id=organisation.pk)
    outbox.append(
        OrganisationSubmitted(organisation_id=organisation.pk, version=organisation.version)
    )
    return organisation


def _saved(organisation: Organisation) -> Organisation:
    organisation.version += 1
    organisation.save()
    return organisation


def _set_contact(organisation: Organisation, contact: Contact) -> None:
    for name, value in dataclasses.asdict(contact).items():
        setattr(organisation, name, clean(value))


def _set_identity(organisation: Organisation, identity: Identity) -> None:
    if not (identity.is_producer or identity.is_buyer or identity.is_organiser):
        message = _("Say whether you sell, buy or organise fairs.")
        raise InvalidInputError(message, {"is_producer": [message]})
    if organisation.province_id != identity.province_id:
        organisation.commune = None
    organisation.kind = identity.kind
    organisation.name = clean(identity.name)
    organisation.name_folded = fold(identity.name)
    organisation.province_id = identity.province_id
    organisation.is_producer = identity.is_producer
    organisation.is_buyer = identity.is_buyer
    organisation.is_organiser = identity.is_organiser


def _identity_of(organisation: Organisation) -> tuple[object, ...]:
    return (
        organisation.kind,
        organisation.name,
        organisation.tax_code,
        organisation.province_id,
        organisation.is_producer,
        organisation.is_buyer,
        organisation.is_organiser,
    )


def _read_tax_code(text: str) -> str:
    try:
        return taxcode.parse(text).value
    except taxcode.TaxCodeError as error:
        raise InvalidInputError(str(error), {"tax_code": [str(error)]}) from error
