"""Which kinds of messages exist and how each is put into words, late."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.notifications.enums import Topic
from core.notifications.models import Notification

DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class NotificationKind:
    """One kind of message to people with an account.

    Args:
        name: ``<subject>_<fact>``, e.g. ``match_proposed``; stored, so never renamed.
        topic: What the recipient chose a preference for.
        template: Folder below ``templates/emails`` with subject.txt, body.txt and body.html.
        context: Builds the template's values when the message is shown or sent; None means
            that the recipient may not or need not read it any more. ``url``, a path, becomes
            the button of the mail and the link in the portal.
    """

    name: str
    topic: Topic | str
    template: str
    context: Callable[[Notification], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class AddressKind:
    """One kind of account mail to an address that may have no account.

    `context` gets the stored ids and secrets and works like that of `NotificationKind`.
    """

    name: str
    topic: Topic | str
    template: str
    context: Callable[[Mapping[str, Any]], dict[str, Any] | None]


_kinds: dict[str, NotificationKind] = {}
_address_kinds: dict[str, AddressKind] = {}


def register(kind: NotificationKind | AddressKind) -> None:
    """Make a kind known; called from `AppConfig.ready()`.

    Raises:
        ValueError: The name is taken.
    """
    known: dict[str, Any] = _kinds if isinstance(kind, NotificationKind) else _address_kinds
    if kind.name == DIGEST or known.setdefault(kind.name, kind) != kind:
        raise ValueError(f"Two kinds of message are called {kind.name}.")


def kind_named(name: str) -> NotificationKind | None:
    """Return the kind, or None when this release does not know it."""
    return _kinds.get(name)


def address_kind_named(name: str) -> AddressKind | None:
    """Return the kind of account mail, or None when there is none of that name."""
    return _address_kinds.get(name)
