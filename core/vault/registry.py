"""What rests on a document, and which dossiers can be made: apps above register both."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.utils.functional import Promise

from core.accounts.actors import Actor
from core.vault.enums import PacketCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One thing that rests on a document."""

    document_id: int
    label: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One dossier a holder can make: its page, and what it is about."""

    title: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketKind:
    """A kind of dossier; `places` lists those of an actor, `text` says what it is for."""

    code: PacketCode
    order: int
    text: str | Promise
    places: Callable[[Actor], list[Place]]


UsesOf = Callable[[Collection[int]], list[Use]]
_users: dict[str, UsesOf] = {}
_kinds: dict[str, PacketKind] = {}


def used_by(name: str, *, uses_of: UsesOf) -> None:
    """Say what of an app rests on documents; called in its ready(). The same name replaces."""
    _users[name] = uses_of


def uses_of(document_ids: Collection[int]) -> dict[int, list[Use]]:
    """Return what rests on documents, by their ids, all apps together."""
    found: dict[int, list[Use]] = {}
    if document_ids:
        for ask in _users.values():
            for use in ask(document_ids):
                found.setdefault(use.document_id, []).append(use)
    return found


def register_packet(kind: PacketKind) -> None:
    """Make a kind of dossier known; called in an app's ready()."""
    _kinds[kind.code] = kind


def packets_for(actor: Actor) -> list[tuple[PacketKind, list[Place]]]:
    """Return the kinds of dossiers with those the actor can make, empty kinds too."""
    kinds = sorted(_kinds.values(), key=lambda one: one.order)
    return [(kind, kind.places(actor)) for kind in kinds]
