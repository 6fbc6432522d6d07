"""From phrases to candidates: the head decides, what follows may change its form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from core.catalogue.classifier.matching import Match, match_at, matches_from
from core.catalogue.classifier.verdict import Basis, Candidate, Doubt
from core.catalogue.classifier.vocabulary import (
    ALONE,
    ANY,
    ITSELF,
    Entry,
    Kind,
    Outcome,
    Vocabulary,
)
from core.catalogue.classifier.words import Accents, Word

_TERM: Final = 0.95
_ONE_WORD: Final = 0.9
_ONLY_WORD: Final = 0.95
_INGREDIENT: Final = 0.25
# What accents left out cost, by how many words speak for the reading.
_LACKING: Final = {1: 0.6, 2: 0.86}
_LACKING_MANY: Final = 0.92
_UNKNOWN_STEP: Final = 0.1
_UNKNOWN_MOST: Final = 3
_UNKNOWN_ONE_WORD: Final = 0.12
_SEVERAL: Final = 0.55
# A lone thing before a form is rather a brand: "Hồng Thái trà".
_FORM_BEHIND: Final = 0.75
_NAME_BETWEEN: Final = 0.93
_MAY_BE_NAME: Final = 0.7
_NO_PRODUCTS: Final = (Kind.NAME, Kind.PLACE, Kind.COMPANY)
_HEADS: Final = (Kind.HEAD, Kind.TERM, Kind.WORD)


@dataclass(frozen=True, slots=True)
class Found:
    """The head of a name and where it stands."""

    match: Match
    unknown_before: int
    is_followed_by_name: bool = False


def candidates_in(
    vocabulary: Vocabulary, words: Sequence[Word], *, is_plain: bool
) -> list[Candidate]:
    """Return what a row of words may mean, the likeliest first."""
    head = _head(vocabulary, words, is_plain=is_plain)
    if head is None:
        return []
    rest = matches_from(vocabulary, words, head.match.last, is_plain=is_plain)
    rest = _before_cut(rest)
    found = _read(vocabulary, head, rest)
    found += _ingredients(vocabulary, rest)
    return _ranked(found)


def _head(vocabulary: Vocabulary, words: Sequence[Word], *, is_plain: bool) -> Found | None:
    """Return the first phrase that can be a product, skipping fillers, places and brands."""
    at = unknown = 0
    while at < len(words):
        match = match_at(vocabulary, words, at, is_plain=is_plain)
        if match is None:
            unknown += not words[at].folded[0].isdigit()
            at += 1
            continue
        if match.kind == Kind.COMPANY and not at:
            return None
        if match.kind in _HEADS:
            after = words[match.last : match.last + 1]
            is_name = (
                bool(after) and match_at(vocabulary, words, match.last, is_plain=is_plain) is None
            )
            return Found(match, unknown, is_name and not after[0].folded[0].isdigit())
        unknown += match.kind == Kind.NAME
        at = match.last
    return None


def _is_name_at(vocabulary: Vocabulary, words: Sequence[Word], at: int, *, is_plain: bool) -> bool:
    """Tell whether a word that is no product, place or number stands there."""
    if at >= len(words) or words[at].folded[0].isdigit():
        return False
    return match_at(vocabulary, words, at, is_plain=is_plain) is None


def head_end(vocabulary: Vocabulary, words: Sequence[Word], *, is_plain: bool) -> int | None:
    """Return where the head of a name ends; None where it has none."""
    head = _head(vocabulary, words, is_plain=is_plain)
    return head.match.last if head else None


def _before_cut(rest: list[Match]) -> list[Match]:
    """Drop what follows "vị", "với" …: a flavour or a companion."""
    for at, match in enumerate(rest):
        if match.kind == Kind.CUT:
            return rest[:at]
    return rest


def _read(vocabulary: Vocabulary, head: Found, rest: Sequence[Match]) -> list[Candidate]:
    kind = head.match.kind
    entries = head.match.of_kind(kind)
    if kind == Kind.HEAD and head.match.accents == Accents.MISSING:
        # Without accents a one-word form may as well be a term: "chao" is chao or cháo.
        entries = [e for e in head.match.entries if e.kind in _HEADS and _is_news(e, entries)]
    found: list[Candidate] = []
    for entry in entries:
        if entry.kind == Kind.HEAD:
            found += _of_form(vocabulary, head, entry, rest)
        else:
            found += _of_term(vocabulary, head, entry, rest)
    rival = head.match.rival
    if rival is not None and rival.kind == Kind.TERM:
        other = Found(rival, head.unknown_before)
        for entry in rival.of_kind(Kind.TERM):
            found += _of_term(vocabulary, other, entry, [])
    if not found and kind == Kind.HEAD:
        for entry in head.match.of_kind(Kind.TERM):
            found += _of_term(vocabulary, head, entry, rest)
    return found


def _is_news(entry: Entry, forms: Iterable[Entry]) -> bool:
    return entry.kind == Kind.HEAD or all(entry.accented != form.accented for form in forms)


def _of_form(
    vocabulary: Vocabulary, head: Found, form: Entry, rest: Sequence[Match]
) -> list[Candidate]:
    """Read a form and what it is made of: mứt + dừa."""
    rules = vocabulary.heads[form.text]
    made_of = next((match for match in rest if match.kind in _HEADS), None)
    if made_of is not None:
        found = [
            _candidate(vocabulary, head, outcome, Basis.FORM, (form.text, entry.text), (made_of,))
            for entry in made_of.entries
            if entry.kind in _HEADS and (outcome := _rule(rules, entry)) is not None
        ]
        if found:
            return found
    things = [e for e in head.match.entries if e.material and e.accented == form.accented]
    for match in rest:
        if things and (found := _changed(vocabulary, head, things[0], match)):
            return found
    outcome = rules.get(ALONE)
    if outcome is None:
        return []
    basis = Basis.FORM_ALONE
    return [_candidate(vocabulary, head, outcome, basis, (form.text,), ())]


def _rule(rules: dict[str, Outcome], entry: Entry) -> Outcome | None:
    for key in (entry.code, entry.material, ANY):
        if key and key in rules:
            outcome = rules[key]
            if outcome.category == ITSELF:
                return Outcome(entry.code, outcome.confidence)
            return outcome
    return None


def _of_term(
    vocabulary: Vocabulary, head: Found, term: Entry, rest: Sequence[Match]
) -> list[Candidate]:
    """Read a thing and what was done to it: mực + một nắng."""
    for match in rest:
        found = _changed(vocabulary, head, term, match)
        if found:
            return found
    if narrower := _narrower(vocabulary, head, term, rest):
        return narrower
    if term.kind == Kind.WORD:
        outcome = Outcome(term.code, _ONLY_WORD * 0.63)
        return [_candidate(vocabulary, head, outcome, Basis.WORD, (term.text,), ())]
    sure = _TERM if head.match.length > 1 else _ONE_WORD
    read = _candidate(vocabulary, head, Outcome(term.code, sure), Basis.TERM, (term.text,), ())
    is_lone = head.match.length == 1 and head.is_followed_by_name
    if is_lone and any(match.kind == Kind.HEAD for match in rest):
        return [doubted(read, Doubt.SEVERAL, _FORM_BEHIND)]
    return [read]


def _narrower(
    vocabulary: Vocabulary, head: Found, term: Entry, rest: Sequence[Match]
) -> list[Candidate]:
    """Read a word for many things by the thing of its set right behind it: củ + cà rốt."""
    is_open = term.kind == Kind.WORD or (head.match.length == 1 and term.code in vocabulary.open)
    if not is_open or not rest or rest[0].first != head.match.last or rest[0].kind != Kind.TERM:
        return []
    set_code = vocabulary.set_of.get(term.code, term.code)
    return [
        _candidate(
            vocabulary, head, Outcome(entry.code, _ONE_WORD), Basis.TERM,
            (f"{term.text} {entry.text}",), (rest[0],),
        )
        for entry in rest[0].of_kind(Kind.TERM)
        if vocabulary.set_of[entry.code] == set_code
    ]  # fmt: skip


def _changed(vocabulary: Vocabulary, head: Found, term: Entry, match: Match) -> list[Candidate]:
    """Read one form behind a thing; without accents "kho" may be khô or kho."""
    entries = match.of_kind(Kind.AFTER) or _afters(vocabulary, match)
    ruled = [(entry, _rule(vocabulary.afters[entry.text], term)) for entry in entries]
    found = [
        _candidate(vocabulary, head, outcome, Basis.AFTER, (term.text, entry.text), (match,))
        for entry, outcome in ruled
        if outcome is not None
    ]
    if len(found) < len(entries):
        return [doubted(candidate, Doubt.SEVERAL, _SEVERAL) for candidate in found]
    return found


def _afters(vocabulary: Vocabulary, match: Match) -> list[Entry]:
    """Return forms that may also follow: "khô" is a head before a fish and a form behind it."""
    return [entry for entry in match.entries if entry.text in vocabulary.afters]


def _candidate(
    vocabulary: Vocabulary,
    head: Found,
    outcome: Outcome,
    basis: Basis,
    words: tuple[str, ...],
    others: Sequence[Match],
) -> Candidate:
    confidence, doubts = outcome.confidence, []
    used = (head.match, *others)
    if any(match.accents == Accents.MISSING for match in used):
        count = sum(match.length for match in used)
        confidence *= _LACKING.get(count, _LACKING_MANY)
        doubts.append(Doubt.NO_ACCENTS)
    if basis == Basis.TERM and _may_be_name(vocabulary, head):
        confidence *= _MAY_BE_NAME
        doubts.append(Doubt.MAY_BE_NAME)
    if head.unknown_before:
        confidence -= _UNKNOWN_STEP * min(head.unknown_before, _UNKNOWN_MOST)
        if sum(match.length for match in used) == 1:
            confidence -= _UNKNOWN_ONE_WORD
        doubts.append(Doubt.UNKNOWN_BEFORE)
    if basis == Basis.FORM and others[0].first > head.match.last and head.is_followed_by_name:
        confidence *= _NAME_BETWEEN
    set_code = vocabulary.set_of.get(outcome.category, outcome.category.partition("-")[0])
    return Candidate(
        outcome.category, set_code, max(round(confidence, 3), 0.0), basis, words, tuple(doubts)
    )


def _may_be_name(vocabulary: Vocabulary, head: Found) -> bool:
    """Tell whether the head may name a person, a firm or a place: Lê Gia, Sơn Trà."""
    match = head.match
    known = (*match.entries, *(match.rival.entries if match.rival else ()))
    if any(entry.kind in _NO_PRODUCTS for entry in known):
        return True
    is_given = match.length == 1 and match.entries[0].accented[0] in vocabulary.given
    return is_given and head.is_followed_by_name


def _ingredients(vocabulary: Vocabulary, rest: Sequence[Match]) -> list[Candidate]:
    """Offer what else the name holds as alternatives, far below the bar."""
    return [
        Candidate(
            entry.code,
            vocabulary.set_of[entry.code],
            _INGREDIENT,
            Basis.INGREDIENT,
            (entry.text,),
        )
        for match in rest
        for entry in match.of_kind(Kind.TERM)
    ]


def _ranked(found: Sequence[Candidate]) -> list[Candidate]:
    """Order by confidence, each leaf once; where several compete none is sure."""
    best: dict[str, Candidate] = {}
    for candidate in found:
        known = best.get(candidate.code)
        if known is None or candidate.confidence > known.confidence:
            best[candidate.code] = candidate
    rivals = [c for c in best.values() if c.basis != Basis.INGREDIENT]
    if len(rivals) > 1:
        for rival in rivals:
            best[rival.code] = doubted(rival, Doubt.SEVERAL, _SEVERAL)
    return sorted(best.values(), key=lambda c: -c.confidence)


def doubted(candidate: Candidate, doubt: Doubt, factor: float) -> Candidate:
    """Return a candidate with less confidence and the reason for it."""
    return Candidate(
        candidate.code,
        candidate.set_code,
        round(candidate.confidence * factor, 3),
        candidate.basis,
        candidate.words,
        (*candidate.doubts, doubt),
    )
