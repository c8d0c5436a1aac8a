"""Invitations that a rule holds: looked at by referrer and rule, decided many at once."""

from collections.abc import Collection
from functools import partial

from flask import Response, g, request, url_for
from flask_babel import gettext as _

from gamification.commands.decisions import PLAIN_REASONS, decide_held
from gamification.readmodels.referral_reviews import ReviewGroup, held_count, review_groups
from gamification.world import ROW_IDS
from webapp.access import allow
from webapp.console.blueprint import blueprint
from webapp.console.invitations import places_of
from webapp.console.steps import actor, go, refuse_in_the_past
from webapp.frame import frame_for, shop_facts
from webapp.log import LOG
from webapp.page import page
from webapp.words.suspicions import TOLD, WHYS
from webapp.world import open_world, run_world

GROUPS_SHOWN = 20
CASES_SHOWN = 100
"""Of one group; what is not shown is not decided."""
LONGEST_WHY = 200
MOST_SENT = GROUPS_SHOWN * CASES_SHOWN
DECIDED = ("pay", "reject")


@blueprint.get("/console/invitations/review")
@allow("owner", "marketer")
def invitation_review() -> Response:
    """What waits, group by group, with what the rule saw."""
    return review_page()


@blueprint.post("/console/invitations/review")
@allow("owner", "marketer", keeps=("case", "group", "why", "told"))
def decide_invitations() -> Response:
    """Pay or reject everything that is ticked, with the reason written down."""
    refuse_in_the_past()
    verdict = request.form.get("verdict", "")
    why = request.form.get("why", "").strip()
    picked = picked_cases()
    told = request.form.get("told", "")
    errors = faults_of(verdict, why, picked)
    if told and told not in PLAIN_REASONS:
        errors["told"] = _("Choose one of the list.")
    if errors:
        return review_page(picked=picked, why=why, told=told, errors=errors, status=422)
    number = ROW_IDS()
    decide = partial(decide_held, referral_ids=sorted(picked), verdict=verdict, actor=actor(),
                     why=why, told=told or None, batch=number)  # fmt: skip
    done = run_world(decide)
    LOG.info("invitations_decided", by=actor(), verdict=verdict, count=done)
    late = len(picked) - done
    batch = number if done else None
    return go(url_for("console.invitation_review", verdict=verdict, done=done, late=late or None,
                      batch=batch))  # fmt: skip


def picked_cases() -> frozenset[int]:
    """The ticked cases, and those that were shown in a ticked group or on the whole page.

    The form says which ones were shown: what came since is for another look.
    """
    whole = set(request.form.getlist("group")[:GROUPS_SHOWN])
    fields = ["case", *(f"shown-{key}" for key in sorted(whole))]
    if "all" in request.form:
        fields += [name for name in request.form if name.startswith("shown-")]
    texts = [text for name in fields for text in request.form.getlist(name)]
    return frozenset(
        int(text) for text in texts[: 2 * MOST_SENT]
        if text.isascii() and text.isdigit() and len(text) < 20 and int(text) < 2**63
    )  # fmt: skip


def faults_of(verdict: str, why: str, picked: Collection[int]) -> dict[str, str]:
    """What is wrong with a decision, by field."""
    errors = {}
    if not picked:
        errors["picks"] = _("Tick what you have decided about.")
    if verdict not in DECIDED:
        errors["verdict"] = _("Say whether to pay or to reject.")
    if verdict == "reject" and not why:
        errors["why"] = _("Say why, so that somebody can understand it later.")
    elif len(why) > LONGEST_WHY:
        errors["why"] = _("The reason may have up to %(most)s letters.", most=LONGEST_WHY)
    return errors


def review_page(
    *,
    picked: Collection[int] = (),
    why: str = "",
    told: str = "",
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    """The queue, with what was ticked and typed before."""
    with open_world(readonly=True) as world:
        groups = review_groups(world)
        waiting = held_count(world)
    number, pages = page_number(len(groups))
    shown = groups[(number - 1) * GROUPS_SHOWN : number * GROUPS_SHOWN]
    g.frame = frame_for("invitations")
    return page(
        "console/invitations_review.html",
        status=status,
        frame=g.frame,
        places=places_of("review"),
        groups=shown,
        most=CASES_SHOWN,
        key_of=key_of,
        picked=picked,
        waiting=waiting,
        number=number,
        pages=pages,
        why=why,
        whys=WHYS,
        told=told,
        reasons=[("", _("As it stands")), *((code, TOLD[code]) for code in PLAIN_REASONS)],
        errors=errors or {},
        done=done_before(),
        currency=shop_facts().currency,
        hrefs={
            "decide": url_for("console.decide_invitations", page=number),
            "undo": url_for("console.undo_invitations"),
            "decided": url_for("console.invitation_decisions"),
            "none": url_for("console.invitation_review", page=number),
            "before": page_href(number - 1) if number > 1 else None,
            "after": page_href(number + 1) if number < pages else None,
        },
    )


def key_of(group: ReviewGroup) -> str:
    """A group's name in the form and in addresses."""
    return f"g{group.referrer_id}-{group.rule or 'none'}"


def page_number(groups: int) -> tuple[int, int]:
    """The page that is asked for, within those that there are."""
    pages = max(1, -(-groups // GROUPS_SHOWN))
    text = request.args.get("page", "1")
    asked = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 1
    return min(max(asked, 1), pages), pages


def page_href(number: int) -> str:
    return url_for("console.invitation_review", page=number)


def done_before() -> dict[str, object] | None:
    """What was decided a moment ago: the verdict, how many, and how many came too late."""
    verdict = request.args.get("verdict", "")
    counts = [request.args.get(name, "0") for name in ("done", "late")]
    if verdict not in DECIDED or not all(one.isascii() and one.isdigit() for one in counts):
        return None
    done, late = (int(one[:6]) for one in counts)
    batch = request.args.get("batch", "")
    known = batch if batch.isascii() and batch.isdigit() and len(batch) < 20 else ""
    return {"verdict": verdict, "done": done, "late": late, "batch": known}
