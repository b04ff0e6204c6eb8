"""What somebody looks for in runs, read from a plain sentence or from options.

"Breckland and South Holland share management before 2012": who, what happens, about what, for
which reason ("over tax") and when. The words are those of `words`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..country.called import row_called, told_unknown
from ..declared.catalogue import SCOPES, TITLES
from ..declared.measures import KINDS, REASONS
from ..errors import InputError, nearest
from ..story.wording import joined
from .words import (
    ABOUT,
    ALONE,
    BECAUSE,
    FIRST,
    HAPPENS,
    IDLE,
    JOINS,
    NOBODY,
    REASONED,
    SAID,
    SHARE,
    TALK,
    WITHOUT_SCOPE,
)

if TYPE_CHECKING:
    from ..country.councils import Councils
    from ..declared.scenario import Scenario

LONGEST = 300
"""Letters of a sentence."""
NAME_MOST = 8
"""Words of a council's name, with what people write around it."""
LIKE = '"Breckland and South Holland share management before 2012"'
OVER = re.compile(r"\b(?:over|because of|due to)\s+")
YEARS = (
    (re.compile(r"\b(?:between|from) (\d{4}) (?:and|to) (\d{4})\b"), 0, 0),
    (re.compile(r"\bin (\d{4})()\b"), 0, 0),
    (re.compile(r"\b(?:since|from) (\d{4})()\b"), 0, None),
    (re.compile(r"\bafter (\d{4})()\b"), 1, None),
    (re.compile(r"\b(?:by|until|to)() (\d{4})\b"), None, 0),
    (re.compile(r"\bbefore() (\d{4})\b"), None, -1),
)
"""How years are said, and what is added to the first and to the last that are meant."""


BY_EVENTS = {
    JOINS: ("signs",), SHARE: ("starts", "signs"), TALK: ("talks_begin", "invited")
}  # fmt: skip
"""By which kinds of event it is known what is none by itself."""


class Sought(NamedTuple):
    """Something that can happen in a run; what is empty or None may be anything."""

    what: str  # a key of HAPPENS
    councils: tuple[str, ...] = ()  # codes
    scopes: tuple[str, ...] = ()
    reason: str = ""
    first: int | None = None  # years, counted in
    last: int | None = None

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of event by which it is known."""
        return BY_EVENTS.get(self.what, (self.what,))

    @property
    def who(self) -> str:
        """Who of the councils does it: one of the words of `words`."""
        return HAPPENS[self.what].who


class Options(NamedTuple):
    """What a sentence can say, each by itself, as a user wrote it; None where it was not given."""

    kind: str | None = None
    council: str | None = None
    others: Sequence[str] = ()
    scope: str | None = None
    reason: str | None = None
    first: int | None = None
    last: int | None = None


class _Text:
    """A sentence of which more and more is understood; what is left over is not."""

    def __init__(self, words: str) -> None:
        self.words = words.split()

    def take(self, start: int, end: int) -> None:
        """Take out some words, and leave a mark in their place."""
        self.words[start:end] = [""] * (end - start)

    def spans(self, most: int) -> Iterable[tuple[int, int, str]]:
        """Yield the runs of words that are still there, from each place the longest first."""
        for start in range(len(self.words)):
            for end in range(min(start + most, len(self.words)), start, -1):
                if all(self.words[start:end]):
                    yield start, end, " ".join(self.words[start:end])


def read_sought(text: str, options: Options, scenario: Scenario, table: Councils) -> Sought:
    """Return what is sought in runs of a scenario, said in a sentence, in options, or in both.

    Raises:
        InputError: something is not understood, said twice, or cannot be; it names what is known.
    """
    said = _read(text, table) if text.strip() else Sought("")
    return _checked(_with_options(said, options, table), scenario, table)


def _read(text: str, table: Councils) -> Sought:
    """Return what a sentence says; without an event where it names none."""
    if len(text) > LONGEST:
        raise InputError(f"what is sought is longer than {LONGEST} letters: say it as in {LIKE}")
    plain = " ".join(text.replace("\u2019", "'").split()).rstrip(".!?")
    plain, first, last = _years(plain)
    plain, reason = _reason(plain)
    left = _Text(re.sub(r"[,;:\"]", " ", plain))
    councils = _councils(left, table)
    what = _happening(left)
    scopes = _scopes(left)
    _check_all_read(left, table)
    return Sought(what, councils, scopes, reason, first, last)


def _years(text: str) -> tuple[str, int | None, int | None]:
    """Return a sentence without the years, and the first and the last year that it means."""
    first = last = None
    for pattern, later, earlier in YEARS:
        found = pattern.search(text.lower())
        if found is None:
            continue
        start, end = found[1] or found[2], found[2] or found[1]
        first = int(start) + later if later is not None else first
        last = int(end) + earlier if earlier is not None else last
        text = f"{text[: found.start()]}{text[found.end() :]}"
    return text, first, last


def _reason(text: str) -> tuple[str, str]:
    """Return a sentence without its reason, and the key of the reason, empty for none."""
    found = OVER.search(text.lower())
    if found is None:
        return text, ""
    tail = text[found.end() :]
    for words in sorted(BECAUSE, key=len, reverse=True):
        if re.match(rf"(?:the )?{re.escape(words)}\b", tail.lower()):
            rest = re.sub(rf"^(?:the )?{re.escape(words)}\b", "", tail, flags=re.IGNORECASE)
            return f"{text[: found.start()]}{rest}", BECAUSE[words]
    raise InputError(f"unknown reason {tail!r}: {_known_reasons(tail)}")


def _known_reasons(word: str) -> str:
    return f"{nearest(word, BECAUSE)} (known are {', '.join(REASONS)})"


def _councils(left: _Text, table: Councils) -> tuple[str, ...]:
    """Return the councils that a sentence names, in its order, and take them out."""
    found = []
    for start, end, words in left.spans(NAME_MOST):
        if not all(left.words[start:end]):
            continue  # a part of one that was found
        for name in (words, words.removesuffix("'s"), words.removesuffix("'")):
            row = _row(name, table)
            if row is not None:
                found.append(table.code[row])
                left.take(start, end)
                break
    return tuple(found)


def _row(name: str, table: Councils) -> int | None:
    """Return the row of the council that a name or a code means, None where none is meant."""
    return row_called(name, table.code, table.name, table.tier.tolist())


def _happening(left: _Text) -> str:
    """Return what happens, by the longest phrase that stands in a sentence, and take it out."""
    stems = [_stem(word) for word in left.words]
    best: tuple[int, str, list[int]] = (0, "", [])
    for what, phrases in HAPPENS.items():
        for said in (*phrases.said, what.replace("_", " ")):
            places = _places(said.split(), stems)
            if len(places) > best[0]:
                best = (len(places), what, places)
    for place in best[2]:
        left.take(place, place + 1)
    return best[1]


def _places(phrase: Sequence[str], stems: Sequence[str]) -> list[int]:
    """Return where the words of a phrase stand, in this order; nothing where one does not."""
    places: list[int] = []
    for word in phrase:
        after = places[-1] + 1 if places else 0
        if _stem(word) not in stems[after:]:
            return []
        places.append(stems.index(_stem(word), after))
    return places


def _stem(word: str) -> str:
    return word.lower().removesuffix("'s").removesuffix("s")


def _scopes(left: _Text) -> tuple[str, ...]:
    """Return what it is about, and take that out."""
    longest = max(len(words.split()) for words in ABOUT)
    for start, end, words in sorted(left.spans(longest), key=lambda span: span[0] - span[1]):
        if words.lower() in ABOUT and words.lower() not in IDLE:
            left.take(start, end)
            return ABOUT[words.lower()]
    return ()


def _check_all_read(left: _Text, table: Councils) -> None:
    """Refuse what nothing was made of."""
    unknown: list[str] = []
    for word in left.words:
        if word and word.lower().removesuffix("'s") not in IDLE:
            unknown.append(word)
        elif unknown:
            break
    if not unknown:
        return
    words = " ".join(unknown)
    verbs = [said for phrases in HAPPENS.values() for said in phrases.said]
    name = words[0].isupper() or words[0].isdigit()
    hint = told_unknown(words, table) if name else nearest(words, [*verbs, *ABOUT])
    raise InputError(f"{words!r} is not understood: {_stopped(hint)} {_known_words()}")


def _stopped(hint: str) -> str:
    return hint if hint.endswith(("?", ".")) else f"{hint}."


def _known_words() -> str:
    verbs = [phrases.said[0] for phrases in HAPPENS.values()][:9]
    return (
        f"Say it as in {LIKE}: councils of the scenario; {', '.join(verbs)} and more (councils "
        f"find --words); management, merger, services or one of them; over {', '.join(REASONS)}; "
        "before, after, in, or from 2010 to 2012"
    )


def _with_options(said: Sought, options: Options, table: Councils) -> Sought:
    """Return what is sought with what options say; InputError where both say it."""
    given: dict[str, object] = {}
    if options.kind is not None:
        given["what"] = _kind(options.kind)
    if options.council is not None or options.others:
        if options.council is None:
            raise InputError("--with names a second council: name the first with --council")
        names = (options.council, *options.others)
        given["councils"] = tuple(_council(name, table) for name in names)
    if options.scope is not None:
        given["scopes"] = _scope(options.scope)
    if options.reason is not None:
        if options.reason.lower() not in BECAUSE:
            raise InputError(
                f"--reason is {options.reason!r}: {_known_reasons(options.reason.lower())}"
            )
        given["reason"] = BECAUSE[options.reason.lower()]
    given |= {name: year for name in ("first", "last")
              if (year := getattr(options, name)) is not None}  # fmt: skip
    for name in given:
        if getattr(said, name) not in ("", (), None):
            raise InputError(
                f"the sentence and {OPTION[name]} both say the same thing: leave one of them out"
            )
    return said._replace(**given)  # type: ignore[arg-type]


OPTION = {"what": "--kind", "councils": "--council", "scopes": "--scope", "reason": "--reason",
          "first": "--from", "last": "--to"}  # fmt: skip


def _kind(word: str) -> str:
    for what in HAPPENS:
        if word.lower().replace(" ", "_") == what:
            return what
    raise InputError(
        f"--kind is {word!r}: {nearest(word, HAPPENS)} (councils find --words lists all)"
    )


def _council(name: str, table: Councils) -> str:
    row = _row(name, table)
    if row is None:
        raise InputError(f"unknown council {name!r}: {told_unknown(name, table)}")
    return table.code[row]


def _scope(word: str) -> tuple[str, ...]:
    plain = word.lower().replace("_", " ")
    if plain not in ABOUT:
        raise InputError(f"--scope is {word!r}: {nearest(plain, ABOUT)} (also {', '.join(SCOPES)})")
    return ABOUT[plain]


def _checked(sought: Sought, scenario: Scenario, table: Councils) -> Sought:
    """Return what is sought where it can happen; InputError says why it cannot."""
    if not sought.what:
        raise InputError(f"it is not said what happens. {_known_words()}")
    words = SAID[sought.what]
    names = [table.name[table.code.index(code)] for code in sought.councils]
    most = {NOBODY: 0, ALONE: 1}.get(sought.who)
    if most is not None and len(names) > most:
        of = "of no council" if most == 0 else "of one council"
        raise InputError(f"'{words}' is told {of}, and {joined(names)} are named: leave out others")
    if len(set(names)) < len(names):
        raise InputError(f"a council is named twice among {joined(names)}: name each once")
    if sought.reason and sought.what not in REASONED:
        known = joined([KINDS[kind] for kind in REASONED], "or")
        raise InputError(f"no reason is kept where '{words}': one is where {known}")
    if sought.scopes and sought.what in WITHOUT_SCOPE:
        raise InputError(f"'{words}' is not about a service: leave out what it is about")
    _check_years(sought, scenario)
    return sought


def _check_years(sought: Sought, scenario: Scenario) -> None:
    begins, ends = scenario.first_day(0).year, scenario.first_day(scenario.quarters - 1).year
    first = begins if sought.first is None else sought.first
    last = ends if sought.last is None else sought.last
    if first > last and sought.first is not None and sought.last is not None:
        raise InputError(f"from {first} to {last}: the first year is after the last; swap them")
    if first > ends or last < begins:
        raise InputError(
            f"nothing can happen from {first} to {last}: a run of {scenario.name} lasts from "
            f"{begins} to {ends}; give years of these"
        )


def in_words(sought: Sought, table: Councils) -> str:
    """Return what is sought as it was understood: "joint work starts: Breckland, over ..."."""
    names = [table.name[table.code.index(code)] for code in sought.councils]
    if names and sought.who == FIRST and len(names) > 1:
        names = [names[0], *(f"with {name}" for name in names[1:])]
    parts = [SAID[sought.what]]
    parts += [joined(names)] if names and sought.who != FIRST else [" ".join(names)] * bool(names)
    if sought.scopes:
        parts.append(f"about {_scopes_in_words(sought.scopes)}")
    if sought.reason:
        parts.append(f"main reason {REASONS[sought.reason]}")
    if sought.first is not None:
        parts.append(f"from {sought.first}")
    if sought.last is not None:
        parts.append(f"to the end of {sought.last}")
    return "; ".join(parts)


def _scopes_in_words(scopes: Sequence[str]) -> str:
    if len(scopes) > 3:
        return "any deep agreement" if "merger" in scopes else "any single service"
    return joined([TITLES[scope].lower() for scope in scopes], "or")
