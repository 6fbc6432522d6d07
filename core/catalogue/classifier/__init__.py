"""Reading product names, pure: rows and text in, leaves with confidence and basis out.

Vietnamese puts the head noun first, so the first known phrase decides: "mứt dừa" is mứt, "bánh
đa vừng" is bánh đa. What is done to a thing stands behind it ("mực một nắng"), flavours behind
"vị", places and brands anywhere. Doors: `classify` with a `Vocabulary` built once.
"""

from __future__ import annotations

from core.catalogue.classifier.files import vocabulary_of_files
from core.catalogue.classifier.naming import LONGEST_TERM, term_in, term_key
from core.catalogue.classifier.reading import classify
from core.catalogue.classifier.verdict import BAR, Basis, Candidate, Doubt, Verdict
from core.catalogue.classifier.vocabulary import (
    EnglishRow,
    FormRow,
    LeafRow,
    PhraseRow,
    Vocabulary,
    build_vocabulary,
    extended,
)
from core.catalogue.classifier.words import Accents, Word, Words, agreement, words_of

__all__ = [
    "BAR",
    "LONGEST_TERM",
    "Accents",
    "Basis",
    "Candidate",
    "Doubt",
    "EnglishRow",
    "FormRow",
    "LeafRow",
    "PhraseRow",
    "Verdict",
    "Vocabulary",
    "Word",
    "Words",
    "agreement",
    "build_vocabulary",
    "classify",
    "extended",
    "term_in",
    "term_key",
    "vocabulary_of_files",
    "words_of",
]
