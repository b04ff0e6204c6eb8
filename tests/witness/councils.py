"""Claims about councils: who lives, what becomes of whom, and what is dated."""

from __future__ import annotations

import math
from collections.abc import Iterator
from statistics import fmean

from sim.declared.measures import BOUNDS, MEASURES, REASONS

from .claims import at_event, at_quarter, of_life
from .forms import A_YEAR, CHIEF, DEEP, MANAGEMENT, SERVICES
from .history import Deal, History
from .life import TWICE, Event, Life

COUNTED = ("talks_begun", "talks_failed", "formed", "ended", "mergers", "distressed")
STANCES = ("none", "voluntary", "review", "mandated")
OF_THE_GOING = ("talks_fail", "ends", "accounts", "abolished")
NEAR = 1e-7


@of_life
def claim_time_never_runs_back(life: Life) -> Iterator[str]:
    last = 0
    for event in life.events:
        if not last <= event.quarter < life.scenario.quarters:
            yield f"{event}: after quarter {last}"
        last = event.quarter
    if [row["quarter"] for row in life.quarters] != list(range(life.scenario.quarters)):
        yield "the table of quarters leaves some out"


@of_life
def claim_only_the_living_act(life: Life) -> Iterator[str]:
    born, gone = dict.fromkeys(life.books[0], -1), {}
    for event in life.events:
        if event.kind == "merges":
            born.setdefault(str(event.council), event.quarter)
            gone[str(event.other)] = event
        elif event.kind == "abolished":
            gone[str(event.council)] = event
    for event in life.events:
        for code in (event.council, event.other):
            if code is None:
                continue
            end = gone.get(code)
            if code not in born or event.quarter < born[code]:
                yield f"{event}: {code} has not begun"
            elif end is not None and event.place > end.place:
                own = end.kind == "abolished" and event.kind in OF_THE_GOING
                if event.quarter > end.quarter or not (own or event.kind == "walks_away"):
                    yield f"{event}: {code} is gone since event {end.place}"


@of_life
def claim_no_code_stands_twice(life: Life) -> Iterator[str]:
    for morning, books in enumerate(life.books):
        yield from (f"quarter {morning}: two councils have the code {code.removesuffix(TWICE)}"
                    for code in books if code.endswith(TWICE))  # fmt: skip


@of_life
def claim_a_lineage_is_never_lost(life: Life) -> Iterator[str]:
    heirs: dict[str, list[str]] = {}
    passed: dict[str, set[str]] = {}
    for event in life.events:
        if event.kind == "merges":
            heirs.setdefault(str(event.other), []).append(str(event.council))
        elif event.kind == "abolished":
            passed.setdefault(str(event.council), set()).add(str(event.other))
    for morning, books in enumerate(life.books):
        lost = set(life.books[morning - 1]) - set(books) if morning else set()
        for code in lost:
            yield f"{code} is in no table of quarter {morning} any more"
    last = life.books[-1]
    for code, row in last.items():
        if row["alive"] and (row["became"] is not None or code in heirs):
            yield f"{code} lives, and became {row['became']}"
        elif not row["alive"] and code in heirs:
            if heirs[code] != [row["became"]]:
                yield f"{code} became {row['became']} in the table, {heirs[code]} in the log"
        elif not row["alive"] and row["became"] not in {code, *passed.get(code, set())}:
            yield f"{code} became {row['became']}, and passed over to {passed.get(code)}"
        elif not row["alive"] and code not in passed:
            yield f"{code} became {row['became']}, and the log does not say how it went"
    for code in heirs:
        yield from _chain(last, code)


def _chain(books: dict, code: str) -> Iterator[str]:
    seen = [code]
    while not books[seen[-1]]["alive"]:
        following = books[seen[-1]]["became"]
        if following not in books or following in seen:
            if following != seen[-1]:
                yield f"what {code} became leads nowhere: {' -> '.join(map(str, seen))}"
            elif len(seen) == 1:
                yield f"{code} went without becoming anything"
            return
        seen.append(following)


@at_quarter
def claim_people_stay_when_councils_merge(history: History, quarter: int) -> Iterator[str]:
    before, after = (history.life.books[quarter + k] for k in (0, 1))
    for new, parents in history.unions.items():
        if new not in after or not after[new]["alive"]:
            continue
        known = [code for code in parents if code in before and before[code]["alive"]]
        people = math.fsum(before[code]["population"] for code in known)
        whole = len(known) == len(parents) and not history.abolished  # no county, no part besides
        if whole and not math.isclose(after[new]["population"], people, rel_tol=NEAR):
            yield f"{new} has {after[new]['population']!r} people, its parents had {people!r}"

    def heads(books: dict) -> float:
        return math.fsum(r["population"] for r in books.values()
                         if r["alive"] and r["tier"] != "county")  # fmt: skip

    if not math.isclose(heads(before), heads(after), rel_tol=NEAR):
        yield f"{heads(before)!r} people became {heads(after)!r}"


@at_quarter
def claim_counties_pass_over_whole_and_are_gone(history: History, quarter: int) -> Iterator[str]:
    after = history.life.books[quarter + 1]
    for body, share in history.abolished.items():
        if body in after and after[body]["alive"]:
            yield f"{body} was abolished and lives"
        named = [o for o in history.life.scenario.order
                 if history.life.scenario.quarter_of(o.when) == quarter]  # fmt: skip
        if not named and not math.isclose(share, 1.0, rel_tol=NEAR):
            yield f"{share!r} of {body} passed over"


@at_quarter
def claim_what_is_counted_is_what_happened(history: History, quarter: int) -> Iterator[str]:
    told = history.life.quarters[quarter]
    counts = {name: history.counts[name] for name in COUNTED}
    for stem in ("failed", "ended"):
        counts |= {f"{stem}_{reason}": history.counts[f"{stem}_{reason}"] for reason in REASONS}
    counts["councils"] = len(history.life.living(quarter + 1))
    for name, count in counts.items():
        if told[name] != count:
            yield f"{name} is {told[name]!r}, the log has {count}"


@at_quarter
def claim_what_stands_is_what_the_log_leaves(history: History, quarter: int) -> Iterator[str]:
    told, deals = history.life.quarters[quarter], list(history.deals.values())
    running = [d for d in deals if d.stage == "running" and d.scope != "merger"]
    talks = [d for d in deals if d.in_talks]
    found: dict[str, float] = {
        "agreements": len(running),
        "services": sum(d.scope in SERVICES for d in running),
        "managements": sum(d.scope in (CHIEF, MANAGEMENT) for d in running),
        "setting_up": sum(d.stage == "transition" for d in deals),
        "talks": len(talks),
        "deep_talks": sum(d.deep for d in talks),
        "members": fmean(len(d.members) for d in running) if running else 0.0,
        "sharing": len(_bound(deals, (*SERVICES, *DEEP))),
        "sharing_management": len(_bound(deals, (CHIEF, MANAGEMENT))),
        "talking_management": len({b for d in talks if d.deep for b in d.members}),
    }
    found |= {f"active_{s}": sum(d.scope == s for d in running) for s in (*SERVICES, *DEEP[:2])}
    for name, count in found.items():
        if not math.isclose(told[name], count, rel_tol=NEAR):
            yield f"{name} is {told[name]!r}, the log leaves {count!r}"
    if not history.doubtful:
        promised = math.fsum(d.promise.get(b, 0.0) for d in running for b in d.members)
        if not math.isclose(told["promised"], promised, rel_tol=NEAR, abs_tol=NEAR):
            yield f"promised is {told['promised']!r}, {promised!r} was signed"
    for deal in deals:
        if (deal.in_talks or deal.in_force) and len(deal.members) < 2:
            yield f"deal {deal.number} has {len(deal.members)} members"


def _bound(deals: list[Deal], scopes: tuple[str, ...]) -> set[str]:
    return {b for d in deals if d.in_force and d.scope in scopes for b in d.members}


@at_quarter
def claim_who_is_gone_sits_at_no_table(history: History, quarter: int) -> Iterator[str]:
    bodies = {history.body.get(code, code) for code in history.life.living(quarter + 1)}
    for deal in history.deals.values():
        if deal.in_talks or deal.in_force:
            for body in set(deal.members) - bodies:
                yield f"{body} is a member of deal {deal.number} and does not live"


@of_life
def claim_measures_keep_within_their_bounds(life: Life) -> Iterator[str]:
    for row in life.quarters:
        for measure in MEASURES:
            low, high = BOUNDS[measure.range]
            value = row[measure.name]
            if value is None or not low - NEAR <= value <= high + NEAR:
                yield f"quarter {row['quarter']}: {measure.name} is {value!r}"


@at_event
def claim_a_stance_is_told_on_the_day_it_changes(history: History, event: Event) -> Iterator[str]:
    if event.kind == "stance":
        stances = [n.reorganisation.stance for n in history.life.numbers]
        stance = stances[event.quarter]
        if STANCES[int(event.value)] != stance:
            yield f"the stance in force is {stance}"
        if event.quarter > 0 and stances[event.quarter - 1] == stance:
            yield "nothing has changed"


@at_event
def claim_control_changes_only_at_elections_or_as_dated(
    history: History, event: Event
) -> Iterator[str]:
    if event.kind != "control_changes" or event.quarter % A_YEAR == 0:
        return
    scenario = history.life.scenario
    if not any(h.what == "control_changes" and scenario.quarter_of(h.when) == event.quarter
               for h in scenario.happening):  # fmt: skip
        yield "there is no election, and nothing is dated"


@at_event
def claim_orders_are_carried_out_on_their_day_alone(
    history: History, event: Event
) -> Iterator[str]:
    scenario = history.life.scenario
    days = {order.code: scenario.quarter_of(order.when) for order in scenario.order}
    if event.kind == "merges" and days.get(str(event.council), event.quarter) != event.quarter:
        yield f"it was ordered for quarter {days[str(event.council)]}"
    if event.kind == "abolished":
        stance = history.life.numbers[event.quarter].reorganisation.stance
        if event.quarter not in days.values() and stance != "mandated":
            yield "no order and no mandate says so"


@at_event
def claim_who_merges_was_ordered_to_or_has_signed_and_begun(
    history: History, event: Event
) -> Iterator[str]:
    stance = history.life.numbers[event.quarter].reorganisation.stance
    ordered = {order.code for order in history.life.scenario.order}
    if event.kind != "merges" or event.council in ordered or stance == "mandated":
        return
    body = history.bodies(event)[1]
    if not any(d.scope == "merger" and d.started == event.quarter and body in d.signers
               for d in history.deals.values()):  # fmt: skip
        yield "no merger that it signed begins this quarter"
