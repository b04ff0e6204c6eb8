"""The pages of documentation that follow from the declarations: every number, every measure.

`python -m experiments.document` writes them; with `--check` it only says whether they are fresh.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..sim.declared.catalogue import CATALOGUE, SCOPES, TERMS
from ..sim.declared.groups import GROUPS
from ..sim.declared.measures import CONTRIBUTIONS, KINDS, MEASURES, REASONS
from ..sim.declared.parameters import SECTIONS, Declaration, declarations
from ..sim.declared.scenario import schema
from ..sim.story.decisions import NEAR
from .checked import VERDICTS, register
from .told import markdown_table

DOCS = Path(__file__).parents[1] / "docs"
REMAKE = "python -m experiments.document"
MADE = f"<!-- Generated from the declarations in `sim/`: do not edit; run `{REMAKE}`. -->"


FIRST_DAY = "counts on the first day only"
"""What is said of a number with which something is drawn or reckoned once."""
NET_SAVING = (
    "`net_saving` = `true_total` + `grants` + `support` - `tax_support` - `study_cost` - "
    "`setup_cost` - `coordination_cost` - `exit_cost`, all since the start: what councils keep. "
    "`public_net` = `true_total` - the same four costs - `government_services`: what councils, "
    "government and residents gain together. `government_spending` = `grants` + `support` + "
    "`government_services`. The table of `councils run` shows every part of the net saving, so "
    "that it can be added up. The 95% interval there is that of the mean by Student's t, cut off "
    "where the measure itself ends: a number of mergers is never below 0."
)

ACCOUNT = f"""\
A decision is told by groups of contributions, the same everywhere: `councils why`, the story, the
page, figures. First the group that decided (where the event has a `reason`, that one), with its
parts; then the others by size; luck (`because_chance`) last. `because_base`, how ready a typical
council is, is no reason and not listed. *All reasons together* are the groups and that constant;
with luck they are the sum that decided. The sum is held against 0; in a walk-out against
`talks.patience` below 0; in an approach against other partners and against waiting. A sum within
{NEAR:g} of its line is *a near thing*; where all reasons together lie on its other side, luck
turned the decision. `considers` and `leaves` are logs of yearly rates without luck of their own:
there all reasons together say how many times as likely as usual it was. Distance and borders are
a reason to break off talks only for a council to which they are new (it was invited with the
other, or joins a deal at work): who called and who answered knew. A group that is no reason may
outweigh the one that is (a merger refused for *too little shared so far*, in about one of two
hundred refusals and votes): it is told right after it. Talks that lapse, and councils that sign
elsewhere, weighed nothing: their account has words (`given`) and no groups. A business case
promises money and has no account.

```python
from council_partnering import sim
from council_partnering.sim.story import decision, in_words

events = sim.simulate("norfolk", seed=1).events
for row in events.query("kind == 'walks_away'").to_dict("records"):
    account = decision(row, patience=1.6)  # None for what is no decision
    print(account.lead, account.together, account.luck, account.luck_turned, account.near)
    print(in_words(account), [(group.key, group.push) for group in account.groups])
```

`patience` is `talks.patience` of the scenario in that quarter; without it nothing is said of how
near a walk-out was. A stored event table gives the same (`pandas.read_parquet`)
where `councils run --full-events` made it; of any other `decision` says what is left out and how to
get it."""
"""How a decision is told."""


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
            f"{d.why}; {FIRST_DAY}" if d.once else d.why, d.source, d.grade, d.role,
        )
        for d in of_section(section)
    ]  # fmt: skip
    about = (SECTIONS[section].__doc__ or "").strip().splitlines()[0]
    return f"## `[{section}]`\n\n{about}\n\n{markdown_table(head, rows)}\n"


def catalogue_page() -> str:
    """Return the service catalogue: one row a column of numbers, one row a scope."""
    columns = [(f"`{name}`", t.unit, t.why, t.source, t.grade) for name, t in TERMS.items()]
    meanings = markdown_table(("column", "unit", "why", "source", "grade"), columns)
    head = ("scope", *TERMS)
    rows = [
        (e.key, *(plain(e.rows[name][0]) if name in e.rows else "-" for name in TERMS))
        for e in CATALOGUE
    ]
    return (
        "## The service catalogue at a glance\n\n"
        "Every scope is a section of its own, below, with these columns.\n\n"
        f"{meanings}\n\nDefaults:\n\n{markdown_table(head, rows)}\n"
    )


def count_page() -> str:
    """Return how many numbers there are of each grade and role."""
    found = declarations()
    grades = ("high", "medium", "low", "assumption")
    rows = [
        (role, *(sum(d.grade == grade and d.role == role for d in found) for grade in grades))
        for role in ("uncertainty", "lever", "convention")
    ]
    return markdown_table(("role", *grades), rows)


def parameters_page() -> str:
    """Return the page of every declared number."""
    intro = (
        "# Parameters\n\n"
        f"{MADE}\n\n"
        f"All {len(declarations())} declared numbers, section by section. A scenario sets one as a "
        "key of the table of its section; the command line as `--set section.name=value`.\n\n"
        "*Plausible* bounds sliders and sensitivity analysis; *allowed* is what a scenario may say "
        "at all. *Grade* says how good the evidence for the default is: high, medium, low, or an "
        "assumption without evidence. *Role* is uncertainty (nobody knows it), lever (somebody "
        "decides it) or convention (a unit or a limit, no estimate, so without a plausible "
        f"range). What {FIRST_DAY} cannot be changed later.\n\n"
        f"How many of each:\n\n{count_page()}\n"
    )
    subjects = [section_page(name) for name in SECTIONS if name not in SCOPES]
    scopes = [section_page(name) for name in SECTIONS if name in SCOPES]
    return "\n".join([intro, *subjects, catalogue_page(), *scopes])


def sources_page() -> str:
    """Return the page of what each number's source gives, with the reckoning."""
    found = register()
    defaults = {each.name: plain(each.default) for each in declarations()}
    counted = [
        (word, meaning, sum(row.verdict == word for row in found))
        for word, meaning in VERDICTS.items()
    ]
    head = ("number", "default", "its source gives", "reckoning", "source", "verdict", "grade")
    rows = [
        (
            f"`{row.name}`", defaults.get(row.name, "-"), row.given, row.arithmetic,
            row.source or "-", row.told, row.grade,
        )
        for row in found
    ]  # fmt: skip
    return (
        "# Sources, checked\n\n"
        "<!-- Generated from `sim/declared/sources.csv`: do not edit; "
        f"run `{REMAKE}`. -->\n\n"
        f"All {len(found)} declared numbers, each held against what its source gives. Nothing that "
        "is known only of the time after 2014 about partnerships, break-ups, mergers or national "
        "series chooses a number; later studies, costs and laws may, and are dated.\n\n"
        f"{markdown_table(('verdict', 'what it means', 'numbers'), counted)}\n\n"
        f"{markdown_table(head, rows)}\n"
    )


def words_page(title: str, about: str, words: Mapping[str, str]) -> str:
    """Return a list of words with their meaning, in the order of the engine's codes."""
    rows = [(code, f"`{word}`", meaning) for code, (word, meaning) in enumerate(words.items())]
    return f"## {title}\n\n{about}\n\n{markdown_table(('code', 'word', 'meaning'), rows)}\n"


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
    return f"## Contributions\n\n{about}\n\n{markdown_table(head, rows)}\n"


def groups_page() -> str:
    """Return how a decision is told: its groups, what is counted, and how to get the account."""
    rows = [
        (f"`{key}`", group.title, REASONS.get(key, "-"), ", ".join(f"`{p}`" for p in group.parts))
        for key, group in GROUPS.items()
    ]
    head = ("group", "title", "as a reason", "contributions")
    return f"## The account of a decision\n\n{ACCOUNT}\n\n{markdown_table(head, rows)}\n"


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
        f"{NET_SAVING}\n\n{markdown_table(head, rows)}\n",
        words_page("Kinds of event", "What `kind` can be in the event log.", KINDS),
        words_page(
            "Reasons",
            "Why a council refused, walked away, voted no or left; why talks or agreements ended.",
            REASONS,
        ),
        contributions_page(),
        groups_page(),
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
        "sources-checked.md": sources_page(),
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
