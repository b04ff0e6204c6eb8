"""What a Mesa model collects each quarter, and where Mesa 3.3 keeps what is not in the model."""

from __future__ import annotations

import itertools
from functools import partial
from operator import attrgetter
from typing import Any

import mesa

from .declared.measures import MEASURES

AGENT_IDS = "_ids"
"""Under this name Mesa 3.3 keeps what counts the agents of each model."""


def next_id(model: Any) -> int | None:
    """Return the number of the next agent, where Mesa 3.3 keeps it: outside of the model."""
    ids = getattr(mesa.Agent, AGENT_IDS, None)
    if ids is None:
        return None
    following = next(ids[model])
    number_from(model, following)
    return int(following)


def number_from(model: Any, following: int | None) -> None:
    """Let the next agents of a model be numbered from here."""
    if following is not None:
        getattr(mesa.Agent, AGENT_IDS)[model] = itertools.count(following)


class Collector(mesa.DataCollector):
    """Mesa's own, whose councils `mesa.batch_run` finds beside the measures of their quarter."""

    def collect(self, model: mesa.Model) -> None:
        """Collect a quarter.

        `batch_run` of Mesa 3.3 takes the councils by the place of the model's row, under which they
        are kept here; Mesa keeps them by the step, which is one more, and a quarter late.
        """
        super().collect(model)
        if not hasattr(self, "_collection_steps"):  # as newer ones have, which do it right
            place = len(self.model_vars["quarter"]) - 1
            self._agent_records[place] = self._agent_records.pop(model.steps)


def _measured(model: Any, *, name: str) -> float:
    return float(model.measures[name])


MODEL_COLUMNS: dict[str, Any] = {
    "quarter": "quarter",
    "date": "date",
    **{m.name: partial(_measured, name=m.name) for m in MEASURES},
    "seed": "seed_used",
}
AGENT_COLUMNS: dict[str, Any] = {
    "quarter": attrgetter("model.quarter"),
    "date": attrgetter("model.date"),
    "code": attrgetter("code"),
    "name": attrgetter("name"),
    "band_d": attrgetter("band_d"),
    "own_reserves": attrgetter("reserves"),
    "own_expected_gap": attrgetter("expected_gap"),
}
"""What is collected; each is found by name, so that a model can be pickled."""
