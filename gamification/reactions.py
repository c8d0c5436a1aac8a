"""What follows from what: the table of contents of the programme.

One arriving activity is one Case. The consequences run in this order, at the
till, in an import and in a rehearsal alike; nothing is written before all of
them have decided.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from gamification.achievements.actions import Given, move_awards
from gamification.activities.receipts import MOST_POINTS
from gamification.activities.registry import CANCELLATION
from gamification.activities.returns import (
    LineMatch,
    give_back,
    note_matches,
    unmatched_amount,
    unmatched_base,
)
from gamification.case import Act, MemberState, Movement, Rows, TraceLine
from gamification.challenges.actions import Moved
from gamification.challenges.actions import follow_challenges as move_entries
from gamification.challenges.nearness import news_of
from gamification.columns import from_micros, to_micros
from gamification.definitions import Definitions
from gamification.earning.acts import ActTerms, pay_act, take_act_back
from gamification.earning.rules import (
    Context,
    Earned,
    bases_of,
    evaluate,
)
from gamification.grants.actions import post_award_grant, reverse_award_grant
from gamification.judgement import (
    context_of,
    keep_judgement,
    note_birthday,
    own_of,
    share_paid,
)
from gamification.ledger.actions import Posting, claw_back, credit, open_accounts, spend
from gamification.ledger.refunds import refund_act
from gamification.measures.rules import Contribution, contribution, merge, move_counters
from gamification.notices.rules import (
    medal_notice,
    medal_told,
    return_notice,
    tier_notice,
    write_inbox,
)
from gamification.programme import local_day, lot_life, zone_of
from gamification.refusals import AmountTooLarge
from gamification.tiers.actions import (
    TierDesk,
    decide_again,
    enrol,
    enrol_earlier,
    is_late,
    position_on,
    review,
    settle_day,
)
from gamification.world import IdSource


@dataclass
class Case:
    """An arriving activity, what it touches, and what follows.

    `touched` are purchases that a return or a correction changes, `matches`
    what a return takes from them. `live` cases tell people about it. `terms` are those of
    an act that says itself what it brings.
    """

    definitions: Definitions
    state: MemberState
    rows: Rows
    ids: IdSource
    act: Act
    live: bool = True
    touched: list[Act] = field(default_factory=list)
    matches: list[LineMatch] = field(default_factory=list)
    whole: bool = False
    supersedes: Act | None = None
    terms: ActTerms | None = None
    before: Contribution = field(default_factory=Contribution)
    after: Contribution = field(default_factory=Contribution)
    prepare: Callable[[Contribution, Contribution], None] | None = None
    moved: list[Movement] = field(default_factory=list)
    given: list[Given] = field(default_factory=list)
    taken: list[Given] = field(default_factory=list)
    challenged: list[Moved] = field(default_factory=list)
    points: int = 0
    clawed: int = 0
    refunded: int = 0
    tier_before: int = 1

    @property
    def posting(self) -> Posting:
        """The ledger, at this case's instants."""
        return Posting(
            self.definitions.programme,
            self.state,
            self.rows,
            self.ids,
            self.act.occurred,
            self.act.recorded,
        )

    @property
    def desk(self) -> TierDesk:
        """The tier desk of this case."""
        return TierDesk(
            self.definitions.programme,
            self.definitions.tiers,
            self.definitions.tier_measure,
            self.state,
            self.rows,
            self.ids,
            self.act.recorded,
        )

    @property
    def today(self) -> date:
        """The programme's local day on which the case is decided."""
        return local_day(from_micros(self.act.recorded), self.definitions.programme.zone)


def be_present(case: Case) -> None:
    """Enrol whoever acts for the first time, and do the reviews that fell due."""
    day = case.act.day
    if not case.act.is_receipt:
        # In a zone ahead, the member's new day must not bring the programme's reviews early.
        day = local_day(from_micros(case.act.occurred), case.definitions.programme.zone)
    if case.state.standing is None:
        enrol(case.desk, min(day, case.state.joined_day))
        open_accounts(case.rows, case.state.member_id)
    elif case.state.decided_on and day < case.state.decided_on:
        enrol_earlier(case.desk, day)
    if day >= (case.state.decided_on or day):
        review(case.desk, day)
    case.tier_before = case.state.standing.position if case.state.standing else 1


def earn_points(case: Case) -> None:
    """Points for an act; for a return or a cancellation, what was earned too much."""
    act = case.act
    if act.type == "purchase":
        _earn_purchase(case)
    elif act.type == "return":
        _return_points(case)
    elif act.type == CANCELLATION:
        case.clawed = take_act_back(case.posting, act, case.touched[0])
    else:
        terms = case.terms or case.definitions.acts.at(act.type, act.occurred)
        case.points = pay_act(case.posting, act, terms)


def _earn_purchase(case: Case) -> None:
    act, definitions = case.act, case.definitions
    old = case.supersedes
    if old and old.judged:
        context = context_of(old)
        rules = definitions.rules.of(old.judged["rules"])
    else:
        rules = definitions.rules.at(act.occurred)
        tier = definitions.tier_at(position_on(case.desk, act.day))
        rate = rules.rates.get(tier.code, 0)
        context = Context(
            tier.code,
            rate,
            act.day,
            act.minute,
            definitions.programme.point_worth,
            definitions.programme.combine,
        )
    rest = act.amount - sum(line.amount for line in act.lines)
    rest_paid = 0
    if act.points_paid:
        spend(case.posting, f"spend:{act.id}", act.points_paid, activity_id=act.id)
    if act.points_paid or act.paid_elsewhere:
        rest_paid = share_paid(act, rest, context, rules)
    for line, base in zip(act.lines, bases_of(act.lines, rules), strict=True):
        line.base = base
    earned = evaluate(
        [(line.category, line.base) for line in act.lines], rest - rest_paid, rules, context
    )
    if earned.points > MOST_POINTS:
        raise AmountTooLarge(points=earned.points, most=MOST_POINTS)
    keep_judgement(act, earned, context, rules, rest_paid, old)
    note_birthday(act, case.state.birthday)
    _book_earning(case, earned, old)


def _book_earning(case: Case, earned: Earned, old: Act | None) -> None:
    act, programme = case.act, case.definitions.programme
    left = old.points_left if old else 0
    change = earned.points - left
    forgiven = ((old.judged or {}) if old else {}).get("forgiven", 0)
    if old:
        _close_superseded(case, old)
    if change > 0:  # what an earlier correction wrote off is the member's already
        again = min(change, forgiven)
        change, forgiven = change - again, forgiven - again
    if change > 0:
        ripe, burn = lot_life(
            act.day, zone_of(act.zone), programme.pending_days, programme.expiry_months
        )
        life = (to_micros(ripe), None if burn is None else to_micros(burn))
        kind = "correction" if old else "purchase"
        credit(case.posting, kind, f"act:{act.id}", change, life=life, activity_id=act.id)
        case.points = change
    elif change < 0:
        own, key = own_of(act), f"act:{act.id}"
        back = claw_back(case.posting, key, -change, own=own, left=left, activity_id=act.id)
        case.clawed, forgiven = back.taken, forgiven + back.forgiven
    if old and act.judged:
        act.judged["booked"] = change if change > 0 else -case.clawed
        if forgiven:
            act.judged["forgiven"] = forgiven


def _close_superseded(case: Case, old: Act) -> None:
    old.state, old.amount_left, old.base_left, old.points_left = "superseded", 0, 0, 0
    for line in old.lines:
        line.quantity_left = 0
        case.rows.lines[old.id, line.line_no] = 0
    case.rows.changed[old.id] = old


def _return_points(case: Case) -> None:
    """Evaluate each kept basket again, as at the purchase; nothing is given: decision 0133."""
    act, definitions = case.act, case.definitions
    trace: list[TraceLine] = []
    note_matches(act, case.matches, case.rows)
    for purchase in case.touched:
        worth = (purchase.judged or {})["worth"]
        taken = give_back(purchase, case.matches, case.rows, worth)
        rules = definitions.rules.of((purchase.judged or {})["rules"])
        kept = evaluate(taken.kept, taken.rest, rules, context_of(purchase))
        purchase.base_left = kept.base
        owed = max(purchase.points_left - kept.points, 0)
        if taken.points_back:
            case.refunded += refund_act(case.posting, act.id, purchase.id, taken.points_back)
        line: TraceLine = {
            "code": "returned",
            "receipt": purchase.external_id,
            "kept": kept.points,
            "before": purchase.points_left,
            "amount": taken.amount,
        }
        if owed:
            key = f"act:{act.id}:{purchase.id}"
            own, left = own_of(purchase), purchase.points_left
            back = claw_back(case.posting, key, owed, own=own, left=left, activity_id=act.id)
            case.clawed += back.taken
            line |= {"taken": back.taken, "points": -100 * back.taken}
            purchase.points_left -= owed
        trace.append(line)
    excluded = definitions.rules.at(act.occurred).excluded
    act.amount_left = unmatched_amount(act, case.matches, whole=case.whole)
    act.base = act.base_left = unmatched_base(act, act.amount_left, excluded)
    act.judged = {"trace": trace}


def count_up(case: Case) -> None:
    """Counters move by what is kept now less what was kept before."""
    case.after = _contributions(case)
    if case.prepare:
        case.prepare(case.before, case.after)
    case.moved = move_counters(
        case.definitions.book, case.state, case.rows, case.before, case.after
    )


def _contributions(case: Case) -> Contribution:
    """The sum of what the act and everything it touches contribute."""
    book = case.definitions.book
    if not case.touched and case.supersedes is None:
        return contribution(book, case.act)
    return merge([contribution(book, act) for act in (*case.touched, case.act)])


def follow_challenges(case: Case) -> None:
    """Challenges that the act moves; the clock pays for what is reached."""
    if rules := case.definitions.challenges:
        case.challenged = move_entries(
            rules, case.state, case.rows, case.ids, case.act, case.touched
        )


def award_medals(case: Case) -> None:
    """Medals crossed upwards are given, downwards taken where their rule says so."""
    case.given, case.taken = move_awards(
        case.definitions.medals,
        case.moved,
        case.state,
        case.rows,
        case.act,
        case.ids,
        origin="event" if case.live else "import",
    )
    for _, level, _, award in case.given:
        if level.points:
            case.points += post_award_grant(case.posting, award, level.points, case.act.id)
    for _, _, _, award in case.taken:
        case.clawed += reverse_award_grant(case.posting, award, case.act.id)


def review_tier(case: Case) -> None:
    """The tier after the act: up at once, or decided again when the past changed."""
    desk, act = case.desk, case.act
    changed = sorted(
        day
        for measure_id, day in case.before.days.keys() | case.after.days.keys()
        if measure_id == case.definitions.tier_measure
        and case.before.days.get((measure_id, day)) != case.after.days.get((measure_id, day))
    )
    if not changed:
        return
    plain = act.type == "purchase" and case.supersedes is None and act.base_left > 0
    if plain and not is_late(desk, act.day):
        settle_day(desk, act.day, act.id)
    else:
        decide_again(desk, changed[0], max(case.today, act.day), act.id)


def tell_people(case: Case) -> None:
    """Notices for what a person would want to know, written with their cause."""
    if not case.live:
        return
    position = case.state.standing.position if case.state.standing else 1
    if position != case.tier_before:
        tier = case.definitions.tier_at(position)
        tier_notice(
            case.rows, case.ids, case.act, case.state, tier.code, position > case.tier_before
        )
    for medal, level, occurrence, award in case.given:
        medal_notice(
            case.rows, case.ids, case.act, case.state, medal.code, level.level, occurrence, award
        )
    for news in filter(None, map(news_of, case.challenged)):
        write_inbox(case.rows, case.ids, case.act, case.state, "challenge_almost", *news)
    went = [medal_told(m.code, level.level, of) for m, level, of, _ in case.taken]
    if case.act.is_receipt and (
        case.clawed or case.refunded or (went and case.act.type == "return")
    ):
        return_notice(case.rows, case.ids, case.act, case.state, case.clawed, case.refunded, went)


CONSEQUENCES: tuple[Callable[[Case], None], ...] = (
    be_present,
    earn_points,
    count_up,
    follow_challenges,
    award_medals,
    review_tier,
    tell_people,
)
"""Points → counters → challenges → medals → tier → notices. Source: decisions, 7."""


def settle(case: Case) -> None:
    """Let everything follow from an activity; the rows of the case hold the result."""
    touched = [*case.touched, *([case.supersedes] if case.supersedes else [])]
    book = case.definitions.book
    case.before = merge([contribution(book, act) for act in touched])
    if case.supersedes:
        case.touched = touched
    for consequence in CONSEQUENCES:
        consequence(case)
    case.act.outcome = _outcome(case)
    case.rows.acts[case.act.id] = case.act
    for act in touched:
        case.rows.changed[act.id] = act
    if case.state.invited and case.act.is_receipt:
        case.rows.stirred[case.state.member_id] = case.act.recorded


def _outcome(case: Case) -> dict[str, Any]:
    """The answer that this activity gets, now and whenever it is sent again."""
    standing = case.state.standing
    tier = case.definitions.tier_at(standing.position if standing else 1)
    answer: dict[str, Any] = {"points": case.points, "tier": tier.code}
    if case.clawed:
        answer["clawed_back"] = case.clawed
    if case.refunded:
        answer["points_back"] = case.refunded
    for name, awards in (("medals", case.given), ("medals_withdrawn", case.taken)):
        if awards:
            answer[name] = [[m.code, level.level, key] for m, level, key, _ in awards]
    if seen := [x for x in case.challenged if x.entry.arm == "treatment"]:
        answer["challenges"] = [[x.rule.code, x.entry.score, x.rule.terms.goal] for x in seen]
        if done := [x.rule.code for x in seen if x.is_finished_now]:
            answer["challenges_done"] = done
    return answer
