"""The whole model as one Mesa model: a step is a quarter in the life of England's councils."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import mesa
import pandas as pd

from ..country.announced import known_from
from ..country.councils import FIRST_YEAR, party_weights, price_growth, tax_limits
from ..declared.catalogue import SCOPES
from ..declared.measures import MEASURES
from ..declared.scenario import Scenario, load
from .aftermath import take_in_lessons
from .agreements import work
from .chance import Chance
from .council import Council, Identity
from .deal import Deal
from .endings import consider_leaving
from .founding import found
from .funding import years_needed
from .government import change_numbers, govern, identity_of
from .log import Log
from .measure import observe
from .money import clear_books, close_books, open_books
from .politics import hold_elections, lose_leaders, move_chief_executives
from .purse import close_purse
from .quarters import A_YEAR
from .search import look, mark_known_talks
from .table import councils_table
from .talks import hold_talks

DEFAULT_SEED = 1
"""Mesa's batch_run says None where nobody asked for a seed."""
ROOM_FOR_PAIRS = 12
"""Pairs that a new council may have beyond the longest list of the first day."""


class PlainModel(mesa.Model):
    """Councils that look for partners, talk, share, merge and part."""

    first_table_year = FIRST_YEAR

    def __init__(
        self,
        scenario: str | Path | Scenario = "norfolk",
        seed: int | None = DEFAULT_SEED,
        replicate: int = 0,
    ) -> None:
        super().__init__()
        self.running: bool = True
        self.plan = scenario if isinstance(scenario, Scenario) else load(scenario)
        self.chance = Chance(DEFAULT_SEED if seed is None else seed, replicate)
        self.quarter = 0
        self.scenario_start_year = self.plan.start.year
        self.log = Log()
        self.identities: list[Identity] = []
        self.heirs_of: dict[Council, Identity] = {}
        self.made: dict[str, Identity] = {}
        self.deals: list[Deal] = []
        self.deals_opened = 0
        self.counts: Counter[str] = Counter()
        self._read_tables()
        self._start_government()
        self._start_measures()
        self.set_numbers(self.plan.parameters)
        change_numbers(self)
        found(self, self.plan)
        self.most_pairs = max(len(c.pairs) for c in self.agents) + ROOM_FOR_PAIRS

    def _read_tables(self) -> None:
        years = years_needed(self.plan)
        self.tax_limits = tax_limits(years).tolist()
        self.prices = price_growth(years).tolist()
        self.told_from = known_from(self.plan.start.year, years).tolist()
        self.party_weights = party_weights()

    def _start_government(self) -> None:
        self.study_pot = self.setup_pot = 0  # whole pounds
        self.pot_amounts = (0, 0)
        self.paid_out: Counter[str] = Counter()
        self.stance_told = ""
        self.stance_since = 0

    def _start_measures(self) -> None:
        self.in_the_news: set[Council] = set()
        self.reported_total = 0.0
        self.services_now = self.services_total = self.public_value = 0.0
        self.network_changed = True
        self.network_measures: dict[str, float] = {}
        self.measures: dict[str, float] = {}
        names = [measure.name for measure in MEASURES]
        self.datacollector = mesa.DataCollector(
            model_reporters={"quarter": "quarter"} | {name: _reporter(name) for name in names}
        )

    def set_numbers(self, numbers: Any) -> None:
        """Put declared numbers in force."""
        self.numbers = numbers
        self.catalogue = [getattr(numbers, scope) for scope in SCOPES]

    @property
    def stance(self) -> str:
        """Return where government stands on reorganisation."""
        return str(self.numbers.reorganisation.stance)

    @property
    def year(self) -> int:
        """Return the calendar year in which the financial year began."""
        return self.scenario_start_year + self.quarter // A_YEAR

    @property
    def table_year(self) -> int:
        """Return the place of this year in the tables of funding."""
        return self.year - FIRST_YEAR

    @property
    def is_april(self) -> bool:
        """Return whether this is the first quarter of a financial year."""
        return self.quarter % A_YEAR == 0

    def next_number(self) -> int:
        """Return the number of a new deal, from 1."""
        self.deals_opened += 1
        return self.deals_opened

    def council_now(self, word: str) -> Council | None:
        """Return the council that a named one is by now, if it still stands."""
        identity = identity_of(self, word)
        return None if identity is None else self.standing_as(identity)

    def standing_as(self, identity: Identity) -> Council | None:
        """Return the council that one of that identity is by now, if it still stands."""
        last = identity.final()
        return next((council for council in self.agents if council.identity is last), None)

    def step(self) -> None:
        """Live one quarter."""
        if not self.running:
            return
        self.log.quarter = self.quarter
        if self.quarter > 0:
            change_numbers(self)
        clear_books(self)
        govern(self)
        if self.is_april:
            hold_elections(self)
        lose_leaders(self)
        move_chief_executives(self)
        open_books(self)
        work(self)
        consider_leaving(self)
        mark_known_talks(self)
        hold_talks(self)
        look(self)
        take_in_lessons(self)
        close_books(self)
        close_purse(self)
        self.deals = [deal for deal in self.deals if not deal.ended]
        observe(self)
        self.datacollector.collect(self)
        self.quarter += 1
        self.running = self.quarter < self.plan.quarters

    def run(self) -> PlainModel:
        """Live to the scenario's end."""
        while self.running:
            self.step()
        return self

    @property
    def events(self) -> pd.DataFrame:
        """Return the event log as a table."""
        return self.log.table(self.plan)

    @property
    def quarters(self) -> pd.DataFrame:
        """Return all measures, one row a quarter."""
        frame: pd.DataFrame = self.datacollector.get_model_vars_dataframe().reset_index(drop=True)
        days = [pd.Timestamp(self.plan.first_day(quarter)) for quarter in frame["quarter"]]
        frame.insert(1, "date", pd.Series(days, dtype="datetime64[ms]"))
        return frame

    @property
    def councils_table(self) -> pd.DataFrame:
        """Return one row a council that stands or stood."""
        return councils_table(self)


def _reporter(name: str) -> Any:
    def report(model: PlainModel) -> float:
        return model.measures[name]

    return report
