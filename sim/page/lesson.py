"""A lesson: steps that a trainer writes, each with a text, a setting, a question and a reveal."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from ..country.councils import PARTIES
from ..declared.scenario import Scenario, Strict
from ..errors import InputError, nearest
from ..ready.world import find_council
from ..running import REPLICATE_MOST, SEED_MOST
from .bets import BETS_MOST, read_bet
from .branches import Side
from .changes import Act, apply_acts
from .line import Line
from .possible import check_possible
from .session import Memo

SHIPPED = Path(__file__).parent / "lessons"
BYTES_MOST = 200_000
ACT_KEYS = tuple(key for key in Act.model_fields if key != "at")
SAYINGS = (
    (("int_type", "int_parsing", "int_from_float"), "give a whole number"),
    (("float_type", "float_parsing"), "give a number"),
    (("string_type",), "write it in quotes"),
    (("list_type",), "write a list in square brackets"),
    (("dict_type", "model_type"), "write a table: key = value"),
    (("literal_error",), "choose one of {expected}"),
    (("greater_than_equal",), "give at least {ge}"),
    (("less_than_equal",), "give at most {le}"),
    (("string_too_short",), "write something"),
    (("missing",), "it is missing, and needed"),
)
"""What is wrong with a value, in plain words."""

Book = Callable[[str], tuple[str, Scenario]]


class Step(Strict):
    """One step: what is said, where the run stands, what is asked, what is then revealed."""

    heading: str = Field(min_length=1, max_length=200)
    text: str = ""
    do: str = Field("", description="what to do at the page; it is shown, and not printed")
    quarter: int | None = Field(None, ge=0, description="go to before this quarter, from 0")
    act: list[dict[str, Any]] = Field(default=[], description="changes from that quarter on")
    compare: Literal["as it was", "nothing"] | None = Field(
        None, description="put the run as it was beside it, or take it away"
    )
    look: list[str] = Field(default=[], max_length=2, description="a council, or two councils")
    question: str = ""
    reveal: str = ""
    notes: str = Field("", description="for the trainer's own window only")
    bet: dict[str, Any] | None = Field(None, description="what the room answers before it plays")


class Lesson(Strict):
    """A lesson as it stands in its file."""

    title: str = Field(min_length=1, max_length=200)
    about: str = ""
    minutes: int = Field(30, ge=1, le=600)
    scenario: str = "norfolk"
    seed: int = Field(1, ge=0, le=SEED_MOST)
    replicate: int = Field(0, ge=0, le=REPLICATE_MOST)
    step: list[Step] = Field(min_length=1, max_length=60)


def shipped() -> list[Path]:
    """Return the lessons that come with the project."""
    return sorted(SHIPPED.glob("*.toml"))


def read_lesson(path: Path, book: Book) -> dict[str, Any]:
    """Return a lesson ready for the page: each step with the memo of its session.

    Raises:
        InputError: the file cannot be read or used; the message says where and what to do.
    """
    lesson = parse(path)
    with where(f"'{path}'"):
        base = book(lesson.scenario)[1]
    memo = Memo(seed=lesson.seed, replicate=lesson.replicate, a=Side(scenario=lesson.scenario))
    steps, quarter = [], 0
    for number, step in enumerate(lesson.step, start=1):
        with where(f"'{path}', step {number}"):
            quarter = _quarter(step, quarter, base)
            memo = _memo(step, quarter, memo, base)
            memo = _with_bet(step, quarter, memo, base)
            look = [find_council(base, name) for name in step.look]
        steps.append(
            {"heading": step.heading, "text": f"{step.text}\n\n{step.do}".strip(),
             "print": step.text, "question": step.question, "reveal": step.reveal,
             "notes": step.notes,
             "quarter": quarter, "memo": memo.model_dump(exclude_none=True), "look": look}
        )  # fmt: skip
    kept = lesson.model_dump(include={"title", "about", "minutes"})
    made = {"name": path.stem, **kept, "steps": steps}
    if path.parent != SHIPPED:  # those that come with the project are lived through by a test
        check_events(path, made, book)
    return made


def check_events(path: Path, read: dict[str, Any], book: Book) -> None:
    """Live a lesson through, and refuse what cannot befall a council at its date.

    Raises:
        InputError: the message names file and step.
    """
    for number, step in enumerate(read["steps"], start=1):
        memo = Memo.model_validate(step["memo"])
        acts, quarter = memo.a.acts, step["quarter"]
        mine = [act for act in acts if act.at == quarter and act.council is not None]
        if not mine:
            continue
        base = book(memo.a.scenario)[1]
        scenario = apply_acts(base, [act for act in acts if act.at < quarter])
        line = Line(scenario, seed=memo.seed, replicate=memo.replicate)
        for act in mine:
            with where(f"'{path}', step {number}, act"):
                check_possible(line.ready, line.at(quarter), act)


@contextmanager
def where(place: str) -> Iterator[None]:
    """Put the place in the file before what is wrong there."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{place}: {error}") from None


def parse(path: Path) -> Lesson:
    """Return the lesson of a file as it stands there.

    Raises:
        InputError: it cannot be read, or is no lesson.
    """
    try:
        text = path.read_bytes()[: BYTES_MOST + 1]
        if len(text) > BYTES_MOST:
            raise InputError(f"'{path}' is longer than {BYTES_MOST} bytes: is it a lesson?")
        tree = tomllib.loads(text.decode("utf-8"))
    except OSError as error:
        raise InputError(f"'{path}' cannot be read ({error.strerror}): check the path") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"'{path}' is not a lesson in TOML: {error}") from None
    _known(tree, Lesson, f"'{path}'")
    steps = tree.get("step", [])
    for number, step in enumerate(steps if isinstance(steps, list) else [], start=1):
        _known(step, Step, f"'{path}', step {number}")
    try:
        return Lesson.model_validate(tree)
    except ValidationError as error:
        raise InputError(in_words(error, f"'{path}'")) from None


def _known(tree: Any, kind: type[Strict], place: str) -> None:
    for key in tree if isinstance(tree, dict) else ():
        if key not in kind.model_fields:
            raise InputError(f"{place}: unknown key '{key}'; {nearest(key, kind.model_fields)}")


def in_words(error: ValidationError, place: str) -> str:
    """Return the first thing that a check found, in the words of somebody who writes a lesson."""
    first = error.errors()[0]
    parts, loc = [place], list(first["loc"])
    if loc[:1] == ["step"] and len(loc) > 1 and isinstance(loc[1], int):
        parts, loc = [f"{place}, step {loc[1] + 1}"], loc[2:]
    if loc:
        parts.append(".".join(str(part) for part in loc))
    given = "" if isinstance(first["input"], dict | list) else f"{first['input']!r}: "
    for kinds, words in SAYINGS:
        if first["type"] in kinds:
            said = words.format(**first.get("ctx", {}))
            return f"{', '.join(parts)}: {'' if 'missing' in kinds else given}{said}"
    return f"{', '.join(parts)}: {given}{first['msg']}"


def _quarter(step: Step, before: int, base: Scenario) -> int:
    quarter = before if step.quarter is None else step.quarter
    if quarter < before:
        raise InputError(f"quarter {quarter} lies before that of the step before it")
    if quarter > base.quarters:
        raise InputError(f"quarter {quarter} lies after the last, {base.quarters}")
    return quarter


def _memo(step: Step, quarter: int, memo: Memo, base: Scenario) -> Memo:
    """Return the session of a step: all that was done in the steps before, and its own."""
    acts = [*memo.a.acts, *(_act(act, quarter, base) for act in step.act)]
    apply_acts(base, acts)
    b = memo.b if step.compare is None else None
    b = Side(scenario=memo.a.scenario) if step.compare == "as it was" else b
    return memo.model_copy(update={"a": memo.a.model_copy(update={"acts": acts}), "b": b})


def _with_bet(step: Step, quarter: int, memo: Memo, base: Scenario) -> Memo:
    """Return the session of a step with its bet, after those of the steps before."""
    if step.bet is None:
        return memo
    if len(memo.bets) >= BETS_MOST:
        raise InputError(f"bet: a lesson has at most {BETS_MOST}")
    return memo.model_copy(update={"bets": [*memo.bets, read_bet(step.bet, base, quarter)]})


def _act(given: dict[str, Any], quarter: int, base: Scenario) -> Act:
    """Return one act of a step, which takes place when the step does."""
    for key in given:
        if key not in ACT_KEYS:
            hint = "the quarter of the step says when" if key == "at" else nearest(key, ACT_KEYS)
            raise InputError(f"act: unknown key '{key}'; {hint}")
    try:
        act = Act.model_validate({**given, "at": quarter})
    except ValidationError as error:
        raise InputError(in_words(error, "act")) from None
    if act.control is not None and act.control not in PARTIES:
        raise InputError(f"act: control is {act.control!r}: choose one of {', '.join(PARTIES)}")
    if act.council is not None:
        find_council(base, act.council)
    return act
