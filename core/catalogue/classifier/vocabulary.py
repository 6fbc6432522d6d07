"""What the classifier knows: terms of the tree, forms, fillers and places, indexed by words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, NamedTuple

from core.catalogue.classifier.words import Words, letters_of, words_of

ANY: Final = "*"
ALONE: Final = "?"
ITSELF: Final = "="


class Kind(IntEnum):
    """What a phrase does in a name; of equal lengths the first decides."""

    HEAD = 0
    TERM = 1
    WORD = 2
    AFTER = 3
    NAME = 4
    PLACE = 5
    CUT = 6
    FILLER = 7
    GIFT = 8
    COMPANY = 9


class LeafRow(NamedTuple):
    """A kind of product as the files or the tables hold it; terms are its name and synonyms."""

    code: str
    set_code: str
    material: str
    terms: tuple[str, ...]
    is_open: bool = False
    """Whether it holds what has no leaf of its own."""


class FormRow(NamedTuple):
    """One line of name_forms.csv: what a form makes of a material."""

    form: str
    place: str
    material: str
    category: str
    confidence: float


class PhraseRow(NamedTuple):
    """One line of name_words.csv: words that are no product."""

    words: str
    kind: str


class EnglishRow(NamedTuple):
    """One line of english_names.csv."""

    english: str
    kind: str
    means: str


class Entry(NamedTuple):
    """One known phrase."""

    accented: tuple[str, ...]
    kind: Kind
    code: str
    material: str
    text: str


class Outcome(NamedTuple):
    """What a form makes: a leaf or a set, and how sure that is."""

    category: str
    confidence: float


@dataclass(slots=True)
class Vocabulary:
    """Phrases by their words without accents, and the rules of the forms."""

    set_of: dict[str, str] = field(default_factory=dict)
    materials: dict[str, str] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)
    phrases: dict[tuple[str, ...], list[Entry]] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)
    heads: dict[str, dict[str, Outcome]] = field(default_factory=dict)
    afters: dict[str, dict[str, Outcome]] = field(default_factory=dict)
    english: dict[tuple[str, ...], EnglishRow] = field(default_factory=dict)
    glued: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    syllables: set[str] = field(default_factory=set)
    near: dict[str, set[str]] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)

    def add(self, words: Words, entry: Entry) -> None:
        """Learn a phrase."""
        key = tuple(word.folded for word in words)
        known = self.phrases.setdefault(key, [])
        if entry not in known:
            known.append(entry)
        self.syllables.update(key, entry.accented)
        self.longest[key[0]] = max(self.longest.get(key[0], 0), len(key))

    def names(self) -> list[str]:
        """Return the names of places and firms in which a word is no product: Hồng Gai."""
        entries = (entry for known in self.phrases.values() for entry in known)
        return [entry.text for entry in entries if entry.kind == Kind.NAME]


_PHRASE_KINDS: Final = {
    "cut": Kind.CUT,
    "company": Kind.COMPANY,
    "name": Kind.NAME,
    "place": Kind.PLACE,
    "filler": Kind.FILLER,
    "gift": Kind.GIFT,
}
_GIVEN: Final = "given"


def build_vocabulary(
    leaves: Iterable[LeafRow],
    *,
    forms: Iterable[FormRow],
    phrases: Iterable[PhraseRow],
    english: Iterable[EnglishRow] = (),
    sets: Mapping[str, str] | None = None,
) -> Vocabulary:
    """Index everything once; reading a name then only looks words up.

    Args:
        leaves: The kinds of products with all their terms.
        forms: What mứt, trà, khô … make of which material.
        phrases: Places, company words, fillers and words after which a flavour follows.
        english: English product words.
        sets: Names of sets by code, so that a set's own name is not unknown.
    """
    vocabulary = Vocabulary()
    for leaf in leaves:
        _add_leaf(vocabulary, leaf)
    for code in sets or ():
        vocabulary.set_of[code] = code
    _add_forms(vocabulary, forms)
    for row in phrases:
        if row.kind == _GIVEN:
            vocabulary.given.update(word.accented for word in words_of(row.words))
        else:
            _add(vocabulary, row.words, _PHRASE_KINDS[row.kind])
    for entry in english:
        vocabulary.english[tuple(w.folded for w in words_of(entry.english))] = entry
    _add_glued(vocabulary)
    _add_near(vocabulary)
    return vocabulary


def extended(vocabulary: Vocabulary, *, terms: Mapping[str, Iterable[str]]) -> Vocabulary:
    """Return a vocabulary that knows further terms; the given one stays as it is.

    Args:
        vocabulary: What is known already.
        terms: Further terms by the code of their leaf; unknown codes are passed over.
    """
    more = Vocabulary(
        set_of=vocabulary.set_of,
        materials=vocabulary.materials,
        open=vocabulary.open,
        phrases={key: list(entries) for key, entries in vocabulary.phrases.items()},
        longest=dict(vocabulary.longest),
        heads=vocabulary.heads,
        afters=vocabulary.afters,
        english=vocabulary.english,
        glued=dict(vocabulary.glued),
        syllables=set(vocabulary.syllables),
        near=vocabulary.near,
        given=vocabulary.given,
    )
    for code, further in terms.items():
        if code in vocabulary.materials:
            for term in further:
                _add(more, term, Kind.TERM, code=code, material=vocabulary.materials[code])
    return more


def _add_leaf(vocabulary: Vocabulary, leaf: LeafRow) -> None:
    vocabulary.set_of[leaf.code] = leaf.set_code
    vocabulary.materials[leaf.code] = leaf.material
    if leaf.is_open:
        vocabulary.open.add(leaf.code)
    for term in leaf.terms:
        _add(vocabulary, term, Kind.TERM, code=leaf.code, material=leaf.material)


def _add_forms(vocabulary: Vocabulary, forms: Iterable[FormRow]) -> None:
    for row in forms:
        outcome = Outcome(row.category, row.confidence)
        if row.place == "word":
            is_leaf = "-" in row.category
            set_code = row.category.partition("-")[0]
            vocabulary.set_of.setdefault(row.category, set_code)
            kind = Kind.TERM if is_leaf else Kind.WORD
            _add(vocabulary, row.form, kind, code=row.category, material=row.material)
            continue
        kind = Kind.HEAD if row.place == "head" else Kind.AFTER
        rules = vocabulary.heads if row.place == "head" else vocabulary.afters
        for material in row.material.split(";"):
            rules.setdefault(row.form, {})[material.strip()] = outcome
        _add(vocabulary, row.form, kind)
    # What sấy says of one kind, sấy khô says too, unless it has its own word on it.
    for form, outcomes in vocabulary.afters.items():
        general = vocabulary.afters.get(form.split()[0], {})
        for material, outcome in general.items():
            outcomes.setdefault(material, outcome)


def _add(
    vocabulary: Vocabulary, text: str, kind: Kind, *, code: str = "", material: str = ""
) -> None:
    words = words_of(text)
    if words:
        accented = tuple(word.accented for word in words)
        vocabulary.add(words, Entry(accented, kind, code, material, " ".join(text.split())))


_SHORTEST_GLUED: Final = 6
_PRODUCT_KINDS: Final = (Kind.HEAD, Kind.TERM, Kind.WORD, Kind.AFTER)


def _add_glued(vocabulary: Vocabulary) -> None:
    """Remember terms of several words by their letters less one, to find one typing error."""
    glued: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for key, entries in vocabulary.phrases.items():
        letters = "".join(key)
        if len(letters) >= _SHORTEST_GLUED and any(e.kind == Kind.TERM for e in entries):
            for variant in deletions(letters):
                glued[variant].append(key)
    vocabulary.glued = dict(glued)


def _add_near(vocabulary: Vocabulary) -> None:
    """Remember the syllables of products by their letters less one."""
    for entries in vocabulary.phrases.values():
        for entry in entries:
            if entry.kind in _PRODUCT_KINDS:
                for syllable in entry.accented:
                    for variant in deletions(letters_of(syllable)):
                        vocabulary.near.setdefault(variant, set()).add(syllable)


def deletions(letters: str) -> set[str]:
    """Return a word and all words with one letter less."""
    return {letters, *(letters[:at] + letters[at + 1 :] for at in range(len(letters)))}
