"""What the shop gives for acts besides purchases, and how often each counts."""

from collections.abc import Sequence
from functools import partial

from flask import Response, g, request, url_for
from flask_babel import gettext as _

from gamification.commands.acts import PERS, ActTerms, change_acts
from gamification.readmodels.acts import acts_in_force
from webapp.access import allow
from webapp.console.blueprint import blueprint
from webapp.console.fields import Form
from webapp.console.steps import actor, go, refuse_in_the_past
from webapp.frame import frame_for
from webapp.log import LOG
from webapp.page import page
from webapp.words.acts import per_text
from webapp.world import open_world, run_world

MOST_POINTS = 10_000
MOST_TIMES = 100


@blueprint.get("/console/acts")
@allow("owner")
def acts() -> Response:
    """Every registered act with the terms in force."""
    terms = read_terms()
    return acts_page(terms, Form(shown(terms)).remember(), saved="saved" in request.args)


def shown(terms: Sequence[ActTerms]) -> dict[str, str]:
    """The terms as the form shows them."""
    return {
        name: value
        for one in terms
        for name, value in (
            (f"points-{one.code}", str(one.points)),
            (f"most-{one.code}", str(one.most)),
            (f"per-{one.code}", one.per),
            (f"on-{one.code}", "yes" if one.on else ""),
        )
    }


@blueprint.post("/console/acts")
@allow("owner", keeps=("*",))
def save_acts() -> Response:
    """New versions, from now on, of the terms that were changed; a bad field keeps all typed."""
    refuse_in_the_past()
    terms = read_terms()
    form = Form.posted(
        *(f"{name}-{one.code}" for one in terms for name in ("points", "most", "per", "on"))
    )
    form.follow(shown(terms))
    wanted = [asked(form, one) for one in terms]
    if form.errors:
        return acts_page(terms, form, status=422)
    changed = run_world(partial(change_acts, wanted=wanted))
    LOG.info("acts_changed", by=actor(), acts=list(changed))
    return go(url_for("console.acts", saved=1))


def read_terms() -> tuple[ActTerms, ...]:
    with open_world(readonly=True) as world:
        return acts_in_force(world)


def asked(form: Form, now: ActTerms) -> ActTerms:
    """What the form asks for one act."""
    code, typed = now.code, form.values[f"per-{now.code}"]
    per = next((one for one in PERS if one == typed), None)
    if per is None:
        form.refuse(f"per-{code}", _("Choose one of the list."))
    return ActTerms(
        code,
        form.whole(f"points-{code}", 0, MOST_POINTS),
        per or now.per,
        form.whole(f"most-{code}", 1, MOST_TIMES),
        on=form.values[f"on-{code}"] == "yes",
    )


def acts_page(
    terms: Sequence[ActTerms], form: Form, *, saved: bool = False, status: int = 200
) -> Response:
    g.frame = frame_for("setup")
    return page(
        "console/acts.html",
        status=status,
        frame=g.frame,
        acts=terms,
        values=form.values,
        errors=form.errors,
        saved=saved,
        pers=[(per, per_text(per)) for per in PERS],
        action=url_for("console.save_acts"),
        hrefs={"back": url_for("console.programme")},
    )
