"""Moving a fair from phase to phase, and calling it off."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.enums import OrganisationStatus
from core.kernel import clock, text
from core.kernel.errors import IllegalTransitionError, InvalidInputError, NotAllowedError
from core.outbox import outbox
from fairs.enums import BEFORE_RUNNING, FairPhase
from fairs.events import FairPhaseChanged
from fairs.models import Fair
from fairs.selectors import next_steps
from fairs.services.fairs import locked_fair
from fairs.services.terms import MAX_REASON


@transaction.atomic
def move_fair(*, fair_id: int, target: FairPhase) -> Fair:
    """Move a fair on; where it stands there already, nothing happens.

    Raises:
        Fair.DoesNotExist: No such fair.
        IllegalTransitionError: The phase does not follow, or something has to be true first.
        NotAllowedError: The organiser is no longer approved and wants to open the call.

    Emits:
        FairPhaseChanged.
    """
    fair = locked_fair(fair_id)
    if fair.phase == target:
        return fair
    step = next((step for step in next_steps(fair) if step.phase == target), None)
    if step is None:
        words = _("A fair that is “%(phase)s” cannot become “%(target)s”.")
        labels = {"phase": fair.get_phase_display(), "target": target.label}
        raise IllegalTransitionError(words % labels)
    if not step.is_open:
        raise IllegalTransitionError(" ".join(step.unmet))
    if target == FairPhase.CALLING:
        _announce(fair)
    return _moved(fair, target)


@transaction.atomic
def cancel_fair(*, fair_id: int, reason: str) -> Fair:
    """Call a fair off before it runs; everybody who applied is told why.

    Raises:
        Fair.DoesNotExist: No such fair.
        IllegalTransitionError: It runs, or is over.
        InvalidInputError: The reason is missing or too long.

    Emits:
        FairPhaseChanged.
    """
    fair = locked_fair(fair_id)
    if fair.phase == FairPhase.CANCELLED:
        return fair
    if fair.phase not in BEFORE_RUNNING:
        raise IllegalTransitionError(_("A fair that has opened cannot be cancelled."))
    fair.phase_reason = checked_reason(reason)
    return _moved(fair, FairPhase.CANCELLED)


def checked_reason(reason: str) -> str:
    """Return a reason as it will be stored.

    Raises:
        InvalidInputError: It is missing or too long.
    """
    summary = _("Some fields need another look.")
    if len(reason) > MAX_REASON:
        words = _("At most %(most)d characters.") % {"most": MAX_REASON}
        raise InvalidInputError(summary, {"reason": [words]})
    cleaned = text.clean(reason)
    if not cleaned:
        raise InvalidInputError(summary, {"reason": [_("Say why, in one or two sentences.")]})
    return cleaned


def _announce(fair: Fair) -> None:
    if fair.organiser.status != OrganisationStatus.APPROVED:
        raise NotAllowedError(_("Only approved organisers open a call."))
    fair.announced_at = fair.announced_at or clock.now()


def _moved(fair: Fair, target: FairPhase) -> Fair:
    before = fair.phase
    fair.phase = target
    fair.version += 1
    fair.save(update_fields=["phase", "phase_reason", "announced_at", "version"])
    outbox.append(
        FairPhaseChanged(
            fair_id=fair.pk,
            version=fair.version,
            organisation_id=fair.organiser_id,
            before=str(before),
            after=target.value,
        )
    )
    return fair
