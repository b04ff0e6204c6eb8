"""What of a user's own tables, names and amounts is read, but may not be what was meant: told."""

from __future__ import annotations

from pathlib import Path

from ..core.state import QUARTERS
from ..country.called import is_called_again, is_of_another_day, told_code, told_name
from ..country.councils import DATA, TIERS, Councils
from ..country.given import read_rows
from ..country.placed import misplaced
from ..country.plausible import RESERVES, UNUSUAL, unusual, usual
from ..country.rows import NEEDED, OPTIONAL, checked_own
from ..declared.scenario import Places, Scenario
from ..errors import nearest
from .growth import doubts_on_path
from .places import row_of, table_of


def doubts(scenario: Scenario) -> list[str]:
    """Return in words what of a scenario's own tables, names and amounts is not as is usual.

    Raises:
        InputError: a table, or a council that is named, cannot be used.
    """
    found = [*_of_table(scenario), *_of_paths(scenario)]
    made = {word.strip().lower() for order in scenario.order for word in (order.code, order.name)}
    named = [text for text in named_councils(scenario) if text.strip().lower() not in made]
    doubtful = [text for text in named if is_of_another_day(text) or is_called_again(text)]
    if doubtful or any(fact.reserves is not None for fact in scenario.council):
        table = table_of(scenario)  # not before, since to draw a large country takes long
        told = [tell(text, words) for text in doubtful
                for tell, words in ((told_code, table.code), (told_name, table.name))]  # fmt: skip
        found += [*filter(None, told), *_of_reserves(scenario, table)]
    return [*found, *_of_places(scenario)]


def _of_table(scenario: Scenario) -> list[str]:
    if not scenario.places.table.endswith(".csv"):
        return []
    path = Path(scenario.places.table)
    lines = checked_own(path)
    return [*_unused(list(lines[0].row), path), *unusual(lines, path), *misplaced(lines, path)]


def _unused(header: list[str], path: Path) -> list[str]:
    """Return a remark on columns that mean nothing; those of the table of England are known."""
    known = {*NEEDED, *OPTIONAL, *read_rows(DATA / "councils.csv")[0]}
    strange = [column for column in header if column and column not in known]
    if not strange:
        return []
    near = [(each, nearest(each, OPTIONAL)) for each in strange]
    hints = [f"'{each}', {hint}" for each, hint in near if hint.startswith("did you mean")]
    told = f"{path.name}: nothing reads the column{'s' if len(strange) > 1 else ''} "
    told += ", ".join(f"'{each}'" for each in strange)
    return [f"{told} ({'; '.join(hints)})" if hints else told]


def _of_paths(scenario: Scenario) -> list[str]:
    named = [scenario.parameters.settlement.path]  # type: ignore[attr-defined]
    named += [change.set.get("settlement.path") for change in scenario.change]
    first = scenario.start.year
    last = first + (scenario.quarters - 1) // QUARTERS
    return [
        each
        for text in dict.fromkeys(named)
        if isinstance(text, str) and text.endswith(".csv")
        for each in doubts_on_path(Path(text), first, last)
    ]


def named_councils(scenario: Scenario) -> list[str]:
    """Return every council that a scenario names, as it is written."""
    found = list(scenario.places.councils)
    found += [fact.council for fact in scenario.council]
    found += [fact.council for fact in scenario.happening]
    found += [fact.partner for fact in scenario.happening if fact.partner]
    found += [text for pair in scenario.pair for text in pair.between]
    found += [text for fact in scenario.partnership for text in fact.councils]
    for order in scenario.order:
        found += [*order.councils, *(part.council for part in order.parts)]
        found += [order.county] if order.county else []
    return list(dict.fromkeys(found))


def _of_reserves(scenario: Scenario, table: Councils) -> list[str]:
    """Return remarks on stated reserves that are larger than is usual of so large a budget."""
    found = []
    for fact in scenario.council:
        if fact.reserves is None:
            continue
        row = row_of(table, fact.council, "[[council]]")
        budgets, tier = fact.reserves / table.budget[row], TIERS[table.tier[row]]
        high = usual()[RESERVES[0], tier].high
        if budgets > high * UNUSUAL:
            found.append(
                f"[[council]] {fact.council}: reserves of £{fact.reserves:,.15g}m are "
                f"{budgets:,.0f} times its budget, where up to {high:.2g} is usual: give million "
                "pounds"
            )
    return found


def _of_places(scenario: Scenario) -> list[str]:
    """Return a remark on what is about a drawn country, where there is none."""
    places = scenario.places
    said = [key for key in ("number", "draw")
            if getattr(places, key) != Places.model_fields[key].default]  # fmt: skip
    if not said or places.table == "synthetic":
        return []
    keys = " and ".join(f"places.{key}" for key in said)
    return [f'{keys} can do nothing: it is for table = "synthetic"']
