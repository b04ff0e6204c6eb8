"""The Mesa face: `CouncilModel` and its `Council` agents, on the same compiled step.

A `Council` is a window on one row of the arrays; nothing is copied.
`CouncilModel("norfolk", seed=1)` gives the same bits as `sim.simulate("norfolk", seed=1)`.
"""

from __future__ import annotations

import copy
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import mesa
import numpy as np

from .collecting import (
    AGENT_COLUMNS,
    AGENT_IDS,
    MODEL_COLUMNS,
    Collector,
    next_id,
    number_from,
)
from .core import state
from .core.world import World
from .country.councils import PARTIES, TIERS
from .declared.catalogue import SCOPES
from .declared.measures import as_columns
from .declared.parameters import SECTIONS
from .declared.scenario import Scenario, load
from .errors import A_SCENARIO, InputError, nearest, whole
from .forks import Snapshot, adopt, load_snapshot, save
from .label import Label, labelled
from .ready.kept import prepared
from .ready.world import Prepared
from .running import SEED_MOST, begin, go_on, luck_of
from .tables.columns import AXES, LESSONS, roll_of

STAGES = ("", "study", "business case", "vote", "being set up", "running")


class Talk(NamedTuple):
    """A deal as one of its members sees it."""

    number: int  # of the deal within the run
    scope: str
    stage: str
    others: tuple[Council, ...]


class Council(mesa.Agent):
    """One council: readable properties over its row of the arrays."""

    def __init__(self, model: CouncilModel, identity: int) -> None:
        super().__init__(model)
        self.identity = identity
        self.row = int(model.world.roll[identity].row)

    def __repr__(self) -> str:
        return f"<Council {self.name}>"

    @property
    def _record(self) -> Any:
        return self.model.world.councils[self.row]

    @property
    def code(self) -> str:
        """Official code; of a merged council the codes of its parents."""
        return str(self.model.codes[self.identity])

    @property
    def name(self) -> str:
        """Name; of a merged council a name made of those of its parents."""
        return str(self.model.names[self.identity])

    @property
    def tier(self) -> str:
        """District, county, unitary, metropolitan or london."""
        return TIERS[self._record.tier]

    @property
    def county(self) -> str:
        """County, metropolitan county or Greater London."""
        return str(self.model.ready.table.county[self.row])

    @property
    def population(self) -> float:
        """People, census of 2011."""
        return float(self._record.population)

    @property
    def pos(self) -> tuple[float, float]:
        """Place in km, east and north."""
        return float(self._record.x), float(self._record.y)

    @pos.setter
    def pos(self, value: Any) -> None:
        """Mesa clears an agent's place when it is made; a council stays where it is."""

    @property
    def reserves(self) -> float:
        """Usable reserves, million pounds."""
        return float(self._record.reserves)

    @property
    def budget(self) -> float:
        """Settlement and council tax, million pounds a year."""
        return float(self._record.income)

    @property
    def band_d(self) -> float:
        """Own council tax of a Band D home, pounds a year."""
        return float(self._record.band_d)

    @property
    def gap(self) -> float:
        """Cost less savings less income, million pounds a year."""
        return float(self._record.gap)

    @property
    def expected_gap(self) -> float:
        """The gap it expects at its horizon, million pounds a year."""
        return float(self._record.expected_gap)

    @property
    def true_saving(self) -> float:
        """What its agreements truly save, million pounds a year."""
        return float(self._record.saving)

    @property
    def control(self) -> str:
        """Party in control: CON, LAB, LD, NOC or IND."""
        return PARTIES[self._record.control]

    @property
    def vacant(self) -> bool:
        """Whether the chief executive's post is vacant."""
        return bool(self._record.vacant)

    @property
    def culture(self) -> dict[str, float]:
        """Place on the four axes, 0 to 1."""
        return dict(zip(AXES, map(float, self._record.culture), strict=True))

    @property
    def lessons(self) -> dict[str, float]:
        """What it has learnt from failures, 0 to 1."""
        return dict(zip(LESSONS, map(float, self._record.lessons), strict=True))

    @property
    def talks(self) -> list[Talk]:
        """The talks it is in."""
        return [self._deal(d) for d in self._record.talks if d != state.NOBODY]

    @property
    def agreements(self) -> list[Talk]:
        """The agreements it has signed and not left."""
        return [self._deal(d) for d in self._record.agreement if d != state.NOBODY]

    @property
    def partners(self) -> list[Council]:
        """The councils it shares anything with, each once, by name."""
        found = {other for deal in self.agreements for other in deal.others}
        return sorted(found, key=lambda other: other.name)

    def _deal(self, d: int) -> Talk:
        deal = self.model.world.deals[d]
        rows = [row for row in deal.member[: deal.members] if row != self.row]
        others = tuple(self.model.at_row(int(row)) for row in rows)
        return Talk(int(deal.number), SCOPES[deal.scope], STAGES[deal.stage], others)


@labelled
class CouncilModel(mesa.Model):
    """A scenario as a Mesa model: one step is one quarter.

    Args:
        scenario: a shipped name, the path of a TOML file, or a `Scenario`.
        seed: 0 to 2**32 - 1; drawn and kept as `seed_used` when not given.
        rng: Mesa's newer name for the seed; give one of the two. A generator gives the seed.
        replicate: which of the runs of this seed.
        **numbers: declared numbers by `section_name`, for `mesa.batch_run`.

    Raises:
        InputError: the scenario, a number or the seed cannot be used.
    """

    def __init__(
        self,
        scenario: str | Path | Scenario | None = None,
        seed: int | None = None,
        *,
        rng: Any = None,
        replicate: int = 0,
        **numbers: Any,
    ) -> None:
        if scenario is None:
            raise InputError(f"CouncilModel: there is no scenario: {A_SCENARIO}")
        if seed is not None and rng is not None:
            raise InputError("give seed or rng, not both")
        self.seed_used = seed_of(seed if seed is not None else rng)
        luck = luck_of(self.seed_used, replicate)
        super().__init__(rng=self.seed_used)
        self.luck, self.replicate = luck, int(replicate)
        self.ready = prepared(with_numbers(scenario, numbers))
        self.quarters = len(self.ready.theory)
        self._raw = go_on(begin(self.ready), self.ready, luck=luck, until=0)
        self.codes, self.names = roll_of(self.ready, self.world)
        self._at_row: list[Council] = [Council(self, k) for k in range(len(self.codes))]
        self.datacollector = Collector(MODEL_COLUMNS, AGENT_COLUMNS)

    def _label(self) -> Label:
        facts = {
            "seed": self.seed_used,
            "replicate": self.replicate,
            "lived": f"{self._raw.quarter} of {self.quarters} quarters",
            "councils": len(self.agents),
        }
        ask = ("step()", "councils", "council(name)", "measures", "datacollector", "snapshot()",
               "save(path)")  # fmt: skip
        return Label(f"Mesa model of '{self.ready.scenario.name}'", facts, ask)

    @property
    def councils(self) -> mesa.agent.AgentSet:
        """The councils that exist now."""
        return self.agents

    @property
    def quarter(self) -> int:
        """The number of the last quarter that was lived, from 0; -1 before the first."""
        return self._raw.quarter - 1

    @property
    def date(self) -> np.datetime64:
        """The first day of the last quarter that was lived."""
        return np.datetime64(self.ready.scenario.first_day(self.quarter), "ms")

    @property
    def measures(self) -> dict[str, float]:
        """What was measured at the end of the last quarter; empty before the first."""
        lived = self._raw.quarter
        if lived == 0:
            return {}
        last = as_columns(self._raw.record[lived - 1 : lived])
        return {name: float(value[0]) for name, value in last.items()}

    def at_row(self, row: int) -> Council:
        """Return the council that lives in a row of the arrays."""
        found: Council = self._at_row[row]
        return found

    def council(self, text: str) -> Council:
        """Return the living council of a name or a code.

        Raises:
            InputError: no living council is called so; the nearest name is given.
        """
        agent: Council
        for agent in self.agents:
            if text in (agent.name, agent.code):
                return agent
        names = [agent.name for agent in self.agents]
        raise InputError(f"there is no council '{text}' now; {nearest(text, names)}")

    @property
    def world(self) -> World:
        """The arrays of the present quarter."""
        return self._raw.world

    def step(self) -> None:
        """Live through one quarter, collect its data, and stop after the scenario's last."""
        t = self._raw.quarter
        if t >= self.quarters:
            self.running = False
            return
        self._raw = go_on(self._raw, self.ready, luck=self.luck, until=t + 1)
        self._meet_new()
        self.datacollector.collect(self)
        self.running = t + 1 < self.quarters

    def snapshot(self) -> Snapshot:
        """Return the run as it stands, to be saved, or to be gone on from under a policy."""
        ready = self.ready
        return Snapshot(
            ready.scenario, self.seed_used, self.replicate, self._raw, ready.ways,
            events=True, contents=ready.contents,
        )  # fmt: skip

    def save(self, path: str | Path, *, force: bool = False) -> None:
        """Write the run as it stands to a file in .npz; with `force` in place of one that exists.

        Raises:
            InputError: the file exists already (without `force`) or cannot be written.
        """
        save(self.snapshot(), path, force=force)

    @classmethod
    def restore(
        cls,
        saved: str | Path | Snapshot,
        policy: str | Path | Scenario | None = None,
    ) -> CouncilModel:
        """Return the model of a snapshot or its file, which goes on with the same bits.

        Its data collector begins at the present quarter. With a policy it goes on under that,
        which must be the same scenario until now.

        Raises:
            InputError: the file cannot be used, or the policy differs before the present quarter.
        """
        held = saved if isinstance(saved, Snapshot) else load_snapshot(saved)
        scenario = held.scenario if policy is None else policy
        model = cls(scenario, seed=held.seed, replicate=held.replicate)
        model._take_on(held, model.ready)
        model.steps = held.quarter
        model._meet_new()
        model.running = held.quarter < model.quarters
        return model

    def _take_on(self, held: Snapshot, ready: Prepared) -> None:
        """Go on from a snapshot; InputError where the scenario is not the same until now."""
        raw = adopt(held, ready)
        self.ready, self._raw = ready, go_on(raw, ready, luck=self.luck, until=held.quarter)

    def __getstate__(self) -> dict[str, Any]:
        """Return what is pickled and copied: the run as it would be saved, and all else."""
        return {**vars(self), "ready": None, "_raw": self.snapshot(), AGENT_IDS: next_id(self)}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        """Take what was pickled; InputError where a table was edited since."""
        self.__dict__.update({name: each for name, each in state.items() if name != AGENT_IDS})
        number_from(self, state[AGENT_IDS])
        self._take_on(state["_raw"], prepared(state["_raw"].scenario))

    def __copy__(self) -> CouncilModel:
        """Return a model of its own: one that shared its councils would live in both."""
        return copy.deepcopy(self)

    def _meet_new(self) -> None:
        """Take merged councils off the stage and bring the new ones on."""
        count = int(self.world.tally[0].counts[state.ROLL])
        if count == len(self.codes) and self.world.councils.alive.sum() == len(self.agents):
            return
        self.codes, self.names = roll_of(self.ready, self.world)
        for agent in list(self.agents):
            now = self.world.councils[agent.row]
            if now.identity != agent.identity or now.alive == 0:
                agent.remove()
        for row, now in enumerate(self.world.councils):
            if now.alive == 1 and self._at_row[row].identity != now.identity:
                self._at_row[row] = Council(self, int(now.identity))


def seed_of(given: Any) -> int:
    """Return a seed from what Mesa may pass: a number, a generator, a sequence, or nothing."""
    if given is None:
        return secrets.randbits(32)
    if isinstance(given, np.random.Generator):
        return int(given.integers(2**32))
    if isinstance(given, np.random.SeedSequence):
        return int(given.generate_state(1)[0])
    return whole("seed", given, 0, SEED_MOST)


def with_numbers(scenario: str | Path | Scenario, numbers: Mapping[str, Any]) -> Scenario:
    """Return a scenario with declared numbers changed, each named `section_name`."""
    if isinstance(scenario, Scenario):
        if not numbers:
            return scenario
        from .declared.scenario import changed

        values = {_declared(name): value for name, value in numbers.items()}
        parameters = changed(scenario.parameters, values, "CouncilModel")
        return scenario.model_copy(update={"parameters": parameters})
    return load(scenario, sets=[f"{_declared(name)}={value}" for name, value in numbers.items()])


def _declared(name: str) -> str:
    known = {f"{s}_{f}": f"{s}.{f}" for s, cls in SECTIONS.items() for f in cls.model_fields}
    if name not in known:
        raise InputError(f"CouncilModel: unknown number '{name}'; {nearest(name, known)}")
    return known[name]
