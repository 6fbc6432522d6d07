"""What each route is asked for: arguments that name one owner's object, and a body where needed.

A route with arguments that is not named here fails the matrix.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.urls import reverse

from tests.integration.security.actors import World

_ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")

# Route → objects of the world by argument; a plain value is itself. Several make several rows.
_NAMED: dict[str, list[dict[str, str]]] = {
    "accounts:join_sent": [{"organisation_id": "a"}],
    "accounts:join_step": [
        {"organisation_id": "e", "step": "=business"},
        {"organisation_id": "e", "step": "=tax-code"},
        {"organisation_id": "e", "step": "=place"},
        {"organisation_id": "e", "step": "=contact"},
        {"organisation_id": "e", "step": "=consents"},
    ],
    "accounts:member_change": [{"membership_id": "a.viewer"}],
    "accounts:member_remove": [{"membership_id": "a.viewer"}],
    "accounts:invitation_revoke": [{"invitation_id": "a.invitation"}],
    "accounts:api_key_revoke": [{"api_key_id": "a.key"}],
    "accounts:invitation": [{"token": "invitation token"}],
    "accounts:consent_text": [{"purpose": "=terms"}],
    "accounts:consent_give": [{"purpose": "=match_mail"}],
    "accounts:consent_withdraw": [{"purpose": "=match_mail"}, {"purpose": "=terms"}],
    "accounts:officer_organisation": [{"organisation_id": "s"}],
    "accounts:officer_tax_code": [{"organisation_id": "s"}],
    "notifications:open": [{"notification_id": "a.notification"}],
    "notifications:unsubscribe": [{"token": "unsubscribe token"}],
    "producers:product_edit": [{"pk": "a.product"}],
    "producers:product_archive": [{"pk": "a.product"}],
    "producers:product_restore": [{"pk": "a.archived"}],
    "producers:product_dossier": [{"pk": "a.product"}],
    "producers:product_dossier_zip": [{"pk": "a.product"}],
    "producers:paper_edit": [{"pk": "a.paper"}],
    "producers:paper_record": [{"pk": "a.paper"}, {"pk": "a.verified"}],
    "producers:paper_remove": [{"pk": "a.paper"}],
    "producers:paper_evidence": [{"pk": "a.paper"}],
    "producers:paper_preview": [{"pk": "a.paper"}],
    "producers:offer_detail": [{"pk": "a.draft"}, {"pk": "a.open"}],
    "producers:offer_edit": [{"pk": "a.draft"}, {"pk": "a.open"}],
    "producers:offer_publish": [{"pk": "a.draft"}],
    "producers:offer_withdraw": [{"pk": "a.open"}],
    "producers:offer_restore": [{"pk": "a.withdrawn"}],
    "producers:offer_delete": [{"pk": "a.draft"}],
    "producers:officer_batch": [{"pk": "decision"}],
    "producers:officer_batch_undo": [{"pk": "decision"}],
    "producers:officer_paper_file": [{"pk": "a.paper"}],
    "producers:officer_paper_take": [{"pk": "a.paper"}],
    "producers:officer_paper": [{"pk": "a.paper"}, {"pk": "a.verified"}],
    "producers:officer_paper_verify": [{"pk": "a.paper"}],
    "producers:officer_paper_decide": [
        {"pk": "a.paper", "step": "=return"},
        {"pk": "a.verified", "step": "=suspend"},
        {"pk": "a.verified", "step": "=revoke"},
    ],
    "producers:officer_proposal_confirm": [{"pk": "a.proposal"}],
    "producers:officer_proposal_refuse": [{"pk": "a.proposal"}],
    "producers:officer_proposal_undo": [{"pk": "a.own_proposal"}],
    "producers:officer_synonym_decide": [
        {"pk": "word", "step": "=approve"},
        {"pk": "word", "step": "=reject"},
        {"pk": "decided word", "step": "=reopen"},
    ],
    "producers:registry_list": [{"pk": "register"}],
    "producers:registry_list_change": [
        {"pk": "register", "step": "=compare"},
        {"pk": "register", "step": "=withdraw"},
        {"pk": "earlier register", "step": "=restore"},
    ],
    "producers:registry_undo_confirmed": [{"batch": "=6f1c1f0e-3a52-4a67-9a0b-1d1f8a3c5b11"}],
    "producers:registry_entry": [{"pk": "entry"}, {"pk": "linked entry"}],
    "producers:registry_decide": [{"pk": "entry"}],
    "producers:registry_take": [{"pk": "linked entry", "kind": "=award"}],
    "producers:registry_undo": [{"pk": "registry decision"}],
    "producers:producer_detail": [{"pk": "a"}],
    "producers:producer_logo": [{"pk": "a"}],
    "producers:product_detail": [{"pk": "a.product"}],
    "producers:product_photo": [{"pk": "a.product"}],
    "buyers:banner_edit": [{"banner_id": "c.banner"}],
    "buyers:banner_archive": [{"banner_id": "c.banner"}],
    "buyers:outlet_create": [{"banner_id": "c.banner"}],
    "buyers:outlet_paste": [{"banner_id": "c.banner"}],
    "buyers:outlet_edit": [{"outlet_id": "c.outlet"}],
    "buyers:outlet_archive": [{"outlet_id": "c.outlet"}],
    "buyers:request_detail": [{"request_id": "c.draft"}, {"request_id": "c.open"}],
    "buyers:request_edit": [{"request_id": "c.draft"}, {"request_id": "c.open"}],
    "buyers:request_publish": [{"request_id": "c.draft"}],
    "buyers:request_close": [{"request_id": "c.open"}],
    "buyers:request_reopen": [{"request_id": "c.closed"}],
    "buyers:request_discard": [{"request_id": "c.draft"}],
    "buyers:request_copy": [{"request_id": "c.open"}],
    "buyers:request_repeat": [{"request_id": "c.open"}],
    "buyers:profile_detail": [{"profile_id": "c.profile"}, {"profile_id": "c.published"}],
    "buyers:profile_edit": [{"profile_id": "c.profile"}],
    "buyers:profile_renew": [{"profile_id": "c.published"}],
    "buyers:profile_discard": [{"profile_id": "c.profile"}],
    "buyers:buyer_detail": [{"organisation_id": "c"}],
    "buyers:request_read": [{"request_id": "c.open"}],
    "matchmaking:readiness_product": [{"product_id": "a.product"}],
    "matchmaking:profile_publish": [{"profile_id": "c.profile"}],
    "matchmaking:match_detail": [{"match_id": "a×c"}],
    "matchmaking:accept": [{"match_id": "a×c"}],
    "matchmaking:decline": [{"match_id": "a×c"}],
    "matchmaking:take_back": [{"match_id": "a×d declined"}],
    "matchmaking:answer": [{"token": "mail link"}],
    "fairs:fair_detail": [{"fair_id": "o.calling"}],
    "fairs:apply": [{"fair_id": "x.calling"}],
    "fairs:application_withdraw": [{"participation_id": "a.place"}],
    "fairs:fair_manage": [{"fair_id": "o.calling"}, {"fair_id": "o.planned"}],
    "fairs:fair_edit": [{"fair_id": "o.calling"}, {"fair_id": "o.planned"}],
    "fairs:fair_copy": [{"fair_id": "o.calling"}],
    "fairs:fair_cancel": [{"fair_id": "o.calling"}],
    "fairs:fair_move": [{"fair_id": "o.planned", "phase": "=registered"}],
    "fairs:deadline_record": [{"fair_id": "o.planned", "code": "=register"}],
    "fairs:application_list": [{"fair_id": "o.calling"}],
    "fairs:application": [{"fair_id": "o.calling", "participation_id": "a.place"}],
    "fairs:application_decide": [
        {"fair_id": "o.calling", "participation_id": "a.place", "answer": "=approve"},
        {"fair_id": "o.calling", "participation_id": "a.place", "answer": "=decline"},
    ],
    "fairs:application_documents": [{"participation_id": "a.place"}],
    "fairs:application_documents_zip": [{"participation_id": "a.place"}],
    "fairs:application_fetch": [{"fair_id": "o.calling", "participation_id": "a.place"}],
    "matchmaking:dossier": [{"match_id": "a×c"}, {"match_id": "a×c agreed"}],
    "matchmaking:dossier_zip": [{"match_id": "a×c"}],
    "matchmaking:dossier_fetch": [{"match_id": "a×c agreed"}],
    "matchmaking:chain_dossier": [{"product_id": "a.product"}],
    "matchmaking:chain_dossier_zip": [{"product_id": "a.product"}],
    "vault:share_withdraw": [{"pk": "a.fair share"}],
    "vault:document_detail": [{"pk": "a.document"}, {"pk": "a.unused"}],
    "vault:document_replace": [{"pk": "a.document"}],
    "vault:document_archive": [{"pk": "a.document"}],
    "vault:document_restore": [{"pk": "a.unused"}],
    "vault:document_delete": [{"pk": "a.unused"}],
    "vault:document_file": [{"pk": "a.document"}],
    "vault:document_preview": [{"pk": "a.document"}],
    "freight:link_detail": [{"link_id": "link"}],
    "freight:gate_detail": [{"gate_id": "gate"}],
    "freight:pact_detail": [{"pact_id": "pact"}],
    "imports:import_create": [{"code": "=products"}],
    "imports:template": [{"code": "=products"}],
    "imports:export": [{"code": "=products"}],
    "imports:import_detail": [{"import_id": "a.import"}],
    "imports:refused_rows": [{"import_id": "a.import"}],
    "imports:import_apply": [{"import_id": "a.import"}],
    "imports:import_stop": [{"import_id": "a.import"}],
    "imports:import_undo": [{"import_id": "a.import"}],
    "import-detail": [{"pk": "a.import"}],
    "import-rows": [{"pk": "a.import"}],
    "import-apply": [{"pk": "a.import"}],
    "import-stop": [{"pk": "a.import"}],
    "import-undo": [{"pk": "a.import"}],
    "document-detail": [{"pk": "a.document"}, {"pk": "a.unused"}],
    "document-file": [{"pk": "a.document"}],
    "document-versions": [{"pk": "a.document"}],
    "document-archive": [{"pk": "a.document"}],
    "document-restore": [{"pk": "a.unused"}],
    "dossier-detail": [{"pk": "a.dossier"}],
    "dossier-zip": [{"pk": "a.dossier"}],
    "dossier-share": [{"pk": "a.dossier"}],
    "dossier-revoke": [{"pk": "a.dossier"}],
    "share-detail": [{"pk": "a.fair share"}],
    "share-withdraw": [{"pk": "a.fair share"}],
    "share-fetch": [{"pk": "a.fair share"}],
    "web:mailbox_detail": [{"key": "=1"}],
    "web:mailbox_html": [{"key": "=1"}],
    "province-detail": [{"code": "=22"}],
    "category-detail": [{"code": "=cam"}],
    "offer-detail": [{"pk": "a.draft"}],
    "offer-publish": [{"pk": "a.draft"}],
    "offer-withdraw": [{"pk": "a.open"}],
    "product-detail": [{"pk": "a.archived"}],
    "paper-detail": [{"pk": "a.paper"}],
    "paper-history": [{"pk": "a.paper"}],
    "request-detail": [{"pk": "c.draft"}],
    "request-publish": [{"pk": "c.draft"}],
    "request-close": [{"pk": "c.open"}],
    "requirement-profile-detail": [{"pk": "c.profile"}],
    "requirement-profile-publish": [{"pk": "c.profile"}],
    "requirement-profile-renew": [{"pk": "c.published"}],
    "api-requirement-effect-detail": [{"pk": "c.profile"}],
    "api-readiness-detail": [{"pk": "a.product"}],
    "api-match-detail": [{"pk": "a×c"}],
    "api-match-decide": [{"pk": "a×c"}],
}
_QUERIES = {
    "matchmaking:why": "?offer={a.open}&request={c.open}",
    "matchmaking:check": "?offer={a.open}",
    "producers:paper_create": "?kind=vietgap",
    "matchmaking:chain_dossier": "?profile={c.published}",
    "matchmaking:chain_dossier_zip": "?profile={c.published}",
    "commune-list": "?province=22",
    "dossier-list": "?kind=fair",
    "travel-list": "?from=22&to=01",
}
BODIES: dict[str, dict[str, str]] = {
    "accounts:switch_organisation": {"organisation": "{a}"},
    "accounts:officer_organisation": {"decision": "approve", "version": "1"},
    "accounts:officer_tax_code": {"decision": "refuse", "claim_reason": "x"},
    "api-match-decide": {"verdict": "accepted"},
    "address-resolve": {"address": "Phường Bãi Cháy, Quảng Ninh"},
    "category-classify": {"name": "Chả mực Hạ Long"},
    "producers:officer_synonym_decide": {"term": "cam thử nghiệm"},
    "producers:registry_decide": {"verdict": "apart"},
    "producers:registry_confirm": {"entry": "{entry}"},
    "set_language": {"language": "en"},
}


@dataclass(frozen=True)
class Address:
    """One address of a route."""

    name: str
    path: str


def addresses_of(name: str, pattern: str, world: World) -> list[Address]:
    """Return the addresses to ask a route for.

    Raises:
        KeyError: The route takes arguments and nobody said which.
    """
    wanted = [{}] if not _ARGUMENT.search(pattern) else _NAMED[name]
    query = _filled(_QUERIES.get(name, ""), world)
    found = []
    for one in wanted:
        values = {key: _value(value, world) for key, value in one.items()}
        said = "".join(f" {value.removeprefix('=')}" for value in one.values())
        found.append(Address(f"{name}{said}", reverse(name, kwargs=values) + query))
    return found


def body_of(name: str, world: World) -> dict[str, str]:
    """Return what is posted to a route; mostly nothing, which its own people see as an error."""
    return {key: _filled(value, world) for key, value in BODIES.get(name, {}).items()}


def _value(said: str, world: World) -> object:
    if said.startswith("="):
        return said[1:]
    found = world.at[said]
    return getattr(found, "pk", found)


def _filled(words: str, world: World) -> str:
    return re.sub(r"\{([^}]+)\}", lambda m: str(_value(m[1], world)), words)
