"""What rests on a document, and which dossiers can be made: apps above register both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from core.accounts.actors import Actor
from core.vault.enums import PacketCode
from core.vault.models import PacketShare
from core.vault.packing import Packet


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One thing that rests on a document."""

    document_id: int
    label: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One dossier a holder can make: its page, and what it is about."""

    subject_id: int
    title: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handing:
    """How a receiver comes to what is shared with it: on which page, and whether it may yet.

    `packet` is asked for only when it may.
    """

    url: str
    is_open: bool
    packet: Callable[[], Packet]


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketKind:
    """A kind of dossier: what it is for, which ones an actor can make, and how each is made.

    `subjects` are rows of the app, in the order of the page; `place`, `packet` and `until` take
    one of them. `until` is the last day first offered to the receiver. Without `until` and
    `handing` nobody but the holder has the dossier; `handing` returns None where the receiver
    has nothing to do with it any more.
    """

    code: PacketCode
    order: int
    text: str | Promise
    subjects: Callable[[Actor], QuerySet[Any]]
    place: Callable[[Any], Place]
    packet: Callable[[Any], Packet]
    until: Callable[[Any], dt.date] | None = None
    handing: Callable[[PacketShare], Handing | None] | None = None
    most_places: int = 20


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
    return [
        (one, [one.place(row) for row in one.subjects(actor)[: one.most_places]]) for one in kinds
    ]


def kind_of(code: str) -> PacketKind | None:
    """Return a kind of dossier by its code; None where no app makes it."""
    return _kinds.get(code)


def handing_of(share: PacketShare) -> Handing | None:
    """Return how the receiver of a share comes to it; None where it no longer does."""
    kind = kind_of(share.packet)
    return kind.handing(share) if kind is not None and kind.handing is not None else None
