"""Why papers go back, stop or end: which reasons a step knows, and what the holder reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, override

from producers.enums import DeskReason, DeskStep
from producers.services.checking import FieldErrors

MOST_WORDS: Final = 300
"""The reason, these words and the advice fit together into what a paper keeps."""
REASONS: Final[Mapping[DeskStep, tuple[DeskReason, ...]]] = {
    DeskStep.VERIFY: (),
    DeskStep.RETURN: (
        DeskReason.UNREADABLE,
        DeskReason.INCOMPLETE,
        DeskReason.WRONG_FILE,
        DeskReason.MISMATCH,
        DeskReason.OTHER_HOLDER,
        DeskReason.RUN_OUT,
        DeskReason.NOT_IN_REGISTER,
        DeskReason.OTHER,
    ),
    DeskStep.SUSPEND: (
        DeskReason.UNDER_REVIEW,
        DeskReason.INSPECTION,
        DeskReason.NOT_IN_REGISTER,
        DeskReason.OTHER,
    ),
    DeskStep.REVOKE: (
        DeskReason.WITHDRAWN,
        DeskReason.FORGED,
        DeskReason.CEASED,
        DeskReason.OTHER,
    ),
}
ADVICE: Final[Mapping[DeskReason, Promise]] = {
    DeskReason.UNREADABLE: gettext_lazy(
        "Scan or photograph it again in good light, with all four corners in the picture."
    ),
    DeskReason.INCOMPLETE: gettext_lazy("Send every page, with stamp and signature."),
    DeskReason.WRONG_FILE: gettext_lazy("Send the file of the paper you typed in."),
    DeskReason.MISMATCH: gettext_lazy("Correct what you typed so that it is as in the file."),
    DeskReason.OTHER_HOLDER: gettext_lazy(
        "Send the paper in your own name, or a decision that shows the change of name."
    ),
    DeskReason.RUN_OUT: gettext_lazy("Ask the issuer to renew it and hand in the new paper."),
    DeskReason.NOT_IN_REGISTER: gettext_lazy(
        "Compare the number with the original, and ask the issuer if it is right."
    ),
    DeskReason.UNDER_REVIEW: gettext_lazy("You need not do anything until the issuer has decided."),
    DeskReason.INSPECTION: gettext_lazy(
        "Mend what the inspection found and send the officer the record of it."
    ),
    DeskReason.WITHDRAWN: gettext_lazy("Ask the issuer what a new paper takes."),
    DeskReason.FORGED: gettext_lazy("If you do not agree, write to the department in your name."),
    DeskReason.CEASED: gettext_lazy("Once you meet the conditions again, apply for a new paper."),
}


def words_for(step: DeskStep, *, why: DeskReason, words: str) -> str:
    """Return what the holder will read: the reason, the officer's words, and what to do next.

    Holders read Vietnamese, whatever language the officer's page is in.

    Raises:
        InvalidInputError: The step does not know the reason, or "another" comes without words.
    """
    errors = FieldErrors()
    errors.choice("why", value=why, known=REASONS[step])
    is_other = why == DeskReason.OTHER
    said = errors.line("reason", typed=words, most=MOST_WORDS, required=is_other)
    errors.raise_any()
    if is_other:
        return said
    with override(settings.LANGUAGE_CODE):
        parts = [str(why.label), said, str(ADVICE[why])]
        return _joined(parts)


def _joined(parts: list[str]) -> str:
    stops = (".", "!", "?", "…")
    sentences = [one if one.endswith(stops) else f"{one}." for one in parts if one]
    return " ".join(sentences)


def reason_of(code: str, *, step: DeskStep) -> DeskReason:
    """Return the reason of that code; "another" where none was chosen.

    Raises:
        InvalidInputError: There is no such reason for the step.
    """
    errors = FieldErrors()
    if not code:
        return DeskReason.OTHER
    errors.choice("why", value=code, known=REASONS[step])
    errors.raise_any()
    return DeskReason(code)
