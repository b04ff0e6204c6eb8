"""What is said when policies cannot be compared as they were given: what to type instead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ...sim.declared.reading import parse
from ...sim.declared.scenario import SHIPPED, Scenario
from ...sim.errors import InputError, nearest
from ...sim.ready.compared import unlike
from ..words import as_typed

POLICIES = Path(__file__).parent
Given = str | Path | Scenario
"""A name, the path of a file, or a scenario that was made in Python."""


def names_in(folder: Path) -> list[str]:
    """Return the names of the scenarios or policies in a folder of the project."""
    return sorted(path.stem for path in folder.glob("*.toml"))


def unknown(name: str) -> InputError:
    """Return the error that says what a name could have meant."""
    beside = Path(f"{name}.toml")
    if beside.is_file():
        said = f"did you mean the file '{beside}'?"
    elif Path(name).is_dir():
        return _folder(Path(name))
    else:
        said = nearest(name, [*names_in(POLICIES), *names_in(SHIPPED)])
    return InputError(
        f"there is no scenario or policy '{name}': {said} (the name of a file ends in .toml)"
    )


def check_no_county(name: str) -> None:
    """Refuse a county of the tables: it is no scenario, but one can be about it."""
    from ...sim.country.councils import DATA, read_rows

    if Path(name).exists():
        return
    wanted = name.strip().lower()
    for county in sorted({row["county"] for row in read_rows(DATA / "councils.csv")}):
        if county.lower() == wanted:
            raise InputError(
                f"there is no scenario '{name}', but {county} is a county of the data: write a "
                f'file that ends in .toml with [places] and, beneath it, counties = ["{county}"], '
                "and name that file"
            )


def _folder(folder: Path) -> InputError:
    files = sorted(folder.glob("*.toml"))
    if files:
        said = f"name a file in it, for example {as_typed([str(files[0])])}"
    else:
        said = f"name a policy ({', '.join(names_in(POLICIES))}) or a file that ends in .toml"
    return InputError(f"'{folder}' is a folder and no policy: {said}")


def check_given(base: Given, policies: Sequence[Given], is_policy: Callable[[Given], bool]) -> None:
    """Refuse no policy, one that is given twice, the base again, and the base in second place."""
    first, others = _text(base), list(map(_text, policies))
    distinct = [each for each in dict.fromkeys(others) if each != first]
    if not others:
        raise InputError(f"there is no policy to compare '{first}' with: {_for_example(base)}")
    for each in (first, *others):
        if (first, *others).count(each) > 1:
            told = "is the base already" if each == first else "is named twice"
            typed = as_typed(["councils", "compare", first, *distinct])
            advice = f"compare each once: {typed}" if distinct else _for_example(base)
            raise InputError(f"'{each}' {told}: {advice}")
    scenarios = [each for each in others if (SHIPPED / f"{each}.toml").is_file()]
    if scenarios and is_policy(base):
        rest = [each for each in others if each != scenarios[0]]
        typed = as_typed(["councils", "compare", scenarios[0], first, *rest])
        raise InputError(
            f"'{first}' is a policy and '{scenarios[0]}' the scenario to lay it over; the base "
            f"comes first: {typed}"
        )


def _text(given: Given) -> str:
    return given.name if isinstance(given, Scenario) else str(given)


def _for_example(base: Given) -> str:
    name = "norfolk" if isinstance(base, Scenario) else str(base)
    policies = [each for each in names_in(POLICIES) if each != name]
    if name in names_in(POLICIES):
        name = "norfolk"
    typed = as_typed(["councils", "compare", name, policies[-1]])
    return f"name one after the base, for example {typed} (also: {', '.join(policies[:-1])})"


def check_alike(scenarios: Sequence[Scenario], given: Sequence[Given]) -> None:
    """Refuse policies that cannot be told apart by name, or that are not about one place.

    Args:
        scenarios: the base and the policies.
        given: what was typed for each.
    """
    base, *policies = scenarios
    names = [each.name for each in scenarios]
    for name in names:
        if names.count(name) > 1:
            raise InputError(
                f"'{name}' is named twice: compare each once; of two files in different folders, "
                "rename one"
            )
    for policy, typed in zip(policies, given[1:], strict=True):
        where = f"'{policy.name}' cannot be compared with '{base.name}'"
        differ = unlike(base, policy)
        if "councils" in differ:
            raise InputError(
                f"{where}: it is about other councils; {_with_its_own(base, typed, given)}"
            )
        if "start" in differ:
            raise InputError(
                f"{where}: it starts on {policy.start} and the base on {base.start}; give both "
                "the same `start`"
            )
        if "quarters" in differ:
            least = min(policy.quarters, base.quarters)
            raise InputError(
                f"{where}: it covers {policy.quarters} quarters and the base {base.quarters}; add "
                f"--quarters {least}, or give both the same `quarters`"
            )


def _with_its_own(base: Scenario, typed: Given, given: Sequence[Given]) -> str:
    """Return what to do about a policy that is about other councils than the base."""
    if isinstance(typed, Scenario):
        return "let both have the same [places]"
    first = str(given[0])
    if not str(typed).endswith(".toml"):
        policy = names_in(POLICIES)[-1]
        return (
            f"it is a scenario of its own, and no policy: lay a policy over either, for example "
            f"{as_typed(['councils', 'compare', first, policy])}"
        )
    own = parse(Path(typed)).get("base")
    if isinstance(own, str) and "places" not in parse(Path(typed)):
        typed_again = as_typed(["councils", "compare", own, str(typed)])
        return f"it is laid over '{own}': compare it with that, {typed_again}"
    return f"take `base` and [places] out of '{typed}', and it is laid over {first}"
