"""Every number of the theory, declared once: unit, range, why, source and evidence grade.

`Parameters` is the checked set; `theory_dtype` and `encode` turn it into one plain record for the
compiled engine, where a number is read as `p.section_name`, and a column of the service catalogue
as `p.scope_column[scope]`.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Literal, NamedTuple

import numpy as np
from pydantic import create_model

from .catalogue import SCOPE_SECTIONS, SCOPES, TERMS
from .declare import Section, convention, detail, lever, number, word

GUESS = "assumption"
NETWORK = "Dixon & Elston 2020 Public Administration: network of 338 partnerships"
STORY = "the two Norfolk newspaper stories of 2009 and 2010"
LOCALIS = "Localis 2012, Crossing the border"

STANCES = ("none", "voluntary", "review", "mandated")
LIMITS = ("history", "none", "fixed")


class Settlement(Section):
    """What government pays: the funding path of each council."""

    path: str = word(
        "history",
        why="which funding path holds: history, flat, or the name of a CSV file (year, growth)",
        source="outturn 2010-11 to 2017-18, spending power to 2020-21, tier path beyond",
        grade="high",
    )
    depth: float = lever(
        1.0,
        "multiple of each year's change",
        (0.0, 2.0),
        allowed=(0.0, 4.0),
        why="makes the cuts and rises of the path deeper or shallower",
    )
    shock: float = lever(
        0.0,
        "share of the settlement",
        (-0.3, 0.3),
        allowed=(-0.9, 1.0),
        why="a cut or a gift on top of the path, for as long as it is in force",
    )
    spread: float = number(
        0.045,
        "share of the settlement a year",
        (0.027, 0.071),
        allowed=(0.0, 0.2),
        why="how much councils differ in years for which their own path is not known",
        source="IFS 2011, spread of planned cuts over areas: 2.5 points (1.5 to 4) of spending "
        "power, over the 0.56 of a district's income that is settlement in 2010-11: 0.045 "
        "(0.027 to 0.071)",
        grade="medium",
    )
    least_growth: float = convention(
        0.1,
        "share of the last year's settlement",
        allowed=(0.01, 0.9),
        why="a year's settlement never falls below this, whatever the path and the draw say",
        source="a limit, not an estimate: what is drawn must not take a settlement to nothing",
    )


class Tax(Section):
    """Council tax: the limit on a year's rise and how much of it is used."""

    limits: Literal["history", "none", "fixed"] = word(
        "history",
        why="which limit on a year's rise holds",
        source="Commons Library SN05682",
        grade="high",
    )
    fixed_limit: float = lever(
        0.02,
        "share of Band D a year",
        (0.0, 0.05),
        allowed=(0.0, 0.5),
        why="the limit when limits = fixed",
        source="Commons Library SN05682",
        grade="high",
    )
    appetite: float = number(
        0.9,
        "share of the limit",
        (0.6, 1.0),
        allowed=(0.0, 1.0),
        why="how much of the allowed rise a council takes when it raises its tax",
        source=GUESS,
        grade="assumption",
    )
    freeze: float = lever(
        1.0,
        "multiple of the share that froze",
        (0.0, 1.0),
        allowed=(0.0, 1.0),
        why="the freeze grants of 2011 to 2016: 1 as they were, 0 as if never offered",
        source="share of councils not raising tax, by year",
        grade="medium",
    )
    open_limit: float = number(
        0.05,
        "share of Band D a year",
        (0.03, 0.08),
        allowed=(0.0, 0.5),
        why="what councils dare to raise when there is no limit in law",
        source=GUESS,
        grade="assumption",
    )
    base_growth_most: float = number(
        0.02,
        "share a year",
        (0.01, 0.03),
        allowed=(0.0, 0.1),
        why="most that a tax base grows or shrinks beyond its known years; fixed on the first day",
        source=GUESS,
        grade="assumption",
        once=True,
    )


class Costs(Section):
    """What services cost, and what a council does about a gap by itself."""

    growth: float = number(
        0.0,
        "share a year",
        (-0.01, 0.01),
        allowed=(-0.1, 0.15),
        why="what costs rise by beyond pay and prices of the year, which prices.csv gives",
        source="a point either way, as the evidence for pay and prices is given (prices.csv)",
        grade="low",
    )
    cut_pace: float = number(
        0.8,
        "share of the gap closed by own cuts each April",
        (0.5, 1.0),
        allowed=(0.0, 1.0),
        why="councils must balance their budgets; the rest comes out of reserves",
        source="districts kept reserves while their budgets fell, outturn 2010-11 to 2014-15",
        grade="low",
    )
    largest_cut: float = number(
        0.15,
        "share of cost a year",
        (0.10, 0.25),
        allowed=(0.0, 1.0),
        why="services cannot be cut faster than people can leave",
        source="largest yearly falls of net revenue expenditure, outturn",
        grade="low",
    )
    put_aside: float = number(
        0.07,
        "share of income a year",
        (0.02, 0.14),
        allowed=(0.0, 0.3),
        why="what a district plans to put into reserves, for bad times and for what is to come",
        source="additions to reserves of 201 districts, outturn 2010-11 to 2014-15: 0.064 of "
        "spending (£851m of £13,266m), 0.066 of income; single years 0.029 to 0.133",
        grade="medium",
    )
    put_aside_upper: float = number(
        0.026,
        "share of income a year",
        (-0.03, 0.06),
        allowed=(-0.2, 0.3),
        why="what a council with social care plans to put into reserves",
        source="additions to reserves of 152 councils with social care, outturn 2010-11 to "
        "2014-15: 0.026 of spending (£5,106m of £194,090m); single years 0.014 to 0.034",
        grade="medium",
    )
    announced: float = number(
        0.5,
        "share, 0 as if all were known, 1 only what is announced",
        (0.25, 1.0),
        allowed=(0.0, 1.0),
        why="how much of a change of settlement that no spending review has told yet stays "
        "out of the gap that a council expects: 0 as if all were told, 1 only what is "
        "announced",
        source="dates of spending reviews, sim/country/data/reviews.csv: 2011 to 2014 were told "
        "on 20 October 2010, though cuts were looked for before; how much of them is "
        "judged",
        grade="low",
    )
    aside_counts: float = number(
        1.0,
        "share of what is put aside",
        (0.75, 1.0),
        allowed=(0.0, 1.0),
        why="how much of what a council means to put aside (costs.put_aside) is part of its "
        "gap: 1, what it must cut to go on putting it aside, as its own cuts do; 0, what "
        "is left if it stops",
        source="districts cut and put 0.066 of their income aside in the same years, outturn "
        "2010-11 to 2014-15: the sign; that all of it counts is judged",
        grade="low",
    )
    restore: float = number(
        0.9,
        "share of a surplus spent each April",
        (0.5, 1.0),
        allowed=(0.0, 1.0),
        why="money above the plan goes back into services",
        source=GUESS,
        grade="assumption",
    )
    reserves_floor: float = number(
        0.10,
        "share of net budget",
        (0.05, 0.20),
        allowed=(0.0, 1.0),
        why="below this a council closes the whole gap at once",
        source="treasurers' rule of thumb",
        grade="low",
    )
    horizon: float = number(
        2.0,
        "years ahead",
        (1.0, 4.0),
        allowed=(0.0, 5.0),
        why="how far ahead a council reckons its gap",
        source=STORY + ": a gap two years away",
        grade="low",
    )
    foresight: float = number(
        0.7,
        "share of the coming change that is foreseen",
        (0.3, 1.0),
        allowed=(0.0, 1.0),
        why="councils knew that cuts were coming, not how deep",
        source=GUESS,
        grade="assumption",
    )
    tolerance: float = convention(
        1e-6,
        "million pounds",
        allowed=(1e-9, 1e-3),
        why="a pound: reserves below nothing, or a gap, by no more than this are none",
        source="a limit, no estimate: what sums of pounds may lose in rounding",
    )


class Culture(Section):
    """How councils are, on four axes: member-led, open to outsourcing, localist, bold."""

    mean: float = number(
        0.5,
        "place on an axis, 0 to 1",
        (0.4, 0.6),
        allowed=(0.0, 1.0),
        why="where a typical council stands",
        source=GUESS,
        grade="assumption",
        once=True,
    )
    spread: float = number(
        0.22,
        "place on an axis, 0 to 1",
        (0.15, 0.30),
        allowed=(0.0, 0.5),
        why="how much councils differ (standard deviation)",
        source=GUESS,
        grade="assumption",
        once=True,
    )
    rural_localism: float = number(
        0.20,
        "axis points between town and country",
        (0.0, 0.4),
        allowed=(-1.0, 1.0),
        why="rural councils stand nearer to their parishes",
        source=GUESS,
        grade="assumption",
        once=True,
    )
    rural_typical: float = number(
        0.5,
        "rural share, 0 to 1",
        (0.3, 0.6),
        allowed=(0.0, 1.0),
        why="the rural share at which town and country leave a council where it typically stands",
        source=GUESS,
        grade="assumption",
        once=True,
    )
    party_outsourcing: float = number(
        0.15,
        "axis points between parties",
        (0.0, 0.3),
        allowed=(-1.0, 1.0),
        why="Conservative councils were readier to outsource, Labour ones less",
        source=GUESS,
        grade="assumption",
        once=True,
    )
    party_typical: float = number(
        0.5,
        "share of the way from Labour to Conservative",
        (0.3, 0.7),
        allowed=(0.0, 1.0),
        why="where other parties stand, and a typical council",
        source=GUESS,
        grade="assumption",
        once=True,
    )
    autonomy: float = number(
        0.5,
        "attachment, 0 to 1",
        (0.4, 0.6),
        allowed=(0.0, 1.0),
        why="attachment of a typical council to its independence",
        source=GUESS,
        grade="assumption",
        once=True,
    )
    contact: float = number(
        0.4,
        "attachment, 0 to 1",
        (0.3, 0.6),
        allowed=(0.0, 1.0),
        why="attachment of a typical town council to local contact",
        source=STORY,
        grade="low",
        once=True,
    )
    attachment_spread: float = number(
        0.18,
        "attachment, 0 to 1",
        (0.1, 0.25),
        allowed=(0.0, 0.5),
        why="how much the attachments differ (standard deviation)",
        source=GUESS,
        grade="assumption",
        once=True,
    )
    readiness: float = number(
        1.2,
        "standard deviation of a log rate, and of a logit",
        (0.6, 2.0),
        allowed=(0.0, 4.0),
        why="how much councils differ, for as long as they stand, in how ready they are for a "
        "deep deal: in how often they look for one and in how they weigh it",
        source=NETWORK + ": whether a council shares is nearly unpredictable from what is "
        "measured; that it lasts is judged",
        grade="assumption",
        once=True,
    )
    marriage: float = number(
        0.4,
        "share of councils",
        (0.2, 0.6),
        allowed=(0.0, 1.0),
        why="councils that look for one deep partner rather than many single deals",
        source=STORY,
        grade="low",
        once=True,
    )
    platforms: float = number(
        4.0,
        "suppliers",
        (3.0, 6.0),
        allowed=(1.0, 12.0),
        why="how many suppliers share the market for council systems",
        source=GUESS,
        grade="assumption",
        once=True,
    )
    attention_low: float = number(
        2.0,
        "talks at once",
        (1.0, 3.0),
        allowed=(0.0, 4.0),
        why="talks that the managers of the most stretched council can hold at once",
        source=GUESS,
        grade="assumption",
        once=True,
    )
    attention_high: float = number(
        4.0,
        "talks at once",
        (3.0, 4.0),
        allowed=(0.0, 4.0),
        why="talks that the managers of the best staffed council can hold at once",
        source=STORY + ": conversations with several potential partners",
        grade="low",
        once=True,
    )
    quality: float = number(
        0.5,
        "quality, 0 to 1",
        (0.4, 0.6),
        allowed=(0.0, 1.0),
        why="how good the services of a typical council are at the start",
        source=GUESS,
        grade="assumption",
        once=True,
    )
    quality_spread: float = number(
        0.15,
        "quality, 0 to 1",
        (0.05, 0.25),
        allowed=(0.0, 0.5),
        why="how much the quality of services differs at the start (standard deviation)",
        source=GUESS,
        grade="assumption",
        once=True,
    )


class Politics(Section):
    """Elections, control, and chief executives who come and go."""

    persistence: float = number(
        0.76,
        "probability",
        (0.53, 0.92),
        why="that a council whose control in 2009 is not known was run as in 2018, else by another",
        source="16 of the 21 councils whose control in 2010 is known had it in 2018 (or 2021) too",
        grade="low",
        once=True,
    )
    change_whole: float = number(
        0.20,
        "probability per election",
        (0.12, 0.30),
        why="that an election of the whole council changes its control",
        source="control in 2010 and 2012, Norfolk and around: 3 of 15 districts that vote whole",
        grade="low",
    )
    change_thirds: float = number(
        0.22,
        "probability per election",
        (0.10, 0.39),
        why="that an election of a third or a half of the council changes its control",
        source="judged: May 2012, Labour's net gain alone was 32 of 181 councils (0.18); Great "
        "Yarmouth and Norwich changed at 2 of 4 elections, 2011 and 2012",
        grade="low",
    )
    leader_falls: float = number(
        0.12,
        "times a year",
        (0.05, 0.3),
        allowed=(0.0, 4.0),
        why="how often a leader, or the majority behind a leader, falls between elections; "
        "who comes next looks at deals anew, as after a change of control "
        "(weighing.new_control, endings.new_control)",
        source="assumption: one leader in eight a year",
        grade="assumption",
    )
    chief_leaves: float = number(
        0.12,
        "probability a year",
        (0.08, 0.18),
        why="that a chief executive leaves",
        source="about 10% a year in 2001, almost one in five larger councils in 2008: the Guardian",
        grade="low",
    )
    chief_found: float = number(
        0.45,
        "probability a quarter",
        (0.3, 0.6),
        why="that a vacant post is filled",
        source=GUESS,
        grade="assumption",
    )


class Beliefs(Section):
    """What councils believe of each other's culture, and what talks reveal."""

    first_noise: float = number(
        0.25,
        "culture distance, 0 to 1",
        (0.1, 0.4),
        allowed=(0.0, 1.0),
        why="how wrong the outside impression of another council is (standard deviation)",
        source=STORY + ": differences had been underestimated",
        grade="low",
        once=True,
    )
    courtesy: float = number(
        0.08,
        "culture distance, 0 to 1",
        (0.0, 0.2),
        allowed=(-0.5, 0.5),
        why="from outside, others look more like oneself than they are",
        source=STORY,
        grade="low",
        once=True,
    )
    talk_noise: float = number(
        0.20,
        "culture distance, 0 to 1",
        (0.1, 0.4),
        allowed=(0.01, 1.0),
        why="how much one quarter of talks still hides (standard deviation)",
        source=GUESS,
        grade="assumption",
    )
    first_trust: float = number(
        0.40,
        "trust, 0 to 1",
        (0.3, 0.5),
        allowed=(0.0, 1.0),
        why="trust between two councils that never worked together",
        source=GUESS,
        grade="assumption",
        once=True,
    )
    trust_spread: float = number(
        0.12,
        "trust, 0 to 1",
        (0.05, 0.2),
        allowed=(0.0, 0.5),
        why="how much that first trust differs (standard deviation)",
        source=GUESS,
        grade="assumption",
        once=True,
    )
    trust_talks: float = number(
        0.02,
        "trust a quarter of talks",
        (0.0, 0.05),
        allowed=(-0.2, 0.2),
        why="meeting each other builds some trust",
        source=GUESS,
        grade="assumption",
    )
    trust_loss_failure: float = number(
        0.15,
        "trust, 0 to 1",
        (0.05, 0.3),
        allowed=(0.0, 1.0),
        why="trust lost when talks or an agreement fail",
        source=GUESS,
        grade="assumption",
    )


class Search(Section):
    """Who looks for a partner, and when."""

    base_management: float = number(
        0.08,
        "probability a year",
        (0.03, 0.13),
        allowed=(0.0, 4.0),
        why="that a council with no gap considers sharing its management",
        source="3 shared managements more at the end of 2009 than of 2008, a third of talks "
        "signed, a fifth of looks that lead to talks (in the model)",
        grade="low",
    )
    base_service: float = number(
        0.12,
        "looks a year",
        (0.05, 0.5),
        allowed=(0.0, 8.0),
        why="how often a council with no gap looks for a service to share",
        source="map of shared services 2011 to 2014; set by hand within what it gives",
        grade="low",
    )
    need_management: float = number(
        0.14,
        "added probability a year for each 1% of expected gap",
        (0.045, 0.27),
        allowed=(0.0, 1.0),
        why="money drives the thought of sharing managers: for each per cent of a worse gap "
        "while it is news (search.news)",
        source="councils in talks after the cuts of 2010: 0.03 (0.01 to 0.06) more of them a "
        "year for each 1% of cut, an estimate, over the 0.22 of looks that lead to talks "
        "(in the model)",
        grade="low",
    )
    need_service: float = number(
        0.025,
        "added looks a year for each 1% of expected gap",
        (0.01, 0.10),
        allowed=(0.0, 2.0),
        why="money drives the search for shared services",
        source="map of shared services 2011 to 2014",
        grade="low",
    )
    news: float = number(
        1.0,
        "share, 0 by the level of the gap, 1 by its worsening",
        (0.75, 1.0),
        allowed=(0.0, 1.0),
        why="whether the search for deep partners, and the will to sign, follow news of a "
        "worse gap or the gap itself",
        source="shared managements stood at 20, 19 and 18 at the end of 2012 to 2014 while the "
        "budgets of districts went on falling: the sign",
        grade="low",
    )
    news_fade: float = number(
        1.5,
        "share a year, continuously",
        (1.0, 3.0),
        allowed=(0.0, 40.0),
        why="how fast news of a worse gap fades: to a third in eight months, as long as talks last",
        source=GUESS,
        grade="assumption",
    )
    news_forgotten: float = number(
        0.1,
        "share a year, continuously",
        (0.05, 0.3),
        allowed=(0.0, 40.0),
        why="how fast a council forgets the worst gap that it has known, half of it in seven "
        "years; only what is worse is news",
        source=GUESS,
        grade="assumption",
    )
    fashion: float = number(
        0.5,
        "log rate per 100% of neighbours",
        (0.0, 1.5),
        allowed=(-3.0, 5.0),
        why="what neighbours do becomes the thing to do",
        source=NETWORK + " (sign)",
        grade="low",
    )
    rumour: float = number(
        0.8,
        "log rate per 100% of neighbours",
        (0.0, 1.5),
        allowed=(-3.0, 5.0),
        why="seeing others talk makes a council look, lest it be left over",
        source=STORY,
        grade="low",
    )
    vacancy: float = number(
        4.0,
        "multiple of the rate",
        (2.0, 8.0),
        allowed=(1.0, 20.0),
        why="a vacant chief executive's post is the moment to share one",
        source="the Guardian, 29 July 2011: the first joint chiefs filled vacant posts (sign)",
        grade="low",
    )
    grant: float = number(
        0.7,
        "log rate where grants would meet the whole cost",
        (0.3, 1.2),
        allowed=(0.0, 3.0),
        why="a grant makes councils look, by the part of such a deal's cost that it would meet",
        source="Bischoff & Wolfschuetz 2021 (sign only)",
        grade="low",
    )
    strategy: float = number(
        2.0,
        "multiple of the rate",
        (1.2, 3.0),
        allowed=(1.0, 10.0),
        why="a council bent on one marriage looks more for that and less for single deals",
        source=STORY,
        grade="low",
    )
    resolve: float = number(
        6.0,
        "multiple of the rate",
        (1.0, 8.0),
        allowed=(1.0, 20.0),
        why="after a failed deep deal: a council that had decided still wants to",
        source=STORY + ": still looking six months later; Breckland re-partnered in two months",
        grade="low",
    )
    resolve_years: float = number(
        2.0,
        "years",
        (1.0, 3.0),
        allowed=(0.0, 20.0),
        why="how long after a failed deep deal resolve lasts, in looking and in weighing",
        source=GUESS,
        grade="assumption",
    )
    merger: float = number(
        0.15,
        "share of the rate",
        (0.05, 0.4),
        allowed=(0.0, 1.0),
        why="how much a council with shared management still thinks of going on to a merger",
        source=GUESS,
        grade="assumption",
    )
    doorstep: float = number(
        0.5,
        "share of the rate kept",
        (0.2, 0.8),
        allowed=(0.0, 1.0),
        why="how much the search for deep partners goes on while a review is open",
        source="Norfolk review 2007 to 2010",
        grade="low",
    )
    choosiness: float = number(
        0.8,
        "logit",
        (0.0, 2.0),
        allowed=(-3.0, 5.0),
        why="what a partner must offer before a council makes an approach",
        source=GUESS,
        grade="assumption",
    )
    chance: float = number(
        1.0,
        "scale of the Gumbel term",
        (0.5, 1.5),
        allowed=(0.0, 3.0),
        why="what decides a choice beyond the reasons in the model",
        source=NETWORK + ": whether a council shares is nearly unpredictable",
        grade="low",
    )
    invite: float = number(
        0.3,
        "logit",
        (-0.5, 1.5),
        allowed=(-5.0, 10.0),
        why="what a further council must offer before those in talks invite it",
        source="service partnerships have three members in the median",
        grade="low",
    )
    introduced: float = number(
        1.5,
        "multiple of the rate at full strength of the service",
        (1.0, 2.0),
        allowed=(1.0, 10.0),
        why="a match-making service spares the search, so that councils look more often",
        source=GUESS,
        grade="assumption",
    )


class Weighing(Section):
    """How a council weighs a partner and a deal: the weight of each named contribution."""

    culture: float = number(
        4.0,
        "logit per unit of culture distance",
        (1.0, 8.0),
        allowed=(0.0, 20.0),
        why="believed difference in culture, times the depth of the deal",
        source=LOCALIS,
        grade="low",
    )
    culture_typical: float = number(
        0.28,
        "culture distance, 0 to 1",
        (0.2, 0.4),
        allowed=(0.0, 1.0),
        why="the difference at which culture neither helps nor hurts",
        source=GUESS,
        grade="assumption",
    )
    trust: float = number(
        2.0,
        "logit per unit of trust",
        (0.5, 4.0),
        allowed=(0.0, 10.0),
        why="mutual trust",
        source=STORY,
        grade="low",
    )
    history: float = number(
        0.8,
        "logit per failure",
        (0.2, 2.0),
        allowed=(0.0, 5.0),
        why="a pair that failed once rarely tries again",
        source="none of 13 pairs whose talks failed in 2009 to 2012 shared managers by 2014",
        grade="low",
    )
    sovereignty: float = number(
        3.0,
        "logit per unit of attachment",
        (1.0, 5.0),
        allowed=(0.0, 15.0),
        why="attachment to independence, times the depth of the deal",
        source="Shepway 2009; Braintree and Colchester 2011",
        grade="low",
    )
    contact: float = number(
        1.5,
        "logit per unit of attachment",
        (0.5, 3.0),
        allowed=(0.0, 10.0),
        why="fear of losing contact with residents, times the loss of contact",
        source=STORY,
        grade="low",
    )
    need: float = number(
        3.0,
        "logit per 100% of expected gap",
        (0.0, 8.0),
        allowed=(0.0, 30.0),
        why="a council in need takes a deal that it would otherwise refuse",
        source="Bel & Warner 2016: fiscal stress",
        grade="low",
    )
    savings: float = number(
        0.8,
        "logit per log unit",
        (0.3, 2.0),
        allowed=(0.0, 6.0),
        why="own estimate of the saving against the one that is promised",
        source=STORY + ": 8.5m or 1.5m",
        grade="low",
    )
    setup: float = number(
        1.0,
        "logit per 100% of reserves",
        (0.3, 3.0),
        allowed=(0.0, 10.0),
        why="set-up cost against the reserves that must pay it",
        source="Shepway 2010; Strebel 2019",
        grade="low",
    )
    size: float = number(
        1.0,
        "logit per log unit of population",
        (0.3, 2.0),
        allowed=(0.0, 6.0),
        why="partners of similar size",
        source=STORY + "; " + NETWORK,
        grade="low",
    )
    size_shallow: float = number(
        0.5,
        "share of the weight of size",
        (0.25, 0.75),
        allowed=(0.0, 1.0),
        why="the part that counts in any deal; the rest counts by the depth of the deal",
        source=GUESS,
        grade="assumption",
    )
    size_typical: float = number(
        0.3,
        "log ratio of populations",
        (0.1, 0.5),
        allowed=(0.0, 2.0),
        why="the difference at which size neither helps nor hurts",
        source="district populations 2011",
        grade="medium",
    )
    resources: float = number(
        0.6,
        "logit per log unit of budget a head",
        (0.2, 1.5),
        allowed=(0.0, 5.0),
        why="partners of similar means",
        source=NETWORK,
        grade="low",
    )
    party: float = number(
        0.4,
        "logit",
        (0.0, 1.0),
        allowed=(0.0, 3.0),
        why="same party in control",
        source="Germany yes, Denmark no, England unclear",
        grade="low",
    )
    party_typical: float = number(
        0.5,
        "share of partners",
        (0.3, 0.7),
        allowed=(0.0, 1.0),
        why="with the same party in control: what is usual neither helps nor hurts",
        source=GUESS,
        grade="assumption",
    )
    new_control: float = number(
        2.2,
        "logit",
        (1.0, 4.0),
        allowed=(0.0, 10.0),
        why="a new majority or leader looks hard at what the old one was negotiating",
        source="Nuneaton and Rugby 2010; Great Yarmouth 2012",
        grade="low",
    )
    new_control_years: float = number(
        1.0,
        "years",
        (0.5, 2.0),
        allowed=(0.0, 20.0),
        why="how long a majority is new",
        source=GUESS,
        grade="assumption",
    )
    election: float = number(
        0.6,
        "logit",
        (0.0, 1.5),
        allowed=(0.0, 5.0),
        why="nobody signs a deep deal shortly before an election",
        source="East Cambridgeshire, Fenland and Huntingdonshire 2011",
        grade="low",
    )
    election_quarters: float = number(
        1.0,
        "quarters",
        (0.5, 2.0),
        allowed=(0.0, 4.0),
        why="how long before an election nobody likes to sign",
        source="East Cambridgeshire, Fenland and Huntingdonshire 2011",
        grade="low",
    )
    distance: float = number(
        25.0,
        "km",
        (8.0, 40.0),
        allowed=(1.0, 500.0),
        why="how fast interest fades with distance beyond the near ones",
        source=NETWORK,
        grade="low",
    )
    near: float = number(
        25.0,
        "km between centres",
        (15.0, 35.0),
        allowed=(0.0, 500.0),
        why="the distance that costs nothing",
        source="adjacent districts: median 22 km",
        grade="medium",
    )
    apart: float = number(
        1.6,
        "logit",
        (1.0, 2.4),
        allowed=(0.0, 8.0),
        why="partners that do not touch",
        source="18 of 21 pairs that shared managers by 2014 touch, a fifth of the 20 nearest do; "
        "it is weighed twice, in choosing and in answering",
        grade="medium",
    )
    border: float = number(
        0.2,
        "logit",
        (0.0, 0.6),
        allowed=(0.0, 5.0),
        why="partners in another county",
        source="6 of 21 pairs that shared managers by 2014 cross a county border, 30% of "
        "adjacent pairs do; it is weighed twice, in choosing and in answering",
        grade="low",
    )
    tier: float = number(
        1.0,
        "logit",
        (0.35, 2.1),
        allowed=(0.0, 8.0),
        why="partners with other duties",
        source="2 of 22 shared managements by 2014 cross tiers, 44% of the councils around a "
        "district are of another tier; it is weighed twice, in choosing and in answering",
        grade="low",
    )
    tax_step: float = convention(
        50.0,
        "pounds of Band D",
        allowed=(1.0, 1000.0),
        why="the gap in council tax for which the catalogue gives the weight",
        source="a unit, not an estimate",
    )
    again: float = number(
        0.0,
        "share of its weight",
        (0.0, 0.25),
        allowed=(0.0, 1.0),
        why="how much size, means, duties, distance and border, which two councils knew when "
        "one chose and the other answered, weigh again in each round of talks and in the "
        "vote",
        source="assumption: what is known and agreed to is not held against a deal a second time",
        grade="assumption",
    )
    delegation: float = number(
        0.875,
        "share of their weight",
        (0.65, 1.0),
        allowed=(0.0, 1.0),
        why="how much of size, means and duties is left out between tiers where a service is "
        "shared: the one hands it over to the other",
        source="38% of partnerships of 2011 crossed tiers, 44% of the councils around a district "
        "are of another tier; Bel & Sebo: delegation to an upper tier saves more (sign)",
        grade="low",
    )
    ties: float = number(
        0.35,
        "logit per shared service",
        (0.1, 0.8),
        allowed=(0.0, 3.0),
        why="councils that share services already go deeper",
        source="a shared service usually comes first",
        grade="low",
    )
    ties_most: float = number(
        3.0,
        "services",
        (2.0, 5.0),
        allowed=(0.0, 12.0),
        why="how many shared services count",
        source=GUESS,
        grade="assumption",
    )
    partnership: float = number(
        0.35,
        "logit per year of shared management",
        (0.1, 0.7),
        allowed=(0.0, 3.0),
        why="years of shared management come before almost every merger",
        source="Babergh and Mid Suffolk 2011, the one merger put to a vote by 2014 (sign)",
        grade="low",
    )
    strangers: float = number(
        2.5,
        "logit",
        (1.0, 4.0),
        allowed=(0.0, 10.0),
        why="against merging with a council whose management is not shared",
        source="Babergh and Mid Suffolk 2011, the one merger put to a vote by 2014 (sign)",
        grade="low",
    )
    ict: float = number(
        0.8,
        "logit",
        (0.2, 1.5),
        allowed=(0.0, 5.0),
        why="the same software on both sides",
        source=STORY,
        grade="low",
    )
    ict_typical: float = number(
        0.5,
        "share of partners",
        (0.2, 0.6),
        allowed=(0.0, 1.0),
        why="with the same software: what is usual neither helps nor hurts",
        source=GUESS,
        grade="assumption",
    )
    crowd: float = number(
        0.5,
        "logit per member beyond two",
        (0.2, 1.5),
        allowed=(0.0, 5.0),
        why="more vetoes, more delay; services bear it better than managers",
        source="Elston, Rackwitz & Bel 2023; Strebel 2019",
        grade="low",
    )
    vacancy: float = number(
        1.0,
        "logit",
        (0.3, 2.0),
        allowed=(0.0, 5.0),
        why="a vacant post makes a shared chief executive easy, a new one hard",
        source="the Guardian, 29 July 2011: the first joint chiefs filled vacant posts (sign)",
        grade="low",
    )
    vacancy_partner: float = number(
        0.5,
        "share of the weight of a vacancy",
        (0.25, 1.0),
        allowed=(0.0, 3.0),
        why="how much it counts that the post is vacant on the other side",
        source=GUESS,
        grade="assumption",
    )
    new_chief_years: float = number(
        1.0,
        "years",
        (0.5, 2.0),
        allowed=(0.0, 20.0),
        why="how long a chief executive is new, and the post hard to share",
        source=GUESS,
        grade="assumption",
    )
    resolve: float = number(
        1.6,
        "logit",
        (0.0, 2.5),
        allowed=(0.0, 6.0),
        why="after a failed deep deal: members who had agreed once agree again",
        source=STORY + ": still convinced that a partner is the best way forward",
        grade="low",
    )
    busy: float = number(
        0.2,
        "logit per talk",
        (0.0, 1.0),
        allowed=(0.0, 3.0),
        why="stretched managers, and a partner who is talking to others",
        source=STORY,
        grade="low",
    )
    committed: float = convention(
        10.0,
        "logit",
        allowed=(1.0, 100.0),
        why="what stands against a deal when hands are tied: no free managers, signed elsewhere",
        source="a limit, not an estimate: large enough to decide",
    )
    rival: float = number(
        0.6,
        "logit per logit",
        (0.2, 1.5),
        allowed=(0.0, 5.0),
        why="a better offer on another table",
        source=STORY + ": several conversations",
        grade="low",
    )
    grant: float = number(
        0.5,
        "logit where grants meet the whole cost",
        (0.2, 1.2),
        allowed=(0.0, 5.0),
        why="somebody else pays: by the part of the cost that grants meet of this deal",
        source="Bischoff & Wolfschuetz 2021 (sign only)",
        grade="low",
    )
    lesson: float = number(
        0.8,
        "logit per lesson",
        (0.2, 2.0),
        allowed=(0.0, 5.0),
        why="terms that a council has learnt to want and does not get",
        source=STORY,
        grade="low",
    )
    strategy: float = number(
        0.5,
        "share",
        (0.0, 1.0),
        allowed=(0.0, 3.0),
        why="how much more a council bent on marriage minds a difference in size",
        source=STORY,
        grade="low",
    )


class Talks(Section):
    """Feasibility, business case, vote: how long they take and what they cost."""

    pace: float = number(
        0.75,
        "probability a quarter",
        (0.6, 0.95),
        why="that talks move on to the next stage: two stages, so 8 months to signature (6 to 10)",
        source="Braintree and Colchester 6 months, South Norfolk and Breckland 9 to 10, another 10",
        grade="medium",
    )
    pace_service: float = number(
        0.85,
        "probability a quarter",
        (0.6, 1.0),
        why="that talks about one service move on to the next stage: two stages, so 7 months",
        source=GUESS,
        grade="assumption",
    )
    longest: float = number(
        8.0,
        "quarters",
        (5.0, 12.0),
        allowed=(1.0, 40.0),
        why="talks that have not ended by then lapse",
        source="talk lengths of 3 to 15 months",
        grade="low",
    )
    before: float = convention(
        6.0,
        "quarters",
        allowed=(0.0, 20.0),
        why="how long before the first day talks are lived, so that it begins with talks under way "
        "and with what was agreed but not yet at work: whole quarters count; below 1 only what was "
        "agreed, 0 for neither",
        source="a little longer than the talks on record lasted, 3 to 15 months",
        once=True,
    )
    study_cost: float = number(
        0.0056,
        "million pounds a quarter and member, for a service of the reference size",
        (0.003, 0.010),
        allowed=(0.0, 1.0),
        why="consultants and managers' time",
        source="50,000 pounds for three councils to study one department, 2009, over about three "
        "quarters: 50,000 / 3 / 3 = 5,600",
        grade="low",
    )
    study_reference: float = convention(
        0.75,
        "million pounds a year",
        allowed=(0.01, 100.0),
        why="the cost of the service that talks.study_cost is told for: one department",
        source="a unit: the service for which talks.study_cost is told",
    )
    study_elasticity: float = number(
        0.5,
        "elasticity",
        (0.3, 0.8),
        allowed=(0.0, 1.0),
        why="how the cost of a study grows with the cost of what is studied",
        source=GUESS,
        grade="assumption",
    )
    patience: float = number(
        1.6,
        "logit",
        (0.5, 3.0),
        allowed=(-3.0, 10.0),
        why="how far below the line talks may fall before a side walks away",
        source=GUESS,
        grade="assumption",
    )
    chance: float = number(
        0.7,
        "scale of the logistic term",
        (0.3, 1.2),
        allowed=(0.0, 3.0),
        why="what decides beyond the reasons in the model",
        source=GUESS,
        grade="assumption",
    )
    optimism: float = number(
        0.7,
        "log standard deviation",
        (0.4, 1.0),
        allowed=(0.0, 2.0),
        why="how much the promises of business cases differ",
        source="outcome against promise, the five cases known by 2014",
        grade="low",
    )
    disagreement: float = number(
        0.6,
        "log standard deviation",
        (0.3, 1.0),
        allowed=(0.0, 2.0),
        why="how much a side's own estimate differs from the promise",
        source=STORY + ": ratio 0.18",
        grade="low",
    )
    leak: float = number(
        0.5,
        "probability a quarter",
        (0.2, 0.8),
        why="that talks become known",
        source=STORY + ": speculation is rife",
        grade="low",
    )
    accession: float = number(
        0.4,
        "logit",
        (0.0, 1.0),
        allowed=(-3.0, 5.0),
        why="joining a deal that runs is easier than making one",
        source=STORY + ": the benefits partnership",
        grade="low",
    )
    rematch: float = number(
        3.0,
        "years",
        (1.0, 8.0),
        allowed=(0.0, 40.0),
        why="mean time before a failed pair talks about the same depth again",
        source="none of 13 pairs whose talks failed in 2009 to 2012 shared managers by 2014 (sign)",
        grade="low",
    )
    cooling_leaver: float = number(
        1.0,
        "years",
        (0.4, 3.0),
        allowed=(0.0, 20.0),
        why="mean pause of the side that walked away from a deep deal",
        source=STORY,
        grade="low",
    )
    cooling_left: float = number(
        0.2,
        "years",
        (0.1, 1.0),
        allowed=(0.0, 20.0),
        why="mean pause of the side that was left",
        source="Breckland: two months",
        grade="low",
    )


class Terms(Section):
    """What is written into a deal."""

    exit: float = number(
        0.2,
        "probability",
        (0.1, 0.4),
        why="that an exit strategy is agreed though nobody has learnt to ask for one",
        source=GUESS,
        grade="assumption",
    )
    equal: float = number(
        0.4,
        "probability",
        (0.2, 0.6),
        why="that partners agree to be equal though nobody has learnt to ask",
        source=GUESS,
        grade="assumption",
    )
    align: float = number(
        0.15,
        "probability",
        (0.05, 0.3),
        why="that a plan to align council tax is agreed though nobody has learnt to ask",
        source=GUESS,
        grade="assumption",
    )
    minimum: float = lever(
        0.0,
        "years",
        (0.0, 5.0),
        allowed=(0.0, 20.0),
        why="minimum term: nobody may leave before",
    )
    tax_support: float = lever(
        0.0,
        "share of the tax gap made good",
        (0.0, 1.0),
        allowed=(0.0, 1.0),
        why="government pays residents part of their tax above that of the lowest partner in "
        "management; nothing once councils are merged",
    )


class Grants(Section):
    """Partnership grants: a pot for studies and a pot for setting up."""

    feasibility_pot: float = lever(
        0.10,
        "million pounds a year",
        (0.0, 5.0),
        allowed=(0.0, 1000.0),
        why="what is there each year to pay for studies",
        source="regional improvement bodies, 2009",
        grade="low",
    )
    feasibility_limit: float = lever(
        0.05,
        "million pounds a deal",
        (0.0, 0.5),
        allowed=(0.0, 100.0),
        why="the most that one study gets",
        source="50,000 pounds for three councils, 2009",
        grade="high",
    )
    setup_pot: float = lever(
        0.0,
        "million pounds a year",
        (0.0, 20.0),
        allowed=(0.0, 1000.0),
        why="what is there each year to pay for setting up",
        source="Transformation Challenge Award 2013: 7m to 18 councils",
        grade="medium",
    )
    setup_limit: float = lever(
        0.5,
        "million pounds a deal",
        (0.0, 2.0),
        allowed=(0.0, 100.0),
        why="the most that one deal gets",
        source="Transformation Challenge Award 2013",
        grade="medium",
    )
    setup_share: float = lever(
        0.5,
        "share of the set-up cost",
        (0.0, 1.0),
        allowed=(0.0, 1.0),
        why="the part of the set-up cost that is met",
    )
    exit_required: float = lever(
        0.0,
        "0 no, 1 yes",
        (0.0, 1.0),
        allowed=(0.0, 1.0),
        why="only deals with an exit strategy get a set-up grant",
    )
    staged: float = lever(
        1.0,
        "0 no, 1 yes",
        (0.0, 1.0),
        allowed=(0.0, 1.0),
        why="study first: only deals whose study was paid for may bid for set-up money",
        source=STORY + ": study, then a further bid",
        grade="medium",
    )


class Support(Section):
    """What else government or the sector may do."""

    ict_subsidy: float = lever(
        0.0,
        "share of the cost of a common system",
        (0.0, 1.0),
        allowed=(0.0, 1.0),
        why="pays for one system where partners have two",
    )
    matchmaking: float = lever(
        0.0,
        "strength, 0 to 1",
        (0.0, 1.0),
        allowed=(0.0, 1.0),
        why="a service that introduces councils: they look more often, and first impressions "
        "become less wrong",
    )
    published_lessons: float = lever(
        0.0,
        "share of a lesson that others learn",
        (0.0, 1.0),
        allowed=(0.0, 1.0),
        why="lessons are published, so that others learn them",
    )
    matchmaking_cost: float = number(
        0.003,
        "million pounds a year a council",
        (0.001, 0.01),
        why="what match-making at full strength costs government for each council that it serves",
        source="assumption: one adviser at 60,000 pounds a year serves 20 councils",
        grade="assumption",
    )
    publishing_cost: float = number(
        0.02,
        "million pounds a failure",
        (0.005, 0.05),
        why="what it costs government to write up one failure where all of a lesson is published",
        source="assumption: 25 days of a consultant at 800 pounds",
        grade="assumption",
    )


class Agreements(Section):
    """From signature to joint work: set-up, savings, trust."""

    corporate: float = number(
        0.25,
        "share of net budget",
        (0.15, 0.4),
        allowed=(0.0, 1.0),
        why="the part of a larger council's budget that is like a district's: no social care",
        source="146 pounds a head in a district, 763 in a unitary: 0.19; all but social care: 0.45",
        grade="low",
    )
    system_cost: float = number(
        0.5,
        "share added to the set-up cost",
        (0.2, 1.5),
        allowed=(0.0, 5.0),
        why="a common system where partners have different ones",
        source=STORY + ": the same software matters (sign)",
        grade="low",
    )
    overrun_service: float = number(
        1.1,
        "multiple of the set-up cost, median",
        (1.0, 1.4),
        allowed=(0.5, 5.0),
        why="services cost more to set up than planned",
        source="Drummond MacFarlane & LGA 2012",
        grade="low",
    )
    overrun_deep: float = number(
        1.3,
        "multiple of the set-up cost, median",
        (1.0, 1.8),
        allowed=(0.5, 5.0),
        why="redundancies cost more than planned",
        source=GUESS,
        grade="assumption",
    )
    overrun_spread: float = number(
        0.25,
        "log standard deviation",
        (0.1, 0.5),
        allowed=(0.0, 2.0),
        why="how much overruns differ",
        source=GUESS,
        grade="assumption",
    )
    reported_spread: float = number(
        0.3,
        "log standard deviation",
        (0.1, 0.5),
        allowed=(0.0, 2.0),
        why="how much what councils report differs from what was promised",
        source="Procurement Lincolnshire 2.2, West Suffolk 1.4 of what was promised (sign)",
        grade="low",
    )
    coordination_extra: float = number(
        0.5,
        "share of what a pair costs to coordinate, for each partner beyond two",
        (0.0, 1.0),
        allowed=(0.0, 3.0),
        why="each further partner adds meetings: 1% of the pooled cost where a pair costs 2%",
        source="assumption; Elston, Rackwitz & Bel 2023 say that more partners cost more, not how "
        "much",
        grade="assumption",
    )
    scale_limit: float = number(
        60000.0,
        "people",
        (40000.0, 80000.0),
        allowed=(1000.0, 500000.0),
        why="economies of scale are used up at this size",
        source="Niaounakis & Blank 2017",
        grade="high",
    )
    scale_elasticity: float = number(
        0.80,
        "cost elasticity",
        (0.75, 0.90),
        allowed=(0.5, 1.2),
        why="how slowly cost grows with size below the limit",
        source="Niaounakis & Blank 2017",
        grade="high",
    )
    audit: float = number(
        0.25,
        "weight, 0 to 1",
        (0.1, 0.6),
        allowed=(0.0, 1.0),
        why="how much a council sees of the true saving behind the reported one",
        source=GUESS,
        grade="assumption",
    )
    grace_years: float = number(
        1.0,
        "years",
        (0.5, 2.0),
        allowed=(0.0, 20.0),
        why="how long after the first day nobody holds the savings against the promise",
        source=GUESS,
        grade="assumption",
    )
    trust_gain: float = number(
        0.05,
        "trust a year",
        (0.02, 0.10),
        allowed=(0.0, 1.0),
        why="trust grows where a deal delivers and is fair",
        source=GUESS,
        grade="assumption",
    )
    trust_loss: float = number(
        0.20,
        "trust a year at a shortfall of 100%",
        (0.1, 0.4),
        allowed=(0.0, 2.0),
        why="trust falls where a deal falls short of its promise",
        source=GUESS,
        grade="assumption",
    )
    fairness: float = number(
        0.04,
        "trust a year per log unit of size",
        (0.0, 0.1),
        allowed=(0.0, 1.0),
        why="a larger partner dominates unless the deal says otherwise",
        source=STORY,
        grade="low",
    )
    converge: float = number(
        0.04,
        "share of the difference a year",
        (0.0, 0.1),
        allowed=(0.0, 1.0),
        why="cultures grow together, faster in deeper deals",
        source=GUESS,
        grade="assumption",
    )
    practice: float = number(
        0.15,
        "share of the difference a year",
        (0.05, 0.3),
        allowed=(0.0, 1.0),
        why="the weaker service learns from the better one",
        source=STORY + ": best practice",
        grade="low",
    )
    tax_alignment: float = number(
        0.15,
        "share of the gap a year",
        (0.05, 0.3),
        allowed=(0.0, 1.0),
        why="how fast an agreed plan narrows the gap in the tax that is felt as a hindrance",
        source=GUESS,
        grade="assumption",
    )


class Endings(Section):
    """What breaks a running agreement, and what that costs."""

    young: float = number(
        0.011,
        "probability a year",
        (0.005, 0.021),
        allowed=(0.0, 1.0),
        why="that a member leaves shared management while it is young, before any trigger",
        source="4 break-ups in 100 partnership-years to 2014, less what changes of control and "
        "falls of leaders add to it",
        grade="medium",
    )
    young_years: float = number(
        2.0,
        "years",
        (1.0, 3.0),
        allowed=(0.0, 20.0),
        why="how long after signature shared management is young",
        source=GUESS,
        grade="assumption",
    )
    settled: float = number(
        0.0043,
        "probability a year",
        (0.002, 0.0085),
        allowed=(0.0, 1.0),
        why="the same while it is settled",
        source="4 break-ups in 100 partnership-years to 2014, less what changes of control and "
        "falls of leaders add to it",
        grade="medium",
    )
    settled_years: float = number(
        6.0,
        "years",
        (4.0, 8.0),
        allowed=(0.0, 40.0),
        why="how long after signature shared management is settled, once it is no longer young",
        source=GUESS,
        grade="assumption",
    )
    old: float = number(
        0.0073,
        "probability a year",
        (0.0035, 0.015),
        allowed=(0.0, 1.0),
        why="the same once it is old",
        source="4 break-ups in 100 partnership-years to 2014, less what changes of control and "
        "falls of leaders add to it",
        grade="low",
    )
    service: float = number(
        0.008,
        "probability a year",
        (0.004, 0.02),
        allowed=(0.0, 1.0),
        why="that a member leaves a shared service, before any trigger",
        source="agreements in New York last 18 years on average",
        grade="low",
    )
    new_control: float = number(
        4.0,
        "multiple of the rate",
        (2.0, 8.0),
        allowed=(1.0, 50.0),
        why="after a change of control, or of the leader",
        source="5 of 14 break-ups and failures",
        grade="medium",
    )
    new_control_years: float = number(
        2.0,
        "years",
        (1.0, 3.0),
        allowed=(0.0, 20.0),
        why="how long a change of control is felt",
        source="5 of 14 break-ups and failures, counted over two years",
        grade="low",
    )
    chief_left: float = number(
        2.5,
        "multiple of the rate",
        (1.5, 5.0),
        allowed=(1.0, 50.0),
        why="after the joint chief executive has left",
        source="Hambleton and Richmondshire 2011: one of four break-ups to 2014",
        grade="low",
    )
    chief_left_years: float = number(
        1.0,
        "years",
        (0.5, 2.0),
        allowed=(0.0, 20.0),
        why="how long the joint chief executive's leaving is felt",
        source="Hambleton and Richmondshire 2011 (sign)",
        grade="low",
    )
    tier: float = number(
        4.0,
        "multiple of the rate",
        (2.0, 6.0),
        allowed=(1.0, 50.0),
        why="partners of different tiers",
        source="2 of 4 break-ups to 2014, in 6 of 107 partnership-years",
        grade="low",
    )
    shortfall: float = number(
        1.5,
        "log rate per 100% of the promise",
        (0.5, 3.0),
        allowed=(0.0, 10.0),
        why="savings that did not come",
        source="stated causes of break-ups",
        grade="low",
    )
    trust: float = number(
        2.0,
        "log rate per unit of trust",
        (0.5, 4.0),
        allowed=(0.0, 10.0),
        why="trust lost",
        source="stated causes of break-ups",
        grade="low",
    )
    culture: float = number(
        2.0,
        "log rate per unit of culture distance",
        (0.5, 5.0),
        allowed=(0.0, 15.0),
        why="cultures that do not fit, times the depth of the deal",
        source=LOCALIS,
        grade="low",
    )
    sovereignty: float = number(
        1.5,
        "log rate per unit of attachment",
        (0.5, 4.0),
        allowed=(0.0, 15.0),
        why="attachment to independence, times the depth of the deal",
        source="stated causes of break-ups",
        grade="low",
    )
    crowd: float = number(
        0.10,
        "log rate per member beyond two",
        (0.0, 0.4),
        allowed=(0.0, 3.0),
        why="vetoes, delay and compromise outweigh the first need",
        source="Elston, Rackwitz & Bel 2023",
        grade="low",
    )
    services_survive: float = number(
        0.6,
        "probability",
        (0.4, 0.8),
        why="that a shared service outlives the shared management of its members",
        source="Barking and Dagenham and Thurrock 2014 kept their legal service (sign)",
        grade="low",
    )
    cost: float = number(
        0.5,
        "share of the set-up cost",
        (0.2, 1.0),
        allowed=(0.0, 5.0),
        why="what leaving costs without an exit strategy",
        source=GUESS,
        grade="assumption",
    )
    cost_strategy: float = number(
        0.15,
        "share of the set-up cost",
        (0.05, 0.3),
        allowed=(0.0, 5.0),
        why="what leaving costs with an exit strategy",
        source=GUESS,
        grade="assumption",
    )


class Lessons(Section):
    """What a council learns from a failure."""

    gain: float = number(
        0.5,
        "share of what is left to learn",
        (0.2, 0.8),
        allowed=(0.0, 1.0),
        why="what the scrutiny committee takes from a failure, times the depth of the deal",
        source=STORY,
        grade="low",
    )
    focus: float = number(
        0.5,
        "share",
        (0.2, 0.8),
        allowed=(0.0, 1.0),
        why="how much of that is learnt of lessons that the failure was not about",
        source=GUESS,
        grade="assumption",
    )
    spread: float = number(
        0.1,
        "share of a lesson",
        (0.0, 0.3),
        allowed=(0.0, 1.0),
        why="what councils that border on the learner take from it by watching",
        source=GUESS,
        grade="assumption",
    )
    fade: float = number(
        0.08,
        "share a year",
        (0.0, 0.2),
        allowed=(0.0, 1.0),
        why="people leave and lessons are forgotten",
        source=GUESS,
        grade="assumption",
    )


class Reorganisation(Section):
    """Government's stance on the map of councils."""

    stance: Literal["none", "voluntary", "review", "mandated"] = word(
        "voluntary",
        why="none: no mergers; voluntary: proposals are heard; review: in doubt; mandated: to come",
        source="reviews of 2006 to 2010",
        grade="high",
    )
    doubt: float = number(
        1.5,
        "logit",
        (0.5, 3.0),
        allowed=(0.0, 10.0),
        why="a review in doubt stands in the way of deep deals",
        source=STORY,
        grade="low",
    )
    delay: float = number(
        0.4,
        "share of the pace lost",
        (0.1, 0.8),
        allowed=(0.0, 1.0),
        why="a review in doubt slows talks",
        source=STORY,
        grade="low",
    )
    notice: float = lever(
        2.0,
        "years",
        (1.0, 4.0),
        allowed=(0.25, 40.0),
        why="from the mandate to the first day of one council for each county",
        source="invitation of October 2006, decisions of 2007, first day April 2009",
        grade="medium",
    )
    leaving: float = number(
        2.0,
        "times",
        (1.0, 4.0),
        allowed=(1.0, 10.0),
        why="chief executives leave likelier between an announcement and the first day",
        source=GUESS,
        grade="assumption",
    )
    transition: float = number(
        41.5,
        "pounds a head",
        (30.0, 80.0),
        allowed=(0.0, 200.0),
        why="what an imposed reorganisation costs until the new council has settled",
        source="Hansard, 16 June 2009: 135m for the nine areas of 2009 with 3.25m people: "
        "135 / 3.25 = 41.5; Norfolk's bids of 2009: 49 for one unitary, 75 for two; Cornwall's "
        "plan of 2009: 42.6m / 0.53m = 80; later: North Yorkshire 2023, 38m / 0.615m = 62",
        grade="high",
    )
    successor: float = number(
        10.0,
        "million pounds",
        (2.0, 22.0),
        allowed=(0.0, 100.0),
        why="what each successor of a county beyond the first costs more: programme, systems",
        source="Norfolk's bids of 2009: two unitaries cost 75 - 49 = 26 pounds a head more than "
        "one, 26 * 0.85m = 22m; a bid against two, so the upper end; half of it taken",
        grade="low",
    )
    spread_years: float = number(
        4.0,
        "years",
        (2.0, 5.0),
        allowed=(0.25, 20.0),
        why="over how many years from its first day a new council pays for the change",
        source="Cornwall's plan of 2009: 42.6m over four years",
        grade="medium",
    )
    promised: float = number(
        0.05,
        "share of net budget a year",
        (0.02, 0.07),
        allowed=(0.0, 0.5),
        why="what those who propose a new council say that it will save",
        source="Cornwall's plan of 2009: 20 to 29m a year of 418m, 0.048 to 0.069",
        grade="medium",
    )
    saving: float = number(
        0.0,
        "share of net budget a year",
        (-0.01, 0.01),
        allowed=(-0.1, 0.2),
        why="what services cost less in a new council in truth, senior teams left aside",
        source="Blom-Hansen et al. 2016: gains and losses of forced mergers offset each other",
        grade="medium",
    )
    core: float = number(
        1.0,
        "million pounds a year",
        (0.6, 1.4),
        allowed=(0.0, 10.0),
        why="senior team and corporate core of a council: each council less saves it",
        source="senior team 4% of a district's 15m = 0.6; later: EY 2016, 531 to 839m in five "
        "years for 27 * (7.4 - 3) = 119 councils fewer: 0.9 to 1.4",
        grade="low",
    )
    parting: float = number(
        0.99,
        "exponent",
        (0.97, 1.01),
        allowed=(0.8, 1.2),
        why="a share q of a county's services costs q to this power; below 1 parts lose scale",
        source=GUESS,
        grade="assumption",
    )
    hosted: float = lever(
        0.0,
        "share of county services",
        (0.0, 0.8),
        allowed=(0.0, 1.0),
        why="kept shared or hosted for all successors of a county: they lose no scale",
    )
    levelling: float = number(
        0.5,
        "share of the way",
        (0.0, 1.0),
        why="how far council taxes are brought together: 0 to their mean, 1 down to the lowest",
        source=GUESS,
        grade="assumption",
    )
    harmonise_years: float = lever(
        5.0,
        "years",
        (1.0, 8.0),
        allowed=(1.0, 8.0),
        why="over how many Aprils a new council brings its council taxes together",
        source="law of structural changes: one tax from the eighth year on at the latest",
        grade="medium",
    )


class Appraisal(Section):
    """What a pound of later years is worth today."""

    prices: float = number(
        0.02,
        "share a year",
        (0.015, 0.025),
        allowed=(0.0, 0.2),
        why="by how much money loses value: later pounds are brought to the first day's prices",
        source="GDP deflator, HM Treasury; the Bank of England's target of 2%",
        grade="medium",
    )
    discount: float = number(
        0.035,
        "share a year, real",
        (0.03, 0.06),
        allowed=(0.0, 0.2),
        why="by how much a pound a year hence counts less than one today, at constant prices",
        source="HM Treasury Green Book 2003: 3.5%, 3.0% beyond 30 years; 6% until 2003",
        grade="high",
    )


SUBJECTS: dict[str, type[Section]] = {
    cls.__name__.lower(): cls
    for cls in (
        Settlement,
        Tax,
        Costs,
        Culture,
        Politics,
        Beliefs,
        Search,
        Weighing,
        Talks,
        Terms,
        Grants,
        Support,
        Agreements,
        Endings,
        Lessons,
        Reorganisation,
        Appraisal,
    )
}
SECTIONS: dict[str, type[Section]] = SUBJECTS | SCOPE_SECTIONS

_fields: dict[str, Any] = {name: (cls, cls.model_construct()) for name, cls in SECTIONS.items()}
Parameters = create_model(
    "Parameters", __base__=Section, __doc__="All declared numbers, section by section.", **_fields
)


class Declaration(NamedTuple):
    """One declared number as the listings show it."""

    name: str
    default: Any
    unit: str
    plausible: tuple[float, float] | None
    allowed: tuple[float, float] | None
    words: tuple[str, ...]
    role: str
    why: str
    source: str
    grade: str
    once: bool


def declarations() -> list[Declaration]:
    """Return every declared number and word, in the order of the theory."""
    return [
        _declaration(f"{section}.{key}", field)
        for section, cls in SECTIONS.items()
        for key, field in cls.model_fields.items()
    ]


def _declaration(name: str, field: Any) -> Declaration:
    bounds = {type(m).__name__: m for m in field.metadata}
    has_range = "Ge" in bounds
    plausible = detail(field, "plausible")
    return Declaration(
        name=name,
        default=field.default,
        unit=detail(field, "unit"),
        plausible=tuple(plausible) if plausible else None,
        allowed=(bounds["Ge"].ge, bounds["Le"].le) if has_range else None,
        words=tuple(getattr(field.annotation, "__args__", ())),
        role=detail(field, "role"),
        why=field.description,
        source=detail(field, "source"),
        grade=detail(field, "grade"),
        once=bool(detail(field, "once")),
    )


@cache
def theory_dtype() -> np.dtype:
    """Return the record that the engine reads: one float a number, a float a scope for columns."""
    plain = [
        (f"{section}_{key}", np.float64)
        for section, cls in SUBJECTS.items()
        for key in cls.model_fields
    ]
    columns = [(f"scope_{column}", np.float64, (len(SCOPES),)) for column in TERMS]
    return np.dtype([*plain, *columns])


def encode(parameters: Any, *, path: int) -> np.ndarray:
    """Return `parameters` as one record of `theory_dtype`, shape (1,); words become their place.

    `path` is the place of `settlement.path` in the scenario's stack of funding paths. A column that
    means nothing to a scope is 0 there.
    """
    kind, places = theory_dtype(), _places()
    values = np.zeros(kind.itemsize // np.dtype(np.float64).itemsize)
    found = [
        value if isinstance(value, float) else _as_number(f"{section}.{key}", value, path)
        for section in (*SUBJECTS, *SCOPES)
        for key, value in vars(getattr(parameters, section)).items()
    ]
    values[places] = found
    return values.view(kind)


@cache
def _places() -> np.ndarray:
    """Return where each number of the sections, in their order, stands in a record of floats."""
    kind = theory_dtype()
    starts = {name: each[1] // 8 for name, each in (kind.fields or {}).items()}
    found = [starts[f"{s}_{key}"] for s, cls in SUBJECTS.items() for key in cls.model_fields]
    for place, scope in enumerate(SCOPES):
        found += [starts[f"scope_{column}"] + place for column in SECTIONS[scope].model_fields]
    return np.array(found)


@cache
def place_of(name: str) -> int:
    """Return where a number, by its whole name, stands in a record of floats."""
    names = [f"{s}.{key}" for s in (*SUBJECTS, *SCOPES) for key in SECTIONS[s].model_fields]
    return int(_places()[names.index(name)])


def _as_number(name: str, value: Any, path: int) -> float:
    """Return a number as a float; of a word, its place among those that it can be."""
    if name == "settlement.path":
        return float(path)
    if name == "tax.limits":
        return float(LIMITS.index(value))
    if name == "reorganisation.stance":
        return float(STANCES.index(value))
    return float(value)
