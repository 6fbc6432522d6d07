"""Who holds a tax code: many may claim it, one holds it, an officer settles a dispute."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core.accounts import rules
from core.accounts.actors import Actor
from core.accounts.enums import ClaimStatus
from core.accounts.models import Organisation, TaxCodeClaim
from core.kernel import clock
from core.kernel.errors import IllegalTransitionError, NotAllowedError
from core.kernel.text import clean_lines


@transaction.atomic
def claim_tax_code(*, organisation_id: int) -> TaxCodeClaim | None:
    """Claim the organisation's tax code: held if nobody holds it, else queued for the officer.

    Claims to codes the organisation no longer names are released. Whether the claim is held or
    queued is the officer's business: callers show the same to everybody.
    """
    organisation = Organisation.objects.get(pk=organisation_id)
    _release_others(organisation)
    if not organisation.tax_code:
        return None
    _lock_code(organisation.tax_code)
    claim, _created = TaxCodeClaim.objects.get_or_create(
        organisation=organisation,
        tax_code=organisation.tax_code,
        defaults={"status": ClaimStatus.QUEUED},
    )
    if claim.status == ClaimStatus.HELD:
        return claim
    is_free = not _holder(organisation.tax_code)
    claim.status = ClaimStatus.HELD if is_free else ClaimStatus.QUEUED
    claim.save(update_fields=["status"])
    return claim


@transaction.atomic
def confirm_claim(*, organisation: Organisation, officer_id: int) -> None:
    """Make the organisation's claim the held one before it is approved.

    Raises:
        IllegalTransitionError: Another organisation holds the code; decide about that first.
    """
    if not organisation.tax_code:
        return
    _lock_code(organisation.tax_code)
    holder = _holder(organisation.tax_code)
    if holder is not None and holder.organisation_id != organisation.pk:
        raise IllegalTransitionError(
            _("Another organisation holds this tax code. Decide first who holds it.")
        )
    if holder is None:
        _settle(organisation, status=ClaimStatus.HELD, officer_id=officer_id, reason="")


@transaction.atomic
def move_claim(*, organisation_id: int, actor: Actor, reason: str) -> int | None:
    """Let the claimant hold the tax code; refuse the holder's claim, with the reason kept.

    Returns:
        Id of the organisation that held the code, None where nobody did.

    Raises:
        NotAllowedError: The actor is no officer of the claimant's province.
        IllegalTransitionError: There is no queued claim.
    """
    organisation = _disputed(organisation_id, actor=actor)
    officer_id = _officer_id(actor)
    holder = _holder(organisation.tax_code)
    if holder is not None:
        _settle(
            holder.organisation, status=ClaimStatus.REFUSED, officer_id=officer_id, reason=reason
        )
    _settle(organisation, status=ClaimStatus.HELD, officer_id=officer_id, reason=reason)
    return holder.organisation_id if holder else None


@transaction.atomic
def refuse_claim(*, organisation_id: int, actor: Actor, reason: str) -> TaxCodeClaim:
    """Leave the tax code with its holder and refuse the claimant, with the reason kept.

    Raises:
        NotAllowedError: The actor is no officer of the claimant's province.
        IllegalTransitionError: There is no queued claim.
    """
    organisation = _disputed(organisation_id, actor=actor)
    return _settle(
        organisation, status=ClaimStatus.REFUSED, officer_id=_officer_id(actor), reason=reason
    )


def _release_others(organisation: Organisation) -> None:
    stale = organisation.tax_code_claims.exclude(tax_code=organisation.tax_code)
    stale.filter(status__in=[ClaimStatus.HELD, ClaimStatus.QUEUED]).update(
        status=ClaimStatus.RELEASED
    )


def _disputed(organisation_id: int, *, actor: Actor) -> Organisation:
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=organisation_id)
    if not rules.can_decide_on_organisation(actor, organisation):
        raise NotAllowedError(_("Only an officer of its province decides on a tax code."))
    _lock_code(organisation.tax_code)
    claims = organisation.tax_code_claims.filter(tax_code=organisation.tax_code)
    if not claims.filter(status=ClaimStatus.QUEUED).exists():
        raise IllegalTransitionError(_("Nothing is in dispute here any more."))
    return organisation


def _settle(
    organisation: Organisation, *, status: ClaimStatus, officer_id: int, reason: str
) -> TaxCodeClaim:
    claim, _created = TaxCodeClaim.objects.update_or_create(
        organisation=organisation,
        tax_code=organisation.tax_code,
        defaults={
            "status": status,
            "reason": clean_lines(reason),
            "decided_by_id": officer_id,
            "decided_at": clock.now(),
        },
    )
    return claim


def _holder(tax_code: str) -> TaxCodeClaim | None:
    held = TaxCodeClaim.objects.filter(tax_code=tax_code, status=ClaimStatus.HELD)
    return held.select_related("organisation").first()


def _officer_id(actor: Actor) -> int:
    if actor.user_id is None:
        raise NotAllowedError(_("Only a person decides."))
    return actor.user_id


def _lock_code(tax_code: str) -> None:
    """Let claims to one code come one after another, also the very first two."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"tax-code:{tax_code}"]
        )
