"""Behind the link of an invitation: who invites, as far as a stranger may know, and what for."""

from dataclasses import dataclass
from datetime import date

from gamification.columns import to_micros
from gamification.definitions import definitions_of
from gamification.programme import local_day
from gamification.readmodels.friends import short_name
from gamification.referrals.codes import normal_code
from gamification.referrals.fund import SPENT, offer_of
from gamification.referrals.terms import PICKS, ReferralTerms, terms_from
from gamification.store import Store
from gamification.world import World

LIVE = "c.code IN (?, ?) AND c.state = 'live' AND m.status = 'active'"
BEHIND = f"""
SELECT p.version, c.id, m.id, m.name,
       (SELECT k.given FROM consent k WHERE k.member_id = m.id AND k.purpose = 'friends'
        ORDER BY k.at DESC, k.id DESC LIMIT 1),
       EXISTS (SELECT 1 FROM referral_code c JOIN member m ON m.id = c.member_id WHERE {LIVE}),
       {SPENT}, {PICKS}
FROM referral_code c JOIN member m ON m.id = c.member_id
JOIN referral_terms t ON t.id = (SELECT l.id FROM referral_terms l WHERE l.valid_from <= ?
                                 ORDER BY l.valid_from DESC, l.id DESC LIMIT 1)
CROSS JOIN programme p
WHERE {LIVE} ORDER BY LENGTH(c.code) DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Inviter:
    """Who invites, a point's worth in minor units, and the programme's local date.

    The name is the first one and the first letter of the next; None unless friends may see it.
    """

    name: str | None
    point_worth: int
    today: date


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """Whose link it is; `earlier_lives`: another one leads somewhere, too.

    `terms` promise what the fund of invitations can still pay.
    """

    code_id: int
    member_id: int
    terms: ReferralTerms
    inviter: Inviter
    earlier_lives: bool


def opened_link(world: World, typed: str, earlier: str = "") -> OpenedLink | None:
    """What a live code leads to; None for any other, or while invitations rest.

    Args:
        typed: the code as it stands in the address.
        earlier: the code of a link that the same browser opened before.
    """
    code, moment = normal_code(typed), to_micros(world.now)
    drawn = code.replace("-", "")  # a drawn code is shown in two groups
    row = Store(world.connection).first(
        BEHIND, earlier, earlier.replace("-", ""), moment, code, drawn
    )
    if row is None:
        return None
    version, code_id, member_id, name, shown, lives, spent, *told = row
    terms = offer_of(terms_from(tuple(told)), spent)
    if not terms.is_on:
        return None
    programme = definitions_of(world, version).programme
    today = local_day(world.now, programme.zone)
    inviter = Inviter(short_name(name) if shown else None, programme.point_worth, today)
    return OpenedLink(code_id, member_id, terms, inviter, bool(lives))
