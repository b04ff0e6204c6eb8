"""One quarter, in the order of the theory; and the run, which is quarters one after another."""

from . import agreements, deals as book, endings, lessons, money, politics, purse, search, state
from .compiled import compiled
from .founding import found
from .government import govern
from .observe import observe
from .rates import take_rates
from .talks import hold_talks


@compiled
def step(world, p, t, luck):
    """Live through one quarter under the numbers in force."""
    take_rates(world, p)
    money.clear_books(world)
    govern(world, p, t)
    politics.hold_elections(world, p, t, luck)
    politics.lose_leaders(world, p, t, luck)
    politics.move_chiefs(world, p, t, luck)
    money.open_books(world, p, t, luck)
    agreements.run_agreements(world, p, t)
    endings.end_agreements(world, p, t, luck)
    search.show_talks(world)
    hold_talks(world, p, t, luck)
    search.look_for_partners(world, p, t, luck)
    lessons.take_in(world, p)
    money.close_books(world, p, t)
    purse.close_purse(world, p, t)
    book.sweep(world)


@compiled
def advance(world, theory, luck, start, stop, record):
    """Live from quarter `start` to before `stop`; a world that is not yet founded is founded first.

    `theory` (quarters,) holds the numbers in force in each quarter, `record` (quarters,) takes what
    is measured. Stops early when an array is full; the caller makes room and runs again.
    """
    if world.tally[0].counts[state.FOUNDED] == 0:
        found(world, theory[0], luck)
        world.tally[0].counts[state.FOUNDED] = 1
    for t in range(start, stop):
        step(world, theory[t], t, luck)
        observe(world, theory[t], t, record[t])
        if world.tally[0].counts[state.FULL] == 1:
            return
