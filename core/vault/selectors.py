"""Reading documents and what is shared of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet, Sum

from core.accounts.actors import Actor
from core.kernel import clock
from core.vault.enums import PacketCode
from core.vault.models import Document, PacketShare


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How much an organisation keeps, old versions and the archive with it."""

    used_bytes: int
    most_bytes: int

    @property
    def share(self) -> float:
        """The used part, in [0, 1]."""
        return min(self.used_bytes / self.most_bytes, 1.0)

    @property
    def is_nearly_full(self) -> bool:
        """Whether it is time to tidy up."""
        return self.share >= 0.9  # noqa: PLR2004 -- the tenth that is left


def visible_to(actor: Actor) -> QuerySet[Document]:
    """Return the documents of the organisation acted for, in every state; nobody else's."""
    own = Document.objects.filter(organisation=actor.organisation_id or 0)
    return own.select_related("uploaded_by")


def documents_of(organisation_id: int, *, archived: bool = False) -> QuerySet[Document]:
    """Return an organisation's current documents, or its archived ones, newest first."""
    found = Document.objects.filter(
        organisation=organisation_id,
        replaced_by__isnull=True,
        archived_at__isnull=not archived,
    )
    return found.order_by("-uploaded_at", "-pk")


def versions_of(document: Document) -> list[Document]:
    """Return the earlier versions of a document, the latest first."""
    found: list[Document] = []
    wanted = [document.pk]
    while wanted:
        rows = Document.objects.filter(replaced_by__in=wanted).order_by("-version", "-pk")
        wanted = [row.pk for row in rows]
        found += rows
    return found


def newest_of(document: Document) -> Document:
    """Return the newest version of a document; itself where nothing took its place."""
    while document.replaced_by is not None:
        document = document.replaced_by
    return document


def used_bytes(organisation_id: int) -> int:
    """Return how much an organisation keeps, every version counted."""
    sums = Document.objects.filter(organisation=organisation_id).aggregate(all=Sum("size"))
    return int(sums["all"] or 0)


def shares_of(organisation_id: int) -> QuerySet[PacketShare]:
    """Return what an organisation shared, newest first, with how often it was fetched."""
    return (
        PacketShare.objects.filter(organisation=organisation_id)
        .select_related("receiver", "organisation", "given_by")
        .annotate(
            fetched=Count("handovers", distinct=True), files=Count("documents", distinct=True)
        )
        .annotate(last_fetched_at=Max("handovers__fetched_at"))
        .order_by("-given_at", "-pk")
    )


def shares_visible_to(actor: Actor) -> QuerySet[PacketShare]:
    """Return what the organisation acted for shared itself."""
    return shares_of(actor.organisation_id or 0)


def shares_known_to(actor: Actor) -> QuerySet[PacketShare]:
    """Return what the organisation acted for shared, and what it may fetch today."""
    own = actor.organisation_id or 0
    received = Q(receiver=own, withdrawn_at__isnull=True, until__gte=clock.today())
    found = PacketShare.objects.filter(Q(organisation=own) | received)
    return found.select_related("organisation", "receiver")


def archived_ids(document_ids: Collection[int]) -> set[int]:
    """Return those of some documents that are archived, in the version given or in the newest."""
    found: set[int] = set()
    origins = {pk: {pk} for pk in document_ids}
    while origins:
        rows = Document.objects.filter(pk__in=origins).values_list(
            "pk", "archived_at", "replaced_by"
        )
        later: dict[int, set[int]] = {}
        for pk, archived_at, replaced_by in rows:
            if archived_at is not None:
                found |= origins[pk]
            elif replaced_by is not None:
                later.setdefault(replaced_by, set()).update(origins[pk])
        origins = later
    return found


def open_share(
    packet: PacketCode, *, subject_id: int, receiver_id: int | None
) -> PacketShare | None:
    """Return the consent that was not taken back; it may have run out."""
    found = PacketShare.objects.filter(
        packet=packet, subject_id=subject_id, receiver=receiver_id, withdrawn_at__isnull=True
    )
    return found.select_related("organisation", "receiver").first()


def shared_document_ids(share: PacketShare) -> list[int]:
    """Return the documents of a share that its holder still keeps out of the archive."""
    chosen = list(share.documents.order_by("pk").values_list("pk", flat=True))
    archived = archived_ids(chosen)
    return [pk for pk in chosen if pk not in archived]


def documents_by_id(organisation_id: int, *, ids: Collection[int]) -> QuerySet[Document]:
    """Return those of an organisation's documents that are not archived."""
    kept = set(ids) - archived_ids(ids)
    return Document.objects.filter(organisation=organisation_id, pk__in=kept)


def ids_to_strip(*, after: int, most: int) -> list[int]:
    """Return the next documents nobody has looked into for place and camera data, by id."""
    waiting = Document.objects.filter(stripped_at__isnull=True, pk__gt=after)
    return list(waiting.order_by("pk").values_list("pk", flat=True)[:most])


def documents_named(ids: Collection[int]) -> QuerySet[Document]:
    """Return documents of anybody by id; for operators, not for pages."""
    return Document.objects.filter(pk__in=ids).order_by("pk")
