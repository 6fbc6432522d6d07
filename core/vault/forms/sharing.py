"""The form of consent: which files, until when."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kernel import clock
from core.vault.enums import PacketCode
from core.vault.forms.fields import DocumentsChoiceField
from core.vault.models import Document, PacketShare
from core.vault.packing import Packet, plan_of
from core.vault.selectors import documents_by_id
from core.vault.services import Consent
from core.web.fields import DayField


class ShareForm(forms.Form):
    """Which of a packet's files its receiver may fetch, until which day.

    What counts today is chosen to begin with; what is shared already stays chosen.
    """

    documents = DocumentsChoiceField(
        label=_("Files to hand over"),
        queryset=Document.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one document.")},
    )
    until = DayField(
        label=_("Until"), help_text=_("From the next day on nobody fetches them any more.")
    )

    def __init__(
        self, *args: Any, packet: Packet, share: PacketShare | None, until: dt.date, **kwargs: Any
    ) -> None:
        self.packet = packet
        chosen = list(share.documents.values_list("pk", flat=True)) if share else None
        counting = [entry.document.pk for entry in plan_of(packet, chosen=chosen).entries]
        last = share.until if share else max(until, clock.today())
        kwargs["initial"] = {"documents": counting, "until": last}
        super().__init__(*args, **kwargs)
        ids = [one.pk for one in packet.documents]
        field = self.fields["documents"]
        if isinstance(field, forms.ModelMultipleChoiceField):
            found = documents_by_id(packet.holder_id, ids=ids)
            field.queryset = found.order_by("title_folded", "pk")

    def consent(self) -> Consent:
        """Return the consent for the service."""
        packet = self.packet
        return Consent(
            packet=PacketCode(packet.code),
            subject_id=packet.subject_id,
            title=packet.title,
            holder_id=packet.holder_id,
            receiver_id=packet.receiver_id or 0,
            document_ids=[one.pk for one in self.cleaned_data["documents"]],
            until=self.cleaned_data["until"],
        )
