"""What the pages show: frozen values and codes; the edge finds the words.

What a page has many of is a named tuple: five times cheaper to make than a frozen dataclass.
Money is whole minor units of `currency`; points are whole; a `date` is local to the
programme's zone and a `datetime` is aware. `None` means "not known" or "there is none".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

from gamification.readmodels.visits import CheckInCard

if TYPE_CHECKING:
    from gamification.readmodels.challenge_views import ChallengeView, OnHome

TierState = Literal["rising", "top", "grace"]
MedalState = Literal["earned", "under_way", "not_started", "secret"]
OperationKind = Literal[
    "purchase", "return", "spend", "spend_returned", "medal", "opening", "adjustment", "expiry",
    "act", "act_cancelled",
]  # fmt: skip
OperationState = Literal["available", "pending", "spent", "expired", "returned", "taken", "none"]
"""`taken` is a medal's that went otherwise than with a return: corrected, or taken back."""
HistoryFilter = Literal["all", "earned", "spent", "pending", "expiring", "returned"]
WhyCode = Literal[
    "base_rate",  # tier, rate_bp, amount_minor
    "multiplier",  # rule, times_pct, category or from_minute..to_minute
    "bonus",  # rule
    "threshold_bonus",  # rule, need_minor
    "threshold_missed",  # rule, need_minor, short_minor
    "window_missed",  # rule, from_minute, to_minute
    "excluded",  # category, amount_minor
    "paid_with_points",  # amount_minor
    "cap",  # cap
    "rounding",
    "floor",  # a receipt takes no points away
    "clawback",  # amount_minor returned
    "written_off",
    "debt_repaid",
    "medal",  # medal, level
    "opening_balance",
    "expiry",  # on
    "spend",
    "spend_returned",
    "adjustment",  # reason
    "zero_total",
    "too_small",  # need_minor: the least that earns one point
    "no_rule",  # no earning rule was live on that day
    "waiting",  # reason: parked, under_review or rejected
    "act",  # act, reason: its limit's span, cap: how often within it
    "referral_cap",  # act: over the limit of rewarded friends
    "referral_budget",  # act: the fund for invitations was used up
    "challenge_cap", "challenge_budget",  # the same of one challenge
    "act_limit",  # the same: it was more often
    "act_off",  # act
    "act_cancelled",  # act
    "corrected",  # what an earlier version of the receipt had earned already
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """Something people named in the console: a code and a name per locale."""

    code: str
    names: Mapping[str, str] = field(default_factory=dict)


class WhyLine(NamedTuple):
    """One step of a sum. The points of all lines add up to the row exactly.

    `points` is None for a rule that did not apply: it says why and moves nothing.
    Fractions are allowed before the `rounding` line, which takes the difference.
    """

    code: WhyCode
    points: Decimal | None = None
    rule: Named | None = None
    tier: Named | None = None
    category: Named | None = None
    medal: str | None = None
    level: int | None = None
    rate_bp: int | None = None  # 700 is 7 %
    times_pct: int | None = None  # 200 is twice
    amount_minor: int | None = None
    need_minor: int | None = None
    short_minor: int | None = None
    cap: int | None = None
    from_minute: int | None = None  # minutes after local midnight, half-open
    to_minute: int | None = None
    on: date | None = None
    reason: str | None = None
    act: str | None = None  # the type of an act besides purchases
    names: Mapping[str, str] | None = None  # of a challenge, by language


class OperationRow(NamedTuple):
    """One line of the history: what happened, how many points, and why."""

    public_id: str
    kind: OperationKind
    at: datetime  # in the programme's zone
    points: int  # signed
    state: OperationState
    amount_minor: int | None = None
    place: str | None = None
    receipt: str | None = None
    medal: str | None = None
    level: int | None = None
    act: str | None = None
    arrives_on: date | None = None
    expires_on: date | None = None
    why: tuple[WhyLine, ...] = ()


@dataclass(frozen=True, slots=True)
class PendingLot:
    """Points on the way: never inside the balance."""

    points: int
    on: date


@dataclass(frozen=True, slots=True)
class ExpiringLot:
    """Points that burn at the end of `on` unless they are spent."""

    points: int
    on: date
    days_left: int


@dataclass(frozen=True, slots=True)
class NextTier:
    """The tier above and the money that is missing to it."""

    name: Named
    rate_bp: int
    missing_minor: int
    by: date | None = None  # the last day on which all of today's sum still counts


@dataclass(frozen=True, slots=True)
class GraceNote:
    """A tier that will be lost: what keeps it, until when, and what comes otherwise."""

    missing_minor: int
    until: date
    falls_to: Named


@dataclass(frozen=True, slots=True)
class TierCard:
    """The member's tier: its place on the ladder, its benefit and the way up."""

    name: Named
    number: int  # 1 is the lowest
    of: int
    rate_bp: int
    filled_pct: int  # 0..100 of the way to the next tier; 100 on the top
    next: NextTier | None = None
    grace: GraceNote | None = None
    valid_until: date | None = None
    today: date | None = None  # the day that it was asked on


@dataclass(frozen=True, slots=True)
class PassCard:
    """The digital card. A number only earns; spending needs a live code."""

    number: str
    holder: str
    code: str  # what the QR carries
    live_until: datetime | None = None  # None: a plain number, earning only


class MedalTile(NamedTuple):
    """A medal of one member: earned, under way, not started or secret."""

    code: str
    level: int  # the level earned, or the one being worked on
    state: MedalState
    done: int = 0
    target: int = 0
    earned_on: date | None = None
    subject: Named | None = None  # the category of a connoisseur
    fresh: bool = False  # not seen yet
    name: Named | None = None  # only for medals made in the console
    needs: int | None = None  # the number inside the rule: days of a window, lines of a basket
    from_minute: int | None = None  # the hours of the rule, minutes after midnight
    to_minute: int | None = None
    categories: tuple[str, ...] = ()  # the goods that the rule counts; empty: all
    veiled: bool = False  # its rule is told when it is earned
    pinned: bool = False
    about: Named | None = None  # the rule in the shop's own words

    @property
    def percent(self) -> int:
        """How far, 0..100, never above what is truly done."""
        return 100 if self.state == "earned" else min(99, 100 * self.done // max(1, self.target))


@dataclass(frozen=True, slots=True)
class NextStep:
    """The one thing worth doing now, and how far it is."""

    code: Literal[
        "first_purchase", "second_purchase", "expiring", "challenge", "medal", "tier", "pending"
    ]
    points: int | None = None
    on: date | None = None
    days_left: int | None = None
    medal: MedalTile | None = None
    tier: Named | None = None
    rate_bp: int | None = None
    missing_minor: int | None = None
    challenge: "ChallengeView | None" = None


@dataclass(frozen=True, slots=True)
class NewsLine:
    """What changed since the last visit, the most useful thing first."""

    code: Literal["welcome", "arrived", "arriving", "expiring", "medal", "near_medal", "quiet"]
    points: int | None = None
    on: date | None = None
    days_left: int | None = None
    medal: MedalTile | None = None


@dataclass(frozen=True, slots=True)
class HomeView:
    """Everything that Home shows. `failed` names blocks that could not be read."""

    first_name: str | None
    today: date
    hour: int
    currency: str
    news: NewsLine
    tier: TierCard
    balance: int
    worth_minor: int
    pending: tuple[PendingLot, ...]
    expiring: tuple[ExpiringLot, ...]
    card: PassCard | None
    step: NextStep | None
    medals_earned: int
    medals_all: int
    new_medals: tuple[MedalTile, ...]
    near_medals: tuple[MedalTile, ...]
    operations: tuple[OperationRow, ...]
    purchases: int
    failed: frozenset[str] = frozenset()
    name: str = ""
    check_in: CheckInCard | None = None  # None: not counted here, or a day of the past
    year_waits: bool = False  # «your year already counts» was not seen yet
    celebrates: bool = False  # something was earned that had no scene yet
    contest: "OnHome | None" = None  # the challenge that is shown; None: there are none at all

    @property
    def young(self) -> bool:
        """Before the second purchase Home keeps to card, balance, step and first medal."""
        return self.purchases < 2


@dataclass(frozen=True, slots=True)
class HistoryDay:
    """The operations of one local day, newest first."""

    on: date
    rows: tuple[OperationRow, ...]


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """A page of the history. `after` is the key of the next page, None at the end."""

    chosen: HistoryFilter
    today: date
    currency: str
    balance: int
    pending_points: int
    days: tuple[HistoryDay, ...]
    after: str | None = None
    failed: bool = False


@dataclass(frozen=True, slots=True)
class YearMonth:
    """One month of the scene: what was bought and which medals landed."""

    first_day: date
    purchases: int
    points: int
    medals: tuple[MedalTile, ...] = ()


@dataclass(frozen=True, slots=True)
class YearScene:
    """«Your year already counts»: twelve months, then the balance."""

    first_name: str | None
    today: date
    currency: str
    months: tuple[YearMonth, ...]
    purchases: int
    spent_minor: int
    member_since: date
    medals: tuple[MedalTile, ...]
    tier: TierCard
    balance: int
    worth_minor: int
    pending_points: int = 0


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A member as the person at the till may see them: no full contact."""

    public_id: str
    name: str | None
    phone_tail: str | None
    email_hint: str | None
    card_tail: str | None
    tier: Named
    tier_number: int
    balance: int
    claimed: bool
    purchases: int
    last_purchase_on: date | None = None
    leaves_on: date | None = None


@dataclass(frozen=True, slots=True)
class ActivationSlip:
    """A code that a cashier prints so that a member can claim the history."""

    code: str
    member: StaffMember
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ImportNote:
    """The last import in numbers."""

    at: datetime
    source: str
    receipts: int
    rejected: int
    last_document_on: date | None


@dataclass(frozen=True, slots=True)
class ConsoleView:
    """The owner's overview."""

    today: date
    currency: str
    members: int
    claimed: int
    points_issued: int
    points_spent: int
    points_outstanding: int
    liability_minor: int
    reviews_waiting: int
    last_import: ImportNote | None
    newest: tuple[StaffMember, ...] = ()
