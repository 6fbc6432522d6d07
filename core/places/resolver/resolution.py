"""What the resolver answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from core.places.resolver.kinds import DISTRICT, PROVINCE, WARD

Epoch = Literal["", "before_2025_07", "since_2025_07", "either"]


class Understood(NamedTuple):
    """What one stretch of the text was taken for.

    `flaws` says how the text differs: `slip` (one letter put right), `marks` (other accents),
    `kind` (another type), `former` (a name given up before the last map), `elsewhere` (outside
    the old province written).
    """

    level: str
    typed: str
    label: str
    flaws: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """Where an address lies on the map of the day asked for.

    `commune_code` is only set when it is certain; otherwise `candidates` holds every commune
    the text allows, in order of code, or nothing where that would be a whole province.
    `confidence` is about `commune_code` where there is one, else about the best that is said:
    1.0 all parts agree to the letter; 0.9 and more: certain in spite of a flaw; 0.5–0.7: the
    right one is among the candidates; 0.3: the province alone; 0: nothing.
    `epoch` tells the map the text was read on. `basis` lists short words, the first the parts
    that were read; `core.places.selectors.addresses` puts them into sentences.
    """

    province_code: str | None = None
    commune_code: str | None = None
    candidates: tuple[str, ...] = ()
    confidence: float = 0.0
    epoch: Epoch = ""
    basis: tuple[str, ...] = ("unread",)
    understood: tuple[Understood, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def is_certain(self) -> bool:
        """Whether one commune is asserted."""
        return self.commune_code is not None


__all__ = ["DISTRICT", "PROVINCE", "WARD", "Epoch", "Resolution", "Understood"]
