"""Why a council decided as it did: the account of a decision, in words."""

from __future__ import annotations

import math

from ..declared.groups import CONSTANT, LUCK
from ..declared.measures import CONTRIBUTIONS, REASONS
from .decisions import LEAST, LEAVING, Decision, Part, Push
from .wording import Event, text

APART = "beside that, how far apart they lie"
"""How the group is introduced that counts in talks and is not the reason to end them."""
TINY = 0.005
"""A smaller push is told as none."""
MOST = 3
"""So many groups are named at most, and so many parts of each."""

HOW_TO_READ = (
    "How to read the numbers: each says how hard something pushed. A plus sign speaks for working "
    "together, a minus sign against it; where a council leaves an agreement, or looks for a "
    "partner, a plus sign speaks for doing so. All reasons together count the smaller ones too, "
    "and how ready a typical council is; with luck they are what decided. To look for a partner "
    "and to leave an agreement have no luck of their own: there +0.7 makes it twice as likely."
)


def reason_named(event: Event, label: str = "main reason") -> str:
    """Return "; main reason: distance", or an empty string for an event without a reason."""
    words = reason_of(event)
    return f"; {label}: {words}" if words else ""


def reason_of(event: Event) -> str:
    """Return the main reason of an event in words, empty where it has none."""
    reason = text(event, "reason")
    words = REASONS.get(reason, "")
    return f"luck ({words})" if reason == LUCK else words


def in_words(account: Decision | None, most: int = MOST) -> str:
    """Return the account of a decision in words, what decided it first and luck last.

    Parameters: the account (None gives an empty string), and how many groups to name at most; the
    leading one is always named. Each is worded by its sign, so that "similar size" speaks for a
    deal and "difference in size" against it. Returns for example "because of: distance -1.2; in
    favour: a grant +0.5; all reasons together -0.9, luck +0.3".
    """
    if account is None:
        return ""
    if account.given:
        return f"because {account.given}"
    sign = account.rule.sign
    told = [g for g in account.groups if g.key == account.lead or abs(g.push) >= LEAST][:most]
    pushing = [group for group in told if not group.aside]
    ahead = [group for group in pushing if group.push * sign > 0 or group.key == account.lead]
    other = [group for group in pushing if group not in ahead]
    said = [
        _towards(account, ahead),
        f"{'in favour' if sign < 0 else 'against'}: {_listed(other)}" if other else "",
        *(f"{APART}: {_grouped(group)}" for group in told if group.aside),
        _smaller(account, told),
        summed(account),
    ]
    return "; ".join(part for part in said if part)


def _smaller(account: Decision, told: list[Push]) -> str:
    """Return what the groups that are not told come to, where that is worth a word."""
    rest = math.fsum(group.push for group in account.groups if group not in told)
    return f"smaller reasons together {number(rest)}" if abs(rest) >= LEAST else ""


def summed(account: Decision) -> str:
    """Return what all reasons and luck came to: "all reasons together +0.4, luck -2.8: ..."."""
    if account.given:
        return ""
    if account.by_rate:
        done = "leaving" if account.kind == LEAVING else "this"
        return f"all reasons together made {done} {_times(account.times)}as likely as is usual"
    ready = CONTRIBUTIONS[CONSTANT].words(account.constant)
    typical = f" (of it {ready} {number(account.constant)})" if account.constant else ""
    sums = f"all reasons together {number(account.together)}{typical}, luck {number(account.luck)}"
    if account.rule.line == "others":
        return f"{sums}, weighed against other partners and against waiting"
    if account.kind == "walks_away" and account.patience is not None:
        whole = f"in all {number(account.total)}"
        sums += f", {whole} (talks end for a council below {number(-account.patience)})"
    verdict = verdict_of(account)
    return f"{sums}: {verdict}" if verdict else sums


def verdict_of(account: Decision) -> str:
    """Return how near a decision was, and whether luck turned it; empty where it was neither."""
    if account.given or account.by_rate or account.rule.line == "others":
        return ""
    if account.no_hands:
        return "it would have said yes, but had no manager free"
    verdict = ["a near thing"] if account.near else []
    if account.luck_turned:
        day = "almost any other" if account.far_off else "another"
        hope = "would" if account.far_off else "might"
        verdict.append(f"on {day} day it {hope} have {account.rule.otherwise}")
    return "; ".join(verdict)


def _towards(account: Decision, ahead: list[Push]) -> str:
    """Return what spoke for the decision; where the named reasons did not carry it, what did."""
    if not ahead:
        return _without_reason(account)
    if account.by_reasons:
        return f"because of: {_listed(ahead)}"
    begin = "" if account.luck_turned else f"{_typical(account)}; "
    label = "in favour"
    if account.luck_turned or account.rule.stops:
        label = "strongest reason" if len(ahead) == 1 else "strongest reasons"
    return f"{begin}{label}: {_listed(ahead)}"


def _without_reason(account: Decision) -> str:
    """Return what decided where nothing named spoke for what was decided."""
    sign = account.rule.sign
    if account.by_rate:
        return f"nothing named pushed it: {_typical(account)}"
    aside = any(group.aside and group.push * sign > 0 for group in account.groups)
    what = "nothing but how far apart they lie" if aside else "nothing named"
    nothing = f"{what} spoke {'against' if sign < 0 else 'for'} it"
    if account.constant * sign > 0 and not account.luck_turned:
        return f"{nothing}: {_typical(account)}"
    return f"because of: luck alone, as {nothing}"


def _typical(account: Decision) -> str:
    """Return that something happens without special reasons."""
    if not account.by_rate:
        return "it is what a typical council does"
    return (
        f"{'such agreements break up' if account.kind == LEAVING else 'councils look'} now and then"
    )


def _times(times: float) -> str:
    if abs(times - 1.0) < LEAST:
        return ""
    return f"{times:.1f} times " if times >= LEAST else "hardly a twentieth "


def _listed(groups: list[Push]) -> str:
    return ", ".join(map(_grouped, groups))


def _grouped(group: Push) -> str:
    """Return a group with its push, and its parts where it has several worth a word."""
    parts = worth_a_word(group)
    listed = ", ".join(f"{part.words} {number(part.push)}" for part in parts[:MOST])
    brief = f"{name_of(group)} {number(group.push)}"
    return brief if len(parts) < 2 else f"{brief} ({listed})"


def name_of(group: Push) -> str:
    """Return the words for a group: its own, or those of its only part worth a word."""
    parts = worth_a_word(group)
    alone = len(parts) < 2 and not group.new
    return (parts or group.parts)[0].words if alone else group.words


def worth_a_word(group: Push) -> list[Part]:
    """Return the parts of a group that would not be printed as none."""
    return [part for part in group.parts if abs(part.push) >= LEAST]


def number(push: float) -> str:
    """Return a push with its sign: "+0.7"; a small one with more digits: "-0.02"."""
    if abs(push) >= LEAST:
        return f"{push:+.1f}"
    return f"{push:+.1g}" if abs(push) >= TINY else "0.0"
