"""Claims about what moves a council: gaps to come, news of them, its own priorities, its leader."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import Any

from .chance import FALL, READY, lineage, normal, uniform
from .claims import at_event, at_quarter, of_life
from .decisions import CALLS, IN_TALKS, decider, is_own
from .forms import A_YEAR, DEEP, within
from .history import LONG_AGO, History
from .life import Event, Life, Row
from .money import NEAR
from .news import need_of

WEIGHED = (*CALLS, *IN_TALKS)
LEAST = 1e-300
"""Below this the documented logarithm does not fall."""
PLACES = ("CON", "LAB", "LD", "NOC", "IND")


def is_deep(event: Event) -> bool:
    """Return whether a look or a decision is about a deep deal."""
    return event.more > 0 if event.kind == "considers" else event.scope in DEEP


def is_weighed(life: Life, event: Event) -> bool:
    """Return whether an event tells a decision in which a council weighed what it brings."""
    if event.kind not in WEIGHED or (life.opens(event) and event.kind == "talks_begin"):
        return False
    return event.kind != "walks_away" or is_own(event)


def same(one: float, other: float) -> bool:
    """Return whether two contributions are the same."""
    return math.isclose(one, other, rel_tol=1e-8, abs_tol=1e-8)


# --- gaps ----------------------------------------------------------------------------------------


@at_quarter
def claim_the_gap_to_come_is_what_must_be_cut(history: History, quarter: int) -> Iterator[str]:
    """On the path in force, foreseen as far as it is announced, and with what is put aside."""
    numbers = history.life.numbers[quarter]
    if numbers.settlement.path not in history.life.paths.settlement:
        return
    for code, before, after in history.life.stayed(quarter):
        if code in history.life.paths.place:
            gap = _gap_to_come(history, code, before, after)
            if not math.isclose(after["expected_gap"], gap, rel_tol=NEAR, abs_tol=1e-7):
                yield f"{code} expects a gap of {after['expected_gap']!r}, not {gap!r}"


def _gap_to_come(history: History, code: str, before: Row, after: Row) -> float:
    numbers, paths = history.life.numbers[history.quarter], history.life.paths
    costs, settlement, way = numbers.costs, numbers.settlement, numbers.settlement.path
    place = paths.place[code]
    cost, grant = after["cost"], after["settlement"] * (1.0 + settlement.shock)
    tax = after["budget"] - grant
    for ahead in range(math.floor(costs.horizon)):
        year = history.quarter // A_YEAR + ahead + 1
        duty, rebate = paths.duty_of(way, place, year), paths.rebate_of(way, place, year)
        change = paths.growth(way, place, year, settlement.depth) - 1.0 - duty - rebate
        seen = costs.foresight
        if not paths.known(way, year, history.quarter):
            seen *= 1.0 - costs.announced
        cost += cost * (paths.prices[year] + costs.growth) + grant * duty
        grant *= max(settlement.least_growth, 1.0 + seen * change + duty)
    share = costs.put_aside if after["tier"] == "district" else costs.put_aside_upper
    aside = costs.aside_counts * share * max(after["budget"], 0.0)
    return float(cost - before["true_saving"] - grant - tax + aside)


# --- news ----------------------------------------------------------------------------------------


@at_event
def claim_need_weighs_by_news_where_it_is_deep_else_by_the_gap(
    history: History, event: Event
) -> Iterator[str]:
    if not is_weighed(history.life, event):
        return
    numbers = history.life.numbers[event.quarter]
    moving: float | None = 0.0
    if not history.life.opens(event):
        code = decider(event)
        moving = history.news.moving(code, numbers.search, deep=is_deep(event))
    told = event.because.get("need", 0.0)
    if moving is not None and not same(told, numbers.weighing.need * moving):
        yield f"need weighs {told!r}, it is moved by {moving!r}"


@at_event
def claim_who_looks_deep_follows_news(history: History, event: Event) -> Iterator[str]:
    if event.kind != "considers":
        return
    search, deep = history.life.numbers[event.quarter].search, is_deep(event)
    base = search.base_management if deep else search.base_service
    more = search.need_management if deep else search.need_service
    moving = history.news.moving(str(event.council), search, deep=deep)
    if moving is None:
        return
    usual = math.log(max(base, LEAST))
    push = math.log(max(base + more * 100.0 * moving, LEAST)) - usual
    if not same(event.because.get("base", 0.0), usual):
        yield f"it looks by {event.because.get('base')!r} for nothing, {usual!r} is declared"
    if not same(event.because.get("need", 0.0), push):
        yield f"need pushes by {event.because.get('need')!r}, it is moved by {moving!r}: {push!r}"


@of_life
def claim_news_never_rises_while_no_gap_is_worse_than_recalled(life: Life) -> Iterator[str]:
    """As decisions tell it, where only news moves; of councils that do not merge before."""
    last: dict[str, tuple[int, float]] = {}
    for event in life.events:
        search, weight = _numbers(life, event)
        told = is_weighed(life, event) and is_deep(event) and not life.opens(event)
        if not told or search.news < 1 or weight <= 0:
            continue
        code, news = decider(event), event.because.get("need", 0.0) / weight
        since, before = last.get(code, (event.quarter, news))
        calm = all(_calm(life, code, quarter) for quarter in range(since + 1, event.quarter + 1))
        if calm and news > before * (1.0 + NEAR) + NEAR:
            yield f"{event}: news of {news!r}, in quarter {since} it was {before!r}"
        last[code] = event.quarter, news


def _numbers(life: Life, event: Event) -> tuple[Any, float]:
    numbers = life.numbers[event.quarter]
    return numbers.search, float(numbers.weighing.need)


def _calm(life: Life, code: str, quarter: int) -> bool:
    """Return whether the need of a quarter is none that is worse than what is recalled."""
    books = [life.books[k].get(code, {}) for k in range(quarter + 2)]
    if not all(row.get("alive") for row in books):
        return False
    fades = max(numbers.search.news_forgotten for numbers in life.numbers[: quarter + 1]) / A_YEAR
    recalled = [need_of(row) * math.exp(-fades * (quarter - k)) for k, row in enumerate(books[1:])]
    return recalled[-1] <= max(recalled[:-1], default=-1.0)


# --- own priorities ------------------------------------------------------------------------------


@at_event
def claim_own_priorities_are_kept_for_life_and_are_about_deep_deals(
    history: History, event: Event
) -> Iterator[str]:
    looks = event.kind == "considers"
    if not looks and not is_weighed(history.life, event):
        return
    spread = history.life.numbers[0].culture.readiness
    due, body = 0.0, history.body.get(decider(event), decider(event))
    if is_deep(event) and spread > 0:
        name = lineage(body)
        due = spread * normal(history.life.seed, READY, 0, name, name)
        due -= spread * spread / 2.0 if looks else 0.0
    told = event.because.get("readiness", 0.0)
    if not same(told, due):
        yield f"its own priorities weigh {told!r}, those of {body} are {due!r}"


# --- leaders -------------------------------------------------------------------------------------


@at_quarter
def claim_leaders_fall_as_drawn(history: History, quarter: int) -> Iterator[str]:
    """Of councils that have not merged; nobody loses its leader twice in a quarter."""
    life = history.life
    fallen = Counter(event.council for event in life.events
                     if event.quarter == quarter and event.kind == "leader_falls")  # fmt: skip
    rate = max(life.numbers[quarter].politics.leader_falls, 0.0)
    chance = 1.0 - math.exp(-rate / A_YEAR)
    for code, count in fallen.items():
        if count > 1 or rate == 0:
            yield f"the leader of {code} falls {count} times, at {rate} a year"
    for code, _, _ in life.stayed(quarter):
        if code in life.books[0]:
            u = uniform(life.seed, FALL, quarter, lineage(code), lineage(code))
            if (u < chance) != (fallen[code] > 0):
                yield f"the leader of {code} falls {fallen[code]} times, drawn was {u!r}"


@at_event
def claim_a_leader_falls_without_a_word(history: History, event: Event) -> Iterator[str]:
    if event.kind == "leader_falls":
        named = (event.other, event.scope, event.reason)
        if named != (None, None, None) or event.deal >= 0 or event.because:
            yield "it is about the council alone"
        if event.value or event.more:
            yield f"it is worth nothing, not {event.value!r} and {event.more!r}"


@at_quarter
def claim_control_is_what_the_log_says(history: History, quarter: int) -> Iterator[str]:
    """The fall of a leader changes no control."""
    told = {event.council: PLACES[int(event.value)] for event in history.life.events
            if event.quarter == quarter and event.kind == "control_changes"}  # fmt: skip
    for code, before, after in history.life.stayed(quarter):
        due = told.get(code, _party(before))
        if _party(after) != due:
            yield f"{code} is controlled by {_party(after)}, the log has {due}"


def _party(row: Row) -> str:
    return PLACES[int(row["control"])]


@at_event
def claim_new_control_and_a_new_leader_weigh_alike(history: History, event: Event) -> Iterator[str]:
    """By depth in talks, by one factor in an ending, and for as long as is declared."""
    numbers, due = history.life.numbers[event.quarter], 0.0
    code = decider(event)
    changed = history.changed.get(history.body.get(code, code), LONG_AGO)
    if event.kind == "leaves":
        if within(event.quarter, changed, numbers.endings.new_control_years):
            due = math.log(max(numbers.endings.new_control, LEAST))
    elif not is_weighed(history.life, event):
        return
    elif within(event.quarter, changed, numbers.weighing.new_control_years):
        due = -numbers.weighing.new_control * getattr(numbers, str(event.scope)).depth
    told = event.because.get("new_control", 0.0)
    if not same(told, due):
        yield f"new control weighs {told!r}, not {due!r}; the last change was in quarter {changed}"
