"""Putting an answer into a `Resolution`: how sure, on which map, and on what grounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from core.places.resolver.gazetteer import DistrictName, ProvinceName, WardName, names_of
from core.places.resolver.kinds import DISTRICT, PROVINCE, WARD
from core.places.resolver.readings import Interpretation
from core.places.resolver.resolution import Epoch, Resolution, Understood
from core.places.resolver.rows import Mention, Way

_LEAST_CERTAIN: Final = 0.8
_AMONG_CANDIDATES: Final = 0.7
_WITHOUT_PROVINCE: Final = 0.5
_PROVINCE_ALONE: Final = 0.3


def resolution(
    top: Interpretation,
    *,
    readings: Sequence[Interpretation],
    codes: frozenset[str],
    province: str | None,
    conflicts: Sequence[Mention],
    is_certain: bool,
) -> Resolution:
    """Return the answer in full.

    Args:
        top: The best reading; `readings` holds it and those as likely.
        codes: Every commune the readings allow.
        conflicts: What was written and fits nowhere in the best reading.
    """
    understood = tuple(_understood(level, way) for level, way in _ways(top))
    if is_certain:
        confidence = _sureness(top, n_conflicts=len(conflicts))
    else:
        confidence = _hope(top, codes, province=province, n_conflicts=len(conflicts))
    return Resolution(
        province_code=province,
        commune_code=next(iter(codes)) if is_certain else None,
        candidates=() if is_certain else tuple(sorted(codes)),
        confidence=confidence,
        epoch=_epoch(readings),
        basis=_basis(top, understood, readings, codes, conflicts),
        understood=understood,
        unread=tuple(mention.piece.text for mention in conflicts),
    )


def _ways(one: Interpretation) -> list[tuple[str, Way]]:
    levels = ((WARD, one.ward), (DISTRICT, one.district), (PROVINCE, one.province))
    return [(level, way) for level, way in levels if way is not None]


def _basis(
    top: Interpretation,
    understood: Sequence[Understood],
    readings: Sequence[Interpretation],
    codes: frozenset[str],
    conflicts: Sequence[Mention],
) -> tuple[str, ...]:
    words = ["+".join(part.level for part in understood)]
    words += [f"{flaw}:{part.level}" for part in understood for flaw in part.flaws]
    if len(codes) > 1:
        is_one_ward = len(readings) == 1 and top.ward is not None and len(top.ward.wards) == 1
        is_district = top.ward is None and top.district is not None
        words.append("split" if is_one_ward else "district_only" if is_district else "several")
    if conflicts:
        words.append("conflict" if any(m.piece.levels for m in conflicts) else "part_unread")
    return tuple(words)


def _sureness(top: Interpretation, *, n_conflicts: int) -> float:
    ways = [way for _, way in _ways(top)]
    loss = 0.1 * sum(way.price for way in ways) + 0.02 * (3 - len(ways)) + 0.1 * n_conflicts
    return round(max(_LEAST_CERTAIN, 1.0 - loss), 2)


def _hope(
    top: Interpretation, codes: frozenset[str], *, province: str | None, n_conflicts: int
) -> float:
    if not codes:
        return _PROVINCE_ALONE if province else 0.0
    loss = 0.1 * sum(way.price for _, way in _ways(top)) + 0.1 * n_conflicts
    start = _AMONG_CANDIDATES if province else _WITHOUT_PROVINCE
    return round(max(_PROVINCE_ALONE, start - loss), 2)


def _epoch(readings: Sequence[Interpretation]) -> Epoch:
    eras: set[str] = set()
    for one in readings:
        if one.ward is not None:
            eras |= {"new" if name.era == "new" else "old" for name in one.ward.wards}
        elif one.district is not None:
            eras.add("old")
        elif one.province is not None:
            eras |= {"old", "new"} if one.province.province.is_new else {"old"}
    if len(eras) > 1:
        return "either"
    return "since_2025_07" if "new" in eras else "before_2025_07" if eras else ""


def _understood(level: str, way: Way) -> Understood:
    return Understood(level, way.mention.piece.text, _label(way), _flaws(way))


def _label(way: Way) -> str:
    return names_of(way.names)


def _flaws(way: Way) -> tuple[str, ...]:
    found = []
    if way.is_slip:
        found.append("slip")
    elif way.reading.has_marks and all(n.marked != way.reading.marked for n in way.names):
        found.append("marks")
    dated = [n for n in way.names if not isinstance(n, ProvinceName)]
    if way.reading.kind is not None and dated and all(n.kind != way.reading.kind for n in dated):
        found.append("kind")
    if dated and all(n.era == "former" for n in dated):
        found.append("former")
    return tuple(found)


__all__ = ["DistrictName", "WardName", "resolution"]
