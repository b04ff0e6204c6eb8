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
    england: dict[str, list[str]] | None = None  # of these places; else the seven of Norfolk


ORDER = {"when": date(2010, 4, 1), "code": "X1", "name": "Greater Norwich",
         "councils": ["Norwich", "Broadland", "South Norfolk"]}  # fmt: skip
MERGING = ["reorganisation.stance=voluntary"]
TIERS = {"counties": ["Norfolk"], "councils": [], "tiers": []}
"""Places of all tiers, between which services are handed over."""
AGREED = {"counties": [], "councils": ["East Hampshire", "Havant", "Winchester"], "tiers": []}
"""Places of which two agreed to share their management before the first day."""
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
        [("mergers", "heir.books.transfers += part * council.reserves",
          "heir.books.transfers += 0.5 * part * council.reserves")],
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
        ["management.base=4"],
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
    "what both knew is asked again": Twice(
        "claim_what_both_knew_weighs_no_more_in_talks_of_two",
        [("weighing", "p.weighing_again if asked and book.place_of(deals, d, j) >= 0 else 1.0",
          "1.0")],
        [("weighing", "float(model.numbers.weighing.again) if asked else 1.0", "1.0")],
        [],
    ),
    "deep deals are handed over too": Twice(
        "claim_what_both_know_weighs_by_the_numbers_of_the_pair",
        [("weighing", "pairs[e].tiers if scope < state.SERVICES else 0.0", "pairs[e].tiers")],
        [("weighing", "if is_deep(scope) or not pair.other_tier:", "if not pair.other_tier:")],
        [],
        england=TIERS,
    ),
    "a gap is forgotten as soon as it is closed": Twice(
        "claim_news_never_rises_while_no_gap_is_worse_than_recalled",
        [("money", "max(councils[i].need, councils[i].heard * recalled)", "councils[i].need")],
        [("money", "max(council.need, council.heard * exp(-search.news_forgotten / A_YEAR))",
          "council.need")],
        [],
    ),
    "what was known before is news on the first day": Twice(
        "claim_need_weighs_by_news_where_it_is_deep_else_by_the_gap",
        [("money", "councils[i].heard = max(before, 0.0)", "councils[i].heard = 0.0 * before")],
        [("money", "council.heard = max(council.need - cut / max(council.income, SMALLEST_INCOME),"
          " 0.0)", "council.heard = 0.0 * cut")],
        [],
    ),
    "what is put aside need not be cut": Twice(
        "claim_the_gap_to_come_is_what_must_be_cut",
        [("money", "    later += p.costs_aside_counts * put_aside(councils, p, i)"
          " * max(councils[i].income, 0.0)\n", "")],
        [("money", " - (grant + tax) + to_reserves", " - (grant + tax)")],
        [],
    ),
    "what nobody has told is foreseen": Twice(
        "claim_the_gap_to_come_is_what_must_be_cut",
        [("money", "return not (ahead and int(p.settlement_path) == state.AS_IT_WAS)",
          "return True")],
        [("money", "if told or model.numbers.settlement.path != HISTORY:", "if True:")],
        [],
    ),
    "a leader's fall changes nothing": Twice(
        "claim_new_control_and_a_new_leader_weigh_alike",
        [("politics", "            councils[i].changed = t\n"
          "            why.note_council(world, t, why.LEADER_FALLS",
          "            why.note_council(world, t, why.LEADER_FALLS")],
        [("politics", "            council.control_changed = model.quarter\n"
          '            model.log.note("leader_falls"',
          '            model.log.note("leader_falls"')],
        ["politics.leader_falls=1"],
    ),
    "leaders fall by the year": Twice(
        "claim_leaders_fall_as_drawn",
        [("politics", "chance_within(p.politics_leader_falls, 1.0 / state.QUARTERS)",
          "chance_within(p.politics_leader_falls, 1.0)")],
        [("politics", "within(model.numbers.politics.leader_falls, A_QUARTER)",
          "within(model.numbers.politics.leader_falls, 1.0)")],
        [],
    ),
    "the ready look more often in the mean": Twice(
        "claim_own_priorities_are_kept_for_life_and_are_about_deep_deals",
        [("search", "councils[i].readiness - spread * spread / 2.0",
          "councils[i].readiness + 0.0 * spread")],
        [("search", "council.readiness - model.numbers.culture.readiness**2 / 2",
          "council.readiness")],
        [],
    ),
    "what a merger takes up counts as broken": Twice(
        "claim_history_is_counted_as_it_happened",
        [("endings", "broke = reason != why.MERGED and", "broke =")],
        [("counting", 'GO_ON = ("merger", ', "GO_ON = (")],
        MERGING,
    ),
    "failed talks about services are lost too": Twice(
        "claim_history_is_counted_as_it_happened",
        [("history", "    if scope >= state.SERVICES:\n"
          "        world.tally[0].history[state.DEEP_FAILED]",
          "    if scope >= 0:\n        world.tally[0].history[state.DEEP_FAILED]")],
        [("counting", '    if is_deep(deal.scope):\n        model.counts["deep_failed"]',
          '    if True:\n        model.counts["deep_failed"]')],
        [],
    ),
    "forgotten talks keep their numbers": Twice(
        "claim_the_log_opens_with_the_talks_that_are_under_way",
        [("warming", "    tally.counts[state.DEALS] = standing\n", "")],
        [("warming", "    model.deals_opened = numbered\n", "")],
        [],
    ),
    "nothing lapses before the first day": Twice(
        "claim_before_the_first_day_talks_last_as_long_as_they_may",
        [("warming", " or t - deals[d].begun > p.talks_longest:", ":")],
        [("warming", " or model.quarter - deal.begun > talks.longest:", ":")],
        ["talks.longest=2", "talks.pace=0.2", "talks.pace_service=0.2", "talks.patience=6"],
    ),
    "what is agreed costs twice what is planned": Twice(
        "claim_what_is_agreed_is_what_began_to_work_that_year",
        [("founding", "deals[d].bill[k] = planned", "deals[d].bill[k] = 2.0 * planned")],
        [("founding", "member.bill = planned", "member.bill = 2.0 * planned")],
        [],
        england=AGREED,
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
