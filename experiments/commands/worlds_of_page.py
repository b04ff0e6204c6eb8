"""The worlds in which the page shows scenarios: each is named ENSEMBLE/NUMBER."""

from __future__ import annotations

import importlib
from functools import partial
from typing import TYPE_CHECKING, Any

from ...sim.errors import InputError

if TYPE_CHECKING:
    from ...sim.declared.scenario import Scenario
    from ..worlds import Worlds

BETWEEN = "/"


def worlds_of_page(worlds: Worlds, replicate: int | None = None) -> Any:
    """Return worlds as the page takes them; with a replicate, its world is where it starts.

    Raises:
        InputError: there is no such replicate.
    """
    first = ""
    if replicate is not None:
        worlds.check_replicate(replicate)
        first = f"{worlds.ensemble.file}{BETWEEN}{worlds.world(replicate)}"
    # Loaded by name, since nothing else here needs the page.
    book = importlib.import_module("...sim.page.book", __package__)
    return book.Worlds(partial(laid, worlds), first)


def laid(worlds: Worlds, file: str, is_policy: bool, where: str) -> Scenario:
    """Return the scenario of a file in a world; a policy as what it changes in what it stands upon.

    Raises:
        InputError: there is no such world.
    """
    from ...sim.declared.scenario import layers, load
    from ..worlds import in_world

    ensemble, _, number = where.rpartition(BETWEEN)
    known, most = worlds.ensemble.file, len(worlds.ensemble.sets) - 1
    if ensemble != known or number not in map(str, range(most + 1)):
        raise InputError(
            f"there is no world '{where}' here: it is {known}{BETWEEN} and a number from 0 to "
            f"{most}"
        )
    beneath = layers(file)[:-1]
    scenario = load(file)
    base = load(beneath[-1][1]) if is_policy and beneath else scenario
    return in_world(worlds, base, scenario, int(number) * worlds.lucks)
