"""What was decided about held invitations, and the way to take it back."""

from functools import partial

from flask import Response, g, request, url_for
from flask_babel import gettext as _

from gamification.commands.decisions import UNDO_DAYS, undo_decisions
from gamification.readmodels.referral_decisions import Decision, decisions_lately
from webapp.access import allow
from webapp.accounts.queries import staff_names
from webapp.console.blueprint import blueprint
from webapp.console.invitations import places_of
from webapp.console.places import row_number
from webapp.console.steps import actor, go, refuse_in_the_past
from webapp.frame import frame_for
from webapp.log import LOG
from webapp.page import page
from webapp.world import open_entrance, open_world, run_world

LONGEST_WHY = 200
MOST_SENT = 200


@blueprint.get("/console/invitations/decided")
@allow("owner", "marketer")
def invitation_decisions() -> Response:
    """The last decisions: who, when, why, and what was taken back."""
    return decided_page(after=row_number("after"), done=whole(request.args.get("undone", "")))


@blueprint.post("/console/invitations/decided/undo")
@allow("owner", "marketer", keeps=("decision", "why", "after"))
def undo_invitations() -> Response:
    """Take back what is ticked, or all that was decided with one press."""
    refuse_in_the_past()
    batch = whole(request.form.get("batch", ""))
    typed = request.form.getlist("decision")[:MOST_SENT]
    picked = frozenset(one for text in typed if (one := whole(text)) is not None)
    why = request.form.get("why", "").strip()
    after = whole(request.form.get("after", "")) or 0
    if batch is None and not picked:
        fault = {"picks": _("Tick what you want to take back.")}
        return decided_page(after=after, why=why, errors=fault, status=422)
    if len(why) > LONGEST_WHY:
        fault = {"why": _("The reason may have up to %(most)s letters.", most=LONGEST_WHY)}
        return decided_page(after=after, picked=picked, why=why, errors=fault, status=422)
    undo = partial(undo_decisions, ids=sorted(picked), batch=batch, actor=actor(), why=why)
    done = run_world(undo)
    LOG.info("invitation_decisions_undone", by=actor(), count=done)
    return go(url_for("console.invitation_decisions", undone=done, after=after or None))


def whole(text: str) -> int | None:
    """A number of a row as an address or a form has it."""
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        return None
    number = int(text)
    return number if number < 2**63 else None


def decided_page(
    *,
    after: int = 0,
    done: int | None = None,
    picked: frozenset[int] = frozenset(),
    why: str = "",
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    with open_world(readonly=True) as world:
        found = decisions_lately(world, after=after)
    g.frame = frame_for("invitations")
    return page(
        "console/invitations_decided.html",
        status=status,
        frame=g.frame,
        places=places_of("review"),
        decisions=found.decisions,
        names=names_of(found.decisions),
        after=after,
        picked=picked,
        why=why,
        errors=errors or {},
        done=done,
        most=LONGEST_WHY,
        days=UNDO_DAYS,
        hrefs={
            "undo": url_for("console.undo_invitations"),
            "back": url_for("console.invitation_review"),
            "more": url_for("console.invitation_decisions", after=found.after)
            if found.after
            else None,
        },
    )


def names_of(decisions: tuple[Decision, ...]) -> dict[str, str]:
    """Who decided, by the account that is written down."""
    return account_names({who for one in decisions for who in (one.by, one.undone_by)})


def account_names(actors: set[str]) -> dict[str, str]:
    """Names of the staff by how they are written down with what they do."""
    ids = {int(key) for who in actors if (key := who.removeprefix("account:")).isdigit()}
    with open_entrance(readonly=True) as world:
        return {f"account:{key}": name for key, name in staff_names(world, ids).items()}
