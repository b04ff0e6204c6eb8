"""A lesson: steps that a trainer writes, each with a text, a setting, a question and a reveal."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from sim.errors import InputError, nearest
from sim.page.changes import Act, apply_acts, in_words
from sim.page.session import Memo, Side
from sim.scenario import Scenario, Strict
from sim.world import find_council

SHIPPED = Path(__file__).parent / "lessons"
BYTES_MOST = 200_000
Book = Callable[[str], tuple[str, Scenario]]


class Step(Strict):
    """One step: what is said, where the run stands, what is asked, what is then revealed."""

    heading: str = Field(min_length=1, max_length=200)
    text: str = ""
    quarter: int | None = Field(None, ge=0, description="go to before this quarter, from 0")
    act: list[dict[str, Any]] = Field(default=[], description="changes from that quarter on")
    compare: Literal["as it was", "nothing"] | None = Field(
        None, description="put the run as it was beside it, or take it away"
    )
    look: list[str] = Field(default=[], max_length=2, description="a council, or two councils")
    question: str = ""
    reveal: str = ""


class Lesson(Strict):
    """A lesson as it stands in its file."""

    title: str = Field(min_length=1, max_length=200)
    about: str = ""
    minutes: int = Field(30, ge=1, le=600)
    scenario: str = "norfolk"
    seed: int = 1
    replicate: int = 0
    step: list[Step] = Field(min_length=1, max_length=60)


def shipped() -> list[Path]:
    """Return the lessons that come with the project."""
    return sorted(SHIPPED.glob("*.toml"))


def read_lesson(path: Path, book: Book) -> dict[str, Any]:
    """Return a lesson ready for the page: each step with the memo of its session.

    Raises:
        InputError: the file cannot be read or used; the message says what to do.
    """
    lesson = _parse(path)
    base = book(lesson.scenario)[1]
    memo = Memo(seed=lesson.seed, replicate=lesson.replicate, a=Side(scenario=lesson.scenario))
    steps, quarter = [], 0
    for number, step in enumerate(lesson.step, start=1):
        where = f"'{path}', step {number}"
        quarter = _quarter(step, quarter, base, where)
        memo = _memo(step, quarter, memo, base, where)
        steps.append(
            {"heading": step.heading, "text": step.text, "question": step.question,
             "reveal": step.reveal, "quarter": quarter, "memo": memo.model_dump(exclude_none=True),
             "look": _looked_at(step.look, base, where)}
        )  # fmt: skip
    kept = lesson.model_dump(include={"title", "about", "minutes"})
    return {"name": path.stem, **kept, "steps": steps}


def _parse(path: Path) -> Lesson:
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
    for step in tree.get("step", []) if isinstance(tree.get("step"), list) else []:
        _known(step, Step, f"'{path}', [[step]]")
    try:
        return Lesson.model_validate(tree)
    except ValidationError as error:
        raise InputError(in_words(error, f"'{path}'")) from None


def _known(tree: Any, kind: type[Strict], where: str) -> None:
    for key in tree if isinstance(tree, dict) else ():
        if key not in kind.model_fields:
            raise InputError(f"{where}: unknown key '{key}'; {nearest(key, kind.model_fields)}")


def _quarter(step: Step, before: int, base: Scenario, where: str) -> int:
    quarter = before if step.quarter is None else step.quarter
    if quarter < before:
        raise InputError(f"{where}: quarter {quarter} lies before that of the step before it")
    if quarter > base.quarters:
        raise InputError(f"{where}: quarter {quarter} lies after the last, {base.quarters}")
    return quarter


def _memo(step: Step, quarter: int, memo: Memo, base: Scenario, where: str) -> Memo:
    """Return the session of a step: all that was done in the steps before, and its own."""
    try:
        new = [Act.model_validate({**act, "at": quarter}) for act in step.act]
        acts = [*memo.a.acts, *new]
        apply_acts(base, acts)
    except ValidationError as error:
        raise InputError(in_words(error, f"{where}, act")) from None
    except InputError as error:
        raise InputError(f"{where}: {error}") from None
    for act in acts:
        if act.council is not None:
            find_council(base, act.council)
    b = memo.b if step.compare is None else None
    b = Side(scenario=memo.a.scenario) if step.compare == "as it was" else b
    return memo.model_copy(update={"a": memo.a.model_copy(update={"acts": acts}), "b": b})


def _looked_at(names: Sequence[str], base: Scenario, where: str) -> list[str]:
    try:
        return [find_council(base, name) for name in names]
    except InputError as error:
        raise InputError(f"{where}, look: {error}") from None
