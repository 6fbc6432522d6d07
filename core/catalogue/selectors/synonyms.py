"""Reading proposed synonyms, and the vocabulary that the approved ones complete."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from functools import cache
from threading import Lock
from typing import Final

from django.db.models import Count, Max, QuerySet, Sum

from core.catalogue.classifier import (
    Verdict,
    Vocabulary,
    classify,
    extended,
    vocabulary_of_files,
)
from core.catalogue.enums import ProposalState
from core.catalogue.models import ProductCategory, SynonymProposal
from core.catalogue.selectors.tree import leaves

Proposals = QuerySet[SynonymProposal]
Version = tuple[object, ...]
_LOCK: Final = Lock()
_kept: dict[Version, Vocabulary] = {}


def proposals(
    *, state: ProposalState | None = None, province_ids: Collection[int] | None = None
) -> Proposals:
    """Return proposed synonyms, those chosen most often first.

    Args:
        state: Only those; all when None.
        province_ids: Only those chosen by organisations of these provinces; all when None.
    """
    found = SynonymProposal.objects.select_related("category__parent")
    if state is not None:
        found = found.filter(state=state)
    if province_ids is not None:
        found = found.filter(province_ids__overlap=list(province_ids))
    return found


def approved_terms() -> dict[str, list[str]]:
    """Return the approved synonyms by the code of their kind."""
    terms: dict[str, list[str]] = defaultdict(list)
    rows = SynonymProposal.objects.filter(state=ProposalState.APPROVED).order_by("pk")
    for code, term in rows.values_list("category__code", "term"):
        terms[code].append(term)
    return dict(terms)


def synonyms_version() -> Version:
    """Return what changes with each approval and each undoing, in every process."""
    approved = SynonymProposal.objects.filter(state=ProposalState.APPROVED)
    state = approved.aggregate(n=Count("pk"), versions=Sum("version"), last=Max("decided_at"))
    return tuple(state.values())


def known_vocabulary() -> Vocabulary:
    """Return what the reading of names knows now: the reference files and approved synonyms.

    The tree comes from the files, not from the tables: terms and rules belong together, and a
    database loaded from an older release would know half of them.
    """
    version = synonyms_version()
    with _LOCK:
        if version not in _kept:
            terms = approved_terms()
            _kept.clear()
            _kept[version] = extended(_of_files(), terms=terms) if terms else _of_files()
        return _kept[version]


@cache
def _of_files() -> Vocabulary:
    return vocabulary_of_files()


def read_name(name: str) -> Verdict:
    """Say which kinds of products a name may mean, the likeliest first."""
    return classify(name, vocabulary=known_vocabulary())


def kinds_of_name(name: str) -> tuple[Verdict, dict[str, ProductCategory]]:
    """Return the reading of a name and the leaves it speaks of, by code."""
    verdict = read_name(name)
    codes = [candidate.code for candidate in verdict.candidates if candidate.is_leaf]
    rows = leaves().filter(code__in=codes).select_related("parent", "default_unit")
    return verdict, {row.code: row for row in rows}
