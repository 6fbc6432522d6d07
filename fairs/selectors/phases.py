"""Where a fair may go next, and what has to be true first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from core.kernel import clock
from fairs.enums import DeadlineCode, FairPhase, ParticipationStatus
from fairs.models import Fair
from fairs.selectors.deadlines import rule_of

MOVES: Final[dict[str, tuple[FairPhase, ...]]] = {
    FairPhase.PLANNED.value: (FairPhase.REGISTERED, FairPhase.CALLING),
    FairPhase.REGISTERED.value: (FairPhase.CALLING,),
    FairPhase.CALLING.value: (FairPhase.REVIEWING,),
    FairPhase.REVIEWING.value: (FairPhase.RUNNING, FairPhase.CALLING),
    FairPhase.RUNNING.value: (FairPhase.CLOSED,),
    FairPhase.CLOSED.value: (FairPhase.REPORTED,),
    FairPhase.REPORTED.value: (),
    FairPhase.CANCELLED.value: (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One phase a fair may move to, and what still stands in the way."""

    phase: FairPhase
    unmet: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.unmet


def next_steps(fair: Fair) -> list[Step]:
    """Return the phases a fair may move to, the usual one first."""
    targets = [target for target in MOVES[fair.phase] if _applies(target, fair)]
    return [Step(phase=target, unmet=tuple(unmet(fair, target))) for target in targets]


def unmet(fair: Fair, target: FairPhase) -> list[str]:
    """Return what has to be true before the move and is not, in the reader's words."""
    check = _CONDITIONS.get(target)
    return check(fair) if check else []


def _applies(target: FairPhase, fair: Fair) -> bool:
    """Only kinds that the law wants registered have a registered phase."""
    return target != FairPhase.REGISTERED or _has(DeadlineCode.REGISTER, fair)


def _for_registering(fair: Fair) -> list[str]:
    if _is_marked(DeadlineCode.REGISTER, fair):
        return []
    return [_("Record the registration in the checklist, with its day and number.")]


def _for_calling(fair: Fair) -> list[str]:
    today = clock.today()
    checks = [
        (fair.venue_name, _("Say where the fair takes place.")),
        (fair.booth_quota, _("Say how many booths there are.")),
        (fair.applications_to, _("Say from when until when producers may apply.")),
        (
            fair.applications_to is None or fair.applications_to >= today,
            _("The days for applications are over. Move them."),
        ),
        (fair.opens_on > today, _("The fair has to open on a day to come.")),
    ]
    return [words for holds, words in checks if not holds]


def _for_running(fair: Fair) -> list[str]:
    waiting = fair.participations.filter(status=ParticipationStatus.SUBMITTED).count()
    checks = [
        (fair.opens_on <= clock.today(), _("The first day has not come yet.")),
        (not waiting, _("Decide on the applications that are still waiting.")),
        (
            not _has(DeadlineCode.REGISTER, fair) or _is_marked(DeadlineCode.REGISTER, fair),
            _("Record the registration in the checklist, with its day and number."),
        ),
    ]
    return [words for holds, words in checks if not holds]


def _for_closing(fair: Fair) -> list[str]:
    if fair.closes_on <= clock.today():
        return []
    return [_("The last day has not come yet. If the fair ends early, change its days first.")]


def _for_reporting(fair: Fair) -> list[str]:
    if not _has(DeadlineCode.REPORT, fair) or _is_marked(DeadlineCode.REPORT, fair):
        return []
    return [_("Record the report in the checklist, with the day you handed it in.")]


_CONDITIONS: Final[dict[FairPhase, Callable[[Fair], list[str]]]] = {
    FairPhase.REGISTERED: _for_registering,
    FairPhase.CALLING: _for_calling,
    FairPhase.RUNNING: _for_running,
    FairPhase.CLOSED: _for_closing,
    FairPhase.REPORTED: _for_reporting,
}


def _has(code: DeadlineCode, fair: Fair) -> bool:
    return rule_of(code, kind=fair.kind) is not None


def _is_marked(code: DeadlineCode, fair: Fair) -> bool:
    return fair.deadline_marks.filter(code=code).exists()
