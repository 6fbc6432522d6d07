"""Remembering what people chose for a name, once an officer has agreed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from core.catalogue import selectors
from core.catalogue.classifier import LONGEST_TERM, classify, term_in, term_key
from core.catalogue.classifier.naming import key_of
from core.catalogue.classifier.vocabulary import Kind
from core.catalogue.classifier.words import words_of
from core.catalogue.enums import CategoryLevel, ProposalState
from core.catalogue.events import (
    SynonymApproved,
    SynonymProposed,
    SynonymRejected,
    SynonymReopened,
)
from core.catalogue.models import ProductCategory, SynonymProposal
from core.kernel import clock
from core.kernel.errors import IllegalTransitionError, InvalidInputError
from core.kernel.text import clean
from core.outbox import outbox

E = TypeVar("E", SynonymProposed, SynonymApproved, SynonymRejected)
_MOST_ORGANISATIONS: Final = 200
_NAME_LENGTH: Final = 200


@transaction.atomic
def record_choice(
    *, name: str, category_id: int, organisation_id: int, province_id: int | None
) -> SynonymProposal | None:
    """Note that a person chose a kind for a name; None where the name was read so anyway.

    One proposal gathers all choices of the same words for the same kind. A rejected one is
    counted on, but does not come back to the desk.

    Emits:
        SynonymProposed, the first time.
    """
    found = record_choices(
        choices=[(name, category_id)], organisation_id=organisation_id, province_id=province_id
    )
    return found[0] if found else None


@transaction.atomic
def record_choices(
    *, choices: Iterable[tuple[str, int]], organisation_id: int, province_id: int | None
) -> list[SynonymProposal]:
    """Note many names and the ids of the kinds chosen for them; as often `record_choice`.

    Returns the proposals counted on, each once.

    Emits:
        SynonymProposed for each new one.
    """
    gathered = _gathered(choices)
    # One order for everybody: two lists with the same words wait for each other, never crosswise.
    return [
        _counted(gathered[at], organisation_id=organisation_id, province_id=province_id)
        for at in sorted(gathered)
    ]


@dataclass(slots=True)
class _Choice:
    """Words that people chose a kind for, and how often."""

    category: ProductCategory
    term: str
    key: str
    example: str
    times: int = 0


def _gathered(choices: Iterable[tuple[str, int]]) -> dict[tuple[str, int], _Choice]:
    asked = list(choices)
    leaves = ProductCategory.objects.filter(is_active=True, level=CategoryLevel.LEAF)
    categories = leaves.in_bulk({category_id for _name, category_id in asked})
    vocabulary = selectors.known_vocabulary()
    gathered: dict[tuple[str, int], _Choice] = {}
    for name, category_id in asked:
        category = categories.get(category_id)
        if category is None or classify(name, vocabulary=vocabulary).code == category.code:
            continue
        example = clean(name)
        term = term_in(example, vocabulary=vocabulary)
        if key := term_key(term):
            new = _Choice(category, term, key, example[:_NAME_LENGTH])
            gathered.setdefault((key, category_id), new).times += 1
    return gathered


def _counted(choice: _Choice, *, organisation_id: int, province_id: int | None) -> SynonymProposal:
    proposal, is_new = SynonymProposal.objects.select_for_update(
        no_key=True, of=("self",)
    ).get_or_create(
        term_key=choice.key,
        category=choice.category,
        defaults={
            "term": choice.term,
            "example": choice.example,
            "times_chosen": choice.times,
            "organisation_ids": [organisation_id],
            "province_ids": [province_id] if province_id is not None else [],
        },
    )
    if is_new:
        outbox.append(_event(SynonymProposed, proposal))
    else:
        _count_again(proposal, organisation_id, province_id, times=choice.times)
    return proposal


def _count_again(
    proposal: SynonymProposal, organisation_id: int, province_id: int | None, *, times: int
) -> None:
    proposal.times_chosen += times
    proposal.last_chosen_at = clock.now()
    if (
        organisation_id not in proposal.organisation_ids
        and len(proposal.organisation_ids) < _MOST_ORGANISATIONS
    ):
        proposal.organisation_ids = [*proposal.organisation_ids, organisation_id]
    if province_id is not None and province_id not in proposal.province_ids:
        proposal.province_ids = [*proposal.province_ids, province_id]
    proposal.save(
        update_fields=["times_chosen", "last_chosen_at", "organisation_ids", "province_ids"]
    )


@transaction.atomic
def approve_synonym(*, proposal_id: int, term: str, officer_id: int | None) -> SynonymProposal:
    """Agree that words mean a kind; reading and search use them at once in every process.

    Args:
        proposal_id: The proposal.
        term: The words, perhaps without a brand that stood in the name.
        officer_id: Who decides.

    Raises:
        SynonymProposal.DoesNotExist: No such proposal.
        IllegalTransitionError: It was decided already.
        InvalidInputError: The words are empty, or mean another kind.

    Emits:
        SynonymApproved.
    """
    proposal = _waiting(proposal_id)
    proposal.term, proposal.term_key = _usable(term, proposal)
    _decide(proposal, ProposalState.APPROVED, officer_id)
    proposal.save(
        update_fields=["term", "term_key", "state", "decided_at", "decided_by_id", "version"]
    )
    outbox.append(_event(SynonymApproved, proposal))
    return proposal


@transaction.atomic
def reject_synonym(*, proposal_id: int, officer_id: int | None) -> SynonymProposal:
    """Disagree: the words go on meaning what they meant.

    Raises:
        SynonymProposal.DoesNotExist: No such proposal.
        IllegalTransitionError: It was decided already.

    Emits:
        SynonymRejected.
    """
    proposal = _waiting(proposal_id)
    _decide(proposal, ProposalState.REJECTED, officer_id)
    proposal.save(update_fields=["state", "decided_at", "decided_by_id", "version"])
    outbox.append(_event(SynonymRejected, proposal))
    return proposal


@transaction.atomic
def reopen_synonym(*, proposal_id: int, officer_id: int | None) -> SynonymProposal:
    """Take a decision back; the words wait for an officer again.

    Raises:
        SynonymProposal.DoesNotExist: No such proposal.
        IllegalTransitionError: Nothing was decided yet.

    Emits:
        SynonymReopened.
    """
    proposal = _locked(proposal_id)
    if proposal.state == ProposalState.WAITING:
        raise IllegalTransitionError(_("Nothing was decided about these words yet."))
    previous = proposal.state
    proposal.state = ProposalState.WAITING
    proposal.decided_at, proposal.decided_by_id = None, officer_id
    proposal.version += 1
    proposal.save(update_fields=["state", "decided_at", "decided_by_id", "version"])
    outbox.append(
        SynonymReopened(
            proposal_id=proposal.pk,
            version=proposal.version,
            category_code=proposal.category.code,
            previous=previous,
        )
    )
    return proposal


def _usable(term: str, proposal: SynonymProposal) -> tuple[str, str]:
    cleaned = clean(term).lower()
    key = term_key(cleaned)
    if not key or len(cleaned) > LONGEST_TERM:
        _refuse(_("Write one to a few words that name the product, at most 120 characters."))
    words = words_of(cleaned)
    vocabulary = selectors.known_vocabulary()
    for entry in vocabulary.phrases.get(tuple(word.folded for word in words), ()):
        is_same = key_of(entry.accented) == key
        if is_same and entry.kind == Kind.TERM and entry.code != proposal.category.code:
            other = ProductCategory.objects.filter(code=entry.code).first()
            _refuse(_("These words already mean “%(kind)s”. Add a word.") % {"kind": other})
    twins = SynonymProposal.objects.filter(term_key=key).exclude(pk=proposal.pk)
    if twins.filter(category=proposal.category).exists():
        _refuse(_("These words were proposed for this kind already. Decide about them there."))
    return cleaned, key


def _refuse(message: str) -> None:
    raise InvalidInputError(message, {"term": [message]})


def _waiting(proposal_id: int) -> SynonymProposal:
    proposal = _locked(proposal_id)
    if proposal.state != ProposalState.WAITING:
        raise IllegalTransitionError(_("These words were decided already. Take that back first."))
    return proposal


def _locked(proposal_id: int) -> SynonymProposal:
    return (
        SynonymProposal.objects.select_for_update(no_key=True, of=("self",))
        .select_related("category")
        .get(pk=proposal_id)
    )


def _decide(proposal: SynonymProposal, state: ProposalState, officer_id: int | None) -> None:
    proposal.state = state
    proposal.decided_at, proposal.decided_by_id = clock.now(), officer_id
    proposal.version += 1


def _event(event: type[E], proposal: SynonymProposal) -> E:
    return event(
        proposal_id=proposal.pk,
        version=proposal.version,
        category_code=proposal.category.code,
    )
