"""Changing people and organisations: one sentence, one transaction each."""

from __future__ import annotations

from core.accounts.services.api_keys import (
    CreatedKey,
    actor_of_api_key,
    create_api_key,
    revoke_api_key,
)
from core.accounts.services.consents import (
    ConsentText,
    consent_text,
    give_consents,
    withdraw_consent,
)
from core.accounts.services.members import (
    accept_invitation,
    change_member_role,
    invite_member,
    remove_member,
    revoke_invitation,
)
from core.accounts.services.organisations import (
    REQUIRED_CONSENTS,
    Contact,
    Identity,
    approve_organisation,
    change_contact,
    change_identity,
    hide_organisation,
    return_organisation,
    save_contact,
    save_identity,
    save_place,
    save_tax_code,
    start_organisation,
    submit_organisation,
    transfer_tax_code,
)
from core.accounts.services.people import (
    appoint_officer,
    change_profile,
    create_person,
    end_post,
)
from core.accounts.services.tax_codes import claim_tax_code, refuse_claim

__all__ = [
    "REQUIRED_CONSENTS",
    "ConsentText",
    "Contact",
    "CreatedKey",
    "Identity",
    "accept_invitation",
    "actor_of_api_key",
    "appoint_officer",
    "approve_organisation",
    "change_contact",
    "change_identity",
    "change_member_role",
    "change_profile",
    "claim_tax_code",
    "consent_text",
    "create_api_key",
    "create_person",
    "end_post",
    "give_consents",
    "hide_organisation",
    "invite_member",
    "refuse_claim",
    "remove_member",
    "return_organisation",
    "revoke_api_key",
    "revoke_invitation",
    "save_contact",
    "save_identity",
    "save_place",
    "save_tax_code",
    "start_organisation",
    "submit_organisation",
    "transfer_tax_code",
    "withdraw_consent",
]
