"""Receipts that wait: look at one, let it count, or not."""

from functools import partial

from flask import Response, abort, g, request, url_for
from flask_babel import gettext as _

from gamification.commands.staff import (
    LONGEST_REASON,
    accept_waiting,
    reject_waiting,
    reopen_rejected,
)
from gamification.commands.till import Outcome
from gamification.readmodels.reviews import (
    WaitingReceipt,
    places_at_stake,
    rejected_receipts,
    review_queue,
    waiting_receipt,
    was_decided,
)
from gamification.refusals import NotWaiting, Refusal
from webapp.access import allow
from webapp.accounts.queries import staff_names
from webapp.console.blueprint import blueprint
from webapp.console.places import row_number
from webapp.console.steps import actor, go
from webapp.frame import frame_for, shop_facts
from webapp.log import LOG
from webapp.page import page
from webapp.words.refusals import refusal_text
from webapp.world import open_entrance, open_world, programme_worlds, run_world


@blueprint.get("/console/reviews")
@allow("owner")
def reviews() -> Response:
    """What waits for a person, and what waits for its purchase."""
    after = row_number("after")
    rejected_id = row_number("rejected")
    with open_world(readonly=True) as world:
        queue = review_queue(world, after=after)
        undone = waiting_receipt(world, rejected_id) if rejected_id else None
    g.frame = frame_for("reviews")
    return page(
        "console/reviews.html",
        frame=g.frame,
        queue=queue,
        just_rejected=undone if undone and undone.state == "rejected" else None,
        just_accepted=request.args.get("accepted", ""),
        href_of=lambda receipt: url_for("console.review", activity_id=receipt.activity_id),
        reopen_href=lambda receipt: url_for("console.reopen", activity_id=receipt.activity_id),
        hrefs={
            "more": url_for("console.reviews", after=queue.after) if queue.after else None,
            "rejected": url_for("console.rejected"),
        },
    )


@blueprint.get("/console/reviews/rejected")
@allow("owner")
def rejected() -> Response:
    """What was rejected lately, to be put back if that was a mistake."""
    with open_world(readonly=True) as world:
        receipts = rejected_receipts(world)
    g.frame = frame_for("reviews")
    return page(
        "console/rejected.html",
        frame=g.frame,
        receipts=receipts,
        currency=shop_facts().currency,
        reopen_href=lambda receipt: url_for("console.reopen", activity_id=receipt.activity_id),
        hrefs={"back": url_for("console.reviews")},
    )


@blueprint.get("/console/reviews/<int(max=9223372036854775807):activity_id>")
@allow("owner")
def review(activity_id: int) -> Response:
    """One receipt, and what accepting it would bring."""
    return review_page(activity_id)


def review_page(
    activity_id: int, *, error: str = "", reason: str = "", status: int = 200
) -> Response:
    with open_world(readonly=True) as world:
        receipt = waiting_receipt(world, activity_id)
        stakes = places_at_stake(world, activity_id)
        decided = receipt is None and was_decided(world, activity_id)
    if decided:
        return decided_already()
    if receipt is None:
        abort(404)
    foreseen = foresee(activity_id) if receipt.state == "under_review" else None
    g.frame = frame_for("reviews")
    return page(
        "console/review.html",
        status=status,
        frame=g.frame,
        receipt=receipt,
        currency=shop_facts().currency,
        brings=foreseen.answer if isinstance(foreseen, Outcome) else None,
        hindrance=refusal_text(foreseen) if isinstance(foreseen, Refusal) else "",
        stakes=stakes,
        deciders=names_of(receipt),
        error=error,
        reason=reason,
        most=LONGEST_REASON,
        hrefs={
            "back": url_for("console.reviews"),
            "accept": url_for("console.accept", activity_id=activity_id),
            "reject": url_for("console.reject", activity_id=activity_id),
            "reopen": url_for("console.reopen", activity_id=activity_id),
        },
    )


def foresee(activity_id: int) -> Outcome | Refusal:
    """What accepting would bring, or why it cannot be done; all of it is undone."""
    try:
        with programme_worlds().open() as world:
            outcome = accept_waiting(world, activity_id, actor())
            world.session.rollback()
    except Refusal as refusal:
        return refusal
    return outcome


def names_of(receipt: WaitingReceipt) -> dict[str, str]:
    """Who took the decisions, by the account that is written down with them."""
    ids = {int(one.by.removeprefix("account:")) for one in receipt.decisions}
    with open_entrance(readonly=True) as world:
        return {f"account:{key}": name for key, name in staff_names(world, ids).items()}


@blueprint.post("/console/reviews/<int(max=9223372036854775807):activity_id>/accept")
@allow("owner")
def accept(activity_id: int) -> Response:
    """Let the receipt count as if its time had been believed."""
    try:
        outcome = run_world(partial(accept_waiting, activity_id=activity_id, actor=actor()))
    except NotWaiting:
        return decided_already()
    except Refusal as refusal:
        return review_page(activity_id, error=refusal_text(refusal), status=422)
    LOG.info("receipt_accepted", activity=activity_id, by=actor(), came_to=outcome.status)
    return go(url_for("console.reviews", accepted=outcome.status))


@blueprint.post("/console/reviews/<int(max=9223372036854775807):activity_id>/reject")
@allow("owner", keeps=("reason",))
def reject(activity_id: int) -> Response:
    """Let the receipt count nowhere, with the reason; can be undone."""
    reason = request.form.get("reason", "").strip()
    if fault := fault_of(reason):
        return review_page(activity_id, error=fault, reason=reason, status=422)
    try:
        run_world(partial(reject_waiting, activity_id=activity_id, reason=reason, actor=actor()))
    except NotWaiting:
        return decided_already()
    LOG.info("receipt_rejected", activity=activity_id, by=actor())
    return go(url_for("console.reviews", rejected=activity_id))


def fault_of(reason: str) -> str:
    """What is wrong with a reason, if anything."""
    if not reason:
        return str(_("Say why, so that somebody can understand it later."))
    if len(reason) > LONGEST_REASON:
        return str(_("The reason may have up to %(most)s letters.", most=LONGEST_REASON))
    return ""


@blueprint.post("/console/reviews/<int(max=9223372036854775807):activity_id>/reopen")
@allow("owner")
def reopen(activity_id: int) -> Response:
    """Put a rejected receipt back into the queue."""
    try:
        run_world(partial(reopen_rejected, activity_id=activity_id, actor=actor()))
    except NotWaiting:
        return decided_already()
    LOG.info("receipt_reopened", activity=activity_id, by=actor())
    return go(url_for("console.review", activity_id=activity_id))


def decided_already() -> Response:
    """Somebody was quicker, or there never was such a receipt: the list says so."""
    return go(url_for("console.reviews", accepted="decided"))
