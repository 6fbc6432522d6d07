"""What the API of the vault takes in and hands out."""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer

from core.vault.content import CheckedFile, checked_file
from core.vault.enums import ContentKind, PacketCode
from core.vault.models import Document, PacketShare
from core.vault.services import Description
from core.web.renderers import OrjsonRenderer
from core.web.typed_api import TypedDay

IDEMPOTENCY: Final = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="Repeat safely with the same key."
)
_MOST_DOCUMENTS: Final = 500
_MAX_ID: Final = 2**62


class FileRenderer(OrjsonRenderer):
    """Lets a caller ask for the type of the file; a refusal is JSON all the same."""

    media_type = "*/*"
    format = "file"


FILE_RENDERERS: Final[list[type[BaseRenderer]]] = [OrjsonRenderer, FileRenderer]


class DocumentOut(serializers.ModelSerializer[Document]):
    """A document as its holder sees it."""

    class Meta:
        model = Document
        fields = [
            "id", "title", "kind", "valid_until", "type", "size", "sha256", "version",
            "replaced_by_id", "uploaded_at", "archived_at",
        ]  # fmt: skip
        read_only_fields = fields


class DocumentWithUsesOut(DocumentOut):
    """A document with what rests on it, in words."""

    used_by = serializers.ListField(child=serializers.CharField(), source="uses")

    class Meta(DocumentOut.Meta):
        fields = [*DocumentOut.Meta.fields, "used_by"]
        read_only_fields = fields


class FileIn(serializers.Serializer[Any]):
    """One file; its type is told by its bytes, its name and declared type count for nothing."""

    file = serializers.FileField(help_text="PDF, JPEG, PNG or WebP, at most 10 MB.")

    def validate_file(self, upload: UploadedFile[Any]) -> CheckedFile:
        """Return what will be stored.

        Raises:
            ValidationError: With the reason.
        """
        try:
            return checked_file(upload)
        except ValidationError as error:
            raise serializers.ValidationError(error.messages) from error


class DescriptionIn(serializers.Serializer[Any]):
    """What is said of a document; what is not sent stays."""

    title = serializers.CharField(max_length=160, required=False)
    kind = serializers.ChoiceField(choices=ContentKind.choices, required=False)
    valid_until = serializers.CharField(max_length=60, required=False, allow_blank=True)

    def said(self, document: Document | None = None) -> Description:
        """Return the description for the service, on top of what was said before."""
        typed: dict[str, str] = self.validated_data
        names = ("title", "kind", "valid_until")
        before = {name: getattr(document, name) for name in names} if document else {}
        sent = {name: typed[name] for name in names if name in typed}
        return Description(**(before | sent))


class DocumentIn(FileIn, DescriptionIn):
    """A file to keep; without a title it is called by its file name."""


class DossierOut(serializers.Serializer[Any]):
    """A dossier that can be made."""

    id = serializers.CharField(help_text="`ocop-12`, `fair-3`, `chain-7`.")
    kind = serializers.ChoiceField(choices=PacketCode.choices)
    title = serializers.CharField()
    note = serializers.CharField()


class AnswerOut(serializers.Serializer[Any]):
    """What answers a line, or would."""

    title = serializers.CharField()
    document_id = serializers.IntegerField(source="document.pk", allow_null=True, default=None)
    counts = serializers.BooleanField(help_text="Whether it answers the line today.")
    is_archived = serializers.BooleanField()
    number = serializers.CharField()
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True)
    state = serializers.CharField()


class LineOut(serializers.Serializer[Any]):
    """One thing the dossier asks for."""

    code = serializers.CharField(source="asked.code")
    asked = serializers.CharField(source="asked.label")
    is_required = serializers.BooleanField(source="asked.is_required")
    is_answered = serializers.BooleanField()
    confidence = serializers.CharField(source="asked.confidence")
    answers = AnswerOut(many=True)


class ShareOut(serializers.ModelSerializer[PacketShare]):
    """A consent to fetch files, as either side sees it."""

    dossier = serializers.SerializerMethodField(help_text="The holder's dossier.")
    kind = serializers.ChoiceField(choices=PacketCode.choices, source="packet")
    organisation_name = serializers.CharField(source="organisation.name")
    receiver_name = serializers.CharField(source="receiver.name")
    file_count = serializers.SerializerMethodField()
    is_open = serializers.BooleanField(help_text="Whether it may be fetched today.")

    class Meta:
        model = PacketShare
        fields = [
            "id", "dossier", "kind", "title", "organisation_id", "organisation_name",
            "receiver_id", "receiver_name", "file_count", "until", "is_open", "given_at",
            "withdrawn_at", "version",
        ]  # fmt: skip
        read_only_fields = fields

    def get_dossier(self, share: PacketShare) -> str:
        """Return the dossier's id."""
        return f"{share.packet}-{share.subject_id}"

    def get_file_count(self, share: PacketShare) -> int:
        """Return how many files were chosen."""
        return len(share.documents.all())


class DossierDetailOut(DossierOut):
    """A dossier with its lines; it is put together anew each time it is asked for."""

    as_of = serializers.DateField()
    receiver_id = serializers.IntegerField(allow_null=True)
    receiver_name = serializers.CharField()
    missing_count = serializers.IntegerField()
    lines = LineOut(many=True)
    offered_until = serializers.DateField(
        allow_null=True, help_text="A last day to offer; null where nobody else can have it."
    )
    share = ShareOut(allow_null=True)


class ShareIn(serializers.Serializer[Any]):
    """Which files the receiver may fetch, until which day."""

    documents = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=_MAX_ID),
        allow_empty=False, max_length=_MOST_DOCUMENTS,
        help_text="Ids of documents of this dossier; consent names each file.",
    )  # fmt: skip
    until = TypedDay(end="last", help_text="The last day, at most a year ahead.")
