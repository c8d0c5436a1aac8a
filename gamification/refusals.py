"""Every way in which the programme says no: a code and the values of a sentence."""

from typing import Any, ClassVar


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an accident
    """The programme says no. Never raised itself; the edge finds the words."""

    code: ClassVar[str] = "refused"

    def __init__(self, **values: Any) -> None:
        super().__init__(self.code)
        self.values = values


class UnknownMember(Refusal):
    """Nobody answers to this card, phone or id."""

    code = "unknown_member"


class MemberBlocked(Refusal):
    """The member exists and may not take part now."""

    code = "member_blocked"


class CardBlocked(Refusal):
    """The card was blocked or replaced."""

    code = "card_blocked"


class AlreadyTaken(Refusal):
    """A phone, e-mail, card or external id belongs to somebody else."""

    code = "already_taken"


class HistoryClaimed(Refusal):
    """Somebody signs in to this history already."""

    code = "history_claimed"


class ConflictingBody(Refusal):
    """The same source and external id came before with another body."""

    code = "conflicting_body"


class UnknownReceipt(Refusal):
    """No receipt of this source has that id."""

    code = "unknown_receipt"


class UnknownSource(Refusal):
    """Nobody of that name ever told of anything."""

    code = "unknown_source"


class ReturnsTooMuch(Refusal):
    """A return names more than was bought or is still kept."""

    code = "returns_too_much"


class GoodsDiffer(Refusal):
    """A return names a line of its purchase and goods that are not those of the line."""

    code = "goods_differ"


class ReceiptClosed(Refusal):
    """The receipt was superseded or fully returned; nothing can be changed on it."""

    code = "receipt_closed"


class NotEnoughPoints(Refusal):
    """The source would go below zero."""

    code = "not_enough_points"


class ShareTooHigh(Refusal):
    """More of the basket would be paid with points than the programme allows."""

    code = "share_too_high"


class AmountTooLarge(Refusal):
    """An amount is beyond what one receipt may hold."""

    code = "amount_too_large"


class ProgrammeMissing(Refusal):
    """Nobody has set the programme up yet."""

    code = "programme_missing"


class ProgrammeExists(Refusal):
    """The programme is set up already."""

    code = "programme_exists"


class ProgrammeMismatch(Refusal):
    """A file's currency differs from the programme's."""

    code = "programme_mismatch"


class InvalidSetting(Refusal):
    """A setting of the programme is outside what makes sense."""

    code = "invalid_setting"


class NotWaiting(Refusal):
    """The receipt does not wait for a person, or somebody has decided it."""

    code = "not_waiting"


class StillAhead(Refusal):
    """The receipt is dated in the future; it can be accepted from `until` on."""

    code = "still_ahead"


class ProgrammeInUse(Refusal):
    """Members have bought or earned by these terms; they change by new versions only."""

    code = "programme_in_use"


class ActNotYours(Refusal):
    """Acts of this type are noted by the programme alone, or there is no such type."""

    code = "act_not_yours"


class ActOutOfTime(Refusal):
    """An act that is told too late, or before it happens."""

    code = "act_out_of_time"


class ActClosed(Refusal):
    """There is no such act, or it does not count: nothing can be taken back."""

    code = "act_closed"


class BirthdayFixed(Refusal):
    """The birthday was celebrated already; only the shop can change it."""

    code = "birthday_fixed"


class ParentNeeded(Refusal):
    """A child takes part together with a parent, who has to agree."""

    code = "parent_needed"


class ZoneTooSoon(Refusal):
    """The time zone was changed lately; it may be changed again from `until` on."""

    code = "zone_too_soon"


class LastContact(Refusal):
    """The only phone or e-mail that somebody signs in with cannot be removed."""

    code = "last_contact"


class UnknownActivity(Refusal):
    """No act besides purchases of this source has that id."""

    code = "unknown_activity"


class UnknownChallenge(Refusal):
    """There is no such challenge, or not for this member."""

    code = "unknown_challenge"


class ChallengeClosed(Refusal):
    """The challenge is in a state in which this cannot be done: `state`."""

    code = "challenge_closed"


class PrizesGone(Refusal):
    """The budget of a challenge is used up: joining would bring nothing."""

    code = "prizes_gone"


class Overtaken(Refusal):
    """Somebody else saved meanwhile: what was seen is not what is there."""

    code = "overtaken"


class MedalNotHeld(Refusal):
    """There is no such medal, or the member does not hold it."""

    code = "medal_not_held"


class ShelfFull(Refusal):
    """As many medals stand on the shelf as it takes."""

    code = "shelf_full"


class TooYoung(Refusal):
    """A child has no public page."""

    code = "too_young"


class InvalidAudience(Refusal):
    """An audience asks for something that is not there: `part` says what, `value` which."""

    code = "invalid_audience"


class NameTaken(Refusal):
    """Something of the same kind bears this name already."""

    code = "name_taken"


class UnknownSegment(Refusal):
    """There is no such segment, or it was archived."""

    code = "unknown_segment"


class UnknownList(Refusal):
    """There is no such list, or it was archived."""

    code = "unknown_list"


class AudienceInUse(Refusal):
    """Something leans on this segment or list: `uses` says what."""

    code = "audience_in_use"


class NobodyMatched(Refusal):
    """Not one row of a list names a member."""

    code = "nobody_matched"
