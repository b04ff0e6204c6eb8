"""The scenarios that the page knows: those of the project, and those it was started with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ..declared.scenario import Scenario, load, shipped
from ..errors import InputError, nearest

AT = "@"
"""Stands between the name of a scenario and the world of an ensemble in which it is shown."""


class Worlds(NamedTuple):
    """Worlds in which scenarios can be shown, other than at the numbers that they have."""

    lay: Callable[[str, bool, str], Scenario]
    """From the file of a scenario, whether it is a policy, and a world: the scenario in it."""
    first: str = ""  # the world in which the page starts; none for the numbers as they are


class Book:
    """What is known by which name; in a world of an ensemble by NAME@WORLD."""

    def __init__(
        self, scenario: str, policies: Sequence[Path] = (), worlds: Worlds | None = None
    ) -> None:
        """Take the names of all, and check those that were asked for.

        Args:
            scenario: that which is shown first, a name or a path.
            policies: files that may be put beside it.
            worlds: in which worlds scenarios can be shown, if in any.
        """
        self.worlds = worlds
        self.files = {name: name for name in shipped()}
        self.policies = {path.stem: str(path.resolve()) for path in policies}
        self.files |= self.policies
        own = scenario.endswith(".toml")
        name = Path(scenario).stem if own else scenario
        if own:
            self.files[name] = str(Path(scenario).resolve())
        self.loaded: dict[str, Scenario] = {}
        self.first = self._here(name)
        for each in (self.first, *map(self._here, self.policies)):
            self(each)

    def __call__(self, name: str) -> tuple[str, Scenario]:
        """Return name or path, and the scenario; InputError when the page does not know it."""
        plain, world = self._parts(name)
        if plain not in self.files:
            hint = nearest(plain, self.files)
            raise InputError(f"the page does not know a scenario '{plain}': {hint}")
        file = self.files[plain]
        if name not in self.loaded:
            self.loaded[name] = self._in_world(plain, world) if world else load(file)
        return file, self.loaded[name]

    def listing(self) -> list[dict[str, Any]]:
        """Return what can be chosen: name, title, and whether it is a policy to compare with."""
        return [
            {"name": here, "title": self(here)[1].title or name, "policy": name in self.policies}
            for name, here in ((name, self._here(name)) for name in self.files)
        ]

    def _in_world(self, name: str, world: str) -> Scenario:
        if self.worlds is None:
            raise InputError(f"the page was not started in a world, so it does not know '{world}'")
        return self.worlds.lay(self.files[name], name in self.policies, world)

    def _here(self, name: str) -> str:
        """Return how a scenario is named in the world in which the page was started."""
        return f"{name}{AT}{self.worlds.first}" if self.worlds and self.worlds.first else name

    def _parts(self, text: str) -> tuple[str, str]:
        """Return the name of a scenario and its world, if one is named."""
        name, found, world = text.rpartition(AT)
        return (name, world) if found and world and text not in self.files else (text, "")
