"""What the classifier says of a name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

# At or above this a leaf is asserted; below it a person chooses. Set where, on the labelled
# names of tests/unit/catalogue/product_names.csv, wrong answers stay rarer than refusals.
BAR: Final = 0.7


class Basis(StrEnum):
    """Why a leaf was thought of."""

    TERM = "term"
    FORM = "form"
    FORM_ALONE = "form_alone"
    AFTER = "after"
    WORD = "word"
    ENGLISH = "english"
    INGREDIENT = "ingredient"


class Doubt(StrEnum):
    """What makes a reading less sure."""

    NO_ACCENTS = "no_accents"
    OTHER_ACCENTS = "other_accents"
    ONE_LETTER = "one_letter"
    UNKNOWN_BEFORE = "unknown_before"
    SEVERAL = "several"
    MAY_BE_NAME = "may_be_name"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One leaf a name may mean. `code` is a set's code where no leaf could be named."""

    code: str
    set_code: str
    confidence: float
    basis: Basis
    words: tuple[str, ...]
    doubts: tuple[Doubt, ...] = ()

    @property
    def is_leaf(self) -> bool:
        """Whether a leaf is named, not only a set."""
        return self.code != self.set_code

    @property
    def why(self) -> str:
        """Return the basis in one short line for files: `form: mứt + dừa (no_accents)`."""
        doubts = f" ({', '.join(self.doubts)})" if self.doubts else ""
        return f"{self.basis}: {' + '.join(self.words)}{doubts}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """All a name may mean, the likeliest first."""

    candidates: tuple[Candidate, ...] = ()

    @property
    def best(self) -> Candidate | None:
        """Likeliest candidate, above the bar or not."""
        return self.candidates[0] if self.candidates else None

    @property
    def code(self) -> str | None:
        """Code of the leaf that is asserted; None below the bar."""
        best = self.best
        return best.code if best and best.is_leaf and best.confidence >= BAR else None

    @property
    def set_code(self) -> str | None:
        """Code of the OCOP set where that is clear, be the leaf clear or not."""
        if self.code:
            return self.candidates[0].set_code
        return self.candidates[0].set_code if self.set_confidence >= BAR else None

    @property
    def set_confidence(self) -> float:
        """How sure the best candidate's set is: candidates of one set back each other."""
        if not self.candidates:
            return 0.0
        mine = self.candidates[0].set_code
        doubt = 1.0
        for candidate in self.candidates:
            if candidate.set_code == mine:
                doubt *= 1 - candidate.confidence
        others = [c.confidence for c in self.candidates if c.set_code != mine]
        return round((1 - doubt) * (1 - max(others, default=0.0) / 2), 3)

    @property
    def confidence(self) -> float:
        """Confidence of the best candidate; 0 where nothing was found."""
        return self.candidates[0].confidence if self.candidates else 0.0
