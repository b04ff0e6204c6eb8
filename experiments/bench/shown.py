"""What was measured, in tables and sentences, or as JSON."""

from __future__ import annotations

from typing import Any

from ..terminal import say, say_json, show_table


def show_bench(found: dict[str, Any], *, as_json: bool) -> None:
    """Write what was measured."""
    if as_json:
        say_json(found)
        return
    _show_races(found["races"])
    _show_growth(found["growth"])
    _say_studies(found["study"], found["workers"])
    _say_simulations(found["simulate"])
    _say_outside(found["outside"])
    begun, compiling, peak = found["start"], found["compile_seconds"], found["peak_megabytes"]
    say(
        f"A warm `councils run norfolk --runs 1 --no-figures`: {begun['command']:.2f} s, "
        f"{begun['ratio']:.1f} times `python -c 'import numpy'`."
    )
    if compiling is not None:
        say(f"Compiling the rules, once: {compiling:.0f} s.")
    if peak is not None:
        say(f"Peak memory of this process, all of this included: {peak:.0f} MB.")
    if found["quick"]:
        say("This was the quick measurement: good to see that all works, too short to quote.")


def _show_races(races: list[dict[str, Any]]) -> None:
    headings = ("Councils", "Quarters", "Engine", "Plain model", "Ratio", "Spread", "World kept")
    rows = [
        (
            f"{race['councils']:,}",
            str(race["quarters"]),
            f"{1e3 * race['engine']:.3g} ms",
            f"{race['plain']:.3g} s",
            f"{race['ratio']:.0f}",
            f"{race['low']:.0f} to {race['high']:.0f}",
            f"{race['kept']:.0f}",
        )
        for race in races
    ]
    title = "The engine against the plain model, one core, turn by turn"
    show_table(title, dict.fromkeys(headings, "right"), rows)


def _show_growth(larger: dict[str, Any]) -> None:
    headings = ("Councils", "A council-quarter", "Council-quarters a second", "State")
    costs = larger["microseconds_per_council_quarter"]
    paces, sizes = larger["council_quarters_per_second"], larger["state_megabytes"]
    rows = [
        (f"{n:,}", f"{cost:.2f} us", f"{paces[n]:,.0f}", f"{sizes[n]:.1f} MB")
        for n, cost in costs.items()
    ]
    title = "The engine as the country grows, synthetic countries"
    show_table(title, dict.fromkeys(headings, "right"), rows)
    power = larger["exponent"]
    say(
        f"Exponent of the total cost, {min(costs):,} to {max(costs):,} councils: "
        f"{power['median']:.3f} ({power['low']:.3f} to {power['high']:.3f})."
    )


def _say_studies(study: dict[str, float], pace: dict[str, float]) -> None:
    say(
        f"A study over the bare loop, batches of {study['batch_seconds']:.1f} s: "
        f"{study['median']:+.1%} ({study['low']:+.1%} to {study['high']:+.1%}), and "
        f"{study['fixed_seconds']:.1f} s to begin and to end."
    )
    say(
        f"Two workers: {pace['ratio']:.2f} times the runs of one "
        f"({pace['low']:.2f} to {pace['high']:.2f}; one: {pace['one']:.0f} a second)."
    )


def _say_outside(rows: list[dict[str, Any]]) -> None:
    for each in rows:
        out, gain = each["outside"], each["against"]
        say(
            f"{each['name']}, {each['quarters']} quarters, only measured: "
            f"{1e3 * each['seconds']:.2g} ms a run, {out['median']:.0%} of it outside the compiled "
            f"rules ({out['low']:.0%} to {out['high']:.0%}), {gain['median']:.2f} times as fast as "
            f"a run whose world is kept ({gain['low']:.2f} to {gain['high']:.2f})."
        )


def _say_simulations(found: dict[str, Any]) -> None:
    for name, each in found.items():
        asked, read = each["simulate"], each["all_read"]
        say(
            f"sim.simulate of {name}: {asked['median']:.1f} times its run of "
            f"{1e3 * each['run']:.2g} ms ({asked['low']:.1f} to {asked['high']:.1f}); with every "
            f"table read {read['median']:.1f} times ({read['low']:.1f} to {read['high']:.1f})."
        )
