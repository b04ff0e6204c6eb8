"""One plain sentence for each kind of event, for one council or for several at once."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from .joining import Joining, joining
from .opening import age_of, how_long
from .order import LAPSED, ceases, lapses
from .reasons import reason_named
from .wording import (
    Event,
    amount,
    capital,
    count,
    duration,
    joined,
    money,
    scope_words,
    text,
)

YEAR = 4.0  # quarters

NAMED_MOST, NAMED_FIRST = 4, 2
"""The members of an agreement are all named up to so many; of more, so many and a number."""

TAKES_CONTROL = (
    "The Conservatives take control of {}",
    "Labour takes control of {}",
    "The Liberal Democrats take control of {}",
    "No party has a majority any longer in {}",
    "Independents take control of {}",
)

STANCES = (
    "Government says that the map of councils will stay as it is",
    "Government will hear proposals from councils that want to merge",
    "Government opens a review of the map of councils, and its outcome is in doubt",
    "Government decides that councils will be reorganised by order",
)


TERMS = ("an exit strategy", "an equal partnership", "a plan to align council tax")


class Group(NamedTuple):
    """Events of one kind that are told in one sentence, and the names of the councils."""

    events: Sequence[Event]
    names: Mapping[str, str]

    @property
    def first(self) -> Event:
        """The event that speaks for what they have in common."""
        return self.events[0]

    @property
    def scope(self) -> str:
        """What is to be shared, or which agreement is to be joined."""
        joins = self.joins
        return scope_words(self.first) if joins is None else f"joining {self.joined(joins)}"

    @property
    def joins(self) -> Joining | None:
        """What the step is about joining, None where it is about something new."""
        return joining(self.first)

    def joined(self, joins: Joining) -> str:
        """Return the agreement that is to be joined, by what it is on and whose it is."""
        return agreement_words(self.first, joins, self.names)

    @property
    def council(self) -> str:
        """The councils that act."""
        return joined(self.all("council")) or "a council"

    @property
    def other(self) -> str:
        """The council on the other side."""
        return joined(self.all("other")[:1]) or "another council"

    def all(self, key: str) -> list[str]:
        """Return the names in one field, each once; a council without a name goes by its code."""
        codes = [text(event, key) for event in self.events]
        return list(dict.fromkeys(self.names.get(code, code) for code in codes if code))

    def verb(self, one: str, many: str) -> str:
        """Return the verb that agrees with the number of councils that act."""
        return many if len(self.all("council")) > 1 else one

    def partner(self, before: str) -> str:
        """Return " with Breckland" where the other council is known and none of those that act."""
        others = [name for name in self.all("other") if name not in self.all("council")]
        return f" {before} {others[0]}" if others else ""

    def total(self, before: str, after: str = "") -> str:
        """Return the money of all events between two phrases, or nothing where there is none."""
        words = money(sum(amount(event, "value") or 0.0 for event in self.events))
        return "" if words == "£0" else f"{before}{words}{after}"


def agreement_words(event: Event, joins: Joining, names: Mapping[str, str]) -> str:
    """Return an agreement that is at work: "the agreement on shared payroll of A and B"."""
    named = [names.get(code, code) for code in joins.members]
    if len(named) > NAMED_MOST:
        named = [*named[:NAMED_FIRST], f"{len(named) - NAMED_FIRST} others"]
    whose = joined(named)
    return f"the agreement on {scope_words(event)} of {whose}"


def sentence(event: Event, names: Mapping[str, str]) -> str:
    """Return one plain sentence about an event.

    Parameters: a row of the event table, and the names of councils by code. Raises ValueError
    for a kind of event that has no words.
    """
    return tell(Group([event], names))


def tell(group: Group) -> str:
    """Return one sentence about events of one kind that share deal, scope and reason."""
    kind = text(group.first, "kind")
    if kind not in TELL:
        raise ValueError(
            f"Field 'kind' of the event table holds {kind!r}, and there are no words for it; "
            f"allowed are the keys of KINDS in sim/declared/measures.py. "
            f"Give a new kind its words in TELL in sim/story/sentences.py."
        )
    body = TELL[kind](group) + reason_named(group.first, label_of(group.first))
    return f"{capital(body)}."


def label_of(event: Event) -> str:
    """Return how the reason of an event is introduced."""
    if text(event, "kind") != "learns":
        return "main reason"
    return "why they ended" if _leaves_for_better(event) else "main reason for the failure"


def _leaves_for_better(event: Event) -> bool:
    """Return True where a better offer ended talks: no agreement ends for that."""
    return text(event, "reason") == "offer"


def _considers(group: Group) -> str:
    deep, known = amount(group.first, "more"), bool(text(group.first, "scope"))
    what = group.scope if known else "shared management or a merger" if deep else "a shared service"
    aim = "" if deep is None and not known else f" for {what}"
    rate = amount(group.first, "value")
    likely = f"; the chance of that was about {percent(rate)}% a year" if rate else ""
    return f"{group.council} {group.verb('starts', 'start')} to look for a partner{aim}{likely}"


def percent(rate: float) -> int:
    """Return the chance that something with a rate a year happens within a year, in per cent."""
    return min(max(round(100 * (1 - math.exp(-rate))), 1), 99)


def _talks_fail(group: Group) -> str:
    quarters = amount(group.first, "value")
    after = "" if quarters is None else f" after {duration(quarters)}"
    how = "come to nothing" if group.first.get(LAPSED) is True else "end without an agreement"
    return f"{_their_talks(group)} {how}{after}"


def _their_talks(group: Group) -> str:
    return f"The talks of {group.council}{group.partner('with')} about {group.scope}"


def _talks_begin(group: Group) -> str:
    if age_of(group.first):
        who = joined([group.council, group.other])
        return f"{who} have been in talks about {group.scope} {how_long(group.first)}"
    # What decided is the answer, so the sentence is about the council that gave it.
    return f"{group.other} agrees to talks with {group.council} about {group.scope}"


def _walks_away(group: Group) -> str:
    if lapses(group.first):
        return f"{_their_talks(group)} come to nothing"
    if ceases(group.first):
        return f"{group.council} {group.verb('drops', 'drop')} out of talks about {group.scope}"
    walk = group.verb("walks", "walk")
    return f"{group.council} {walk} away from the talks{group.partner('with')} about {group.scope}"


def _business_case(group: Group) -> str:
    if len(group.all("council")) > 1:
        every = joined([part for part in map(_one_case, _each(group)) if part])
        total = group.total(" promises ", " a year in all") or " is ready"
        return f"The business case for {group.scope}{total}{f': {every}' if every else ''}"
    promise = group.total(f" promises {group.council} ", " a year")
    own = amount(group.first, "more")
    thought = "" if own is None else f"; its own estimate is {money(own)} a year"
    return f"The business case for {group.scope}{promise or f' reaches {group.council}'}{thought}"


def _one_case(group: Group) -> str:
    promise, own = group.total(f"{group.council} "), amount(group.first, "more")
    return promise if own is None or not promise else f"{promise} (own estimate {money(own)})"


def _each(group: Group) -> list[Group]:
    return [Group([event], group.names) for event in group.events]


def _starts(group: Group) -> str:
    members = amount(group.first, "more")
    facts = [count(int(members), "council", "councils")] if members else []
    facts += [group.total("", " a year promised")] if group.total("") else []
    about = f": {', '.join(facts)}" if facts else ""
    return f"Joint work starts on {group.scope}, led by {group.council}{about}"


def _ends(group: Group) -> str:
    years = amount(group.first, "value")
    after = "" if years is None else f" after {duration(years * YEAR)}"
    return f"The agreement on {group.scope}, led by {group.council}, ends{after}"


def _control_changes(group: Group) -> str:
    words = _choice(group, TAKES_CONTROL) or "Political control changes in {}"
    return words.format(group.council)


def _leader_falls(group: Group) -> str:
    changes = group.verb("changes its leader", "change their leaders")
    return f"{group.council} {changes}"


def _stance(group: Group) -> str:
    return _choice(group, STANCES) or "Government changes its mind about the map of councils"


def _choice(group: Group, words: Sequence[str]) -> str:
    """Return the words that the value of an event points at, nothing when it points nowhere."""
    place = amount(group.first, "value")
    return words[int(place)] if place is not None and 0 <= place < len(words) else ""


def _merges(group: Group) -> str:
    parents = group.all("other")
    verb = "become" if len(parents) > 1 else "becomes"
    return f"{joined(parents) or 'a council'} {verb} part of {group.council}"


def _agrees_terms(group: Group) -> str:
    agreed = int(amount(group.first, "value") or 0)
    terms = [words for place, words in enumerate(TERMS) if agreed >> place & 1]
    which = f"with {joined(terms)}" if terms else f"without {joined(TERMS, 'or')}"
    return f"the talks led by {group.council} agree on terms for {group.scope}, {which}"


def _votes(group: Group, how: str) -> str:
    votes, joins = group.verb("votes", "vote"), group.joins
    guest = "" if joins is None else group.names.get(joins.guest, joins.guest)
    own = joins is None or group.all("council") == [guest]
    return f"{group.council} {votes} {how} {'' if own else f'{guest} '}{group.scope}"


def _signs(group: Group) -> str:
    promise = group.total(", promising ", " a year")
    if group.joins is not None:
        joins = group.verb("joins", "join")
        return f"{group.council} {joins} {group.joined(group.joins)}{promise}"
    signs = group.verb("signs", "sign")
    return f"{group.council} {signs}{group.partner('with')}: {group.scope}{promise}"


def _learns(group: Group) -> str:
    source = "the talks" if _leaves_for_better(group.first) else "a failure"
    return f"{group.council} {group.verb('draws', 'draw')} lessons from {source}"


def _abolished(group: Group) -> str:
    whose = group.verb("its", "their")
    successor = f"; {whose} successor is {group.other}" if group.all("other") else ""
    return f"{group.council} {group.verb('is', 'are')} abolished by order{successor}"


def _announced(group: Group) -> str:
    years = amount(group.first, "value") or 0.0
    when = "in a year" if years == 1 else f"in {years:g} years"
    learns, who = group.verb("learns", "learn"), group.verb("it", "they")
    return f"{group.council} {learns} that {who} will be made new {when}"


def _promises(group: Group) -> str:
    promised, true = (amount(group.first, name) for name in ("value", "more"))
    return (
        f"{group.council} is promised to save {money(promised or 0.0)} a year; in truth it will "
        f"save {money(true or 0.0)}"
    )


def _accounts(group: Group) -> str:
    reported, true = (amount(group.first, name) for name in ("value", "more"))
    who = f"{group.council}{group.partner('and')}"
    return (
        f"{who} close the accounts of {group.scope}: reported to save {money(reported or 0.0)} a "
        f"year, in truth {money(true or 0.0)}"
    )


DONE_FOR = (
    ("say no to", "would have said yes"),
    ("say yes to", "would have said no or walked away"),
    ("walk away from", "would have stayed"),
)
"""What is decided for a council, and what it would have done, by what an event's `more` says."""


def _overruled(group: Group) -> str:
    done, own = DONE_FOR[int(amount(group.first, "more") or 0)]
    return (
        f"it is decided for {group.council} to {done} {group.other} about {group.scope}, though it "
        f"{own}"
    )


TELL: dict[str, Callable[[Group], str]] = {
    "considers": _considers,
    "approaches": lambda g: f"{g.council} approaches {g.other} about {g.scope}",
    "refuses": lambda g: f"{g.council} says no to {g.other} about {g.scope}",
    "talks_begin": _talks_begin,
    "invited": lambda g: (
        f"{g.council} {g.verb('joins', 'join')} the talks{g.partner('with')} about {g.scope}"
    ),
    "walks_away": _walks_away,
    "talks_fail": _talks_fail,
    "study_grant": lambda g: (
        f"{g.council} {g.verb('receives', 'receive')} {g.total('') or 'a grant'} from government "
        f"for a study of {g.scope}"
    ),
    "business_case": _business_case,
    "votes_no": lambda g: _votes(g, "against"),
    "votes_yes": lambda g: _votes(g, "in favour of"),
    "signs": _signs,
    "setup_grant": lambda g: (
        f"{g.council} {g.verb('receives', 'receive')} {g.total('') or 'a grant'} from government "
        f"towards setting up {g.scope}"
    ),
    "starts": _starts,
    "leaves": lambda g: (
        f"{g.council} {g.verb('leaves', 'leave')} the agreement{g.partner('with')} on {g.scope}"
        f"{g.total(', at a cost of ')}"
    ),
    "ends": _ends,
    "overruled": _overruled,
    "merges": _merges,
    "control_changes": _control_changes,
    "leader_falls": _leader_falls,
    "chief_leaves": lambda g: (
        f"The chief {g.verb('executive', 'executives')} of {g.council} {g.verb('leaves', 'leave')}"
    ),
    "chief_found": lambda g: f"{g.council} {g.verb('appoints', 'each appoint')} a chief executive",
    "learns": _learns,
    "in_distress": lambda g: (
        f"{g.council} cannot balance {g.verb('its', 'their')} budget (section 114)"
    ),
    "known": lambda g: (
        f"It becomes known that {g.council} is in talks{g.partner('with')} about {g.scope}"
    ),
    "survives": lambda g: (
        f"{g.council} {g.verb('keeps', 'keep')} {g.scope}{g.partner('with')} "
        f"although shared management is over"
    ),
    "stance": _stance,
    "joint_chief_leaves": lambda g: (
        f"The joint chief executive of {g.council}{g.partner('and of')} leaves"
    ),
    "abolished": _abolished,
    "agrees_terms": _agrees_terms,
    "accounts": _accounts,
    "announced": _announced,
    "promises": _promises,
}
