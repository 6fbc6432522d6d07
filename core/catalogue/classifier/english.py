"""Reading the plain English names of chains' product lists: the last noun is the head."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from core.catalogue.classifier.verdict import Basis, Candidate
from core.catalogue.classifier.vocabulary import ALONE, ANY, ITSELF, EnglishRow, Outcome, Vocabulary
from core.catalogue.classifier.words import Word

_SURE: Final = 0.85
_FORM: Final = 0.8
_LONGEST: Final = 3


def english_candidates(vocabulary: Vocabulary, words: Sequence[Word]) -> list[Candidate]:
    """Return what English words mean, or nothing where no product word is among them."""
    rows = list(_rows(vocabulary, words))
    terms = [row for row in rows if row.kind == "term"]
    heads = [row for row in rows if row.kind == "head"]
    afters = [row for row in rows if row.kind == "after"]
    term = terms[-1] if terms else None
    if heads and (term is None or rows.index(heads[-1]) > rows.index(term)):
        return _made(vocabulary, vocabulary.heads[heads[-1].means], heads[-1], term)
    if term is None:
        return []
    for after in afters:
        changed = _made(vocabulary, vocabulary.afters[after.means], after, term)
        if changed:
            return changed
    return [_candidate(vocabulary, term.means, _SURE, (term.english,))]


def _rows(vocabulary: Vocabulary, words: Sequence[Word]) -> Iterator[EnglishRow]:
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST, len(words) - at), 0, -1):
            row = vocabulary.english.get(tuple(w.folded for w in words[at : at + length]))
            if row is not None:
                yield row
                at += length - 1
                break
        at += 1


def _made(
    vocabulary: Vocabulary, rules: dict[str, Outcome], form: EnglishRow, term: EnglishRow | None
) -> list[Candidate]:
    material = vocabulary.materials.get(term.means, "") if term else ""
    keys = (term.means, material, ANY) if term else (ALONE,)
    for key in keys:
        outcome = rules.get(key)
        if key and outcome is not None:
            code = term.means if term and outcome.category == ITSELF else outcome.category
            words = (form.english, *((term.english,) if term else ()))
            return [_candidate(vocabulary, code, min(_FORM, outcome.confidence), words)]
    return []


def _candidate(
    vocabulary: Vocabulary, code: str, confidence: float, words: tuple[str, ...]
) -> Candidate:
    return Candidate(code, vocabulary.set_of.get(code, code), confidence, Basis.ENGLISH, words)
