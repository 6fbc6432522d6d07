"""Finding categories by what people type: accents count where they are, form beats ingredient."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum
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
NOT_PRODUCTS = ("phi lê", "hồng gai")
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


class Fit(IntEnum):
    """How a term and the text meet, the best first."""

    SAME = 0
    TERM_BEGINS_SO = 1
    TEXT_HOLDS_TERM = 2
    BEGUN_WORD = 3
    TERM_HOLDS_TEXT = 4


class Hit(NamedTuple):
    """A term that meets the text, and the words of the text it speaks for."""

    term: Term
    accents: int
    fit: Fit
    first: int
    last: int

    def is_inside(self, other: Hit) -> bool:
        """Whether the other hit speaks for the same words and more: cá hồi is not hồi."""
        return (
            other.accents <= self.accents
            and other.first <= self.first
            and self.last <= other.last
            and other.last - other.first > self.last - self.first
        )


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
    hits = [hit for term in _all_terms() if (hit := _hit(term, typed)) is not None]
    if leaves_only:
        hits = [hit for hit in hits if hit.term.is_leaf]
    return _categories_of(_ordered(_believed(hits), typed), limit)


def _categories_of(hits: Iterable[Hit], limit: int) -> list[ProductCategory]:
    ids = list(dict.fromkeys(hit.term.category_id for hit in hits))[:limit]
    found = categories().select_related("parent", "default_unit").in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def _believed(hits: list[Hit]) -> list[Hit]:
    """Drop hits with other accents than typed, unless there are no better ones."""
    good = [hit for hit in hits if hit.accents < OTHER_ACCENTS]
    return good or hits


def _ordered(hits: list[Hit], typed: Words) -> list[Hit]:
    held = [hit for hit in hits if hit.fit == Fit.TEXT_HOLDS_TERM]
    return sorted(
        hits,
        key=lambda hit: (
            hit.fit == Fit.TEXT_HOLDS_TERM and any(hit.is_inside(other) for other in held),
            hit.term.is_fresh and _names_other_form(hit.term.words, typed),
            hit.accents,
            hit.fit,
            abs(len(typed) - len(hit.term.words)),
            hit.first,
            not hit.term.is_leaf,
            hit.term.order,
        ),
    )


def _all_terms() -> list[Term]:
    """Return every term, kept in the process until a category changes."""
    state = categories().aggregate(n=Count("pk"), changed=Max("updated_at"))
    version = tuple(state.values())
    if version not in _terms:
        _terms.clear()
        _terms[version] = [term for category in categories() for term in _terms_of(category)]
    return _terms[version]


def _terms_of(category: ProductCategory) -> Iterable[Term]:
    is_leaf = category.level == CategoryLevel.LEAF
    # A leaf's name may list kinds; the names of groups list what they stand above.
    own = category.name_vi.split(",") if is_leaf else [category.name_vi]
    is_fresh = category.code.startswith(FRESH_SETS)
    for name in dict.fromkeys([*own, *category.synonyms, category.name_en]):
        if words := words_of(name):
            yield Term(words, category.pk, is_fresh, is_leaf, category.order_lo)


def _meant(typed: Words) -> Words:
    """Drop flavours and phrases in which a word does not mean the product."""
    for at, word in enumerate(typed):
        if word.accented == _flavour.accented and at > 0:
            typed = typed[:at]
            break
    for phrase in _not_products:
        start = _find(phrase, typed)
        if start is not None:
            typed = typed[:start] + typed[start + len(phrase) :]
    return typed


def _hit(term: Term, typed: Words) -> Hit | None:
    words = term.words
    if len(typed) > len(words):
        at = _find(words, typed)
        if at is None:
            return None
        grade = _accent_grade(typed[at : at + len(words)], words)
        return Hit(term, _doubted(grade, typed), Fit.TEXT_HOLDS_TERM, at, at + len(words))
    at = _find(typed, words, last_may_be_begun=True)
    if at is None:
        return None
    return _whole_text_hit(term, typed, at)


def _whole_text_hit(term: Term, typed: Words, at: int) -> Hit:
    window = term.words[at : at + len(typed)]
    grade = _accent_grade(typed, window)
    if window[-1].folded != typed[-1].folded:
        return Hit(term, max(grade, NO_ACCENTS), Fit.BEGUN_WORD, 0, len(typed))
    if len(typed) == len(term.words):
        return Hit(term, grade, Fit.SAME, 0, len(typed))
    fit = Fit.TERM_BEGINS_SO if at == 0 else Fit.TERM_HOLDS_TEXT
    return Hit(term, _doubted(grade, typed), fit, 0, len(typed))


def _doubted(grade: int, typed: Words) -> int:
    """Lower a grade where nothing was typed with accents: a word without any proves little."""
    return max(grade, NO_ACCENTS) if all(word.is_plain for word in typed) else grade


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
