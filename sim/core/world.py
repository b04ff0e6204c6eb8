"""The world as the rules see it: `world.councils`, `world.deals` and the other arrays, by name.

A compiled rule that took two dozen arrays one by one would pass some two hundred values at every
call, and compiling the rules would take minutes. So compiled code gets one pointer, to a table of
where each array lies and how long it is, and finds an array when a rule names it
(`sim/machine/pointer.py`). In plain Python a `World` is just a named tuple of the same arrays, and
the rules read the same.
"""

from typing import Any, NamedTuple

import numpy as np

from . import state

FIELDS: dict[str, tuple[Any, int]] = {
    "councils": (state.COUNCIL, 1),
    "pairs": (state.PAIR, 1),
    "near": (np.int32, 2),
    "across": (np.int32, 2),
    "deals": (state.DEAL, 1),
    "live": (np.int64, 1),
    "free": (np.int64, 1),
    "roll": (state.ROLL_ENTRY, 1),
    "tally": (state.TALLY, 1),
    "paths": (np.float64, 3),
    "bases": (np.float64, 2),
    "limits": (np.float64, 2),
    "transfers": (np.float64, 3),
    "prices": (np.float64, 1),
    "announced": (np.int64, 1),
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
    "partners": (np.int32, 2),
    "bonds": (np.int32, 2),
    "linked": (np.int64, 1),
    "traits": (np.float64, 2),
    "trusted": (np.float64, 1),
    "trusting": (np.float64, 1),
    "names": (np.int64, 1),
    "draws": (np.float64, 1),
    "signs": (np.float64, 2),
}
"""Every array of the world: what it holds and how many dimensions it has."""

SCRATCH = (
    "terms", "options", "calls", "chance", "root", "first", "partners", "bonds", "linked", "signs",
    "traits", "trusted", "names", "draws",
)  # fmt: skip
"""The arrays in which rules work: each is written before it is read."""

ROW_OF = {name: place for place, name in enumerate(FIELDS)}
SLOTS = 4  # address and up to three lengths


class World(NamedTuple):
    """Everything that a step reads and writes."""

    councils: Any  # (councils,) of COUNCIL
    pairs: Any  # (pairs,) of PAIR
    near: np.ndarray  # (councils, width): the pairs of each council, the first `degree`
    across: np.ndarray  # (councils, width): the council on the other side of each of `near`
    deals: Any  # (deals,) of DEAL
    live: np.ndarray  # (deals,): the rows of deals in use, oldest first
    free: np.ndarray  # (deals,): the rows not in use
    roll: Any  # (councils there can ever be,) of ROLL_ENTRY
    tally: Any  # (1,) of TALLY
    paths: np.ndarray  # (paths, councils, years): settlement, million pounds a year
    bases: np.ndarray  # (councils, years): council tax base, Band D equivalents
    limits: np.ndarray  # (years, 5): share, pounds, share that froze, care, Band D for pounds
    transfers: np.ndarray  # (2, councils, years): duty and tax that came, million pounds a year
    prices: np.ndarray  # (years,): by what share pay and prices rise into the year
    announced: np.ndarray  # (years,): the quarter from which it is known what a year brings
    swings: np.ndarray  # (tiers, PARTIES): weights of the parties
    calendar: np.ndarray  # (tiers, options, 3): cycle, year, share of the councils
    orders: Any  # (orders,) of ORDER
    happenings: Any  # (happenings,) of HAPPENING
    standing: np.ndarray  # (members, 5): partnership, scope, signed quarter, row, agreed
    log: Any  # (room,) of EVENT; without rows nothing is kept
    terms: np.ndarray  # (TERMS,): the contributions of the decision in hand; each rule has its own
    options: np.ndarray  # (councils,): scratch
    calls: np.ndarray  # (councils, 3): scratch, who calls across which pair about what
    chance: np.ndarray  # (councils,): scratch, the priority of each call
    root: np.ndarray  # (councils,): scratch, for groups of councils
    first: np.ndarray  # (councils,): scratch
    partners: np.ndarray  # (councils, NEAR_MOST): those of each when the network last changed
    bonds: np.ndarray  # (councils, NEAR_MOST): the pair with each of `partners`, or NOBODY
    linked: np.ndarray  # (councils,): how many partners each had on that day
    traits: np.ndarray  # (councils, TRAITS): what each was like when the network last changed
    trusted: np.ndarray  # (pairs,): how far partners trusted each other on that day
    trusting: np.ndarray  # (pairs,): change of trust to be applied
    names: np.ndarray  # (width,): scratch, the lineages of whom a council can talk to
    draws: np.ndarray  # (width,): scratch, a draw for each of them
    signs: np.ndarray  # (councils, SIGNS_SEEN): scratch, what can be seen of each from outside
    where: np.ndarray  # (arrays, SLOTS): where each of the arrays above lies, for compiled code

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how a copy is made: its arrays lie elsewhere, so `where` is found anew."""
        return assemble, ({name: getattr(self, name) for name in FIELDS},)


def assemble(arrays: dict[str, np.ndarray]) -> World:
    """Return the world of these arrays, each checked for kind, shape and layout.

    Raises:
        TypeError: an array is not of the declared kind, or is not contiguous.
    """
    where = np.zeros((len(FIELDS), SLOTS), dtype=np.int64)
    for place, name in enumerate(FIELDS):
        where[place] = _lies(name, arrays[name])
    return World(**arrays, where=where)


def _lies(name: str, array: np.ndarray) -> list[int]:
    """Return where an array of the world lies and how long it is, (SLOTS,).

    Raises:
        TypeError: it is not of the declared kind, or is not contiguous.
    """
    kind, dimensions = FIELDS[name]
    fits = array.dtype == np.dtype(kind) and array.ndim == dimensions
    if not fits or not array.flags.c_contiguous:
        raise TypeError(f"world.{name} must be a contiguous array of {dimensions} axes of {kind}")
    return [array.ctypes.data, *array.shape, *[0] * (SLOTS - 1 - dimensions)]


def with_arrays(blank: World, **others: np.ndarray) -> World:
    """Return a world with some arrays replaced; it has all others in common with the first.

    For worlds that nobody writes to.
    """
    where = blank.where.copy()
    for name, array in others.items():
        where[ROW_OF[name]] = _lies(name, array)
    return blank._replace(**others, where=where)


def fresh(blank: World, **others: np.ndarray) -> World:
    """Return a copy of a world that may be written, with some arrays replaced."""
    arrays = {name: getattr(blank, name).copy() for name in FIELDS if name not in others}
    return assemble(arrays | others)
