"""Messages: what the shop says by itself, in both languages, tried on people before it is kept."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

from flask import Response, abort, g, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from gamification.commands.messages import (
    MOST_NEWS,
    MessageWords,
    faults_of_words,
    limit_news,
    reset_words,
    write_words,
)
from gamification.readmodels.inbox import InboxRow
from gamification.readmodels.messages import (
    COPIED,
    LOCALES,
    MOST_SUBJECT,
    MOST_TEXT,
    PLACES,
    MessageDesk,
    Sample,
    message_desk,
)
from gamification.world import World
from webapp.access import allow
from webapp.accounts.queries import staff_names
from webapp.console.blueprint import blueprint
from webapp.console.fields import Form
from webapp.console.steps import actor, go, refuse_in_the_past
from webapp.frame import frame_for
from webapp.log import LOG
from webapp.page import page
from webapp.words.inbox import InboxWords, inbox_words
from webapp.words.messages import PLACE_NOTES, TITLES, WHEN, Message, message_words, shipped
from webapp.words.settings import LANGUAGE_NAMES
from webapp.world import open_entrance, open_world, run_world


class Preview(NamedTuple):
    """A message as one person reads it: the row of their inbox, and the letter or None."""

    who: str
    locale: str
    row: InboxWords
    letter: Message | None


@blueprint.get("/console/messages")
@allow("owner", "marketer")
def messages() -> Response:
    """Every kind of message with when it goes out, and how many news a day are let through."""
    desk = read_desk()
    return list_page(Form({"most": str(desk.news_a_day)}), desk)


@blueprint.post("/console/messages")
@allow("owner", "marketer", keeps=("most",))
def save_limit() -> Response:
    """How many messages that nobody asked for a member may get in a day."""
    refuse_in_the_past()
    form = Form.posted("most")
    most = form.whole("most", 0, MOST_NEWS)
    if form.errors:
        return list_page(form, read_desk(), status=422)
    run_world(partial(limit_news, most=most))
    LOG.info("news_limited", by=actor(), most=most)
    return go(url_for("console.messages", said="saved"))


@blueprint.get("/console/messages/<kind>")
@allow("owner", "marketer")
def message(kind: str) -> Response:
    """The words of one kind in both languages, and how people would read them."""
    if kind not in PLACES:
        abort(404)
    desk = read_desk(kind)
    return message_page(kind, Form(words_now(kind, desk)).remember(), desk)


@blueprint.post("/console/messages/<kind>")
@allow("owner", "marketer", keeps=("*",))
def change_message(kind: str) -> Response:
    """Look at what was typed, keep it, or say the shipped words again in a language."""
    if kind not in PLACES:
        abort(404)
    act = request.form.get("do", "look")
    if act.startswith("reset_") and act.removeprefix("reset_") in LOCALES:
        refuse_in_the_past()
        locale = act.removeprefix("reset_")
        run_world(partial(reset_words, kind=kind, locale=locale, actor=actor()))
        LOG.info("message_reset", by=actor(), kind=kind, locale=locale)
        return go(url_for("console.message", kind=kind, said="reset"))
    form, desk = typed(), read_desk(kind)
    form.follow(words_now(kind, desk))
    judge(kind, form)
    if form.errors:
        return message_page(kind, form, desk, status=422)
    if act != "save":
        return message_page(kind, form, desk)
    refuse_in_the_past()
    run_world(partial(keep_words, kind=kind, form=form, desk=desk, by=actor()))
    LOG.info("message_changed", by=actor(), kind=kind)
    return go(url_for("console.message", kind=kind, said="saved"))


def keep_words(world: World, kind: str, form: Form, desk: MessageDesk, by: str) -> None:
    """Keep what differs from what is said now: shipped words that were not touched stay so."""
    before = words_now(kind, desk)
    for locale in LOCALES:
        names = (f"subject_{locale}", f"text_{locale}")
        if any(form.values[name] != before[name] for name in names):
            words = MessageWords(*(form.values[name] for name in names))
            write_words(world, kind, locale, words, actor=by)


def read_desk(kind: str | None = None) -> MessageDesk:
    with open_world(readonly=True) as world:
        return message_desk(world, kind)


def words_now(kind: str, desk: MessageDesk) -> dict[str, str]:
    """The form as it stands: the shop's own words, else the shipped ones."""
    own, found = desk.said.get(kind, {}), dict[str, str]()
    for locale in LOCALES:
        with force_locale(locale):
            subject, text = own.get(locale) or shipped(kind)
        found |= {f"subject_{locale}": subject, f"text_{locale}": text}
    return found


def typed() -> Form:
    """What was typed, with lines as lines; far too much is cut, and refused as too long."""
    names = [f"{field}_{locale}" for locale in LOCALES for field in ("subject", "text")]
    texts = {name: request.form.get(name, "").replace("\r\n", "\n").strip() for name in names}
    return Form({name: text[: 2 * MOST_TEXT] for name, text in texts.items()})


def judge(kind: str, form: Form) -> None:
    """Put a sentence beside each field that cannot be taken."""
    for locale in LOCALES:
        words = MessageWords(form.values[f"subject_{locale}"], form.values[f"text_{locale}"])
        for field, fault, value in faults_of_words(kind, words):
            form.refuse(f"{field}_{locale}", fault_text(fault, value))


def fault_text(fault: str, value: str | int) -> str:
    """What is wrong with words, in a sentence."""
    if fault == "missing":
        return _("Some text is needed here.")
    if fault == "too_long":
        return _("Up to %(most)s characters fit here.", most=value)
    return _("There is no {%(name)s} for this message. Choose from the list beside it.", name=value)


def list_page(form: Form, desk: MessageDesk, *, status: int = 200) -> Response:
    g.frame = frame_for("messages")
    return page(
        "console/messages.html",
        status=status,
        frame=g.frame,
        rows=[
            (str(TITLES[kind]), str(WHEN[kind]), kind in COPIED,
             [LANGUAGE_NAMES[locale] for locale in LOCALES if locale in desk.said.get(kind, {})],
             url_for("console.message", kind=kind))
            for kind in PLACES
        ],
        values=form.values,
        errors=form.errors,
        said=request.args.get("said", ""),
        hrefs={"save": url_for("console.save_limit")},
    )  # fmt: skip


def message_page(kind: str, form: Form, desk: MessageDesk, *, status: int = 200) -> Response:
    own, names = desk.said.get(kind, {}), authors(desk)
    g.frame = frame_for("messages")
    return page(
        "console/message.html",
        status=status,
        frame=g.frame,
        title=str(TITLES[kind]),
        when=str(WHEN[kind]),
        languages=[(code, LANGUAGE_NAMES[code], code in own) for code in LOCALES],
        places=[(name, str(PLACE_NOTES[name])) for name in PLACES[kind]],
        most=(MOST_SUBJECT, MOST_TEXT),
        values=form.values,
        errors=form.errors,
        previews=previews(kind, form, desk),
        changes=[
            (
                one.at,
                names.get(one.actor, one.actor),
                LANGUAGE_NAMES.get(one.locale, one.locale),
                one.subject,
                one.text,
            )
            for one in desk.changes
        ],
        said=request.args.get("said", ""),
        hrefs={
            "save": url_for("console.change_message", kind=kind),
            "back": url_for("console.messages"),
        },
    )


def authors(desk: MessageDesk) -> dict[str, str]:
    """What people who changed words are called."""
    ids = {
        int(key) for one in desk.changes if (key := one.actor.removeprefix("account:")).isdigit()
    }
    with open_entrance(readonly=True) as world:
        return {f"account:{key}": name for key, name in staff_names(world, ids).items()}


def previews(kind: str, form: Form, desk: MessageDesk) -> list[Preview]:
    """The words on sample members, each in both languages."""
    said = {
        locale: (form.values[f"subject_{locale}"], form.values[f"text_{locale}"])
        for locale in LOCALES
    }
    found = []
    for sample in desk.samples or (Sample("", "ru"),):
        for locale in LOCALES:
            with force_locale(locale):
                found.append(preview(kind, sample, locale, said, desk))
    return found


def preview(
    kind: str, sample: Sample, locale: str, said: Mapping[str, tuple[str, str]], desk: MessageDesk
) -> Preview:
    """The words on one member, in the language that holds now."""
    name = sample.name or _("Anna")
    values: dict[str, Any] = {
        "names": {locale: _("Pie week")},
        "abouts": {locale: _("Three different pies in a week.")},
        **desk.challenge,
        "shop": desk.shop,
        "name": name,
        "points": 200,
        "until": (desk.now + timedelta(days=6)).date().isoformat(),
        "left": 2,
        "unit": "purchase",
    }
    row = inbox_words(InboxRow(0, kind, values, None, desk.now, True, said), desk.currency)
    letter = message_words(kind, values, said, desk.currency) if kind in COPIED else None
    return Preview(name, locale, row, letter)
