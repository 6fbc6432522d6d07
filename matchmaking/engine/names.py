"""Names of products compared by a 512-bit signature of their trigrams."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from core.kernel.text import fold

SIGNATURE_BITS: Final = 512
SIGNATURE_WORDS: Final = SIGNATURE_BITS // 64

# What a label says about the pack, not about the product: "hộp 500g", "loại 1", "túi 1,5 kg".
_PACK = re.compile(
    r"\b\d+(?: \d+)? ?(?:kg|gram|gam|gr|g|ml|lit|l)\b|\bloai (?:\d+|[a-d]|dac biet)\b"
)


def normalised(text: str) -> str:
    """A product name without tones, case, punctuation, pack size or grade.

    Source:
        docs/decisions/0005-pure-engine.md.
    """
    return " ".join(_PACK.sub(" ", fold(text)).split())


def trigrams(text: str) -> frozenset[str]:
    """Trigrams of each word, padded by two spaces before and one after, as pg_trgm does."""
    padded = (f"  {word} " for word in normalised(text).split())
    return frozenset(word[at : at + 3] for word in padded for at in range(len(word) - 2))


@lru_cache(maxsize=65_536)
def signature_bytes(text: str) -> bytes:
    """The 64 bytes of a name's signature, the same on every machine and in every run."""
    bits = 0
    for trigram in trigrams(text):
        bits |= 1 << (crc32(trigram.encode()) & (SIGNATURE_BITS - 1))
    return bits.to_bytes(SIGNATURE_BITS // 8, "little")


def signatures(texts: list[str]) -> NDArray[np.uint64]:
    """Signatures of many names.

    Returns:
        (n, 8) uint64; all zero where a text holds no letter or digit.
    """
    joined = b"".join(signature_bytes(text) for text in texts)
    return np.frombuffer(joined, dtype="<u8").reshape(len(texts), SIGNATURE_WORDS).astype(np.uint64)


def similarity(left: NDArray[np.uint64], right: NDArray[np.uint64]) -> NDArray[np.float64]:
    """Shared bits over all bits of two broadcastable sets of signatures.

    Returns:
        (n,) float64 in [0, 1]; 0 where either side is empty.
    """
    shared = _bits(left & right)
    union = _bits(left) + _bits(right) - shared
    return np.divide(shared, union, out=np.zeros(shared.shape), where=union > 0)


def _bits(signature: NDArray[np.uint64]) -> NDArray[np.int64]:
    return np.bitwise_count(signature).sum(axis=-1, dtype=np.int64)
