"""What the log leaves behind: deals, who sits where, who lives, what the pots hold.

The log is read line by line. Claims about an event are asked before it is written into the history,
claims about a quarter when all its events are. Councils are followed by body: a merged council goes
on in the body of the parent whose identity it took.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from .forms import (
    A_YEAR,
    DEEP,
    IMPOSED,
    JOINT,
    MANAGEMENT,
    NO_BREAK,
    SERVICES,
    imposed,
    lapses,
    pounds,
    quarters_of_setting_up,
)
from .life import Event, Life
from .news import News

TALKS = ("study", "case", "terms")
LATER = ("chief_leaves", "chief_found", "joint_chief_leaves", "control_changes", "leader_falls",
         "starts", "leaves", "learns", "known", "business_case", "agrees_terms", "votes_yes",
         "votes_no", "signs", "considers", "approaches")  # fmt: skip
"""Kinds of event that come when government has done its work of the quarter."""
CLOSING = ("accounts", "ends")
STAGES = (*TALKS, "transition", "running")
LONG_AGO = -1000


@dataclass
class Deal:
    """A deal as the log tells it; members are bodies, the leader first."""

    number: int
    scope: str
    members: list[str]
    stage: str = "study"
    begun: int = LONG_AGO
    signed: int = LONG_AGO
    started: int = LONG_AGO
    ended: int = LONG_AGO
    host: int | None = None
    study_paid: bool = False
    known: bool = False
    chief_left: int = LONG_AGO
    grants: float = 0.0
    terms: dict[str, bool] = field(default_factory=lambda: {"exit": False, "equal": False,
                                                            "align": False})  # fmt: skip
    promise: dict[str, float] = field(default_factory=dict)
    bill: dict[str, float] = field(default_factory=dict)
    paid: dict[str, float] = field(default_factory=dict)
    signers: list[str] = field(default_factory=list)
    saw: list[str] = field(default_factory=list)  # to whom its business case was told
    yes: dict[str, int] = field(default_factory=dict)  # body: the quarter in which it said so
    last_quit: str | None = None  # the reason of whoever left last
    quit_at: int = LONG_AGO  # the quarter in which a member quit talks of its own accord
    left: int = LONG_AGO  # the quarter in which a member left last
    pair_of_the_run: bool = False  # a management that two signed in the run, and no third joined
    reason: str | None = None

    @property
    def in_talks(self) -> bool:
        """Whether nothing is signed yet."""
        return self.stage in TALKS

    @property
    def in_force(self) -> bool:
        """Whether it is signed and has not ended."""
        return self.stage in ("transition", "running")

    @property
    def deep(self) -> bool:
        """Whether it is about more than a service."""
        return self.scope in DEEP


class History:
    """What the log has left behind so far."""

    def __init__(self, life: Life) -> None:
        self.life = life
        self.quarter = -1
        self.body: dict[str, str] = {code: code for code in life.books[0]}
        self._follow_bodies()
        self.deals: dict[int, Deal] = {}
        self.pots = {"study": 0, "setup": 0}
        self.amounts = {"study": -1.0, "setup": -1.0}
        self.counts: Counter[str] = Counter()
        self.changed: dict[str, int] = {}  # the quarter in which control last changed, or a leader
        self.appointed: dict[str, int] = {}
        self.sought: dict[str, int] = {}  # the quarter of a body's last deep failure
        self.announced: set[str] = set()  # bodies that are told of an order to come
        self.going: dict[str, str] = {}  # bodies that have passed over: their codes
        self.remade: set[str] = set()  # bodies that merged, grew or were parted
        self.news = News(life)
        self.doubtful: set[int] = set()  # deals whose set-up money the log alone does not tell
        self.passed_over = -1  # the last event by which a council passes over in a quarter
        self.new_quarter()
        for row in life.first_deals:
            if STAGES[int(row["stage"])] not in TALKS:
                self._stands(row)
        for event in life.opening:
            self._write(event)
        self.counts.clear()

    def new_quarter(self) -> None:
        """Begin a page for a quarter."""
        self.looked: dict[str, Event] = {}
        self.setup: Counter[str] = Counter()
        self.exits: Counter[str] = Counter()
        self.received: dict[str, float] = defaultdict(float)
        self.due: set[int] = set()  # deals whose first day is this quarter
        self.unions: dict[str, list[str]] = {}
        self.abolished: Counter[str] = Counter()
        standing = self.deals.values()
        self.sat = {body for d in standing if d.in_talks for body in d.members}
        self.worked = {body for d in standing if d.stage == "running" for body in d.members}
        self.rumours = any(d.in_talks and d.known and d.deep for d in self.deals.values())

    def _follow_bodies(self) -> None:
        """Give each merged council the body of the parent that is named last."""
        first: dict[str, str] = {}
        last: dict[str, str] = {}
        for event in self.life.events:
            if event.kind == "merges" and event.council and event.other:
                first.setdefault(event.council, event.other)
                last[event.council] = event.other
        for code, parent in last.items():
            self.body[code] = self.body.get(parent, parent)

    def _stands(self, row: dict) -> None:
        number, code = str(row["deal"]).split(", member ")
        stage = STAGES[int(row["stage"])]
        deal = self.deals.setdefault(int(number), Deal(int(number), "", [], stage))
        deal.scope = (*SERVICES, *DEEP)[int(row["scope"])]
        deal.signed, deal.started = int(row["signed"]), int(row["started"])
        deal.begun = deal.signed
        deal.members.append(code)
        deal.signers.append(code)
        deal.promise[code], deal.bill[code] = row["promise"], row["bill"]
        deal.paid[code] = row["paid"]

    def bodies(self, event: Event) -> list[str]:
        """Return the bodies that an event names."""
        named = [code for code in (event.council, event.other) if code is not None]
        return [self.body.get(code, code) for code in named]

    def deal_of(self, event: Event) -> Deal | None:
        """Return the deal that an event is about, if it is known."""
        return self.deals.get(event.deal)

    def talks_of(self, body: str) -> list[Deal]:
        """Return the talks in which a body sits."""
        return [d for d in self.deals.values() if d.in_talks and body in d.members]

    def signed_of(self, body: str) -> list[Deal]:
        """Return the deals that bind a body."""
        return [d for d in self.deals.values() if d.in_force and body in d.members]

    def shared(self, body: str, scope: str | None) -> Deal | None:
        """Return the deal of a scope that binds a body, if there is one."""
        return next((d for d in self.signed_of(body) if d.scope == scope), None)

    def given(self, event: Event, deal: Deal) -> bool:
        """Return whether an end is not weighed: a council became part of another."""
        if event.reason not in IMPOSED:
            return False
        if event.kind == "talks_fail":
            return deal.quit_at != event.quarter
        shared = self.shared(deal.members[0], MANAGEMENT) if deal.members else None
        return event.quarter not in (deal.left, shared.left if shared else LONG_AGO)

    def host_of(self, deal: Deal) -> Deal | None:
        """Return the running deal that talks would join, as long as their second is in it."""
        if deal.host is None:
            return None
        host = self.deals[deal.host]
        if host.stage == "running" and deal.members[1:] and deal.members[1] in host.members:
            return host
        deal.host = None
        return None

    # --- time ------------------------------------------------------------------------------------

    def begin(self, quarter: int) -> None:
        """Begin a quarter: fill the pots, pay what is to be set up, and hear of gaps to come."""
        self.quarter = quarter
        self.news.hear(quarter)
        self.new_quarter()
        self.passed_over = max((event.place for event in self.life.events
                                if (event.quarter, event.kind) == (quarter, "abolished")),
                               default=-1)  # fmt: skip
        grants = self.life.numbers[quarter].grants
        for pot, amount in (("study", grants.feasibility_pot), ("setup", grants.setup_pot)):
            if quarter % A_YEAR == 0 or amount != self.amounts[pot]:
                self.pots[pot] = pounds(amount)
            self.amounts[pot] = amount
        for deal in self.deals.values():
            if deal.in_force and deal.signed < quarter:
                self._pay_bills(deal)

    def _pay_bills(self, deal: Deal) -> None:
        left = 1.0
        if deal.stage == "transition":
            lasts = quarters_of_setting_up(self.life.numbers[self.quarter], deal.scope)
            left = max(lasts - (self.quarter - deal.signed - 1), 1.0)
            if left <= 1.0:
                self.due.add(deal.number)
        for body in deal.members:
            part = deal.bill.get(body, 0.0) / left
            deal.bill[body] = deal.bill.get(body, 0.0) - part
            deal.paid[body] = deal.paid.get(body, 0.0) + part
            self.setup[body] += part

    def settle(self, event: Event | None = None) -> None:
        """Strike the councils that have passed over, before an event that cannot be of them.

        A county leaves its deals; of a council that is parted they go to what it became.
        """
        if event is not None and self.going and event.kind in CLOSING:
            self._closed_before(event)
        if self.going and (event is None or event.kind in LATER):
            self._strike(list(self.going))

    def _strike(self, bodies: list[str]) -> None:
        for body in bodies:
            heir = self._heir_of(body)
            for deal in self.signed_of(body):
                if heir == body:
                    deal.members.remove(body)
                else:
                    self._hand_over(deal, heir, body)
            del self.going[body]

    def _heir_of(self, body: str) -> str:
        """Return what a council that is going has become; itself where nothing has."""
        code = self.going.get(body, body)
        became = self.life.books[self.quarter + 1].get(code, {}).get("became")
        return self.body.get(became, body) if became else body

    def _closed_before(self, event: Event) -> None:
        """Settle in a deal that is closed for one council those that went before it.

        Once all have passed over they are closed one by one, so that those before it are gone. A
        council that was parted is named as what it became; from a larger deal others are struck.
        """
        deal, named = self.deal_of(event), self.bodies(event)
        if deal is None or not deal.in_force:
            return
        going = list(self.going)
        closed = [k for k, body in enumerate(going) if body in named and body in deal.members]
        if closed and event.place > self.passed_over:
            self._strike(going[: closed[0]])
        if deal.members[:2] != named:
            for body in [body for body in self.going if body in deal.members]:
                heir = self._heir_of(body)
                if body not in named and heir != body and heir in named:
                    self._hand_over(deal, heir, body)
                elif body not in named and len(deal.members) > 2:
                    deal.members.remove(body)

    # --- one event -------------------------------------------------------------------------------

    def take_in(self, event: Event) -> None:
        """Write an event into the history; what opens the log has been written, but not counted."""
        if not self.life.opens(event):
            self._write(event)
        elif event.kind == "talks_begin":
            self._count_begun(event)

    def _write(self, event: Event) -> None:
        deal = self.deal_of(event)
        if event.kind == "talks_begin":
            self._begin_talks(event)
        elif event.kind in BY_COUNCIL:
            BY_COUNCIL[event.kind](self, event)
        elif deal is not None and event.kind in BY_DEAL:
            BY_DEAL[event.kind](self, event, deal)

    def _begin_talks(self, event: Event) -> None:
        bodies = self.bodies(event)
        begun = event.quarter - int(event.more)
        deal = Deal(event.deal, str(event.scope), bodies, begun=begun)
        host = self.shared(bodies[-1], event.scope)
        deal.host = host.number if host is not None else None
        self.deals[event.deal] = deal
        self._count_begun(event)

    def _count_begun(self, event: Event) -> None:
        self.counts["talks_begun"] += 1
        self.counts["deep_begun"] += event.scope in DEEP

    def _announce(self, event: Event) -> None:
        self.announced.add(self.bodies(event)[0])

    def _looks(self, event: Event) -> None:
        self.looked[self.bodies(event)[0]] = event

    def _control(self, event: Event) -> None:
        self.changed[self.bodies(event)[0]] = event.quarter

    def _appoint(self, event: Event) -> None:
        self.appointed[self.bodies(event)[0]] = event.quarter

    def _distress(self, event: Event) -> None:
        self.counts["distressed"] += 1
        district = self.life.books[self.quarter + 1][str(event.council)]["tier"] == "district"
        self.counts["districts_distressed"] += district

    def _abolish(self, event: Event) -> None:
        body = self.bodies(event)[0]
        self.abolished[body] += event.value
        self.remade |= set(self.bodies(event))
        self.going[body] = str(event.council)

    def _merge(self, event: Event) -> None:
        new, parent = str(event.council), str(event.other)
        if new not in self.unions:
            self.counts["mergers"] += 1
        self.unions.setdefault(new, []).append(parent)
        heir, body = self.body[new], self.body.get(parent, parent)
        self.remade |= {heir, body}
        self.doubtful |= {d.number for d in self.deals.values() if any(d.bill.values())}
        if heir != body:
            for deal in self.signed_of(body):
                self._hand_over(deal, heir, body)

    def _hand_over(self, deal: Deal, heir: str, body: str) -> None:
        if deal.deep or self.shared(heir, deal.scope) is not None:
            deal.members.remove(body)
            return
        deal.members[deal.members.index(body)] = heir
        for money in (deal.promise, deal.bill, deal.paid):
            money[heir] = money.pop(body, 0.0)

    def _invite(self, event: Event, deal: Deal) -> None:
        deal.members.append(self.bodies(event)[0])

    def _known(self, event: Event, deal: Deal) -> None:
        deal.known = True

    def _quit(self, event: Event, deal: Deal) -> None:
        deal.last_quit = event.reason
        body = self.bodies(event)[0]
        if not imposed(event):
            deal.quit_at = event.quarter
        if len(deal.members) > 2 and not lapses(event) and body in deal.members:
            deal.members.remove(body)
            if deal.deep and not imposed(event):
                self.sought[body] = event.quarter

    def _fail(self, event: Event, deal: Deal) -> None:
        given = self.given(event, deal)
        deal.stage, deal.ended, deal.reason = "failed", event.quarter, event.reason
        self.counts["talks_failed"] += 1
        self.counts[f"failed_{event.reason}"] += 1
        self._lose(event, "deep_failed", lost=deal.deep)
        if deal.deep and not given:
            self.sought |= dict.fromkeys(deal.members, event.quarter)

    def _lose(self, event: Event, measure: str, *, lost: bool) -> None:
        self.counts[measure] += lost
        self.counts[f"lost_{event.reason}"] += lost

    def _case(self, event: Event, deal: Deal) -> None:
        deal.stage = "case"
        deal.saw.append(self.bodies(event)[0])

    def _agree(self, event: Event, deal: Deal) -> None:
        deal.stage = "terms"
        agreed = int(event.value)
        names = ("exit", "equal", "align")
        deal.terms = {name: bool(agreed >> k & 1) for k, name in enumerate(names)}

    def _vote_yes(self, event: Event, deal: Deal) -> None:
        deal.yes[self.bodies(event)[0]] = event.quarter

    def _sign(self, event: Event, deal: Deal) -> None:
        body = self.bodies(event)[0]
        if deal.stage == "running":
            talks = self.joining(deal, body)
            if talks is not None:
                talks.stage, talks.ended = "joined", event.quarter
            deal.members.append(body)
            self.counts["deep_signed"] += deal.deep
            self._joined(deal)
        elif deal.in_talks:
            deal.stage, deal.signed = "transition", event.quarter
            self.counts["formed"] += 1
            self.counts["deep_signed"] += deal.deep
            self._founded(deal)
        deal.signers.append(body)
        deal.promise[body], deal.bill[body], deal.paid[body] = event.value, event.more, 0.0

    def _founded(self, deal: Deal) -> None:
        """Count a new shared management, and who its first two are.

        Two whose joint chief executive has just given way to this have had one all along.
        """
        if deal.scope not in JOINT:
            return
        one, two = deal.members[:2]
        deal.pair_of_the_run = len(deal.members) == 2
        before = self._deepened(deal, {one, two})
        if before is not None:
            deal.pair_of_the_run &= before.pair_of_the_run
            self.counts["signed_by_two"] -= before.pair_of_the_run and not deal.pair_of_the_run
            return
        counties = {self.county_of(body) for body in (one, two)}
        self.counts["managements_signed"] += 1
        self.counts["signed_by_two"] += deal.pair_of_the_run
        self.counts["signed_in_county"] += len(counties) == 1
        if self.remade & {one, two}:
            self.counts["signed_by_remade"] += 1
        elif self.life.pairs.get((one, two), {}).get("adjacent"):
            self.counts["signed_adjacent"] += 1

    def _deepened(self, deal: Deal, both: set[str]) -> Deal | None:
        """Return the joint chief executive of two councils that a deal has taken the place of."""
        given_way = (each for each in self.deals.values() if each.reason == "deepened")
        now = (each for each in given_way if each.ended == deal.signed)
        return next((each for each in now if both <= set(each.members)), None)

    def _joined(self, deal: Deal) -> None:
        """A pair that a third joins is one no more."""
        if deal.pair_of_the_run and len(deal.members) > 2:
            deal.pair_of_the_run = False
            self.counts["signed_by_two"] -= 1

    def county_of(self, body: str) -> str:
        """Return the county of a body that lives."""
        books = self.life.books[self.quarter + 1]
        return next(str(row["county"]) for code, row in books.items()
                    if row["alive"] and self.body.get(code, code) == body)  # fmt: skip

    def joining(self, deal: Deal, body: str) -> Deal | None:
        """Return the talks by which a body comes into a running deal."""
        return next((talks for talks in self.talks_of(body)
                     if talks.host == deal.number and talks.members[0] == body), None)  # fmt: skip

    def _start(self, event: Event, deal: Deal) -> None:
        deal.stage, deal.started = "running", event.quarter

    def _leave(self, event: Event, deal: Deal) -> None:
        body = self.bodies(event)[0]
        deal.last_quit, deal.left = event.reason, event.quarter
        self.exits[body] += event.value
        if deal.deep:
            parted = deal.members if len(deal.members) <= 2 else [body]
            self.sought |= dict.fromkeys(parted, event.quarter)
        if len(deal.members) > 2 and body in deal.members:
            deal.members.remove(body)

    def _end(self, event: Event, deal: Deal) -> None:
        deal.stage, deal.ended, deal.reason = "ended", event.quarter, event.reason
        self.counts["ended"] += 1
        self.counts[f"ended_{event.reason}"] += 1
        broken = deal.scope in JOINT and event.reason not in NO_BREAK
        self._lose(event, "managements_broken", lost=broken)

    def _joint_chief(self, event: Event, deal: Deal) -> None:
        deal.chief_left = event.quarter

    def _study_grant(self, event: Event, deal: Deal) -> None:
        deal.study_paid = True
        self._pay("study", event, deal)

    def _setup_grant(self, event: Event, deal: Deal) -> None:
        self._pay("setup", event, deal)

    def _pay(self, pot: str, event: Event, deal: Deal) -> None:
        self.pots[pot] -= pounds(event.value)
        deal.grants += event.value
        for body in deal.members:
            self.received[body] += event.value / len(deal.members)


BY_COUNCIL = {
    "considers": History._looks, "control_changes": History._control,
    "leader_falls": History._control,
    "chief_found": History._appoint, "in_distress": History._distress,
    "abolished": History._abolish, "merges": History._merge, "announced": History._announce,
}  # fmt: skip
BY_DEAL = {
    "invited": History._invite, "known": History._known, "walks_away": History._quit,
    "votes_no": History._quit, "talks_fail": History._fail, "business_case": History._case,
    "agrees_terms": History._agree, "votes_yes": History._vote_yes, "signs": History._sign,
    "starts": History._start, "leaves": History._leave, "ends": History._end,
    "joint_chief_leaves": History._joint_chief, "study_grant": History._study_grant,
    "setup_grant": History._setup_grant,
}  # fmt: skip


def quarters_of(life: Life) -> Iterator[tuple[int, list[Event]]]:
    """Return every quarter with its events, in order."""
    events: dict[int, list[Event]] = defaultdict(list)
    for event in life.events:
        events[event.quarter].append(event)
    for quarter in range(life.scenario.quarters):
        yield quarter, events[quarter]
