"""API keys: made once, shown once, revoked for good."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core.accounts import apikeys
from core.accounts.actors import Actor
from core.accounts.enums import ApiScope, OrganisationStatus
from core.accounts.models import ApiKey, Organisation
from core.kernel import clock
from core.kernel.errors import IllegalTransitionError, InvalidInputError, NotAllowedError
from core.kernel.text import clean

MOST_KEYS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatedKey:
    """A stored key and its token, which cannot be had again."""

    key: ApiKey
    token: str = field(repr=False)


@transaction.atomic
def create_api_key(
    *, organisation_id: int, name: str, scopes: Iterable[ApiScope], created_by_id: int
) -> CreatedKey:
    """Make a key for an approved organisation; the token is returned this once.

    Raises:
        IllegalTransitionError: The organisation is not approved.
        InvalidInputError: No scope was chosen.
        NotAllowedError: The organisation has many keys already.
    """
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=organisation_id)
    if organisation.status != OrganisationStatus.APPROVED:
        raise IllegalTransitionError(
            _("API keys can be made as soon as the organisation is approved.")
        )
    chosen = sorted(set(scopes))
    if not chosen:
        message = _("Choose what the key may do.")
        raise InvalidInputError(message, {"scopes": [message]})
    if organisation.api_keys.filter(revoked_at=None).count() >= MOST_KEYS:
        raise NotAllowedError(_("You have many keys. Revoke one before you make another."))
    made = apikeys.make()
    key = ApiKey.objects.create(
        organisation=organisation,
        name=clean(name),
        prefix=made.prefix,
        secret_sha256=made.secret_sha256,
        scopes=chosen,
        created_by_id=created_by_id,
    )
    return CreatedKey(key=key, token=made.token)


@transaction.atomic
def revoke_api_key(*, api_key_id: int) -> ApiKey:
    """Make a key useless from the next request on; revoking again changes nothing."""
    key = ApiKey.objects.select_for_update().get(pk=api_key_id)
    if key.revoked_at is None:
        key.revoked_at = clock.now()
        key.save(update_fields=["revoked_at"])
    return key


def actor_of_api_key(token: str) -> Actor | None:
    """Return the actor behind an API key; None where it is unknown or revoked.

    The key of an organisation that is not approved is as good as unknown. The day of its last
    use is noted, at most once a day.
    """
    parts = apikeys.split(token)
    if parts is None:
        return None
    prefix, secret = parts
    found = ApiKey.objects.select_related("organisation__province")
    key = found.filter(prefix=prefix, revoked_at=None).first()
    if key is None or not apikeys.matches(secret, secret_sha256=key.secret_sha256):
        return None
    if not key.organisation.is_approved:
        return None
    _note_use(key)
    return Actor(
        organisation=key.organisation, scopes=frozenset(ApiScope(scope) for scope in key.scopes)
    )


def _note_use(key: ApiKey) -> None:
    today = clock.today()
    if key.last_used_on != today:
        ApiKey.objects.filter(Q(last_used_on=None) | Q(last_used_on__lt=today), pk=key.pk).update(
            last_used_on=today
        )
