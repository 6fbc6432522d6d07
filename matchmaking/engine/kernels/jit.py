"""Compiling functions with numba, once per processor: the only place that knows it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import numba
from numba.extending import intrinsic

_Function = TypeVar("_Function", bound=Callable[..., Any])
Untyped = Any
"""What numba and llvmlite do not type."""

_numba: Untyped = numba


def _cache_folder() -> str:
    """A folder for these sources: numba looks at the file of a function, not at its callees."""
    here = Path(__file__).parent
    sources = b"".join(path.read_bytes() for path in sorted(here.glob("*.py")))
    base = Path(_numba.config.CACHE_DIR or here / "__pycache__")
    return str(base / hashlib.sha256(sources).hexdigest()[:16])


_numba.config.CACHE_DIR = _cache_folder()
# No fast maths: an exact part must round as NumPy rounds. No runtime of numba: nothing is allocated
# in compiled code, so no references need be counted, which halved the time. No lock of the
# interpreter: threads share the work.
_OPTIONS: Final[dict[str, Any]] = {"nogil": True, "error_model": "numpy", "_nrt": False}
_AS_A_PART: Final = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "forceinline": True}


def compiled(function: _Function) -> _Function:
    """Compile as a part of whatever compiled function calls it."""
    return cast("_Function", _numba.njit(**_AS_A_PART, **_OPTIONS)(function))


def entry(function: _Function) -> _Function:
    """Compile for Python at the first call; kept for other processes where a folder allows."""
    try:
        return cast("_Function", _numba.njit(cache=True, **_OPTIONS)(function))
    except RuntimeError:  # there is no folder to keep it in
        return cast("_Function", _numba.njit(**_OPTIONS)(function))


def _popcount(_typing: object, word: Untyped) -> Untyped:
    def generate(_context: object, builder: Untyped, _signature: object, words: Untyped) -> Untyped:
        return builder.ctpop(words[0])

    return numba.types.uint64(word), generate


_bits_in: Untyped = intrinsic(_popcount)


@compiled
def bits_in(word: int) -> int:
    """Number of set bits of an unsigned 64-bit word."""
    return _bits_in(word)
