"""Compiling functions with numba, once per processor: the only place that knows it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import config, njit, types
from numba.extending import intrinsic

_Function = TypeVar("_Function", bound=Callable[..., Any])


def _cache_folder() -> str:
    """A folder for these very sources: numba looks at the file of a function, not at its callees."""
    here = Path(__file__).parent
    sources = b"".join(path.read_bytes() for path in sorted(here.glob("*.py")))
    base = Path(config.CACHE_DIR or here / "__pycache__")
    return str(base / hashlib.sha256(sources).hexdigest()[:16])


config.CACHE_DIR = _cache_folder()


def compiled(function: _Function) -> _Function:
    """Compile at the first call, and keep the result for other processes where a folder allows.

    No fast maths: an exact part must round as NumPy rounds. The interpreter's lock is let go, so
    threads can share the work.
    """
    try:
        return cast("_Function", njit(nogil=True, error_model="numpy", cache=True)(function))
    except RuntimeError:  # there is no folder to keep it in
        return cast("_Function", njit(nogil=True, error_model="numpy")(function))


@intrinsic
def _count_bits(_typing: Any, word: Any) -> Any:  # noqa: ANN401 -- types and values of numba
    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:  # noqa: ANN401 -- as above
        return builder.ctpop(arguments[0])

    return types.uint64(word), generate


@compiled
def bits_in(word: int) -> int:
    """Number of set bits of an unsigned 64-bit word."""
    return _count_bits(word)
