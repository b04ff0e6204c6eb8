"""Faults planted in both models at once: alike in both, so that their comparison sees nothing."""

from __future__ import annotations

import importlib
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import sim.core
import sim.plain

CORE = Path(sim.core.__file__).parent
PLAIN = Path(sim.plain.__file__).parent
PLAIN_NAME = "council_partnering.sim.plain"
Passage = tuple[str, str, str]
"""A file, what stands there, and the fault that takes its place."""


class Twice(NamedTuple):
    """One fault: its passages in both models, what finds it, and where it shows."""

    claim: str
    core: list[Passage]
    plain: list[Passage]
    sets: list[str]
    orders: tuple[Any, ...] = ()


ORDER = {"when": date(2010, 4, 1), "code": "X1", "name": "Greater Norwich",
         "councils": ["Norwich", "Broadland", "South Norfolk"]}  # fmt: skip
MERGING = ["reorganisation.stance=voluntary"]
FAULTS = {
    "the pot is not emptied by what it pays": Twice(
        "claim_a_pot_pays_what_it_holds_and_what_was_offered",
        [("money", "pots[pot] -= paid", "pots[pot] -= 0")],
        [("signing", "model.setup_pot -= paid", "model.setup_pot -= 0"),
         ("search", "model.study_pot -= limit", "model.study_pot -= 0")],
        ["grants.setup_pot=0.1", "grants.setup_share=1", "grants.setup_limit=0.1"],
    ),
    "a grant is booked twice": Twice(
        "claim_money_out_of_the_pots_is_money_in_the_books",
        [("money", "+= part / state.MILLION", "+= 2 * part / state.MILLION")],
        [("money", "+= (share + (place < left_over)) / MILLION",
          "+= 2 * (share + (place < left_over)) / MILLION")],
        [],
    ),
    "reserves are lost in a merger": Twice(
        "claim_nothing_appears_or_vanishes_in_mergers",
        [("mergers", "+= share * councils[i].reserves", "+= 0.5 * share * councils[i].reserves")],
        [("mergers", "heir.books.transfers += council.reserves",
          "heir.books.transfers += 0.5 * council.reserves")],
        MERGING,
    ),
    "the last reason is named, not the strongest": Twice(
        "claim_a_named_reason_stands_strongest_in_its_own_list",
        [("events", "if sign * total > most:", "if sign * total > 0.0:")],
        [("log", "if push > most:", "if push > 0.0:")],
        [],
    ),
    "who votes no is bound all the same": Twice(
        "claim_nobody_is_bound_without_a_vote",
        [("talks", "why.VOTES_NO, d, k, reason, total, 0.0, terms)\n"
          "        quit_talks(world, p, t, luck, d, k, reason)",
          "why.VOTES_NO, d, k, reason, total, 0.0, terms)")],
        [("talks", "        if not yes:\n            quit_talks(model, deal, council, reason)\n",
          "")],
        ["talks.patience=8"],
    ),
    "a deal is signed without a vote": Twice(
        "claim_nobody_is_bound_without_a_vote",
        [("talks", "    councils, deals, terms = world.councils, world.deals, world.terms\n"
          "    for k in range(deals[d].members - 1, state.NOBODY, -1):\n"
          "        i = deals[d].member[k]\n"
          "        weighing.weigh_deal(terms, world, p, t, k, d)\n"
          "        key, who = deals[d].key",
          "    councils, deals, terms = world.councils, world.deals, world.terms\n"
          "    for k in range(state.NOBODY, state.NOBODY, -1):\n"
          "        i = deals[d].member[k]\n"
          "        weighing.weigh_deal(terms, world, p, t, k, d)\n"
          "        key, who = deals[d].key")],
        [("talks", "for council in reversed(deal.councils):", "for council in []:")],
        [],
    ),
    "what a council became is overwritten": Twice(
        "claim_a_lineage_is_never_lost",
        [("mergers", "world.roll[parent].successor = councils[heir].identity",
          "world.roll[parent].successor = parent")],
        [("mergers", "became = heir.identity\n    retire(model, council)\n    note",
          "became = council.identity\n    retire(model, council)\n    note")],
        ["search.merger=0", "merger.interest=-9"],
        (ORDER,),
    ),
    "attention is exceeded by one": Twice(
        "claim_nobody_holds_more_talks_than_it_has_attention_for",
        [("search", "if score <= 0.0 or weighing.free_attention(councils, j) <= 0:",
          "if score <= 0.0 or weighing.free_attention(councils, j) < 0:")],
        [("search", "if called.free_attention <= 0 or total(answer) <= 0:",
          "if called.free_attention < 0 or total(answer) <= 0:")],
        ["culture.attention_low=1", "culture.attention_high=2", "weighing.committed=1"],
    ),
    "a minimum term binds nobody": Twice(
        "claim_nobody_leaves_within_the_minimum_term",
        [("endings", "        if in_term:\n            continue\n", "")],
        [("endings", "if age < A_YEAR * model.numbers.terms.minimum:", "if age < 0:")],
        ["terms.minimum=3"],
    ),
    "leaving costs nothing in the books": Twice(
        "claim_exits_are_booked_where_somebody_left",
        [("endings", "deals[d].member[k], state.EXITS, cost)",
          "deals[d].member[k], state.EXITS, 0.0)")],
        [("endings", "council.books.exits += cost", "council.books.exits += 0.0")],
        [],
    ),
    "leaving costs the same with an exit strategy": Twice(
        "claim_leaving_costs_its_share_of_the_set_up_cost",
        [("endings", "p.endings_cost_strategy if deals[d].exit == 1 else", "")],
        [("endings", "endings.cost_strategy if deal.terms.exit else", "")],
        ["terms.exit=0.5"],
    ),
    "council tax rises above its limit": Twice(
        "claim_tax_rises_within_the_limit_in_force",
        [("money", "return 0.0 if froze else limit * p.tax_appetite",
          "return 0.0 if froze else limit")],
        [("money", "limit * tax.appetite", "limit")],
        ["tax.limits=fixed", "tax.fixed_limit=0.04", "tax.freeze=0", "tax.appetite=0.5"],
    ),
    "nobody pauses after a deep failure": Twice(
        "claim_nobody_looks_deep_in_the_quarter_of_a_deep_failure",
        [("aftermath", "councils[i].pause = max(councils[i].pause, t + 1.0 + mean",
          "councils[i].pause = max(councils[i].pause, 0.0 * mean")],
        [("aftermath", "max(council.pause_until, model.quarter + 1 + A_YEAR * years * e)",
          "max(council.pause_until, 0 * years * e)")],
        ["culture.attention_low=4", "culture.attention_high=4"],
    ),
    "talks outlast the longest": Twice(
        "claim_talks_go_on_no_longer_than_the_longest",
        [("talks", "> p.talks_longest:", "> p.talks_longest + 2:")],
        [("talks", "> model.numbers.talks.longest:", "> model.numbers.talks.longest + 2:")],
        ["talks.longest=2", "talks.pace=0.3", "talks.pace_service=0.3", "talks.patience=4"],
    ),
    "government's own services are no spending": Twice(
        "claim_what_passes_between_purses_cancels",
        [("observe", "row.grants + row.support + tally.services", "row.grants + row.support")],
        [("measure", '"government_spending": services + sum', '"government_spending": sum')],
        ["support.matchmaking=1"],
    ),
    "support of residents is taken from what the public gains": Twice(
        "claim_what_passes_between_purses_cancels",
        [("observe", "row.true_total - costs - tally.services",
          "row.true_total - costs - tally.services - row.tax_support")],
        [("measure", "sum(total.true_saving - total.costs() for total in totals) - services",
          "sum(total.true_saving - total.costs() - total.tax_support for total in totals)"
          " - services")],
        [],
    ),
    "residents pay what was paid for them": Twice(
        "claim_residents_pay_their_tax_less_the_support",
        [("money", "/ state.QUARTERS - flows[state.TAX_SUPPORT]", "/ state.QUARTERS")],
        [("money", "/ A_YEAR - books.tax_support", "/ A_YEAR")],
        [],
    ),
    "an adviser is paid once for all councils": Twice(
        "claim_government_pays_for_the_services_it_gives",
        [("purse", "p.support_matchmaking_cost * alive", "p.support_matchmaking_cost")],
        [("purse", "support.matchmaking_cost * len(councils) / A_YEAR",
          "support.matchmaking_cost / A_YEAR")],
        ["support.matchmaking=1"],
    ),
    "mergers are chosen where government has no ear": Twice(
        "claim_mergers_by_choice_are_open_to_those_who_may",
        [("search", "return p.reorganisation_stance != state.NONE and", "return")],
        [("search", 'model.stance != "none" and ', "")],
        ["reorganisation.stance=none"],
    ),
    "a review weighs on those it is not about": Twice(
        "claim_a_review_weighs_only_where_one_is",
        [("weighing", "councils[i].reviewed == 1 and p.reorganisation_stance >= state.REVIEW",
          "p.reorganisation_stance >= state.NONE")],
        [("weighing", 'council.reviewed and model.stance in ("review", "mandated")', "True")],
        MERGING,
    ),
}  # fmt: skip


def planted(folder: Path, source: Path, passages: list[Passage]) -> Path:
    """Return a copy of the rules of one model with faults in it."""
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file, passage, fault in passages:
        path = folder / f"{file}.py"
        text = path.read_text(encoding="utf-8")
        assert text.count(passage) == 1, f"{path.name} no longer holds the passage: {passage}"
        path.write_text(text.replace(passage, fault), encoding="utf-8")
    return folder


@contextmanager
def plain_of(folder: Path) -> Iterator[Any]:
    """Import the plain model from another folder; afterwards everything is as it was."""
    package, dotted = sys.modules[PLAIN_NAME], f"{PLAIN_NAME}."
    kept = {name: sys.modules.pop(name) for name in list(sys.modules) if name.startswith(dotted)}
    path, package.__path__ = package.__path__, [str(folder)]
    parts = {name.removeprefix(dotted) for name in kept}
    attributes = {name: vars(package).pop(name) for name in parts if name in vars(package)}
    try:
        yield importlib.import_module(f"{dotted}model").PlainModel
    finally:
        for name in [name for name in sys.modules if name.startswith(dotted)]:
            del sys.modules[name]
        sys.modules.update(kept)
        package.__path__ = path
        for name, module in attributes.items():
            setattr(package, name, module)
