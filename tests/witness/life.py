"""One life as it was told: the event log, the books of every quarter, and the scenario."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd
import twin_state

from sim.declared.scenario import Scenario, changed
from sim.plain import PlainModel
from sim.ready.kept import prepared
from sim.running import begin, go_on, luck_of
from sim.tables.batch import Run
from sim.tables.frames import council_table
from sim.tables.lived import Lived

from .foreseen import Paths, paths_of

BECAUSE = "because_"
TWICE = " twice"
"""What is put to a code that stands in a table for the second time."""
Row = dict[str, Any]
Books = dict[str, Row]
Pairs = dict[tuple[str, str], Row]
"""What one council (named first) and another are to each other."""


class Event(NamedTuple):
    """One line of the log; of its contributions only those that are not zero."""

    place: int
    quarter: int
    kind: str
    council: str | None
    other: str | None
    deal: int
    scope: str | None
    reason: str | None
    value: float
    more: float
    because: dict[str, float]

    def __str__(self) -> str:
        words = (self.kind, self.council, self.other, self.scope, self.reason)
        said = " ".join(str(word) for word in words if word is not None)
        number = f" of deal {self.deal}" if self.deal >= 0 else ""
        return f"quarter {self.quarter}, event {self.place}: {said}{number}, value {self.value!r}"


@dataclass
class Life:
    """What was told of one run. `books[t]` are those of the morning of quarter t, by code.

    Deals and pairs are those of the first morning, `last_deals` those of the last evening.
    """

    who: str
    scenario: Scenario
    seed: int
    events: list[Event]
    quarters: list[Row]
    books: list[Books]
    first_deals: list[Row]
    pairs: Pairs
    last_deals: list[Row]
    agreements: list[Row] | None = field(default=None)

    @cached_property
    def numbers(self) -> list[Any]:
        """The declared numbers in force in each quarter."""
        scenario, found = self.scenario, []
        numbers: Any = scenario.parameters
        for quarter in range(scenario.quarters):
            for change in sorted(scenario.change, key=lambda change: change.when):
                if scenario.quarter_of(change.when) == quarter:
                    numbers = changed(numbers, change.set, "change")
            found.append(numbers)
        return found

    @cached_property
    def opening(self) -> list[Event]:
        """The events that open the log: talks under way on the first day, and their cases."""
        found: list[Event] = []
        begun: set[int] = set()
        for event in self.events:
            if event.kind == "talks_begin" and event.more > 0:
                begun.add(event.deal)
            elif not (event.kind == "business_case" and event.deal in begun):
                break
            found.append(event)
        return found

    def opens(self, event: Event) -> bool:
        """Return whether an event is one of those that open the log."""
        return event.place < len(self.opening)

    @cached_property
    def paths(self) -> Paths:
        """What the tables say of money to come."""
        return paths_of(self.scenario)

    def stayed(self, quarter: int) -> list[tuple[str, Row, Row]]:
        """Return the councils that lived through a quarter: code, books before and after."""
        before, after = self.books[quarter], self.books[quarter + 1]
        return [
            (code, row, after[code])
            for code, row in before.items()
            if row["alive"] and code in after and after[code]["alive"]
        ]

    def living(self, morning: int) -> Books:
        """Return the books of those that lived on the morning of a quarter."""
        return {code: row for code, row in self.books[morning].items() if row["alive"]}


def as_rows(frame: pd.DataFrame) -> list[Row]:
    """Return the rows of a table as plain values; what is missing is None."""
    rows = frame.astype(object).to_dict("records")
    return [{str(key): value if value == value else None for key, value in row.items()}
            for row in rows]  # fmt: skip


def as_books(frame: pd.DataFrame) -> Books:
    """Return a table of councils by code; of two rows with one code the second says so."""
    books: Books = {}
    for row in as_rows(frame):
        code = row["code"]
        books[code if code not in books else f"{code}{TWICE}"] = row
    return books


def as_pairs(frame: pd.DataFrame) -> Pairs:
    """Return a table of pairs by the codes of both."""
    rows = ((str(row["pair"]).split(" of "), row) for row in as_rows(frame))
    return {(one, other): row for (one, other), row in rows}


def as_events(frame: pd.DataFrame) -> list[Event]:
    """Return the log as events."""
    named = [str(name) for name in frame.columns if str(name).startswith(BECAUSE)]
    terms = frame[named].to_numpy(float)
    names = [name.removeprefix(BECAUSE) for name in named]
    columns = ["quarter", "kind", "council", "other", "agreement", "scope", "reason", "value",
               "more"]  # fmt: skip
    rows = zip(*(frame[name].astype(object).tolist() for name in columns), strict=True)
    return [
        Event(place, *(None if cell != cell else cell for cell in row),
              {names[k]: float(terms[place, k]) for k in terms[place].nonzero()[0]})
        for place, row in enumerate(rows)
    ]  # fmt: skip


def life_of_engine(scenario: Scenario, seed: int) -> Life:
    """Live a scenario with the compiled rules, looking at the books every quarter."""
    ready, luck = prepared(scenario), luck_of(seed, 0)
    raw = go_on(begin(ready), ready, luck=luck, until=0)
    books = [as_books(council_table(ready, 0, raw.world))]
    first = as_rows(twin_state.deals_of_engine(ready, raw.world))
    pairs = as_pairs(twin_state.pairs_of_engine(ready, raw.world))
    for quarter in range(scenario.quarters):
        raw = go_on(raw, ready, luck=luck, until=quarter + 1)
        books.append(as_books(council_table(ready, 0, raw.world)))
    run = Run(Lived(ready, seed, range(1), [raw]))
    last = as_rows(twin_state.deals_of_engine(ready, raw.world))
    return Life("engine", scenario, seed, as_events(run.events), as_rows(run.quarters), books,
                first, pairs, last, as_rows(run.agreements))  # fmt: skip


def life_of_plain(scenario: Scenario, seed: int, make: Any = PlainModel) -> Life:
    """Live a scenario with the plain model, looking at the books every quarter."""
    model = make(scenario, seed=seed)
    books = [as_books(model.councils_table)]
    first = as_rows(twin_state.deals_of_plain(model))
    pairs = as_pairs(twin_state.pairs_of_plain(model))
    while model.running:
        model.step()
        books.append(as_books(model.councils_table))
    last = as_rows(twin_state.deals_of_plain(model))
    return Life("plain", scenario, seed, as_events(model.events), as_rows(model.quarters), books,
                first, pairs, last)  # fmt: skip
