"""Errors the domain raises; core.web turns them into answers once, for pages and API alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class DomainError(Exception):
    """A rule of the domain said no; the message says what to do next."""


class PermanentError(DomainError):
    """Trying again cannot help: a duty that meets it is dead at once."""


class IllegalTransitionError(DomainError):
    """The record is in a state that does not allow this step."""


class NotAllowedError(DomainError):
    """The actor may not do this."""


class InvalidInputError(DomainError):
    """What was typed cannot be accepted; `field_errors` says which field and why."""

    def __init__(self, message: str, field_errors: Mapping[str, Sequence[str]]) -> None:
        super().__init__(message)
        self.field_errors = {name: list(errors) for name, errors in field_errors.items()}
