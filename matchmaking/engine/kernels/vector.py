"""One step numba has no words for: writing the chosen of several values without a branch."""

from __future__ import annotations

from typing import Final

from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

from matchmaking.engine.kernels.jit import Untyped, compiled
from matchmaking.engine.kernels.layout import Singles
from matchmaking.engine.values import Ints

LANES: Final = 8
SHIFT: Final = 32
_INDEX, _WHOLE, _REAL = ir.IntType(32), ir.IntType(64), ir.FloatType()
_WHOLES, _REALS = ir.VectorType(_WHOLE, LANES), ir.VectorType(_REAL, LANES)
_COMPRESS: Final = f"llvm.experimental.vector.compress.v{LANES}i64"


def _spread(builder: Untyped, value: Untyped, kind: Untyped) -> Untyped:
    """A vector with the same value in all lanes."""
    nothing = ir.Constant(kind, ir.Undefined)
    one = builder.insert_element(nothing, value, ir.Constant(_INDEX, 0))
    return builder.shuffle_vector(
        one, nothing, ir.Constant(ir.VectorType(_INDEX, LANES), [0] * LANES)
    )


def _generate(context: Untyped, builder: Untyped, signature: Untyped, words: Untyped) -> Untyped:
    into, bounds, at, least, row = words
    target = make_array(signature.args[0])(context, builder, into).data
    source = builder.gep(make_array(signature.args[1])(context, builder, bounds).data, [at])
    loaded = builder.load(builder.bitcast(source, _REALS.as_pointer()), align=4)
    chosen = builder.fcmp_ordered(">=", loaded, _spread(builder, least, _REALS))
    whole = builder.shl(builder.fptosi(loaded, _WHOLES), ir.Constant(_WHOLES, [SHIFT] * LANES))
    rows = builder.add(_spread(builder, row, _WHOLES), ir.Constant(_WHOLES, list(range(LANES))))
    kind = ir.FunctionType(_WHOLES, [_WHOLES, chosen.type, _WHOLES])
    compress = builder.module.declare_intrinsic(_COMPRESS, fnty=kind)
    packed = [builder.or_(whole, rows), chosen, ir.Constant(_WHOLES, ir.Undefined)]
    builder.store(
        builder.call(compress, packed), builder.bitcast(target, _WHOLES.as_pointer()), align=8
    )
    return builder.ctpop(builder.zext(builder.bitcast(chosen, ir.IntType(LANES)), _WHOLE))


def _pack(
    _typing: Untyped, into: Untyped, bounds: Untyped, at: Untyped, least: Untyped, row: Untyped
) -> Untyped:
    return types.int64(into, bounds, at, least, row), _generate


_pack_chosen: Untyped = intrinsic(_pack)


@compiled
def pack(into: Ints, bounds: Singles, at: int, least: float, row: int) -> int:
    """Write, of so many bounds from a place on, those that reach the least, above their rows.

    LLVM makes one instruction of it where the processor has one, else steps without branches.

    Args:
        into: Where to write; all lanes are written, so it needs that much room.
        bounds: Bounds in single precision.
        at: The first of them.
        least: What a bound must reach.
        row: The row of the first of them.

    Returns:
        How many were written for good.
    """
    return _pack_chosen(into, bounds, at, least, row)
