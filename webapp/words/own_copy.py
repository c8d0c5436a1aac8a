"""What stands over the parts and columns of a member's own copy, and words for its codes."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from webapp.words.acts import NAMES as ACTS
from webapp.words.messages import TITLES as TITLES_OF_MESSAGES
from webapp.words.settings import KIND_NAMES

Words = Mapping[str, Any]

TITLES: Words = {
    "member": _l("About you"),
    "card": _l("Cards"),
    "activity": _l("Purchases, returns and other acts"),
    "activity_line": _l("Lines of receipts"),
    "return_match": _l("What was returned of which purchase"),
    "lot": _l("Points and until when they can be spent"),
    "transfer": _l("Movements of points"),
    "allocation": _l("Which points were spent"),
    "hold": _l("Points held at a till"),
    "hold_lot": _l("Which points are held"),
    "point_grant": _l("Points for medals"),
    "ledger_account": _l("Your accounts in the books"),
    "standing": _l("Tier"),
    "standing_log": _l("History of the tier"),
    "award": _l("Medals"),
    "award_log": _l("History of medals"),
    "medal_pin": _l("Pinned medals"),
    "shelf": _l("Your public shelf"),
    "shelf_medal": _l("Medals on your shelf"),
    "counter": _l("What is counted for medals and tiers"),
    "counter_key": _l("Details of what is counted"),
    "day_sum": _l("Sums by day"),
    "consent": _l("Consents, given and taken back"),
    "correction": _l("What the shop put right for you"),
    "challenge_entry": _l("Challenges that counted for you"),
    "prompt": _l("What you were asked at the start"),
    "referral_code": _l("Your invitation codes"),
    "referral_visits": _l("How often your invitations were opened"),
    "referral": _l("Invitations, yours and the one you came by"),
    "referral_signal": _l("What was checked about invitations"),
    "referral_appeal": _l("What you said about invitations that were stopped"),
    "referral_decision": _l("What people decided about invitations"),
    "member_trace": _l("Marks that keep one person from inviting themselves"),
    "member_list_entry": _l("Lists of the shop that you are on"),
    "notice_choice": _l("Which messages you want"),
    "notice": _l("Messages"),
    "account": _l("Your sign-in"),
    "browser_session": _l("Devices"),
    "kept_form": _l("A form that waits for you to sign in again"),
    "activation_code": _l("Codes printed by the shop"),
    "signin_code": _l("Codes for signing in"),
}
COLUMNS: Words = {
    "name": _l("Name"), "phone": _l("Phone"), "email": _l("E-mail"), "birthday": _l("Birthday"),
    "city": _l("City"), "locale": _l("Language"), "zone": _l("Time zone"),
    "joined_at": _l("Joined"), "number": _l("Number"), "state": _l("State"), "status": _l("State"),
    "issued_at": _l("Given"), "closed_at": _l("Closed"), "local_date": _l("Day"),
    "type": _l("What"), "external_id": _l("Receipt"), "store": _l("Place"),
    "amount": _l("Amount"), "points": _l("Points"), "points_paid": _l("Paid with points"),
    "activity_id": _l("Receipt"), "return_id": _l("Return"), "purchase_id": _l("Purchase"),
    "sku": _l("Goods"), "category": _l("Category"), "quantity": _l("Quantity"),
    "remaining": _l("Left"), "available_at": _l("From"), "expires_at": _l("Until"),
    "occurred_at": _l("When"), "kind": _l("Kind"), "transfer_id": _l("Movement"),
    "lot_id": _l("Points of"), "hold_id": _l("Held"), "created_at": _l("Made"),
    "tier_id": _l("Tier"), "from_tier_id": _l("Before"), "since": _l("Since"),
    "term_ends": _l("Kept until"), "grace_until": _l("Grace until"),
    "effective_from": _l("From"), "reason": _l("Why"), "achievement_id": _l("Medal"),
    "challenge_id": _l("Challenge"), "score": _l("Score"), "completed_at": _l("Completed"),
    "level": _l("Level"), "earned_at": _l("Earned"), "at": _l("When"),
    "from_status": _l("Before"), "to_status": _l("After"), "measure_id": _l("Measure"),
    "period": _l("Period"), "value": _l("Value"), "key": _l("Detail"), "n": _l("Times"),
    "day": _l("Day"), "purpose": _l("What for"), "given": _l("Agreed"),
    "channel": _l("By"), "text_version": _l("Text shown"), "wanted": _l("Wanted"),
    "changed_at": _l("Changed"), "recipient": _l("Sent to"), "sent_at": _l("Sent"),
    "read_at": _l("Read"), "theme": _l("Theme"), "motion": _l("Motion"), "sound": _l("Sound"),
    "password_set_at": _l("Password set"), "device": _l("Device"), "address": _l("Network"),
    "naming": _l("Who is named"), "nickname": _l("Nickname"), "tier_shown": _l("Tier shown"),
    "made_at": _l("Made"), "renewed_at": _l("Address since"), "place": _l("Place"),
    "before": _l("Before"), "after": _l("After"),
    "kept_at": _l("Kept"), "endpoint": _l("Form"), "fields": _l("What you typed"),
    "seen_at": _l("Last seen"), "ended_at": _l("Ended"), "used_at": _l("Used"),
    "contact": _l("Sent to"), "proved_at": _l("Confirmed"), "pinned_at": _l("Pinned"),
    "code": _l("Question or code"), "answered_at": _l("Answered"), "opened": _l("Opened"),
    "bound_at": _l("Joined"), "qualified_at": _l("Kept a purchase"), "rule": _l("Rule"),
    "text": _l("Your words"), "decided_at": _l("Answered"), "verdict": _l("Decided"),
    "undone_at": _l("Taken back"),
    "list_id": _l("List"),
    "referrer_points": _l("For the one who invited"), "friend_points": _l("For the friend"),
}  # fmt: skip
VALUES: Words = {
    "yes": _l("yes"), "no": _l("no"), "active": _l("active"), "blocked": _l("blocked"),
    "replaced": _l("replaced"), "purchase": _l("Purchase"), "return": _l("Return"),
    "cancellation": _l("Taken back"), "counted": _l("counted"),
    "partly_returned": _l("partly returned"), "returned": _l("returned"),
    "superseded": _l("replaced by another"), "parked": _l("waits for its purchase"),
    "under_review": _l("waits for a person"), "rejected": _l("does not count"),
    "ignored": _l("beyond its limit"), "cancelled": _l("taken back"), "grant": _l("for a medal"),
    "opening": _l("opening balance"), "correction": _l("correction"),
    "clawback": _l("taken back after a return"), "grant_reversal": _l("a medal taken back"),
    "writeoff": _l("written off"), "debt": _l("owed"), "repayment": _l("paid back"),
    "spend": _l("spent"), "refund": _l("came back"), "expiry": _l("expired"),
    "act": _l("for an act"), "wallet": _l("points"), "posted": _l("posted"),
    "on_hold": _l("on hold"), "revoked": _l("taken back"), "void": _l("void"),
    "joined": _l("joined"), "reached": _l("reached"), "kept": _l("kept"), "grace": _l("grace"),
    "stepped_down": _l("one step down"), "withdrawn": _l("taken back"),
    "restored": _l("restored"), "staff": _l("by the shop"), "inbox": _l("inbox"),
    "email": _l("e-mail"), "sms": _l("SMS"), "phone": _l("phone"), "city": _l("city"),
    "web": _l("web page"), "open": _l("on its way"), "sent": _l("sent"),
    "failed": _l("not delivered"), "dropped": _l("not sent"), "system": _l("as on the device"),
    "light": _l("light"), "dark": _l("dark"), "less": _l("less"), "ru": _l("Russian"),
    "en": _l("English"), "programme": _l("the programme"), "marketing": _l("news and offers"),
    "profiling": _l("study of purchases"), "personal_offers": _l("personal offers"),
    "card": _l("card"), "payment": _l("payment"), "device": _l("browser"),
    "network": _l("network"),
    "shelf": _l("public shelf"), "league": _l("league"), "friends": _l("name for friends"),
    "all": _l("all time"), "tier_lost": _l("A tier left"), "medal": KIND_NAMES["medal"],
    "tier_reached": KIND_NAMES["tier_reached"], "released": _l("released"), "used": _l("used"),
    "accepted": _l("accepted"), "refused": _l("refused"), "pay": _l("to pay"),
    "reject": _l("not to count"),
    **TITLES_OF_MESSAGES,
}  # fmt: skip


def part_title(table: str) -> str:
    """What a part holds."""
    return str(TITLES[table])


def column_name(name: str) -> str:
    """What stands over a column."""
    return str(COLUMNS[name])


def value_text(column: str, value: str) -> str:
    """A code in words; whatever people or tills wrote stays as it is."""
    if column == "type" and value in ACTS:
        return str(ACTS[value])
    if column in FREE:
        return value
    return str(VALUES.get(value, value))


FREE = {"name", "text", "store", "sku", "category", "external_id", "key", "text_version", "device",
        "address", "recipient", "contact", "number", "email", "phone", "city"}  # fmt: skip
"""Columns whose texts are not codes of ours."""
