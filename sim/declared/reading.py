"""Reading the files of a scenario, and laying them one over the other; nothing is checked yet.

What a key may be, and whether it is one, is said where scenarios are declared.
"""

from __future__ import annotations

import pickle
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..errors import InputError
from . import misread

FILES_KEPT = 64
TABLES = ("change", "council", "pair", "partnership", "happening", "order")
OWN_TABLES = ("table", "adjacency")
"""The keys of [places] that may be the path of a table."""
Layers = list[tuple[dict[str, Any], str]]
"""The tables of some files, each with the path of its file, the lowest first."""
CALLED = ("title", "about")
"""What a file says of itself alone: what is laid over it is something else."""


def parse(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file; InputError when it is none."""
    text = ""
    try:
        text = path.read_text(encoding="utf-8-sig")
        return dict(pickle.loads(_packed(text)))
    except UnicodeDecodeError as error:
        raise InputError(f"'{path}' is not UTF-8 (byte {error.start}): save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"'{path}' is not TOML: {misread.told(text, error)}") from None
    except OSError as error:
        raise InputError(f"'{path}' cannot be read ({error.strerror}): check the path") from None


@lru_cache(maxsize=FILES_KEPT)
def _packed(text: str) -> bytes:
    """Return the tables of a text, packed: to read TOML takes as long as a small run.

    Whoever unpacks them has a copy, and that sooner than `deepcopy` makes one.
    """
    return pickle.dumps(tomllib.loads(text))


def resolve_paths(tree: dict[str, Any], folder: Path) -> None:
    """Let paths of tables that a file names be found from anywhere."""
    for section, key in (("settlement", "path"), ("places", "table"), ("places", "adjacency")):
        value = tree.get(section, {}).get(key) if isinstance(tree.get(section), dict) else None
        if isinstance(value, str) and value.endswith(".csv"):
            tree[section][key] = str((folder / value).resolve())
    for change in tree.get("change", []):
        value = change.get("set", {}).get("settlement.path") if isinstance(change, dict) else None
        if isinstance(value, str) and value.endswith(".csv"):
            change["set"]["settlement.path"] = str((folder / value).resolve())


def flatten(tree: dict[str, Any]) -> None:
    """Give each number of a [[change]] its whole name, also where the dot stands outside quotes."""
    changes = tree.get("change")
    for change in changes if isinstance(changes, list) else []:
        if isinstance(change, dict) and isinstance(change.get("set"), dict):
            change["set"] = misread.flat(change["set"])


def check_paths(tree: Mapping[str, Any], where: str) -> None:
    """Refuse a path whose backslashes TOML has read as a tab, or as the end of a line."""
    sections = {key: value for key, value in tree.items() if isinstance(value, dict)}
    named = {"base": tree.get("base")}
    named |= {f"places.{key}": sections.get("places", {}).get(key) for key in OWN_TABLES}
    named["settlement.path"] = sections.get("settlement", {}).get("path")
    for change in tree.get("change", []):
        day = f"[[change]] of {change.get('when', 'no date')}: settlement.path"
        named[day] = change.get("set", {}).get("settlement.path")
    for key, value in named.items():
        wrong = misread.no_path(value) if isinstance(value, str) else ""
        if wrong:
            raise InputError(f"'{where}': {key}: {wrong}")


def laid(found: Layers) -> tuple[dict[str, Any], str]:
    """Return the tables of some files laid one over the other, and the last file."""
    tree: dict[str, Any] = {}
    for own, _ in found:
        beneath = {key: value for key, value in tree.items() if key not in CALLED}
        tree = lay_over(beneath, own)
    return tree, found[-1][1]


def lay_over(tree: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Lay the differences of one file over the tables of another."""
    for key, value in own.items():
        if key == "council":
            tree[key] = _facts_over(tree.get(key, []), value)
        elif key in TABLES:
            tree[key] = [*tree.get(key, []), *value]
        elif isinstance(value, dict) and isinstance(tree.get(key), dict):
            tree[key] = {**tree[key], **value}
        else:
            tree[key] = value
    return tree


def _facts_over(kept: list[Any], own: list[Any]) -> list[Any]:
    """Lay what a file says of councils over what its base says of them, key by key."""
    found, said = list(kept), [_known_as(fact) for fact in kept]
    for fact in own:
        name = _known_as(fact)
        if name in said:
            place = said.index(name)
            said[place] = ""  # a second one of the same file stands beside it, and is refused
            found[place] = {**found[place], **fact}
        else:
            found.append(fact)
    return found


def _known_as(fact: Mapping[str, Any]) -> str:
    return str(fact.get("council", "")).strip().lower()
