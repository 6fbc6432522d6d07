"""What somebody typed into a search box, read once: words, spellings, near misses, codes."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Final

from core.kernel.text import clean, fold

LONGEST_TEXT: Final = 200
MOST_WORDS: Final = 8
_MOST_SPELLINGS: Final = 8
_LONGEST_WORD: Final = 40
_SHORTEST_MISTYPED: Final = 3
_LONGEST_MISTYPED: Final = 16
_CODE: Final = re.compile(r"(?=(?:[^0-9]*[0-9]){6})[0-9A-Za-zĐđ][0-9A-Za-zĐđ ./\-]*")
_BRANCH_LENGTH: Final = 13
_COMPANY_LENGTH: Final = 10
_TONE: Final = "([\u0300\u0301\u0303\u0309\u0323])"
# hòa and hoà, thúy and thuý: the tone mark of an open oa, oe or uy stands on either vowel.
_OPEN_RHYME: Final = re.compile(rf"(?<!q)(o{_TONE}?[ae]|u{_TONE}?y){_TONE}?(?![a-z\u0300-\u036f])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A search text in the forms rows are compared with.

    `words` are folded and distinct, `phrase` is the folded text, `spellings` are the words with
    their accents as names may write them, `word_spellings` the same word by word.
    """

    phrase: str
    words: tuple[str, ...]
    spellings: tuple[str, ...]
    word_spellings: tuple[tuple[str, ...], ...]
    has_accents: bool
    codes: tuple[str, ...]

    @property
    def says_nothing(self) -> bool:
        """Whether nothing is left to look for: punctuation, invisible characters."""
        return not self.words and not self.spellings


def read_query(text: str) -> Query:
    """Return what was typed; everything beyond the longest text is not looked at."""
    typed = clean(text[: LONGEST_TEXT * 2])[:LONGEST_TEXT].lower()
    phrase = fold(typed)
    exact_words = [word for word in re.split(r"[\W_]+", typed) if word]
    return Query(
        phrase=phrase,
        words=tuple(dict.fromkeys(w[:_LONGEST_WORD] for w in phrase.split()))[:MOST_WORDS],
        spellings=tone_spellings(" ".join(exact_words)) if exact_words else (),
        word_spellings=tuple(map(tone_spellings, dict.fromkeys(exact_words[:MOST_WORDS]))),
        has_accents=fold(typed) != " ".join(exact_words),
        codes=_codes(typed),
    )


def tone_spellings(text: str) -> tuple[str, ...]:
    """Return `text` with the tone of oa, oe and uy on either vowel: hòa, hoà; at most eight."""
    decomposed = unicodedata.normalize("NFD", text)
    made = [""]
    end = 0
    for found in _OPEN_RHYME.finditer(decomposed):
        tone = next((c for c in found.group() if unicodedata.combining(c)), "")
        first, second = (c for c in found.group() if not unicodedata.combining(c))
        rhymes = dict.fromkeys((first + tone + second, first + second + tone))
        if len(made) * len(rhymes) > _MOST_SPELLINGS:
            break
        before = decomposed[end : found.start()]
        made = [one + before + rhyme for one in made for rhyme in rhymes]
        end = found.end()
    return tuple(unicodedata.normalize("NFC", one + decomposed[end:]) for one in made)


def near_misses(word: str) -> list[str]:
    """Return every word one typing error away: a letter wrong, missing, doubled or swapped."""
    if not _may_be_mistyped(word):
        return []
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    wrong = {a + c + b[1:] for a, b in cuts if b for c in ascii_lowercase}
    missing = {a + c + b for a, b in cuts for c in ascii_lowercase}
    surplus = {a + b[1:] for a, b in cuts if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    return sorted((wrong | missing | surplus | swapped) - {word, ""})


def kept_parts(word: str) -> tuple[str, ...]:
    """Return parts of which every near miss of `word` has one: a half that is as it was typed."""
    cut = len(word) // 2
    swapped = word[: cut - 1] + word[cut] + word[cut - 1] + word[cut + 1 :]
    return (word[:cut], word[cut:], swapped)


def near_pattern(word: str) -> str:
    """Return `near_misses` as one regular expression, "" where there are none.

    It judges a text in microseconds where comparing two lists of words takes ten times as long;
    an index can only use the list.
    """
    if not _may_be_mistyped(word):
        return ""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    ways = [f"{a}[a-z]{b}" for a, b in cuts]
    ways += [f"{a}[a-z]?{b[1:]}" for a, b in cuts if b]
    ways += [f"{a}{b[1]}{b[0]}{b[2:]}" for a, b in cuts if len(b) > 1]
    return f"({'|'.join(dict.fromkeys(ways))})"


def split_readings(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the words with one space lost or put in too many: halong, ha long."""
    readings = [
        (*words[:at], word[:cut], word[cut:], *words[at + 1 :])
        for at, word in enumerate(words)
        if word.isalpha() and len(word) <= _LONGEST_MISTYPED
        for cut in range(2, len(word) - 1)
    ]
    joined = [
        (*words[:at], words[at] + words[at + 1], *words[at + 2 :]) for at in range(len(words) - 1)
    ]
    return [*joined, *readings][: MOST_WORDS * 4]


def _may_be_mistyped(word: str) -> bool:
    return _SHORTEST_MISTYPED <= len(word) <= _LONGEST_MISTYPED and word.isalpha()


def _codes(typed: str) -> tuple[str, ...]:
    """Return the ways a code may be stored: as typed, in capitals, without signs between."""
    compact = unicodedata.normalize("NFKC", typed)
    if not _CODE.fullmatch(compact):
        return ()
    bare = re.sub(r"[ ./\-]+", "", compact)
    codes = [compact.upper(), compact, bare.upper()]
    if bare.isdigit() and len(bare) == _BRANCH_LENGTH:
        codes.append(f"{bare[:_COMPANY_LENGTH]}-{bare[_COMPANY_LENGTH:]}")
    return tuple(dict.fromkeys(codes))
