"""Talks: councils meet, walk out or go on, write a business case, agree terms, and vote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .aftermath import learn, lose_trust, part, pause
from .chance import Purpose, exp
from .council import Council
from .counting import count_failed
from .deal import PAIR, Deal, Member, Stage, Terms
from .decided import agrees, decided_for, leaves, note_overruled
from .log import Contributions, reason_to_stop
from .offers import may_bid, of_talks
from .pair import get_impression
from .promises import promised, study_cost
from .purse import publish_lessons
from .scopes import is_deep, same_kind
from .search import NOBODY, is_eligible, weigh_answer
from .signing import sign
from .weighing import add, in_doubt, total, weigh_deal, weigh_pair, weigh_self

if TYPE_CHECKING:
    from .model import PlainModel


def hold_talks(model: PlainModel) -> None:
    """Hold a round of every talk that did not begin this quarter, oldest first."""
    for deal in list(model.deals):
        if deal.in_talks and deal.begun < model.quarter:
            hold_round(model, deal)


def hold_round(model: PlainModel, deal: Deal) -> None:
    """Hold one round: meet, walk out, and vote or go on."""
    host = deal.host
    if host is not None and not (host.runs and host.has(deal.members[1].council)):
        deal.host = None
    meet(model, deal)
    walk_out(model, deal)
    if not deal.in_talks:
        return
    if model.quarter - deal.begun > model.numbers.talks.longest:
        lapse(model, deal)
        return
    go_on(model, deal)
    if deal.stage == Stage.TERMS:
        vote(model, deal)


def meet(model: PlainModel, deal: Deal) -> None:
    """Pay for the study, see something of each other, and perhaps be seen."""
    beliefs, leak = model.numbers.beliefs, model.numbers.talks.leak
    for council in deal.councils:
        council.books.studies += study_cost(model, council, deal.scope)
        for other in deal.others(council):
            get_impression(model, council, other, beliefs.talk_noise, deal.scope)
    for pair in deal.pairs():
        pair.gain_trust(beliefs.trust_talks)
    u = model.chance.uniform(Purpose.LEAK, model.quarter, 0, deal.key, 0)
    if not deal.known and u < leak:
        deal.known = True
        model.log.note_deal("known", deal)


def add_chance(
    model: PlainModel, council: Council, deal: Deal, because: Contributions, purpose: Purpose
) -> None:
    """Add to a member's weighing what decides beyond the reasons in the model."""
    draw = model.chance.logistic(purpose, model.quarter, deal.scope, deal.key, council.lineage)
    because["chance"] = model.numbers.talks.chance * draw


def walk_out(model: PlainModel, deal: Deal) -> None:
    """Ask the members from last to first whether they have had enough."""
    for member in reversed(deal.members):
        council = member.council
        because = weigh_deal(model, council, deal)
        member.score = total(because)
        add_chance(model, council, deal, because, Purpose.WALK)
        own = total(because) < -model.numbers.talks.patience
        told = decided_for(model, council, deal.others(council), deal.scope)
        if leaves(told, own) != own:
            overrule(model, council, deal, told, because)
        if leaves(told, own):
            reason = reason_to_stop(because, model.numbers.weighing.again) if own else None
            walk_away(model, deal, council, because, reason)
        if not deal.in_talks:
            return


def overrule(
    model: PlainModel, council: Council, deal: Deal, told: str | None, because: Contributions
) -> None:
    """Log that a member is made to do what it would not."""
    note_overruled(model, council, deal.opposite(council), told, total(because), deal=deal)


def walk_away(
    model: PlainModel, deal: Deal, council: Council, because: Contributions, reason: str | None
) -> None:
    """Let a member leave the table; without a reason where it was decided for it."""
    model.log.note(
        "walks_away",
        council,
        deal.opposite(council),
        deal=deal,
        reason=reason,
        value=total(because),
        because=because,
    )
    quit_talks(model, deal, council, reason)


def quit_talks(model: PlainModel, deal: Deal, council: Council, reason: str | None) -> None:
    """Go on without a member, or fail where only two talked."""
    if len(deal.members) == PAIR:
        fail(model, deal, reason, leaver=council)
        return
    lose_trust(model, council, deal.others(council))
    if deal.stage >= Stage.CASE:
        learn(model, council, deal, reason)
        publish_lessons(model)
    pause(model, council, deal, leaver=True)
    drop_from_talks(deal, council)


def drop_from_talks(deal: Deal, council: Council) -> None:
    """Strike a council from talks that go on."""
    deal.drop(council)
    council.get_up(deal)


def fail(model: PlainModel, deal: Deal, reason: str | None, leaver: Council | None = None) -> None:
    """End talks without an agreement, with all that failure leaves behind."""
    note_failure(model, deal, reason)
    if deal.stage >= Stage.CASE:
        publish_lessons(model)
        for council in deal.councils:
            learn(model, council, deal, reason)
    for council in deal.councils:
        pause(model, council, deal, leaver=council is leaver)
    if leaver is not None:
        lose_trust(model, leaver, deal.others(leaver))
    part(model, deal)
    close_talks(deal)


def note_failure(model: PlainModel, deal: Deal, reason: str | None) -> None:
    """Log and count talks that failed."""
    model.log.note_deal("talks_fail", deal, reason=reason, value=model.quarter - deal.begun)
    model.counts["talks_failed"] += 1
    if reason is not None:
        model.counts[f"failed_{reason}"] += 1
    count_failed(model, deal, reason)


def close_talks(deal: Deal) -> None:
    """Take talks off every table."""
    deal.stage = Stage.ENDED
    for council in deal.councils:
        council.get_up(deal)


def lapse(model: PlainModel, deal: Deal) -> None:
    """Let talks that have lasted too long, or came too late, end by themselves."""
    because = {"busy": -model.numbers.weighing.committed}
    model.log.note(
        "walks_away",
        deal.leader,
        deal.opposite(deal.leader),
        deal=deal,
        reason="people",
        value=total(because),
        because=because,
    )
    fail(model, deal, "people")


def vote(model: PlainModel, deal: Deal) -> None:
    """Ask the members from last to first for their vote; sign if two or more are left."""
    for council in reversed(deal.councils):
        because = weigh_deal(model, council, deal)
        add_chance(model, council, deal, because, Purpose.VOTE)
        own = total(because) > 0
        told = decided_for(model, council, deal.others(council), deal.scope)
        yes = agrees(told, own)
        reason = None if own else reason_to_stop(because, model.numbers.weighing.again)
        if yes != own:
            overrule(model, council, deal, told, because)
        model.log.note(
            "votes_yes" if yes else "votes_no",
            council,
            deal.opposite(council),
            deal=deal,
            reason=None if yes else reason,
            value=total(because),
            because=because,
        )
        if not yes:
            quit_talks(model, deal, council, reason)
        if not deal.in_talks:
            return
    host = deal.host
    if host is not None and len(host.members) >= model.catalogue[deal.scope].most_members:
        lapse(model, deal)
        return
    leave_other_tables(model, deal.scope, sign(model, deal))


def leave_other_tables(model: PlainModel, scope: int, councils: list[Council]) -> None:
    """Let those who have signed leave their other talks of the same kind."""
    for council in councils:
        for other in council.talks:
            if same_kind(other.scope, scope):
                because = {"rival": -model.numbers.weighing.committed}
                walk_away(model, other, council, because, "offer")


def go_on(model: PlainModel, deal: Deal) -> None:
    """Perhaps invite another council; perhaps move to the next stage."""
    if deal.stage == Stage.STUDY and deal.host is None:
        invite(model, deal)
    talks = model.numbers.talks
    pace = talks.pace if is_deep(deal.scope) else talks.pace_service
    if any(in_doubt(model, council) for council in deal.councils):
        pace *= 1.0 - model.numbers.reorganisation.delay
    u = model.chance.uniform(Purpose.ADVANCE, model.quarter, 0, deal.key, 0)
    if u >= pace:
        return
    if deal.stage == Stage.STUDY:
        write_case(model, deal)
    else:
        agree_terms(model, deal)


def invite(model: PlainModel, deal: Deal) -> None:
    """Let the leader invite the best further council, which may accept."""
    guest = best_guest(model, deal)
    if guest is None:
        return
    because = weigh_answer(model, guest, deal.leader, deal.scope)
    because["grant"] = model.numbers.weighing.grant * of_talks(model, deal, (guest,))
    draw = model.chance.logistic(
        Purpose.ANSWER_INVITED, model.quarter, deal.scope, deal.key, guest.lineage
    )
    because["chance"] = model.numbers.talks.chance * draw
    own = total(because) > 0
    told = decided_for(model, guest, [deal.leader], deal.scope)
    if agrees(told, own) != own:
        note_overruled(model, guest, deal.leader, told, total(because), deal=deal)
    if agrees(told, own):
        model.log.note(
            "invited", guest, deal.leader, deal=deal, value=total(because), because=because
        )
        deal.members.append(Member(guest))
        guest.sit_down(deal)


def best_guest(model: PlainModel, deal: Deal) -> Council | None:
    """Return the council that the leader would most like to invite, if any."""
    scope, leader, entry = deal.scope, deal.leader, model.catalogue[deal.scope]
    if len(deal.members) >= entry.most_members:
        return None
    search, t = model.numbers.search, model.quarter
    own = weigh_self(model, leader, scope)
    own["crowd"] = -model.numbers.weighing.crowd * entry.depth * (len(deal.members) - 1)
    best, nobody = None, model.chance.gumbel(Purpose.INVITE, t, NOBODY, leader.lineage, deal.key)
    most = search.invite + search.chance * nobody
    for other, pair in leader.pairs.items():
        free = other.free_attention > 0 and scope not in other.signed and not deal.has(other)
        if not free or not is_eligible(model, leader, other, scope):
            continue
        because = dict(own)
        add(because, weigh_pair(model, leader, other, pair, scope))
        draw = model.chance.gumbel(Purpose.INVITE, t, scope, leader.lineage, other.lineage)
        pull = total(because) + search.chance * draw
        if pull > most:
            best, most = other, pull
    return best


def write_case(model: PlainModel, deal: Deal) -> None:
    """Write the business case: what it promises, and what each member believes of that."""
    talks, chance = model.numbers.talks, model.chance
    deal.stage = Stage.CASE
    deal.promise_factor = exp(talks.optimism * chance.normal(Purpose.PROMISE, 0, 0, deal.key, 0))
    for member in deal.members:
        z = chance.normal(Purpose.ESTIMATE, 0, 0, deal.key, member.council.lineage)
        member.estimate = exp(talks.disagreement * z)
        member.promise = promised(model, member.council, deal.scope, deal.promise_factor)
    tell_case(model, deal)


def tell_case(model: PlainModel, deal: Deal) -> None:
    """Log what a business case promises each member, and how it weighs the deal now."""
    for member in deal.members:
        model.log.note(
            "business_case",
            member.council,
            deal.opposite(member.council),
            deal=deal,
            value=member.promise,
            more=member.promise * member.estimate,
            because=weigh_deal(model, member.council, deal),
        )


def agree_terms(model: PlainModel, deal: Deal) -> None:
    """Agree on terms, or take over those of the deal that is to be joined."""
    deal.stage = Stage.TERMS
    if deal.host is not None:
        host = deal.host.terms
        deal.terms = Terms(host.exit, host.equal, host.aligned)
    else:
        deal.terms = draw_terms(model, deal)
    agreed = deal.terms
    value = agreed.exit + 2 * agreed.equal + 4 * agreed.aligned
    model.log.note_deal("agrees_terms", deal, value=value)


def draw_terms(model: PlainModel, deal: Deal) -> Terms:
    """Return the terms that the members agree on; lessons make each likelier."""
    terms, councils = model.numbers.terms, deal.councils
    required = model.numbers.grants.exit_required > 0 and may_bid(model, deal)

    def agreed(purpose: Purpose, anyway: float, lessons: list[float]) -> bool:
        unlearnt = 1.0 - anyway
        for lesson in lessons:
            unlearnt *= 1.0 - lesson
        return model.chance.uniform(purpose, 0, 0, deal.key, 0) < 1.0 - unlearnt

    return Terms(
        exit=agreed(
            Purpose.TERM_EXIT,
            1.0 if required else terms.exit,
            [council.lessons.exit for council in councils],
        ),
        equal=agreed(
            Purpose.TERM_EQUAL, terms.equal, [council.lessons.equal for council in councils]
        ),
        aligned=is_deep(deal.scope)
        and agreed(Purpose.TERM_ALIGN, terms.align, [council.lessons.tax for council in councils]),
    )
