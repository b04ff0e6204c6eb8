"""What `world.councils` and its like are in compiled code: arrays found by a table of addresses."""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.imputils import impl_ret_borrowed, lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, intrinsic, models, register_model
from numba.np.arrayobj import make_array, populate_array
from numba.np.numpy_support import from_dtype

from ..core.state import TERMS
from ..core.world import FIELDS, SLOTS

WORD = 64  # bits
OWN = "terms"
"""The array that every rule has for itself."""


class WorldType(types.Type):
    """The world in compiled code: the address of its table `where`."""

    def __init__(self) -> None:
        super().__init__(name="World")


world_type = WorldType()
register_model(WorldType)(models.OpaqueModel)


@intrinsic
def world_at(context: Any, address: Any) -> Any:
    """Return the world whose table `where` lies at an address."""

    def same(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return args[0]

    return world_type(address), same


def rows_of(kind: np.dtype) -> Any:
    """Return a function of compiled code: the array of so many records at an address."""
    result = types.Array(from_dtype(kind), 1, "C")

    @intrinsic
    def rows_at(context: Any, address: Any, count: Any) -> Any:
        def view(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            array = make_array(result)(context, builder)
            data = builder.bitcast(args[0], array.data.type)
            size = context.get_constant(types.intp, kind.itemsize)
            populate_array(array, data, [args[1]], [size], size, None)
            return array._getvalue()

        return result(address, count), view

    return rows_at


@infer_getattr
class WorldArrays(AttributeTemplate):
    """The types of a world's fields."""

    key = WorldType

    def generic_resolve(self, world: Any, name: str) -> Any:
        """Return the array type of a field, None for a name that is no field."""
        return array_type(name) if name in FIELDS else None


def array_type(name: str) -> Any:
    """Return the compiler's type of one of the world's arrays."""
    kind, dimensions = FIELDS[name]
    return types.Array(from_dtype(np.dtype(kind)), dimensions, "C")


def _on_stack(context: Any, builder: Any, kind: Any) -> Any:
    """Return an array on the stack of the rule that names it, which no other rule can write.

    What lies in the world might be written by any rule, as far as the compiler knows. Of what lies
    on the stack it sees all that is done with it, and most of it is never more than a register.
    """
    room = cgutils.alloca_once(builder, ir.ArrayType(ir.DoubleType(), TERMS))
    array = make_array(kind)(context, builder)
    size = context.get_constant(types.intp, np.dtype(np.float64).itemsize)
    length = context.get_constant(types.intp, TERMS)
    populate_array(array, builder.bitcast(room, array.data.type), [length], [size], size, None)
    return array._getvalue()


@lower_getattr_generic(WorldType)
def read_array(context: Any, builder: Any, kind: Any, world: Any, name: str) -> Any:
    """Find an array by the table `where`: its address and its lengths."""
    result = array_type(name)
    if name == OWN:
        return impl_ret_borrowed(context, builder, result, _on_stack(context, builder, result))
    table = builder.bitcast(world, ir.IntType(WORD).as_pointer())
    slot = list(FIELDS).index(name) * SLOTS
    read = [
        builder.load(builder.gep(table, [context.get_constant(types.intp, slot + k)]))
        for k in range(1 + result.ndim)
    ]
    size = context.get_constant(types.intp, np.dtype(FIELDS[name][0]).itemsize)
    strides = [size]
    for length in reversed(read[2:]):
        strides.insert(0, builder.mul(strides[0], length))
    array = make_array(result)(context, builder)
    data = builder.inttoptr(read[0], array.data.type)
    populate_array(array, data, read[1:], strides, size, None)
    return impl_ret_borrowed(context, builder, result, array._getvalue())
