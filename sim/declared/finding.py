"""Which file a scenario's name or path means; where there is none, what to write instead."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from ..errors import A_SCENARIO, InputError, as_text, nearest

SHIPPED = Path(__file__).parents[1] / "scenarios"
OF_PYTHON = "pyproject.toml"
"""A file in .toml that is never a scenario."""
SHOWN = 6
"""So many files of a folder are named at most."""


def find(name_or_path: str | Path, folder: Path, asks: Path | None = None) -> Path:
    """Return the file of a scenario that comes with the project, or of a path.

    Args:
        folder: where a path begins.
        asks: the file that names it as its base; None where a user does.

    Raises:
        InputError: there is none; the message says what is near.
    """
    text = as_text("the scenario", name_or_path, A_SCENARIO)
    if not text.endswith(".toml"):
        path = SHIPPED / f"{text}.toml"
        if path.exists():
            return path
        raise InputError(f"{_asked(asks)}there is no scenario '{text}': {_meant(text, folder)}")
    path = (folder / text).resolve()
    if not path.is_file():
        what = _file_meant(text, folder)
        raise InputError(f"{_asked(asks)}there is no scenario file '{text}'{what}")
    return path


def _asked(asks: Path | None) -> str:
    return "" if asks is None else f"'{asks}': base: "


def _meant(text: str, folder: Path) -> str:
    """Return what to write for a name that no scenario of the project has."""
    if _is_number(text):
        return f"a value goes with its --set, without a space: section.name={text}"
    path = folder / text
    if text and path.is_dir():
        inside = _listed(path, text)
        return f"it is a folder; {inside or 'there is no .toml file in it: name a scenario file'}"
    if text and (folder / f"{text}.toml").is_file():
        return f"did you mean '{text}.toml'? (the name of a file ends in .toml)"
    if text and path.is_file():
        return f"it is a file, but not one in .toml: {_of_file(path)}"
    hint = nearest(text, [each.stem for each in SHIPPED.glob("*.toml")])
    return f"{hint} (the name of a file ends in .toml)"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _of_file(path: Path) -> str:
    if path.suffix.lower() in (".csv", ".xlsx", ".xls"):
        return (
            "a table of councils is named in a scenario file: write a file in .toml with [places] "
            f'and table = "{path.with_suffix(".csv").name}"'
        )
    return "give it a name that ends in .toml (in small letters), if a scenario is in it"


def _file_meant(text: str, folder: Path) -> str:
    """Return what to write for a path that leads to no file, from the mark before it on."""
    path = folder / text
    if path.is_dir():
        return f": it is a folder; {_listed(path, text) or 'name a scenario file'}"
    if "\\" in text and (folder / text.replace("\\", "/")).is_file():
        return f": write '{text.replace(chr(92), '/')}', with forward slashes"
    stem = Path(text).stem
    if (SHIPPED / f"{stem}.toml").is_file():
        return f": to take that which comes with the project, write {stem}, without .toml"
    if not path.parent.is_dir():
        return f": there is no folder '{path.parent.resolve()}' either: check the path"
    files = _files(path.parent, str(Path(text).parent))
    stems = {Path(each).stem.lower(): each for each in files}
    near = get_close_matches(stem.lower(), list(stems), n=1, cutoff=0.6)
    if near:
        return f": did you mean '{stems[near[0]]}'?"
    there = f", or name one that is there: {_shown(files)}" if files else ""
    return f" in '{path.parent.resolve()}': write it first (docs/scenarios.md){there}"


def _listed(folder: Path, text: str) -> str:
    """Return which scenario files are in a folder, as they would be named; empty for none."""
    files = _files(folder, text)
    return f"in it: {_shown(files)}" if files else ""


def _files(folder: Path, text: str) -> list[str]:
    """Return the scenario files in a folder, as they would be named."""
    found = (each.name for each in folder.glob("*.toml") if each.is_file())
    names = sorted(name for name in found if name != OF_PYTHON)
    return [name if text in ("", ".") else (Path(text) / name).as_posix() for name in names]


def _shown(files: Sequence[str]) -> str:
    more = ", ..." if len(files) > SHOWN else ""
    return ", ".join(f"'{each}'" for each in files[:SHOWN]) + more
