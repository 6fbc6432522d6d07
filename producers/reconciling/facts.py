"""What is compared, and what comes of it: plain values and closed lists of codes."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Final


class Basis(enum.StrEnum):
    """Why an entry may stand for something of ours."""

    TAX_CODE = "tax_code"
    TAX_PARENT = "tax_parent"
    GTIN = "gtin"
    DECISION = "decision"
    NAME = "name"
    NAME_NEAR = "name_near"
    HOLDER = "holder"
    HOLDER_NEAR = "holder_near"
    COMMUNE = "commune"


class Clash(enum.StrEnum):
    """What speaks against it although something exact fits."""

    OTHER_HOLDER = "other_holder"
    OTHER_TAX_CODE = "other_tax_code"
    OTHER_PRODUCT = "other_product"
    OTHER_STARS = "other_stars"
    NAMESAKE = "namesake"
    OTHER_GTIN = "other_gtin"
    OTHER_FORM = "other_form"


HARD: Final = frozenset(
    {Clash.OTHER_HOLDER, Clash.OTHER_TAX_CODE, Clash.OTHER_PRODUCT, Clash.OTHER_STARS}
)
"""Exact keys that contradict each other; the rest only keeps a candidate from being certain."""


class Outlook(enum.StrEnum):
    """What the comparison of one entry says to the person who decides."""

    PENDING = "pending"
    CERTAIN = "certain"
    UNCERTAIN = "uncertain"
    CONFLICT = "conflict"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFacts:
    """One row of a register; names folded, keys normal, "" for what it does not say."""

    entry_id: int
    is_shop: bool
    name: str
    holder: str
    tax_code: str = ""
    gtin: str = ""
    decision: str = ""
    stars: int | None = None
    commune_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OursFacts:
    """An organisation of ours, or (with `product_id`) one product of it.

    `awards` are (decision key, stars).
    """

    organisation_id: int
    product_id: int | None = None
    name: str = ""
    holder: str
    tax_code: str = ""
    gtin: str = ""
    commune_id: int | None = None
    awards: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Something of ours that an entry may stand for; `points` in [0, 100]."""

    organisation_id: int
    product_id: int | None
    points: int
    is_certain: bool
    basis: tuple[Basis, ...]
    clashes: tuple[Clash, ...] = ()

    @property
    def is_contradicted(self) -> bool:
        """Whether an exact key speaks for it and another one against it."""
        return not HARD.isdisjoint(self.clashes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What one entry may stand for, best first."""

    entry_id: int
    outlook: Outlook
    candidates: tuple[Candidate, ...] = field(default=())
