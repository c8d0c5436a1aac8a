"""Every table of the programme: the one list that migrations and tests read."""

from gamification.achievements.tables import (
    Achievement,
    AchievementLevel,
    AchievementText,
    AchievementVersion,
    Award,
    AwardLog,
    MedalPin,
    MedalRarity,
)
from gamification.activities.tables import Activity, ActivityLine, ReturnMatch
from gamification.audiences.tables import MemberList, MemberListEntry, PurchaseRhythm, Segment
from gamification.challenges.tables import (
    Challenge,
    ChallengeEntry,
    ChallengeLog,
    ChallengeText,
    ChallengeVersion,
)
from gamification.earning.tables import EarnRule, EarnRuleVersion
from gamification.grants.tables import Grant
from gamification.ledger import guards as guards
from gamification.ledger.tables import (
    Allocation,
    Hold,
    HoldLot,
    LedgerAccount,
    LedgerSeal,
    Lot,
    Transfer,
)
from gamification.measures.tables import Counter, CounterKey, DaySum, Measure
from gamification.members.tables import Card, Consent, Member, Prompt
from gamification.notices.tables import Notice, NoticeChoice
from gamification.programme import ProgrammeRow
from gamification.referrals.tables import (
    MemberTrace,
    Referral,
    ReferralAppeal,
    ReferralCode,
    ReferralDecision,
    ReferralFund,
    ReferralRule,
    ReferralRuleChange,
    ReferralSignal,
    ReferralTermsRow,
    ReferralVisits,
    TraceKey,
)
from gamification.tiers.tables import Standing, StandingLog, Tier

__all__ = [
    "Achievement",
    "AchievementLevel",
    "AchievementText",
    "AchievementVersion",
    "Activity",
    "ActivityLine",
    "Allocation",
    "Award",
    "AwardLog",
    "Card",
    "Challenge",
    "ChallengeEntry",
    "ChallengeLog",
    "ChallengeText",
    "ChallengeVersion",
    "Consent",
    "Counter",
    "CounterKey",
    "DaySum",
    "EarnRule",
    "EarnRuleVersion",
    "Grant",
    "Hold",
    "HoldLot",
    "LedgerAccount",
    "LedgerSeal",
    "Lot",
    "Measure",
    "MedalPin",
    "MedalRarity",
    "Member",
    "MemberList",
    "MemberListEntry",
    "MemberTrace",
    "Notice",
    "NoticeChoice",
    "ProgrammeRow",
    "Prompt",
    "PurchaseRhythm",
    "Referral",
    "ReferralAppeal",
    "ReferralCode",
    "ReferralDecision",
    "ReferralFund",
    "ReferralRule",
    "ReferralRuleChange",
    "ReferralSignal",
    "ReferralTermsRow",
    "ReferralVisits",
    "ReturnMatch",
    "Segment",
    "Standing",
    "StandingLog",
    "Tier",
    "TraceKey",
    "Transfer",
]
