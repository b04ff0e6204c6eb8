"""What a decision is the sum of, and how each part is said when it speaks for or against.

The order is that of the engine's codes.
"""

from __future__ import annotations

from typing import NamedTuple


class Contribution(NamedTuple):
    """A part of a decision: what it is about, and what it is called when it speaks for or against.

    To leave an agreement is a decision against sharing, so a push to leave is said as `con`,
    unless leaving has words of its own.
    """

    title: str
    pro: str
    con: str
    leave: str = ""
    stay: str = ""

    def words(self, push: float, *, leaving: bool = False) -> str:
        """Return the words for a push towards (plus) or against (minus) what was weighed."""
        if leaving:
            return (self.leave or self.con) if push > 0 else (self.stay or self.pro)
        return self.pro if push > 0 else self.con


CONTRIBUTIONS: dict[str, Contribution] = {
    "base": Contribution(
        "how ready a typical council is", "how ready a typical council is",
        "how wary a typical council is", "how often such deals break up",
        "how seldom such deals break up",
    ),
    "need": Contribution(
        "worry about a budget gap ahead", "worry about a budget gap ahead",
        "no worry about a budget gap ahead",
    ),
    "savings": Contribution(
        "the saving, by its own estimate", "a good saving, by its own estimate",
        "a poor saving, by its own estimate", "a saving that falls short of the promise",
        "a saving near the promise",
    ),
    "set_up": Contribution(
        "set-up cost against its reserves", "little to pay for setting up",
        "set-up cost against its reserves",
    ),
    "grant": Contribution("a grant", "a grant", "no grant"),
    "culture": Contribution(
        "believed difference in culture", "a culture believed to be like its own",
        "a culture believed to be different",
    ),
    "trust": Contribution("trust", "trust", "little trust"),
    "history": Contribution(
        "earlier failures with this partner", "no earlier failure with this partner",
        "earlier failures with this partner",
    ),
    "sovereignty": Contribution(
        "attachment to independence", "little attachment to independence",
        "strong attachment to independence",
    ),
    "contact": Contribution(
        "fear of losing local contact", "little fear of losing local contact",
        "fear of losing local contact",
    ),
    "size": Contribution("difference in size", "similar size", "difference in size"),
    "means": Contribution("difference in means", "similar means", "difference in means"),
    "tier": Contribution("different duties", "the same duties", "different duties"),
    "party": Contribution(
        "party in control", "the same party in control", "no party in control of both"
    ),
    "new_control": Contribution(
        "a new majority or a new leader", "a settled majority and leader",
        "a new majority or a new leader",
    ),
    "election": Contribution("an election ahead", "no election ahead", "an election ahead"),
    "distance": Contribution("distance", "nearness", "distance"),
    "border": Contribution(
        "county border", "no county border between them", "a county border between them"
    ),
    "tax_gap": Contribution("gap in council tax", "similar council tax", "a gap in council tax"),
    "review": Contribution(
        "reorganisation in doubt", "reorganisation at the door", "reorganisation in doubt"
    ),
    "rival": Contribution(
        "a better offer elsewhere", "no better offer elsewhere", "a better offer elsewhere"
    ),
    "busy": Contribution("stretched managers", "managers with time", "stretched managers"),
    "vacancy": Contribution(
        "the chief executive's post", "a vacant chief executive's post",
        "a chief executive new in post", "a joint chief executive who left",
        "a joint chief executive who stays",
    ),
    "ties": Contribution(
        "what they share already", "what they share already", "too little shared so far"
    ),
    "systems": Contribution(
        "computer systems", "the same computer systems", "different computer systems"
    ),
    "crowd": Contribution("number of partners", "few partners", "many partners"),
    "exit_lesson": Contribution(
        "a learnt wish for an exit strategy", "an exit strategy, as it has learnt to want",
        "no exit strategy, which it has learnt to want",
    ),
    "fashion": Contribution(
        "what neighbours do", "what neighbours do", "neighbours that hold back"
    ),
    "rumour": Contribution(
        "rumours of others' talks", "rumours of others' talks", "rumours that put it off"
    ),
    "strategy": Contribution(
        "its strategy", "a strategy that seeks this", "a strategy that seeks something else"
    ),
    "joining": Contribution(
        "joining what already runs", "joining what already runs", "being in a deal already"
    ),
    "chance": Contribution("chance", "chance", "chance"),
    "equal_lesson": Contribution(
        "a learnt wish for an equal partnership", "an equal partnership, as it has learnt to want",
        "no equal partnership, which it has learnt to want",
    ),
    "tax_lesson": Contribution(
        "a learnt wish to align council tax",
        "a plan to align council tax, as it has learnt to want",
        "no plan to align council tax, which it has learnt to want",
    ),
    "introduced": Contribution(
        "the match-making service", "the match-making service",
        "a match-making service that puts it off",
    ),
    "tax_support": Contribution(
        "support for council tax", "support for council tax", "no support for council tax"
    ),
    "ict_subsidy": Contribution(
        "support for a common system", "support for a common system",
        "no support for a common system",
    ),
    "readiness": Contribution(
        "its own priorities", "priorities of its own that speak for it",
        "priorities of its own that speak against it",
    ),
}  # fmt: skip
