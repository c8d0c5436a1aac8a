"""No more news by e-mail: one press, without a sign-in, from a person or a mail program."""

from functools import partial

from flask import Response, request, url_for

from gamification.commands.messages import Unsubscribed, subscribe_again, unsubscribe
from webapp.access import allow
from webapp.consents import wish_answer
from webapp.frame import chosen_locale, frame_for
from webapp.log import LOG
from webapp.page import page
from webapp.public.blueprint import blueprint
from webapp.surroundings import here
from webapp.wayout import opened, opened_undo, sealed_undo
from webapp.world import run_world


@blueprint.get("/unsubscribe/<token>")
@allow("anonymous")
def leave_news(token: str) -> Response:
    """A page with one button: programs that look into links change nothing."""
    if opened(here().secret, token) is None:
        return told(token, "broken", status=404)
    return told(token, "asked")


@blueprint.post("/unsubscribe/<token>")
@allow("anonymous", signed=True)
def no_more_news(token: str) -> Response:
    """Take the news away at once. The address itself proves whose they are."""
    public_id = opened(here().secret, token)
    if public_id is None:
        return told(token, "broken", status=400)
    answer = wish_answer("marketing", False, chosen_locale(), channel="email")
    was = run_world(partial(unsubscribe, public_id=public_id, answer=answer))
    if was is None:
        return told(token, "gone")
    LOG.info("unsubscribed", nothing=was.is_nothing)
    if was.is_nothing:
        return told(token, "done")
    undo = sealed_undo(here().secret, public_id, was.consent, was.kinds)
    return told(token, "done", undo=undo)


@blueprint.post("/unsubscribe/<token>/undo")
@allow("anonymous")
def news_again(token: str) -> Response:
    """Undo it, from the page that said it was done."""
    public_id = opened(here().secret, token)
    was = None
    if public_id is not None:
        was = opened_undo(here().secret, request.form.get("was", ""), public_id)
    if public_id is None or was is None:
        return told(token, "broken", status=400)
    answer = wish_answer("marketing", True, chosen_locale(), channel="email")
    again = partial(subscribe_again, public_id=public_id, was=Unsubscribed(*was), answer=answer)
    return told(token, "again" if run_world(again) else "gone")


def told(token: str, state: str, *, undo: str = "", status: int = 200) -> Response:
    """The page in one of its states: asked, done, again, gone, broken."""
    answer = page(
        "public/unsubscribe.html",
        status=status,
        frame=frame_for()._replace(install=None, here="/"),
        state=state,
        undo=undo,
        hrefs={
            "leave": url_for("public.no_more_news", token=token),
            "undo": url_for("public.news_again", token=token),
            "settings": url_for("cabinet.messages"),
        },
    )
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
