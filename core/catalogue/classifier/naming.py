"""What of a name is worth remembering once a person has said what it means."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from core.catalogue.classifier.matching import matches_from
from core.catalogue.classifier.reading import named_part
from core.catalogue.classifier.vocabulary import Kind, Vocabulary
from core.catalogue.classifier.words import letters_of, words_of

LONGEST_TERM: Final = 120
LONGEST_KEY: Final = 500
_MOST_WORDS: Final = 6
_NOT_PRODUCT: Final = (Kind.FILLER, Kind.PLACE, Kind.NAME, Kind.COMPANY)


def term_key(term: str) -> str:
    """Return the form in which equal terms are equal: accents kept, place of tones not."""
    return key_of(word.accented for word in words_of(term))


def key_of(accented: Iterable[str]) -> str:
    """Return the key of a term whose words are known already, in NFC."""
    return " ".join(map(letters_of, accented))[:LONGEST_KEY]


def term_in(name: str, *, vocabulary: Vocabulary) -> str:
    """Return the words of a name that may name a kind: no brackets, sizes, places, praise.

    "Bánh Cắm Đoòng Hạ Long (hộp 500 g)" gives "bánh cắm đoòng". Empty where nothing remains.
    """
    pieces = named_part(name).lower().split()
    words = [words_of(piece) for piece in pieces]
    if any(len(group) != 1 for group in words):
        pieces = [piece for piece, group in zip(pieces, words, strict=True) if len(group) == 1]
        words = [group for group in words if len(group) == 1]
    row = [group[0] for group in words]
    is_plain = all(word.is_plain for word in row)
    dropped = {at for at, word in enumerate(row) if word.folded[0].isdigit()}
    for match in matches_from(vocabulary, row, 0, is_plain=is_plain):
        if match.kind in _NOT_PRODUCT:
            dropped.update(range(match.first, match.last))
    kept = [piece for at, piece in enumerate(pieces) if at not in dropped]
    return " ".join(kept[:_MOST_WORDS])[:LONGEST_TERM].strip(" .,;:-")
