"""Changing what an organisation says of itself as a seller."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.validators import URLValidator
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core.accounts.models import Organisation
from core.kernel.errors import NotAllowedError
from producers.models import Producer
from producers.services.announcing import announce_changed_offers
from producers.services.checking import FieldErrors
from producers.services.files import delete_after_commit
from producers.services.inputs import ProfileInput

MAX_HOUSEHOLDS = 100_000
_MAX_URL = 200


@transaction.atomic
def register_producer(*, organisation_id: int) -> Producer:
    """Return the organisation's seller side, made now if it has none yet.

    Raises:
        Organisation.DoesNotExist: No such organisation.
        NotAllowedError: The organisation did not say that it sells.
    """
    organisation = Organisation.objects.get(pk=organisation_id)
    if not organisation.is_producer:
        raise NotAllowedError(_("This organisation does not sell. Change that in its details."))
    producer, _made = Producer.objects.get_or_create(organisation=organisation)
    return producer


@transaction.atomic
def revise_profile(
    *,
    producer_id: int,
    values: ProfileInput,
    logo: File[bytes] | None = None,
    remove_logo: bool = False,
) -> Producer:
    """Store what a producer says of itself.

    Args:
        producer_id: The organisation's id; its seller side is made if it has none yet.
        values: The new answers; they replace all earlier ones.
        logo: A picture from `files.checked_photo`; None keeps the present one.
        remove_logo: Take the present picture away.

    Raises:
        InvalidInputError: With the fields at fault.

    Emits:
        SupplyOfferChanged for each published offer when matching sees the change (invoices).
    """
    register_producer(organisation_id=producer_id)
    producer = Producer.objects.select_for_update(no_key=True).get(pk=producer_id)
    matters = producer.can_issue_invoice != values.can_issue_invoice
    _set(producer, values)
    if logo is not None or remove_logo:
        delete_after_commit(producer.logo)
        producer.logo = logo or ""
    producer.version += 1
    producer.save()
    if matters:
        announce_changed_offers(Q(producer_id=producer_id))
    return producer


def _set(producer: Producer, values: ProfileInput) -> None:
    errors = FieldErrors()
    producer.summary = errors.line("summary", typed=values.summary, most=200)
    producer.story = errors.lines("story", typed=values.story, most=4000)
    producer.website = errors.line("website", typed=values.website, most=_MAX_URL)
    check_web_address(errors, "website", url=producer.website)
    if values.households is not None and not 0 <= values.households <= MAX_HOUSEHOLDS:
        errors.add("households", _("Write a number between 0 and 100,000."))
    errors.raise_any()
    producer.can_issue_invoice = values.can_issue_invoice
    producer.has_cold_storage = values.has_cold_storage
    producer.has_own_transport = values.has_own_transport
    producer.households = values.households


def check_web_address(errors: FieldErrors, field: str, *, url: str) -> None:
    """Note an address that does not begin with http(s) or cannot be one."""
    if not url or errors.has(field):
        return
    try:
        URLValidator(schemes=["http", "https"])(url)
        urlsplit(url)
    except (ValidationError, ValueError):
        errors.add(field, _("Write a full web address, for example https://example.vn."))
