"""The files an organisation keeps, and who may fetch which of them until when."""

from __future__ import annotations

import uuid

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.kernel import clock
from core.vault.content import FileType
from core.vault.enums import ContentKind, PacketCode

TYPES = [(one.value, one.name) for one in FileType]


def stored_name(document: Document, _name: str) -> str:
    """Return a name nobody can guess; what the file was called does not enter it."""
    return f"vault/{clock.today():%Y/%m}/{uuid.uuid4().hex}.{document.type}"


@pghistory.track(model_name="DocumentRevision")
class Document(models.Model):
    """One file of an organisation, as it stays for ever; a newer version is a row of its own.

    What rests on a version goes on resting on it: an officer's word is for the file that was read.
    """

    organisation = models.ForeignKey(
        "accounts.Organisation", models.CASCADE, related_name="documents"
    )
    title = models.CharField(_("name"), max_length=160)
    title_folded = models.CharField(max_length=200, editable=False)
    kind = models.CharField(
        _("what it is"), max_length=16, choices=ContentKind.choices, default=ContentKind.OTHER
    )
    valid_until = models.CharField(_("valid until"), max_length=60, blank=True)
    file = models.FileField(upload_to=stored_name)
    type = models.CharField(max_length=4, choices=TYPES)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    version = models.PositiveIntegerField(default=1)
    replaced_by = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="earlier"
    )
    uploaded_at = models.DateTimeField(default=clock.now, editable=False)
    uploaded_by = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    archived_at = models.DateTimeField(null=True, blank=True)
    # Null: stored before stripping existed; `strip_documents` has not looked at it yet.
    stripped_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "sha256"],
                name="document_content_once",
                condition=Q(replaced_by__isnull=True),
            ),
            models.UniqueConstraint(fields=["file"], name="document_file_once"),
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True) | Q(archived_at__isnull=True),
                name="document_archived_as_latest_only",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-uploaded_at"], name="document_of_org"),
            models.Index(
                fields=["id"], name="document_to_strip", condition=Q(stripped_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def file_type(self) -> FileType:
        """Its type as sniffed."""
        return FileType(self.type)

    @property
    def is_picture(self) -> bool:
        """Whether it can be shown as a picture."""
        return self.file_type.is_picture

    @property
    def is_current(self) -> bool:
        """Whether no newer version took its place."""
        return self.replaced_by_id is None


@pghistory.track(model_name="PacketShareRevision")
class PacketShare(models.Model):
    """A holder's consent that one other organisation may fetch chosen files until a day."""

    organisation = models.ForeignKey(
        "accounts.Organisation", models.CASCADE, related_name="packet_shares"
    )
    receiver = models.ForeignKey(
        "accounts.Organisation", models.CASCADE, related_name="packets_received"
    )
    packet = models.CharField(max_length=8, choices=PacketCode.choices)
    subject_id = models.PositiveBigIntegerField()
    title = models.CharField(max_length=300)
    documents = models.ManyToManyField(Document, related_name="shares")
    until = models.DateField(_("until"))
    given_at = models.DateTimeField(default=clock.now)
    given_by = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("shared packet")
        verbose_name_plural = _("shared packets")
        constraints = [
            models.UniqueConstraint(
                fields=["packet", "subject_id", "receiver"],
                name="packet_share_open_once",
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=~Q(organisation=models.F("receiver")), name="packet_share_with_another"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-given_at"], name="packet_share_of_org"),
            models.Index(fields=["receiver", "-id"], name="packet_share_to_org"),
            models.Index(
                fields=["until"],
                name="packet_share_to_end",
                condition=Q(withdrawn_at__isnull=True, ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether the receiver may fetch it today; the last day counts."""
        return self.withdrawn_at is None and self.until >= clock.today()


class Handover(models.Model):
    """Somebody of another organisation fetched a shared packet; rows are only added."""

    share = models.ForeignKey(PacketShare, models.CASCADE, related_name="handovers")
    fetched_at = models.DateTimeField(default=clock.now, editable=False)
    fetched_by = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    document_ids = models.JSONField(default=list)
    size = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")

    def __str__(self) -> str:
        return f"{self.share} · {self.fetched_at:%d/%m/%Y %H:%M}"


class DiscardedFile(models.Model):
    """A stored file no document holds any more; the row goes once the file is gone.

    Written with the change that discards it, so that a crash in between leaves nothing behind.
    """

    name = models.CharField(max_length=200, unique=True)
    discarded_at = models.DateTimeField(default=clock.now, editable=False)

    def __str__(self) -> str:
        return self.name
