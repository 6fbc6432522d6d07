"""Remarks on a name's time, such as "(cũ)" and "nay là", and words that say nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from core.places.resolver.letters import Word
from core.places.resolver.pieces import Piece, Told

_FILLERS: Final = {
    tuple(filler.split())
    for filler in ("viet nam", "vietnam", "vn", "dia chi", "d c", "dc", "address", "tai", "o")
}
_FILLER_WORDS: Final = {word for filler in _FILLERS for word in filler}
_MARKERS: Final[dict[tuple[str, ...], Told]] = {
    **{
        tuple(marker.split()): "now"
        for marker in (
            "nay la", "nay thuoc", "hien nay la", "hien la", "hien thuoc", "bay gio la",
            "nay doi thanh", "doi thanh", "sap nhap vao", "nay sap nhap vao", "sau sap nhap la",
            "nay",
        )
    },
    **{
        tuple(marker.split()): "was"
        for marker in (
            "truoc day la", "truoc day thuoc", "truoc la", "truoc thuoc", "truoc day", "ten cu la",
            "ten cu", "cu la", "xua la", "thuoc",
        )
    },
}  # fmt: skip
_MARKER_STARTS: Final = {marker[0] for marker in _MARKERS}
_LONGEST_MARKER: Final = max(len(marker) for marker in _MARKERS)
_TIMES: Final[dict[str, Told]] = {"cu4": "was", "cu": "was", "moi2": "now", "moi": "now"}


def told_apart(words: list[Word]) -> Iterator[tuple[list[Word], Told]]:
    """Yield the stretches between remarks such as "nay là", each with the remark before it."""
    start, i = 0, 0
    remark: Told = ""
    while i < len(words):
        length = _marker_length(words, i) if words[i].bare in _MARKER_STARTS else 0
        if not length:
            i += 1
            continue
        if i > start:
            yield words[start:i], remark
        remark = _MARKERS[tuple([word.bare for word in words[i : i + length]])]
        start = i = i + length
    yield words[start:], remark


def _marker_length(words: list[Word], start: int) -> int:
    for length in range(min(_LONGEST_MARKER, len(words) - start), 0, -1):
        if tuple([word.bare for word in words[start : start + length]]) in _MARKERS:
            return length
    return 0


def without_fillers(words: list[Word]) -> list[Word]:
    """Return the words without "Việt Nam", "địa chỉ" and their like at either end."""
    if not words or (words[0].bare not in _FILLER_WORDS and words[-1].bare not in _FILLER_WORDS):
        return words
    for filler in _FILLERS:
        n = len(filler)
        if tuple([word.bare for word in words[:n]]) == filler:
            return without_fillers(words[n:])
        if n > 1 and tuple([word.bare for word in words[-n:]]) == filler:
            return without_fillers(words[:-n])
    return words


def without_time(words: list[Word]) -> tuple[list[Word], Told] | None:
    """Return the words before a closing "cũ" or "mới" and what it tells, None without one."""
    told = _TIMES.get(words[-1].marked)
    return (words[:-1], told) if told else None


def heard(segments: list[tuple[Piece, ...]]) -> list[tuple[Piece, ...]]:
    """Let a remark that stands alone, as in "Phường X (cũ)", tell of the segment before it."""
    found: list[tuple[Piece, ...]] = []
    for pieces in segments:
        is_remark = bool(pieces) and pieces[0].is_remark
        if is_remark and found:
            found[-1] = tuple(piece.told_as(pieces[0].told) for piece in found[-1])
        rest = pieces[1:] if is_remark else pieces
        if rest:
            found.append(rest)
    return found
