"""Who may do what with a producer's things: pure predicates of an actor and an object."""

from __future__ import annotations

from core.accounts import rules as accounts
from core.accounts.actors import Actor
from core.accounts.models import Organisation
from core.catalogue.models import SynonymProposal
from producers.models import Paper, PaperProposal, Product, RegistryList, SupplyOffer


def can_edit(actor: Actor, thing: SupplyOffer | Product | Paper) -> bool:
    """Owners and editors change what belongs to the organisation they act for."""
    return thing.producer_id == actor.organisation_id and accounts.can_write(actor)


def can_sell(actor: Actor) -> bool:
    """Owners and editors of a selling organisation add products, papers and drafts."""
    organisation = actor.organisation
    return organisation is not None and organisation.is_producer and accounts.can_write(actor)


def can_publish(actor: Actor) -> bool:
    """Only an approved organisation may show offers to others."""
    organisation: Organisation | None = actor.organisation
    return can_sell(actor) and organisation is not None and organisation.is_approved


def can_decide_on_paper(actor: Actor, paper: Paper) -> bool:
    """Officers of the producer's province decide, with a second factor, never on their own."""
    organisation = paper.producer.organisation
    return (
        organisation.province_id in actor.province_ids
        and actor.has_second_factor
        and organisation.pk != actor.organisation_id
    )


def can_answer_proposal(actor: Actor, proposal: PaperProposal) -> bool:
    """A second officer who may decide on the paper answers; never the one who proposed."""
    is_own = proposal.proposed_by_id == actor.user_id
    return not is_own and can_decide_on_paper(actor, proposal.paper)


def can_decide_on_synonym(actor: Actor, proposal: SynonymProposal) -> bool:
    """Administrators and officers of a province that used the words, never for their own firm."""
    if not actor.has_second_factor or proposal.organisation_ids == [actor.organisation_id]:
        return False
    return actor.is_administrator or not actor.province_ids.isdisjoint(proposal.province_ids)


def can_reconcile(actor: Actor) -> bool:
    """Officers of a province compare registers with the portal, with a second factor."""
    return actor.is_officer and actor.has_second_factor


def can_decide_on_list(actor: Actor, found: RegistryList) -> bool:
    """Officers of the list's own province decide about it."""
    return can_reconcile(actor) and found.registry.province_id in actor.province_ids
