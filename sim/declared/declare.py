"""How a number of the theory is declared: once, with its unit, range, reason, source and grade.

Everything else in the project reads these declarations: validation, the command line, the
listings, the JSON Schema, the documentation, and the arrays that the compiled engine works on.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

from ..errors import InputError

Grade = Literal["high", "medium", "low", "assumption"]
Role = Literal["uncertainty", "lever", "convention"]
"""Nobody knows it; somebody decides it; or it is a unit or a limit that stands for itself."""

MARGIN = 3.0
"""How far beyond the plausible range a value may be set, where no other bound is declared."""


class Pickled(BaseModel):
    """What is pickled and read again as it was, by a version that declares the same keys."""

    def __setstate__(self, state: dict[Any, Any]) -> None:
        """Take what was pickled; InputError where it holds other keys than are declared now."""
        check_pickled(type(self), state["__dict__"])
        super().__setstate__(state)


def check_pickled(cls: type[BaseModel], names: Iterable[str]) -> None:
    """Refuse a pickle of other keys: one that is missing would count as nothing."""
    unlike = set(names) ^ set(cls.model_fields)
    if unlike:
        raise InputError(
            f"a pickled {cls.__name__} is of another version of this program: it and this one "
            f"differ in {', '.join(sorted(unlike)[:3])}; make it again from its file or its name"
        )


class Section(Pickled):
    """A group of declared numbers: one word of the subject, one table of a scenario file."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=False, allow_inf_nan=False, defer_build=True
    )


def allowed_range(low: float, high: float, unit: str) -> tuple[float, float]:
    """Return the hard bounds that follow from a plausible range when none are declared."""
    share = unit.startswith(("share", "probability"))
    bottom = low * MARGIN if low < 0 else 0.0
    return bottom, 1.0 if share and high <= 1 else high * MARGIN


def number(
    default: float,
    unit: str,
    plausible: tuple[float, float],
    *,
    why: str,
    source: str,
    grade: Grade,
    allowed: tuple[float, float] | None = None,
    role: Role = "uncertainty",
    once: bool = False,
) -> Any:
    """Declare a number: `plausible` bounds sliders, `allowed` bounds what is valid.

    `once` marks what counts on the first day only, since something is drawn or reckoned with it
    there and never again: a later change would do nothing, so it is refused.
    """
    low, high = plausible
    bottom, top = allowed or allowed_range(low, high, unit)
    about: dict[str, Any] = {
        "unit": unit,
        "plausible": [low, high],
        "source": source,
        "grade": grade,
        "role": role,
        "once": once,
    }
    return Field(default, ge=bottom, le=top, description=why, json_schema_extra=about)


def convention(
    default: float,
    unit: str,
    *,
    allowed: tuple[float, float],
    why: str,
    source: str,
    once: bool = False,
) -> Any:
    """Declare a unit or a limit: no estimate, so it has no range in which it is thought to lie."""
    about: dict[str, Any] = {
        "unit": unit,
        "source": source,
        "grade": "assumption",
        "role": "convention",
        "once": once,
    }
    low, high = allowed
    return Field(default, ge=low, le=high, description=why, json_schema_extra=about)


def word(default: str, *, why: str, source: str, grade: Grade, role: Role = "lever") -> Any:
    """Declare a choice between words (a factor, never a number)."""
    about: dict[str, Any] = {
        "unit": "word",
        "source": source,
        "grade": grade,
        "role": role,
        "once": False,
    }
    return Field(default, description=why, json_schema_extra=about)


def lever(
    default: float,
    unit: str,
    plausible: tuple[float, float],
    *,
    why: str,
    source: str = "assumption: off unless a policy sets it",
    grade: Grade = "assumption",
    allowed: tuple[float, float] | None = None,
) -> Any:
    """Declare a number that a government or an analyst sets."""
    return number(
        default,
        unit,
        plausible,
        why=why,
        source=source,
        grade=grade,
        allowed=allowed,
        role="lever",
    )


def detail(field: FieldInfo, key: str) -> Any:
    """Return one item of a declaration: unit, plausible, source, grade, role or once."""
    extra = field.json_schema_extra
    return extra.get(key) if isinstance(extra, dict) else None
