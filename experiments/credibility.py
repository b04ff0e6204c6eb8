"""What the model may claim: `docs/credibility.md`, and the ensemble that comes with the project.

`python -m experiments.credibility` runs the plan `calibrated`, or what is left of it, puts the
ensemble and what was found beside the plan, and writes the page with its figures. `--page` writes
the page anew from what is kept.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
from pathlib import Path
from typing import Any

from scipy.stats import t

from ..sim.declared.scenario import load
from ..sim.errors import InputError
from ..sim.ready.kept import prepared
from ..sim.ready.varied import vary
from ..sim.tables.batch import Batch, live
from .calibrating.kept import calibrated
from .calibrating.page import page as page_of
from .calibrating.plan import read_calibration
from .ensembles.ensemble import CALIBRATED, ENDING, SHIPPED, Ensemble, find_ensemble
from .estimates import ERROR
from .executors.ordered import hands_of
from .history.partners import JOINT, YEARS, skill
from .history.targets import LAST_DAY
from .horizons import SCENARIO, answers, answers_table, declared_among, declared_table
from .nulls import nulls
from .stored.asked import RESULTS
from .summary import DECLARED
from .terminal import plain, progress
from .words import listed

DOCS = Path(__file__).parents[1] / "docs"
KEPT = SHIPPED / f"{CALIBRATED}.json"
FIGURES = ("predictive.png", "numbers.png", "ranks.png")
AGAIN = "python -m experiments.credibility"
SHOWN = 4
QUARTERS, SEED, PARTNER_LUCKS = 16, 1, 10
"""Runs for partners: to the end of 2012 and a little further."""


def made(workers: int, out: Path) -> dict[str, Any]:
    """Run the calibration that comes with the project, and put what it found where it belongs."""
    plan, _ = read_calibration(CALIBRATED)
    with progress(plan.runs) as watch:
        found = calibrated(plan, CALIBRATED, out, hands_of(workers), watch)
    shutil.copyfile(out / f"ensemble{ENDING}", SHIPPED / f"{CALIBRATED}{ENDING}")
    for name in FIGURES:
        shutil.copyfile(out / "figures" / name, DOCS / "images" / f"calibration-{name}")
    ensemble = find_ensemble(CALIBRATED)
    hands = hands_of(workers)
    told = found | {
        "partners": partners(ensemble), "nulls": nulls(ensemble, hands),
        "answers": plain(answers(ensemble, hands)), "declared": plain(declared_among(ensemble)),
    }  # fmt: skip
    KEPT.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return told


def partners(ensemble: Ensemble) -> dict[str, Any]:
    """Return how likely England's pairs are in runs over the sets of an ensemble."""
    ready = prepared(load("england", quarters=QUARTERS))
    signed: list[tuple[str, str]] = []
    first, last = (4 * (year - 2009) for year in (YEARS.start, YEARS.stop))
    for k in range(len(ensemble.sets) * PARTNER_LUCKS):
        varied = vary(ready, ensemble.values(k // PARTNER_LUCKS))
        table = Batch(live(varied, SEED, [k])).agreements
        joint = table["scope"].isin(JOINT) & (table["signed"] >= first - 1)
        chosen = table[joint & (table["signed"] < last - 1)]
        for members in chosen["members"]:
            one, two, *_ = members.split(";")
            signed.append((one, two))
    return skill(signed)._asdict() | {"signed": len(signed)}


def page(told: dict[str, Any]) -> str:
    """Return `docs/credibility.md`."""
    parts = [
        _opening(told),
        _claims(told),
        _answers(told["answers"]),
        _declared(told["declared"]),
        _nulls(told["nulls"]),
        _partners(told["partners"]),
        _body(told),
    ]
    return "\n".join(parts)


def _opening(told: dict[str, Any]) -> str:
    rows = told["patterns"]
    met, inside, better, worse = (
        [row["pattern"] for row in rows if row[key]] for key in ("met", "inside", "better", "worse")
    )
    known = [row for row in told["numbers"] if row["identified"]]
    return (
        "# What the model may claim\n\n"
        f"Made by `{AGAIN}` from the ensemble `{CALIBRATED}`: sets of values of the uncertain "
        f"numbers that England's history to {LAST_DAY:%-d %B %Y} allows "
        "([how](calibrating.md)).\n\n"
        f"* The sets were chosen by {len(rows)} patterns, so that these are no test of them. "
        f"{len(met)} are met in the mean of the sets ({', '.join(met)}); with {len(inside)} "
        "England lies no further out among runs than 95% of them; surely better told than by runs "
        f"over all ranges and by one number are {len(better)} ({', '.join(better) or 'none'}), "
        f"surely worse than by runs over all ranges {len(worse)} ({', '.join(worse) or 'none'}).\n"
        f"* No set meets all: {told['joint']['mean']} in the mean, {told['joint']['best']} at "
        f"most, by {told['plan']['ensemble']['lucks']} runs each; {told['joint']['both']} meet K1 "
        "and K2 together.\n"
        f"* History surely says something of {len(known)} numbers of {told['uncertain']}; of most "
        "others an answer knows little more than their declared ranges.\n"
    )


def _claims(told: dict[str, Any]) -> str:
    declared, cutoff = told["declared_numbers"], told["plan"]["waves"]["cutoff"]
    return (
        "## Which answers stand\n\n"
        "* The sets were found with runs from April 2009 to March 2015, by what was known on "
        f"{LAST_DAY:%-d %B %Y}. **Beyond that an answer is a projection of rules, no forecast**: "
        "nothing later was looked at, and a later test will be of level and numbers.\n"
        "* Of a level see the patterns that it bears on, above all the missed ones. Whether "
        "differences between policies stand more firmly than levels is expected and not shown.\n"
        "* An interval over luck alone says nothing of assumptions: `councils compare` gives both, "
        "and other commands with `--ensemble`. One of the sets is the declared numbers: they lie "
        "nearer to the middle of all than any set that was drawn, over all numbers and over those "
        "that were asked about; but they were not drawn, and by the rule of the waves they would "
        f"be ruled out (implausibility {declared['implausibility']:.1f}, cutoff {cutoff:g}).\n"
    )


def _answers(rows: list[dict[str, Any]]) -> str:
    return (
        "### The same policies at three horizons\n\n"
        f"The policies that come with the project, over all worlds and `{SCENARIO}`: policy less "
        "base, its interval over luck and worlds (all of one horizon hold together with 95%), in "
        "what share of single runs the policy is higher, and in what share of worlds with luck "
        "taken out (as if worlds were spread like a bell). Bold: surely not zero. The first two "
        "horizons lie within the years by which the worlds were found, the third beyond them.\n\n"
        f"{answers_table(rows)}\n"
    )


def _declared(rows: list[dict[str, Any]]) -> str:
    return (
        "### The declared numbers among the worlds\n\n"
        "They are the medoid of the sets: in the middle of the *numbers*. In what comes out of "
        f"them they need not lie in the middle, and do not (`{SCENARIO}`, to March 2015): **a "
        "single run at the declared numbers is a run in one world, and no typical one**.\n\n"
        f"{declared_table(rows)}\n"
    )


def _nulls(found: dict[str, Any]) -> str:
    many = found["comparisons"]
    wrong = listed([
        f"{count} of {DECLARED[name].title.lower()}" for name, count in found["wrong"].items()
    ])  # fmt: skip
    never = listed([
        f"{count} of {DECLARED[name].title.lower()}" for name, count in found["never"].items()
    ])  # fmt: skip
    most = max(found["wrong"].values())
    verdict = "as promised" if most <= ERROR * many else "**more than was promised**"
    return (
        "## Where there is nothing to be found\n\n"
        f"{many} null policies were compared with `{found['scenario']}` over {found['worlds']} "
        "worlds: the same past, and other luck from the middle of the run on. An interval over "
        f"luck and worlds was wrong at any look in {wrong}: {verdict} (at most {ERROR:.0%}). There "
        f"was no interval at any look in {never}, which is never wrong. All of this is about luck: "
        "where there is nothing to be found, worlds do not differ, so that what assumptions add to "
        "an interval is not tested here.\n"
    )


def _partners(found: dict[str, Any]) -> str:
    ratio, reach = found["model"] / found["rule"], found["error"] * t.ppf(0.975, found["cases"] - 1)
    low, high = (ratio * math.exp(sign * reach) for sign in (-1, 1))
    verdict = "names these pairs better" if low > 1 else "is not shown to name them better"
    return (
        "## With whom councils pair\n\n"
        f"England's {found['cases']} pairs that began to share managers from {YEARS.start} to "
        f"{YEARS.stop - 1} are {found['model']:.0f} times as likely in the model "
        f"({found['signed']:,} deals of runs of all sets) as a pair drawn blindly, in geometric "
        "mean. By the rule *neighbours, one county, like size, both districts, both free*, learnt "
        f"from the other pairs, they are {found['rule']:.0f} times as likely. The ratio of the two "
        f"is {ratio:.1f} (95% interval over pairs {low:.1f} to {high:.1f}): the model {verdict} "
        "than that rule. **This is no prediction**: what distance, county and size weigh in the "
        "model was set with England's pairs to 2014 in view, these among them, while the rule is "
        f"told nothing of the pair that it is to name. {_better_where(found['pairs'])} Fewer runs "
        "would count against the model, for a pair that never comes up is told as next to "
        "impossible.\n"
    )


def _better_where(pairs: list[list[Any]]) -> str:
    """Return at which pairs the model does better than the rule, and at which worse."""
    better = [pair for pair in pairs if pair[2] > pair[3]]
    most = sorted(better, key=lambda pair: pair[3] / pair[2])[:SHOWN]
    named = listed([f"{one} and {other}" for one, other, *_ in most])
    return (
        f"It does better at {len(better)} of them, most at {named}, to which the rule's own words "
        "do not apply (other counties, boroughs, unlike size)."
    )


def _body(told: dict[str, Any]) -> str:
    """Return the page of the calibration, with its figures where the documents have them."""
    text = page_of(told, AGAIN).replace("](figures/", "](images/calibration-")
    return text.replace("# Calibration:", "## Calibration:", 1).replace("\n## ", "\n### ")


def main() -> None:
    """Calibrate, unless only the page is asked for, and write the page."""
    parser = argparse.ArgumentParser(prog=AGAIN, description=__doc__)
    parser.add_argument("--workers", type=int, default=2, help="processes that share the work")
    parser.add_argument(
        "--out", type=Path, default=RESULTS / CALIBRATED, help="where runs are kept"
    )
    parser.add_argument("--page", action="store_true", help="only the page, from what is kept")
    given = parser.parse_args()
    try:
        told = (
            json.loads(KEPT.read_text(encoding="utf-8"))
            if given.page
            else made(given.workers, given.out)
        )
    except InputError as error:
        raise SystemExit(f"credibility: {error}") from None
    text = page(told)
    (DOCS / "credibility.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
