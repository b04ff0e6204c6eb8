"""The words of the trade that a report uses, each explained in it where it is used at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..told import Table
from .contents import Contents

TITLE = "Words used here"


class Word(NamedTuple):
    """A word of the trade, how it is recognised in a text, and what it means."""

    word: str
    pattern: str  # a regular expression, whatever the case
    meaning: str


WORDS = (
    Word("Promised, reported and true saving", r"saving",
         "three different things. Promised: what business cases say before a deal. Reported: what "
         "councils say afterwards. True: what reaches the budget. They are never added together."),
    Word("Net saving", r"(?<!public )net (saving|loss)",
         "what councils keep: true saving, grants and support, less every cost of their own. A "
         "grant counts as income here, though the public has paid it."),
    Word("Public net saving", r"public net|public as a whole|public purse",
         "what councils, government and residents gain together. What they pay each other (grants, "
         "council tax) cancels; what is left was truly gained or lost."),
    Word("Shared management", r"shared management|managements",
         "one chief executive, or one team of managers, for two councils or more."),
    Word("Set-up cost", r"set-?up|setting up",
         "what it costs once to begin to work together: redundancies, systems, moves."),
    Word("Business case", r"business case",
         "the study that says what a deal will cost and save before it is signed."),
    Word("Unitary", r"unitar(y|ies)",
         "one council that does what a county and a district do elsewhere."),
    Word("Band D", r"band d\b",
         "the council tax of a home in the middle band, to which all others are in proportion."),
    Word("Section 114", r"section 114|in distress",
         "a council declares that it cannot balance its budget."),
    Word("Replicate", r"replicate",
         "one run of the model with chance of its own. The same replicate meets the same chance "
         "under every policy, so that a difference is the policy's and not luck's."),
    Word("Seed", r"\bseed\b", "the number from which all chance is drawn: the same one gives the "
         "same runs."),
    Word("Luck", r"\bluck\b",
         "chance in the model: who happens to look, whom they meet, what they are promised."),
    Word("World", r"\bworlds?\b",
         "one set of values of the numbers that nobody knows, of those that England's history to "
         "2014 allows. The declared numbers are one of them."),
    Word("Assumptions", r"luck and assumptions|luck and worlds",
         "what nobody knows and somebody has to suppose: here it differs from world to world."),
    Word("Interval", r"interval",
         "from where to where the true value may lie, as sure as is said (95% as a rule), as far "
         "as luck goes, and assumptions where it says so. That the model itself may be wrong is "
         "in no interval."),
    Word("Right at every look", r"at every look",
         "the interval may be looked at while runs come in and stays as sure as it says."),
    Word("Student's t", r"student's t",
         "the usual way to reckon an interval of a mean from a number of runs."),
    Word("Bonferroni", r"bonferroni",
         "the chance to be wrong is shared out over all that is compared, so that all intervals "
         "hold together."),
    Word("Bootstrap", r"bootstrap",
         "an interval that is reckoned by drawing again and again from the runs there are."),
    Word("Variance", r"variance",
         "how much results differ from run to run; its shares say what makes them differ."),
    Word("Plausible range", r"plausible range|ends of plausible",
         "from where to where a number that nobody knows is thought to lie."),
    Word("Discounted", r"discounted|present value",
         "what comes later counts for less, as the Treasury reckons it."),
    Word("Logit", r"\blogit", "a scale on which reasons add up: one more makes what was as likely "
         "as not almost three in four."),
    Word("Fingerprint", r"fingerprint",
         "a short code that changes if anything does of what it stands for."),
)  # fmt: skip


def words_told(texts: Iterable[str]) -> list[Word]:
    """Return the words of the trade that some texts use, in the order of their first use."""
    whole = "\n".join(texts)
    found = [
        (match.start(), word)
        for word in WORDS
        if (match := re.search(word.pattern, whole, re.IGNORECASE))
    ]
    return [word for _, word in sorted(found, key=lambda each: each[0])]


def texts_of(contents: Contents) -> list[str]:
    """Return all that a report says before it logs its assumptions, from above to below."""
    said: list[str] = [
        contents.title, contents.about, *contents.cautions, *contents.failures, contents.question,
        *contents.answer, contents.basis, *contents.turns,
    ]  # fmt: skip
    for part in contents.parts:
        said += [part.title, *part.sentences, part.basis]
    said += [text for table in contents.tables for text in texts_of_table(table)]
    said += [f"{picture.title} {picture.caption}" for picture in contents.pictures]
    return said


def texts_of_table(table: Table) -> Sequence[str]:
    """Return what a table says but for its values."""
    headings = [heading for heading, _ in table.columns]
    return [table.title, *headings, *(row[0] for row in table.rows if row), table.note]
