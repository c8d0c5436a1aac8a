"""Which messages come by which channel, and when they rest."""

from functools import partial
from typing import Any

from flask import Response, abort, g, request, url_for
from flask_babel import gettext as _

from gamification.commands.preferences import choose_notice, set_quiet_hours
from gamification.readmodels.choices import CHANNELS, KINDS, Choices
from gamification.refusals import InvalidSetting
from webapp.access import allow
from webapp.cabinet.blueprint import blueprint
from webapp.cabinet.person import own_member_id
from webapp.cabinet.settings.pages import (
    changed,
    go_to,
    pressed,
    read_choices,
    section_page,
    switch,
)
from webapp.links import page_href
from webapp.moulds import Code
from webapp.page import wanted_block
from webapp.sealing import form_token
from webapp.words.settings import (
    CHANNEL_NAMES,
    KIND_NAMES,
    KIND_NOTES,
    MessageWords,
    UndoWords,
    hour_text,
    quiet_text,
)
from webapp.world import run_world

NAMES = tuple(f"{kind}.{channel}" for kind in KINDS for channel in CHANNELS)
HOURS = [(str(hour), hour_text(hour)) for hour in range(24)]


@blueprint.get("/settings/messages")
@allow("customer")
def messages() -> Response:
    """Kinds of messages by channels, and quiet hours."""
    name = request.args.get("changed", "")
    if name == "quiet":
        return messages_page(toast=quiet_text(read_choices().quiet))
    return messages_page(name)


@blueprint.post("/settings/messages")
@allow("customer")
def save_message() -> Response:
    """Switch one kind on or off for one channel."""
    found = pressed(NAMES)
    if found is None:
        abort(400)
    name, wanted = found
    kind, _dot, channel = name.partition(".")
    choose = partial(
        choose_notice, member_id=own_member_id(), kind=kind, channel=channel, wanted=wanted
    )
    run_world(choose)
    if wanted_block() is None:
        return go_to("cabinet.messages", changed=name)
    return messages_page(name)


@blueprint.post("/settings/messages/quiet")
@allow("customer", keeps=("start", "end"))
def save_quiet() -> Response:
    """Set the hours in which copies wait, or none."""
    with_before = read_choices().quiet if wanted_block() else None
    try:
        run_world(partial(set_quiet_hours, member_id=own_member_id(), hours=typed_hours()))
    except InvalidSetting:
        wrong = _("Quiet hours begin and end at different times.")
        return messages_page(error=wrong, status=422)
    if wanted_block() is None:
        return go_to("cabinet.messages", changed="quiet")
    g.pop("choices", None)
    return messages_page(toast=quiet_text(read_choices().quiet), undo=quiet_undo(with_before))


def typed_hours() -> tuple[int, int] | None:
    """The hours of the form; `hours` is the short way that a toast takes back."""
    short = request.form.get("hours", "")
    if short == "none" or request.form.get("rest") == "no":
        return None
    start, _dash, end = short.partition("-")
    texts = (start, end) if short else (request.form.get("start"), request.form.get("end"))
    if not all(text in dict(HOURS) for text in texts):
        abort(400)
    return int(texts[0] or 0), int(texts[1] or 0)


def quiet_undo(before: tuple[int, int] | None) -> UndoWords:
    """The way back to the hours before."""
    turn = Code("none" if before is None else f"{before[0]}-{before[1]}")
    href = page_href("cabinet.save_quiet")
    return UndoWords(href, Code("hours"), turn, Code("messages"), form_token())


def messages_page(name: str = "", *, error: str = "", status: int = 200, **told: Any) -> Response:
    mine = read_choices()
    kinds = tuple(message_words(kind, mine) for kind in KINDS)
    switches = tuple(one for kind in kinds for one in kind.switches)
    return section_page(
        "messages", status=status, kinds=kinds, quiet=mine.quiet, hours=HOURS, error=error,
        action=url_for("cabinet.save_quiet"), missing=missing(mine),
        **(changed(switches, name) | told),
    )  # fmt: skip


def message_words(kind: str, mine: Choices) -> MessageWords:
    """A kind with a switch for each channel; one without an address cannot be switched on."""
    title = str(KIND_NAMES[kind])
    switches = tuple(
        switch(
            f"{kind}.{channel}", f"{title}, {CHANNEL_NAMES[channel]}", "",
            is_reached(mine, channel) and (kind, channel) in mine.wanted,
            endpoint="cabinet.save_message", target="messages", can=is_reached(mine, channel),
        )
        for channel in CHANNELS
    )  # fmt: skip
    return MessageWords(title, str(KIND_NOTES.get(kind, "")), switches)


def is_reached(mine: Choices, channel: str) -> bool:
    """Whether a channel leads anywhere: an e-mail on file, a phone that was confirmed."""
    contact = mine.contact("email" if channel == "email" else "phone")
    return contact is not None and (channel == "email" or contact.confirmed)


def missing(mine: Choices) -> list[tuple[str, str]]:
    """What is in the way of a channel, and where that is mended."""
    sentences = {
        "email": _("To get e-mail, add an address first."),
        "sms": _("To get SMS, confirm a phone first."),
    }
    href = page_href("cabinet.contacts")
    return [(sentences[channel], href) for channel in CHANNELS if not is_reached(mine, channel)]
