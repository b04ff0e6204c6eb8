"""The world as the rules see it: `world.councils`, `world.deals` and the other arrays, by name.

A compiled rule that took two dozen arrays one by one would pass some two hundred values at every
call, and compiling the rules would take minutes. So compiled code gets one pointer, to a table of
where each array lies and how long it is, and finds an array when a rule names it. In plain Python a
`World` is just a named tuple of the same arrays, and the rules read the same.
"""

from typing import Any, NamedTuple

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.imputils import impl_ret_borrowed, lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    NativeValue,
    infer_getattr,
    models,
    register_model,
    typeof_impl,
    unbox,
)  # fmt: skip
from numba.np.arrayobj import make_array, populate_array
from numba.np.numpy_support import from_dtype

from sim.core import state

FIELDS: dict[str, tuple[Any, int]] = {
    "councils": (state.COUNCIL, 1),
    "pairs": (state.PAIR, 1),
    "near": (np.int64, 2),
    "deals": (state.DEAL, 1),
    "live": (np.int64, 1),
    "free": (np.int64, 1),
    "roll": (state.ROLL_ENTRY, 1),
    "tally": (state.TALLY, 1),
    "paths": (np.float64, 3),
    "bases": (np.float64, 2),
    "limits": (np.float64, 2),
    "swings": (np.float64, 2),
    "calendar": (np.float64, 3),
    "orders": (state.ORDER, 1),
    "happenings": (state.HAPPENING, 1),
    "standing": (np.int64, 2),
    "log": (state.EVENT, 1),
    "terms": (np.float64, 1),
    "options": (np.float64, 1),
    "calls": (np.int64, 2),
    "chance": (np.float64, 1),
    "root": (np.int64, 1),
    "first": (np.int64, 1),
    "partners": (np.int64, 2),
}
"""Every array of the world: what it holds and how many dimensions it has."""

SLOTS = 4  # address and up to three lengths
WORD = 64  # bits


class World(NamedTuple):
    """Everything that a step reads and writes."""

    councils: Any  # (councils,) of COUNCIL
    pairs: Any  # (pairs,) of PAIR
    near: np.ndarray  # (councils, width): the pairs of each council, the first `degree`
    deals: Any  # (deals,) of DEAL
    live: np.ndarray  # (deals,): the rows of deals in use, oldest first
    free: np.ndarray  # (deals,): the rows not in use
    roll: Any  # (councils there can ever be,) of ROLL_ENTRY
    tally: Any  # (1,) of TALLY
    paths: np.ndarray  # (paths, councils, years): settlement, million pounds a year
    bases: np.ndarray  # (councils, years): council tax base, Band D equivalents
    limits: np.ndarray  # (years, 3): limit as a share, in pounds, share of councils that froze
    swings: np.ndarray  # (tiers, PARTIES): weights of the parties
    calendar: np.ndarray  # (tiers, options, 3): cycle, year, share of the councils
    orders: Any  # (orders,) of ORDER
    happenings: Any  # (happenings,) of HAPPENING
    standing: np.ndarray  # (members, 4): partnership, scope, signed quarter, row
    log: Any  # (room,) of EVENT; without rows nothing is kept
    terms: np.ndarray  # (TERMS,): scratch, the contributions of the decision in hand
    options: np.ndarray  # (councils,): scratch
    calls: np.ndarray  # (councils, 3): scratch, who calls across which pair about what
    chance: np.ndarray  # (councils,): scratch, the priority of each call
    root: np.ndarray  # (councils,): scratch, for groups of councils
    first: np.ndarray  # (councils,): scratch
    partners: np.ndarray  # (councils, NEAR_MOST): scratch, the partners of each council
    where: np.ndarray  # (arrays, SLOTS): where each of the arrays above lies, for compiled code


def assemble(arrays: dict[str, np.ndarray]) -> World:
    """Return the world of these arrays, each checked for kind, shape and layout.

    Raises:
        TypeError: an array is not of the declared kind, or is not contiguous.
    """
    where = np.zeros((len(FIELDS), SLOTS), dtype=np.int64)
    for place, (name, (kind, dimensions)) in enumerate(FIELDS.items()):
        array = arrays[name]
        fits = array.dtype == np.dtype(kind) and array.ndim == dimensions
        if not fits or not array.flags.c_contiguous:
            raise TypeError(
                f"world.{name} must be a contiguous array of {dimensions} axes of {kind}"
            )
        where[place, 0] = array.ctypes.data
        where[place, 1 : 1 + dimensions] = array.shape
    return World(**arrays, where=where)


def fresh(blank: World, **others: np.ndarray) -> World:
    """Return a copy of a world that may be written, with some arrays replaced."""
    arrays = {name: getattr(blank, name).copy() for name in FIELDS if name not in others}
    return assemble(arrays | others)


class WorldType(types.Type):  # type: ignore[misc]
    """The world in compiled code: a pointer to the table `where`."""

    def __init__(self):
        super().__init__(name="World")


world_type = WorldType()
register_model(WorldType)(models.OpaqueModel)


@typeof_impl.register(World)
def typeof_world(value, context):
    """Every world is of one type, however many councils it has."""
    return world_type


@unbox(WorldType)
def unbox_world(kind, obj, c):
    """Take the address of the table `where`."""
    table = c.pyapi.object_getattr_string(obj, "where")
    native = c.unbox(types.Array(types.int64, 2, "C"), table)
    array = c.context.make_array(types.Array(types.int64, 2, "C"))(
        c.context, c.builder, native.value
    )
    address = c.builder.bitcast(array.data, cgutils.voidptr_t)
    c.pyapi.decref(table)
    return NativeValue(address, is_error=native.is_error, cleanup=native.cleanup)


@infer_getattr
class WorldArrays(AttributeTemplate):  # type: ignore[misc]
    """What `world.councils` and its like are, to the compiler."""

    key = WorldType

    def generic_resolve(self, world, name):
        """Return the array type of a field of the world."""
        return array_type(name) if name in FIELDS else None


def array_type(name):
    """Return the compiler's type of one of the world's arrays."""
    kind, dimensions = FIELDS[name]
    return types.Array(from_dtype(np.dtype(kind)), dimensions, "C")


@lower_getattr_generic(WorldType)
def read_array(context, builder, kind, world, name):
    """Find an array by the table `where`: its address and its lengths."""
    result = array_type(name)
    word = ir.IntType(WORD)
    table = builder.bitcast(world, word.as_pointer())
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
