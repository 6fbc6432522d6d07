"""Exact keys in one form, and the key by which a row is known again in a later list."""

from __future__ import annotations

import hashlib
import re
from typing import Final

from core.kernel.text import fold

_NUMBER: Final = re.compile(r"\d+\s*/\s*[0-9A-Za-zĐđ][0-9A-Za-zĐđ\-–./]*")
_DROPPED_WORDS: Final = frozenset({"so", "qd", "quyet", "dinh", "ngay"})


def decision_key(typed: str) -> str:
    """Return a decision's number without spaces, signs and the words around it.

    `decision_key("Số 1234/QĐ-UBND ngày 20/12/2024") == decision_key("1234 /qd-ubnd")`
    """
    found = _NUMBER.search(typed)
    if found:
        return fold(found[0]).replace(" ", "")
    return "".join(word for word in fold(typed).split() if word not in _DROPPED_WORDS)


def entry_key(*, code: str, name: str, holder: str, gtin: str = "") -> str:
    """Return what a row is known by in every list of its register.

    Args:
        code: The register's own number of the row; "" where it has none.
        name: The folded name of product or shop.
        holder: The folded name of its holder.
        gtin: Tells two sizes of one product apart.
    """
    said = f"code:{fold(code)}" if fold(code) else f"name:{holder}|{name}|{gtin}"
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()
