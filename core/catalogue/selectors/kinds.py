"""The kinds a product's name may be, ranked, with the reason in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from core.catalogue.classifier import Basis, Candidate, Doubt
from core.catalogue.models import ProductCategory
from core.catalogue.selectors.search import search_categories
from core.catalogue.selectors.synonyms import kinds_of_name

SUGGESTED: Final = 4


@dataclass(frozen=True, slots=True)
class SuggestedKind:
    """One kind a name may be; `is_sure` where it may be chosen without asking."""

    category: ProductCategory
    reason: str
    is_sure: bool = False


def suggested_kinds(name: str, *, limit: int = SUGGESTED) -> list[SuggestedKind]:
    """Return the kinds a name may be, the likeliest first; at most the first is sure.

    What the reading of names found stands first, what its words find in the tree after it.
    """
    if not name.strip():
        return []
    verdict, rows = kinds_of_name(name)
    found = [
        SuggestedKind(rows[one.code], reason_of(one), is_sure=one.code == verdict.code)
        for one in verdict.candidates
        if one.code in rows
    ]
    known = {one.category.pk for one in found}
    more = search_categories(name, limit=limit, leaves_only=True)
    found += [
        SuggestedKind(category, _("Its words are in the name."))
        for category in more
        if category.pk not in known
    ]
    return found[:limit]


def reason_of(candidate: Candidate) -> str:
    """Say in words why a kind was thought of, and what makes that less sure."""
    doubts = _doubts(candidate.doubts)
    return f"{_basis(candidate)} {doubts}".strip()


def _basis(candidate: Candidate) -> str:
    first, last = candidate.words[0], candidate.words[-1]
    if candidate.basis == Basis.FORM:
        return _("“%(form)s” made of “%(thing)s”.") % {"form": first, "thing": last}
    if candidate.basis == Basis.AFTER:
        return _("“%(thing)s” that is “%(form)s”.") % {"thing": first, "form": last}
    if candidate.basis == Basis.INGREDIENT:
        return _("“%(words)s” stands further back in the name.") % {"words": first}
    return _("The name says “%(words)s”.") % {"words": first}


def _doubts(doubts: Iterable[Doubt]) -> str:
    words = {
        Doubt.NO_ACCENTS: _("Accents are missing."),
        Doubt.ONE_LETTER: _("One letter seems mistyped."),
        Doubt.UNKNOWN_BEFORE: _("Words we do not know stand before it."),
        Doubt.SEVERAL: _("It may mean several things."),
        Doubt.MAY_BE_NAME: _("It may be a name."),
    }
    return " ".join(words[doubt] for doubt in dict.fromkeys(doubts))
