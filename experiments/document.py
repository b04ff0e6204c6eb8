"""The pages of documentation that follow from the declarations: every number, every measure.

`python -m experiments.document` writes them; with `--check` it only says whether they are fresh.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ..sim.declared.catalogue import CATALOGUE, SCOPES, TERMS
from ..sim.declared.measures import CONTRIBUTIONS, KINDS, MEASURES, REASONS
from ..sim.declared.parameters import SECTIONS, Declaration, declarations
from ..sim.declared.scenario import schema

DOCS = Path(__file__).parents[1] / "docs"
REMAKE = "python -m experiments.document"
MADE = f"<!-- Generated from the declarations in `sim/`: do not edit; run `{REMAKE}`. -->"


NET_SAVING = (
    "`net_saving` = `true_total` + `grants` + `support` - `tax_support` - `study_cost` - "
    "`setup_cost` - `coordination_cost` - `exit_cost`, all since the start: what councils keep. "
    "`public_net` = `true_total` - the same four costs - `government_services`: what councils, "
    "government and residents gain together. `government_spending` = `grants` + `support` + "
    "`government_services`. The table of `councils run` shows every part of the net saving, so "
    "that it can be added up. The 95% interval there is that of the mean by Student's t, cut off "
    "where the measure itself ends: a number of mergers is never below 0."
)


def cell(text: object) -> str:
    """Return text that may stand in a cell of a Markdown table."""
    return str(text).replace("|", "\\|").replace("\n", " ").strip()


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell(item) for item in line) + " |" for line in lines)


def plain(value: object) -> str:
    """Return a value as a person writes it: no trailing zeros, no exponent."""
    if not isinstance(value, float):
        return str(value)
    return f"{value:.6f}".rstrip("0").rstrip(".")


def span(bounds: tuple[float, float] | None, words: tuple[str, ...] = ()) -> str:
    """Return a range, or the words that are allowed in its place."""
    if bounds is None:
        return ", ".join(words) or "-"
    return f"{plain(bounds[0])} to {plain(bounds[1])}"


def of_section(section: str) -> list[Declaration]:
    """Return the declarations of one section."""
    return [d for d in declarations() if d.name.partition(".")[0] == section]


def section_page(section: str) -> str:
    """Return the heading, the sentence and the table of one section of numbers."""
    head = ("number", "default", "unit", "plausible", "allowed", "why", "source", "grade", "role")
    rows = [
        (
            f"`{d.name}`", plain(d.default), d.unit, span(d.plausible), span(d.allowed, d.words),
            d.why, d.source, d.grade, d.role,
        )
        for d in of_section(section)
    ]  # fmt: skip
    about = (SECTIONS[section].__doc__ or "").strip().splitlines()[0]
    return f"## `[{section}]`\n\n{about}\n\n{table(head, rows)}\n"


def catalogue_page() -> str:
    """Return the service catalogue: one row a column of numbers, one row a scope."""
    columns = [(f"`{name}`", t.unit, t.why, t.source, t.grade) for name, t in TERMS.items()]
    meanings = table(("column", "unit", "why", "source", "grade"), columns)
    head = ("scope", *TERMS)
    rows = [(e.key, *(plain(e.rows[name][0]) for name in TERMS)) for e in CATALOGUE]
    return (
        "## The service catalogue at a glance\n\n"
        "Every scope is a section of its own, below, with these columns.\n\n"
        f"{meanings}\n\nDefaults:\n\n{table(head, rows)}\n"
    )


def count_page() -> str:
    """Return how many numbers there are of each grade and role."""
    found = declarations()
    grades = ("high", "medium", "low", "assumption")
    rows = [
        (role, *(sum(d.grade == grade and d.role == role for d in found) for grade in grades))
        for role in ("uncertainty", "lever")
    ]
    return table(("role", *grades), rows)


def parameters_page() -> str:
    """Return the page of every declared number."""
    intro = (
        "# Parameters\n\n"
        f"{MADE}\n\n"
        f"All {len(declarations())} declared numbers, section by section. A scenario sets one as a "
        "key of the table of its section; the command line as `--set section.name=value`.\n\n"
        "*Plausible* bounds sliders and sensitivity analysis; *allowed* is what a scenario may say "
        "at all. *Grade* says how good the evidence for the default is: high, medium, low, or an "
        "assumption without evidence. *Role* is uncertainty (nobody knows it) or lever (somebody "
        "decides it).\n\n"
        f"How many of each:\n\n{count_page()}\n"
    )
    subjects = [section_page(name) for name in SECTIONS if name not in SCOPES]
    scopes = [section_page(name) for name in SECTIONS if name in SCOPES]
    return "\n".join([intro, *subjects, catalogue_page(), *scopes])


def words_page(title: str, about: str, words: Mapping[str, str]) -> str:
    """Return a list of words with their meaning, in the order of the engine's codes."""
    rows = [(code, f"`{word}`", meaning) for code, (word, meaning) in enumerate(words.items())]
    return f"## {title}\n\n{about}\n\n{table(('code', 'word', 'meaning'), rows)}\n"


def contributions_page() -> str:
    """Return the list of contributions with their words for each sign."""
    about = (
        "What a decision is the sum of: the columns `because_...` of the event log. Logits, or "
        "logs of a yearly rate for `considers` and `leaves`. A plus sign speaks for the step that "
        "was weighed. A plus sign in `leaves` speaks for leaving, and is told in the words of the "
        "last two columns, where there are any, or else of 'against sharing'."
    )
    head = ("code", "word", "meaning", "for sharing", "against sharing", "to leave", "to stay")
    rows = [
        (code, f"`{word}`", each.title, each.pro, each.con, each.leave or "-", each.stay or "-")
        for code, (word, each) in enumerate(CONTRIBUTIONS.items())
    ]
    return f"## Contributions\n\n{about}\n\n{table(head, rows)}\n"


def measures_page() -> str:
    """Return the page of every measure, event kind, reason and contribution."""
    rows = [(f"`{m.name}`", m.title, m.unit, m.range, m.why, m.source, m.grade) for m in MEASURES]
    head = ("measure", "title", "unit", "range", "why", "source", "grade")
    parts = [
        f"# Measures and events\n\n{MADE}\n",
        "## Measures\n\nTaken at the end of every quarter; a run's outcome is its last value. How "
        "each is reckoned stands in the [model description](model.md). *Source*: what the measure "
        "is held against or defined by; *grade*: how good that evidence is (high, medium, low), "
        "an assumption without evidence, or a definition, which needs none.\n\n"
        f"{NET_SAVING}\n\n{table(head, rows)}\n",
        words_page("Kinds of event", "What `kind` can be in the event log.", KINDS),
        words_page(
            "Reasons",
            "Why a council refused, walked away, voted no or left; why talks or agreements ended.",
            REASONS,
        ),
        contributions_page(),
    ]
    return "\n".join(parts)


def schema_page() -> str:
    """Return the JSON Schema of a scenario file as text."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def pages() -> dict[str, str]:
    """Return every generated page by its file name."""
    return {
        "parameters.md": parameters_page(),
        "measures.md": measures_page(),
        "scenario.schema.json": schema_page(),
    }


def stale(folder: Path = DOCS) -> list[str]:
    """Return the names of the pages that are missing or differ from the declarations."""
    return [
        name
        for name, text in pages().items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != text
    ]


def write(folder: Path = DOCS) -> None:
    """Write every generated page, with the same line ends on every system."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the pages, or check them; return 1 when a page is stale."""
    parser = argparse.ArgumentParser(prog=REMAKE, description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; say what is stale")
    if not parser.parse_args(arguments).check:
        write()
        print(f"wrote {', '.join(pages())} to {DOCS}")
        return 0
    names = stale()
    print(f"stale: {', '.join(names)}; run: {REMAKE}" if names else "the pages are fresh")
    return 1 if names else 0


if __name__ == "__main__":
    raise SystemExit(main())
