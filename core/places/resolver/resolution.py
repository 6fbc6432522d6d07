"""What the resolver answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from core.places.resolver.kinds import DISTRICT, PROVINCE, WARD

if TYPE_CHECKING:
    from core.places.resolver.readings import Interpretation
    from core.places.resolver.rows import Mention

Epoch = Literal["", "before_2025_07", "since_2025_07", "either"]


class Understood(NamedTuple):
    """What one stretch of the text was taken for, `typed` as the person wrote it.

    `flaws` says how the text differs: `slip` (one letter put right), `marks` (other accents),
    `kind` (another type), `former` (a name given up before the last map), `elsewhere` (what
    was written is to the letter the name of a commune somewhere else).
    """

    level: str
    typed: str
    label: str
    flaws: tuple[str, ...] = ()


class Resolution(NamedTuple):
    """Where an address lies on the map of the day asked for.

    `commune_code` is only set when it is certain; otherwise `candidates` holds every commune
    the text allows, in order of code, or nothing where that would be a whole province.
    `confidence` is about `commune_code` where there is one, else about the best that is said:
    1.0 all parts agree to the letter; 0.8 and more: certain in spite of flaws; 0.3–0.7: the
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
    reading: Interpretation | None = None
    conflicts: tuple[Mention, ...] = ()

    @property
    def is_certain(self) -> bool:
        """Whether one commune is asserted."""
        return self.commune_code is not None

    @property
    def understood(self) -> tuple[Understood, ...]:
        """What each part of the text was taken for, the ward first."""
        one = self.reading
        if one is None:
            return ()
        levels = ((WARD, one.ward), (DISTRICT, one.district), (PROVINCE, one.province))
        return tuple(
            Understood(
                level,
                way.mention.piece.typed,
                "; ".join(dict.fromkeys(name.label for name in way.names)),
                way.found.flaws,
            )
            for level, way in levels
            if way is not None
        )

    @property
    def unread(self) -> tuple[str, ...]:
        """What was written and fits nowhere."""
        return tuple(mention.piece.typed for mention in self.conflicts)
