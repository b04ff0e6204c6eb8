"""One quarter, in the order of the theory; and the run, which is quarters one after another."""

from .agreements import run_agreements
from .compiled import compiled
from .deals import sweep
from .endings import end_agreements
from .founding import found
from .government import govern
from .lessons import take_in
from .money import clear_books, close_books, open_books
from .observe import observe
from .politics import hold_elections, move_chiefs
from .rates import take_rates
from .search import look_for_partners, show_talks
from .state import FOUNDED, FULL
from .talks import hold_talks


@compiled
def step(world, p, t, luck):
    """Live through one quarter under the numbers in force."""
    take_rates(world, p)
    clear_books(world)
    govern(world, p, t)
    hold_elections(world, p, t, luck)
    move_chiefs(world, p, t, luck)
    open_books(world, p, t, luck)
    run_agreements(world, p, t)
    end_agreements(world, p, t, luck)
    show_talks(world)
    hold_talks(world, p, t, luck)
    look_for_partners(world, p, t, luck)
    take_in(world, p)
    close_books(world, t)
    sweep(world)


@compiled
def advance(world, theory, luck, start, stop, record):
    """Live from quarter `start` to before `stop`; a world that is not yet founded is founded first.

    `theory` (quarters,) holds the numbers in force in each quarter, `record` (quarters,) takes what
    is measured. Stops early when an array is full; the caller makes room and runs again.
    """
    if world.tally[0].counts[FOUNDED] == 0:
        found(world, theory[0], luck)
        world.tally[0].counts[FOUNDED] = 1
    for t in range(start, stop):
        step(world, theory[t], t, luck)
        observe(world, theory[t], t, record[t])
        if world.tally[0].counts[FULL] == 1:
            return
