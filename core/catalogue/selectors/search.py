"""Finding categories by what people type: accents count where they are, form beats ingredient."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db.models import Count, Max

from core.catalogue.enums import CategoryLevel
from core.catalogue.models import ProductCategory
from core.catalogue.selectors.spelling import Word, words_of
from core.catalogue.selectors.tree import categories

# Words that name what was made of a fruit or animal: with one of them it is no longer fresh.
FORMS = (
    "mứt", "kẹo", "trà", "chè", "rượu", "nước", "ruốc", "chả", "sấy", "khô", "bột", "tinh dầu",
    "siro", "bánh", "cao", "viên", "ô mai", "giò", "nem", "mắm", "gác bếp", "một nắng",
)  # fmt: skip
FRESH_SETS = ("B01", "B02", "B03", "B23", "B24", "B25")
# In these phrases the last word is not the product of that name.
NOT_PRODUCTS = ("phi lê", "hồng gai", "thăng long", "hạ long", "vân đồn", "lạng sơn")
FLAVOUR = "vị"
SAME_ACCENTS, NO_ACCENTS, OTHER_ACCENTS = range(3)

Words = tuple[Word, ...]


class Term(NamedTuple):
    """One name or synonym of a category."""

    words: Words
    category_id: int
    is_fresh: bool
    is_leaf: bool
    order: int


class Rank(NamedTuple):
    """How well a term answers; the smallest comes first."""

    loses_to_form: bool
    accents: int
    fit: int
    unmatched: int
    position: int
    is_group: bool
    order: int


_terms: dict[tuple[object, ...], list[Term]] = {}
_forms = [words_of(form) for form in FORMS]
_not_products = [words_of(phrase) for phrase in NOT_PRODUCTS]
_flavour = words_of(FLAVOUR)[0]


def search_categories(
    text: str, *, limit: int = 10, leaves_only: bool = False
) -> list[ProductCategory]:
    """Find categories whose name or synonym the text means, begins or contains.

    Hits with the accents typed stand before hits without; where the text names a form ("mứt",
    "trà", "sấy") the fresh thing comes last; what follows "vị" is a flavour and does not count.
    """
    typed = _meant(words_of(text))
    if not typed:
        return []
    best: dict[int, Rank] = {}
    for term in _all_terms():
        if leaves_only and not term.is_leaf:
            continue
        rank = _rank(term, typed)
        if rank is not None:
            best[term.category_id] = min(rank, best.get(term.category_id, rank))
    ids = sorted(best, key=best.__getitem__)[:limit]
    found = categories().select_related("parent", "default_unit").in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def _all_terms() -> list[Term]:
    """Return every term, kept in the process until a category changes."""
    state = categories().aggregate(n=Count("pk"), changed=Max("updated_at"))
    version = tuple(state.values())
    if version not in _terms:
        _terms.clear()
        _terms[version] = [term for category in categories() for term in _terms_of(category)]
    return _terms[version]


def _terms_of(category: ProductCategory) -> Iterable[Term]:
    names = [*category.name_vi.split(","), *category.synonyms, category.name_en]
    for name in dict.fromkeys(names):
        if words := words_of(name):
            yield Term(
                words,
                category.pk,
                category.code.startswith(FRESH_SETS),
                category.level == CategoryLevel.LEAF,
                category.order_lo,
            )


def _meant(typed: Words) -> Words:
    """Drop flavours and phrases in which a word does not mean the product."""
    for at, word in enumerate(typed):
        if word.accented == _flavour.accented and at > 0:
            typed = typed[:at]
            break
    for phrase in _not_products:
        at = _find(phrase, typed)
        if at is not None and len(typed) > len(phrase):
            typed = typed[:at] + typed[at + len(phrase) :]
    return typed


def _rank(term: Term, typed: Words) -> Rank | None:
    accents_at = _alignment(term.words, typed)
    if accents_at is None:
        return None
    accents, fit, position = accents_at
    return Rank(
        loses_to_form=term.is_fresh and _names_other_form(term.words, typed),
        accents=accents,
        fit=fit,
        unmatched=abs(len(typed) - len(term.words)),
        position=position,
        is_group=not term.is_leaf,
        order=term.order,
    )


def _alignment(term: Words, typed: Words) -> tuple[int, int, int] | None:
    """Return (accent grade, kind of fit, position), or None where the texts do not meet.

    Fit 0: the same words; 1: the term begins so; 2: the text holds the term; 3: the term
    holds the text.
    """
    if len(typed) <= len(term):
        at = _find(typed, term, last_may_be_begun=True)
        if at is None:
            return None
        whole = len(typed) == len(term) and typed[-1].folded == term[-1].folded
        fit = 0 if whole else (1 if at == 0 else 3)
        return _accent_grade(typed, term[at : at + len(typed)]), fit, at
    at = _find(term, typed)
    if at is None:
        return None
    return _accent_grade(typed[at : at + len(term)], term), 2, at


def _find(part: Words, whole: Words, *, last_may_be_begun: bool = False) -> int | None:
    """Return where `part` stands in `whole`, without regard to accents."""
    for at in range(len(whole) - len(part) + 1):
        window = whole[at : at + len(part)]
        *firsts, last = zip(part, window, strict=True)
        if all(a.folded == b.folded for a, b in firsts) and (
            last[0].folded == last[1].folded
            or (last_may_be_begun and last[1].folded.startswith(last[0].folded))
        ):
            return at
    return None


def _accent_grade(typed: Sequence[Word], term: Sequence[Word]) -> int:
    """Return the worst grade of the words, see `_grade`."""
    return max(_grade(mine, theirs) for mine, theirs in zip(typed, term, strict=True))


def _grade(mine: Word, theirs: Word) -> int:
    is_whole = mine.folded == theirs.folded
    if mine.accented == theirs.accented:
        return SAME_ACCENTS
    if not is_whole and theirs.accented.startswith(mine.accented):
        return SAME_ACCENTS
    return NO_ACCENTS if mine.is_plain else OTHER_ACCENTS


def _names_other_form(term: Words, typed: Words) -> bool:
    """Tell whether the text names a form that the term does not."""
    return any(
        _has(form, typed) and _find(form, term) is None and _find(term, typed) is not None
        for form in _forms
    )


def _has(form: Words, typed: Words) -> bool:
    at = _find(form, typed)
    return at is not None and _accent_grade(typed[at : at + len(form)], form) < OTHER_ACCENTS
