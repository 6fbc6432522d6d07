"""What is asked and said when a fair moves on or an application is decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A question, what will happen, the button, and what is said afterwards."""

    title: Promise
    text: Promise
    action: Promise
    done: Promise


MOVE_WORDS: Final = {
    "registered": Words(
        title=_("Mark “%(fair)s” as registered?"),
        text=_("The department has your registration. You can open the call next."),
        action=_("Mark as registered"),
        done=_("The fair is marked as registered."),
    ),
    "calling": Words(
        title=_("Open the call of “%(fair)s”?"),
        text=_("The fair stands in the public calendar from now on, and producers can apply."),
        action=_("Open the call"),
        done=_("The call is open. You are told of every application."),
    ),
    "reviewing": Words(
        title=_("End the call of “%(fair)s”?"),
        text=_("No new applications come in. You decide on those you have; you can reopen it."),
        action=_("End the call"),
        done=_("The call is over. Decide on the applications that wait."),
    ),
    "running": Words(
        title=_("Open “%(fair)s”?"),
        text=_("The fair is shown as running. Applications can no longer be changed."),
        action=_("Open the fair"),
        done=_("The fair is running."),
    ),
    "closed": Words(
        title=_("Close “%(fair)s”?"),
        text=_("The fair is over; what it says can no longer be changed."),
        action=_("Close the fair"),
        done=_("The fair is closed. The report to the department comes next."),
    ),
    "reported": Words(
        title=_("Finish “%(fair)s”?"),
        text=_("Everything the authorities asked for is done. This ends the checklist."),
        action=_("Finish"),
        done=_("Finished. Use this fair as the pattern of the next edition."),
    ),
}
DECISION_WORDS: Final = {
    "approve": Words(
        title=_("Approve %(applicant)s?"),
        text=_("The applicant is told at once and stands on the fair's public page."),
        action=_("Approve"),
        done=_("Approved. The applicant is told."),
    ),
    "return": Words(
        title=_("Return the application of %(applicant)s?"),
        text=_("The applicant reads your reason, changes the application and sends it again."),
        action=_("Return the application"),
        done=_("Returned. The applicant is told why."),
    ),
    "decline": Words(
        title=_("Decline %(applicant)s?"),
        text=_("The applicant reads your reason. You can still approve it later."),
        action=_("Decline the application"),
        done=_("Declined. The applicant is told why."),
    ),
}
