"""Which terms meet a text, and which of them is meant the most."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import IntEnum
from typing import NamedTuple, Protocol

from core.catalogue.classifier import Accents, Word, Words


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
    accents: Accents
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


class Terms(Protocol):
    """Terms by all their words and by each of them; `words` are sorted."""

    by_words: dict[tuple[str, ...], list[Term]]
    by_word: dict[str, list[Term]]
    words: list[str]
    longest: int


class Speech(NamedTuple):
    """Forms, phrases that are no products, and the word before a flavour."""

    forms: tuple[Words, ...]
    not_products: tuple[Words, ...]
    flavour: Word

    def meant(self, typed: Words) -> Words:
        """Drop flavours and phrases in which a word does not mean the product."""
        for at, word in enumerate(typed):
            if word.accented == self.flavour.accented and at > 0:
                typed = typed[:at]
                break
        held = {word.folded for word in typed}
        for phrase in self.not_products:
            if phrase[0].folded in held:
                typed = _without(phrase, typed)
        return typed

    def names_other_form(self, term: Words, typed: Words) -> bool:
        """Tell whether the text names a form that the term does not."""
        if _find(term, typed) is None:
            return False
        held = {word.folded for word in typed}
        return any(
            form[0].folded in held and _has(form, typed) and _find(form, term) is None
            for form in self.forms
        )


def hits_in(terms: Terms, typed: Words) -> list[Hit]:
    """Return the hits of a text; those with other accents only where there are no better."""
    hits = [*_held_hits(terms, typed), *_whole_hits(terms, typed)]
    good = [hit for hit in hits if hit.accents < Accents.OTHER]
    return good or hits


def ordered(hits: Sequence[Hit], *, typed: Words, speech: Speech) -> list[Hit]:
    """Return the hits, the likeliest first."""
    held = [hit for hit in hits if hit.fit == Fit.TEXT_HOLDS_TERM]
    other_form: dict[Words, bool] = {}

    def is_made(term: Term) -> bool:
        if term.words not in other_form:
            other_form[term.words] = speech.names_other_form(term.words, typed)
        return other_form[term.words]

    return sorted(
        hits,
        key=lambda hit: (
            hit.fit == Fit.TEXT_HOLDS_TERM and any(hit.is_inside(other) for other in held),
            hit.term.is_fresh and is_made(hit.term),
            hit.accents,
            hit.fit,
            abs(len(typed) - len(hit.term.words)),
            hit.first,
            not hit.term.is_leaf,
            hit.term.order,
        ),
    )


def _held_hits(terms: Terms, typed: Words) -> Iterator[Hit]:
    """Find terms that stand in a longer text."""
    seen: set[int] = set()
    for first in range(len(typed)):
        for last in range(first + 1, min(len(typed), first + terms.longest) + 1):
            if last - first == len(typed):
                continue
            window = typed[first:last]
            for term in terms.by_words.get(tuple(word.folded for word in window), ()):
                if id(term) not in seen:
                    seen.add(id(term))
                    grade = _doubted(_accent_grade(window, term.words), typed)
                    yield Hit(term, grade, Fit.TEXT_HOLDS_TERM, first, last)


def _whole_hits(terms: Terms, typed: Words) -> Iterator[Hit]:
    """Find terms that hold the whole text; its last word may be only begun."""
    for term in _holding(terms, typed):
        at = _find(typed, term.words, last_may_be_begun=True)
        if at is not None:
            yield _whole_text_hit(term, typed, at)


def _holding(terms: Terms, typed: Words) -> Iterable[Term]:
    if len(typed) > 1:
        return terms.by_word.get(typed[0].folded, ())
    begun = _begun(terms.words, typed[0].folded)
    found: Mapping[int, Term] = {id(t): t for word in begun for t in terms.by_word[word]}
    return found.values()


def _begun(words: Sequence[str], start: str) -> Iterator[str]:
    for word in words[bisect_left(words, start) :]:
        if not word.startswith(start):
            return
        yield word


def _whole_text_hit(term: Term, typed: Words, at: int) -> Hit:
    window = term.words[at : at + len(typed)]
    grade = _accent_grade(typed, window)
    if window[-1].folded != typed[-1].folded:
        return Hit(term, max(grade, Accents.MISSING), Fit.BEGUN_WORD, 0, len(typed))
    if len(typed) == len(term.words):
        return Hit(term, grade, Fit.SAME, 0, len(typed))
    fit = Fit.TERM_BEGINS_SO if at == 0 else Fit.TERM_HOLDS_TEXT
    return Hit(term, _doubted(grade, typed), fit, 0, len(typed))


def _doubted(grade: Accents, typed: Words) -> Accents:
    """Lower a grade where nothing was typed with accents: a word without any proves little."""
    return max(grade, Accents.MISSING) if all(word.is_plain for word in typed) else grade


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


def _accent_grade(typed: Sequence[Word], term: Sequence[Word]) -> Accents:
    return max(_grade(mine, theirs) for mine, theirs in zip(typed, term, strict=True))


def _grade(mine: Word, theirs: Word) -> Accents:
    is_whole = mine.folded == theirs.folded
    if mine.accented == theirs.accented:
        return Accents.SAME
    if not is_whole and theirs.accented.startswith(mine.accented):
        return Accents.SAME
    return Accents.MISSING if mine.is_plain else Accents.OTHER


def _without(phrase: Words, typed: Words) -> Words:
    start = _find(phrase, typed)
    if start is None or _accent_grade(typed[start : start + len(phrase)], phrase) == Accents.OTHER:
        return typed
    return typed[:start] + typed[start + len(phrase) :]


def _has(form: Words, typed: Words) -> bool:
    at = _find(form, typed)
    return at is not None and _accent_grade(typed[at : at + len(form)], form) < Accents.OTHER
