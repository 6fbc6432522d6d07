"""What a buying organisation says of itself as a buyer."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from buyers.models import BuyerGroup
from core.accounts.models import Organisation
from core.kernel import text
from core.kernel.errors import InvalidInputError, NotAllowedError


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupDetails:
    """What a buyer says of itself."""

    summary: str = ""
    website: str = ""
    payment_days: int | None = None


@transaction.atomic
def register_buyer_group(*, organisation_id: int) -> BuyerGroup:
    """Return the organisation's buyer group, made on the first call.

    Raises:
        Organisation.DoesNotExist: No such organisation.
        NotAllowedError: The organisation does not buy.
    """
    organisation = Organisation.objects.get(pk=organisation_id)
    if not organisation.is_buyer:
        raise NotAllowedError(_("This organisation is not registered as a buyer."))
    group, _created = BuyerGroup.objects.get_or_create(organisation=organisation)
    return group


@transaction.atomic
def revise_group(*, group_id: int, details: GroupDetails) -> BuyerGroup:
    """Change what a buyer says of itself.

    Raises:
        BuyerGroup.DoesNotExist: No such group.
        InvalidInputError: A field cannot be accepted.
    """
    group = BuyerGroup.objects.select_for_update(no_key=True).get(pk=group_id)
    group.summary = text.clean(details.summary)
    group.website = details.website.strip()
    group.payment_days = details.payment_days
    try:
        group.clean_fields(exclude=["organisation", "version"])
    except ValidationError as error:
        sentence = _("Some fields need another look.")
        raise InvalidInputError(sentence, error.message_dict) from error
    group.version += 1
    group.save(update_fields=["summary", "website", "payment_days", "version"])
    return group
