"""Segments: who the members are, saved audiences, and the page where one is put together."""

import hashlib
import json
from functools import partial
from typing import Any

from flask import Response, g, request, url_for
from flask_babel import gettext as _
from pydantic import ValidationError

from gamification.commands.audiences import archive_segment, save_segment
from gamification.readmodels.audiences import (
    AudienceView,
    SegmentView,
    audience_view,
    shop_map,
)
from gamification.readmodels.conditions import (
    EVERYBODY,
    MOST_CONDITIONS,
    Audience,
    canonical,
    parse_audience,
)
from gamification.refusals import AudienceInUse, InvalidAudience, NameTaken, UnknownSegment
from webapp.access import allow
from webapp.console.blueprint import blueprint
from webapp.console.fields import Form
from webapp.console.segment_fields import (
    KINDS,
    SINGLES,
    Shelf,
    fields_of,
    shelf_of,
    typed_condition,
)
from webapp.console.steps import actor, go, refuse_in_the_past
from webapp.frame import frame_for, shop_facts
from webapp.log import LOG
from webapp.page import page
from webapp.words.audiences import STAGES, VALUES, condition_line
from webapp.words.refusals import refusal_text
from webapp.world import open_world, run_world

SIDES = ("all", "none")
FIELDS = ("name", "segment", "over", "kind", "side", *SINGLES)
TYPED = ("side", *SINGLES)
"""Fields of the condition that is being typed; its kind stays for the next one."""
READY = (("stage", "stages", STAGES), ("rfm", "values", VALUES))


@blueprint.get("/console/segments")
@allow("owner", "marketer")
def segments() -> Response:
    """The map of members to choose from, and every saved segment."""
    with open_world(readonly=True) as world:
        known, shelf = shop_map(world), shelf_of(world)
    counts: dict[str, Any] = {"stage": known.stages, "rfm": known.values}
    g.frame = frame_for("segments")
    return page(
        "console/segments.html",
        frame=g.frame,
        maps=[
            (kind, [(words[code], count, url_for("console.segment", **{kind: code}))
                    for code, count in counts[kind].items()])
            for kind, _field, words in READY
        ],
        rhythm=known.rhythm,
        rows=[
            (one, lines_of(one.audience, shelf), url_for("console.segment", segment=one.id),
             url_for("console.archive", segment_id=one.id))
            for one in shelf.segments
        ],
        lists=shelf.lists,
        said=request.args.get("said", ""),
        hrefs={
            "new": url_for("console.segment"),
            "list": url_for("console.list_form"),
            "messages": url_for("console.messages"),
            "rehearsals": url_for("console.rehearsals"),
        },
    )  # fmt: skip


@blueprint.get("/console/segments/edit")
@allow("owner", "marketer")
def segment() -> Response:
    """A segment, saved or ready-made or new, in a form."""
    form, audience = Form(dict.fromkeys(FIELDS, "")), EVERYBODY
    shelf = read_shelf()
    found = segment_in(shelf, request.args.get("segment", ""))
    if found is not None:
        audience = found.audience
        form.values |= {"segment": str(found.id), "name": found.name, "over": stamp_of(found)}
    for kind, name, words in READY:
        if (code := request.args.get(kind, "")) in words:
            audience = parse_audience({"all": [{"kind": kind, name: [code]}]})
            form.values["name"] = str(words[code])
    return segment_page(form, audience, shelf)


@blueprint.post("/console/segments/edit")
@allow("owner", "marketer")
def change_segment() -> Response:
    """Add a condition, take one away, look, or save; what was typed stays in any case.

    `size` looks with the condition that is being typed, for the number beside the form.
    """
    form, shelf, audience = Form.posted(*FIELDS), read_shelf(), told_audience()
    if audience is None:
        fault = refusal_text(InvalidAudience(part=""))
        return segment_page(form, EVERYBODY, shelf, fault=fault, status=422)
    if "drop" in request.form:
        return segment_page(form, without(audience, request.form["drop"]), shelf)
    act = request.form.get("do", "look")
    if act == "size":
        return segment_page(form, as_typed(form, audience, shelf), shelf)
    if act == "add":
        audience = with_typed(form, audience, shelf)
        return segment_page(form, audience, shelf, status=422 if form.errors else 200)
    if act != "save":
        return segment_page(form, audience, shelf)
    refuse_in_the_past()
    return kept_segment(form, audience, shelf)


@blueprint.post("/console/segments/<int:segment_id>/archive")
@allow("owner", "marketer")
def archive(segment_id: int) -> Response:
    """Offer a segment no more, unless something leans on it."""
    refuse_in_the_past()
    try:
        run_world(partial(archive_segment, segment_id=segment_id))
    except (UnknownSegment, AudienceInUse) as refusal:
        return go(url_for("console.segments", said=refusal.code))
    LOG.info("segment_archived", by=actor(), segment=segment_id)
    return go(url_for("console.segments", said="archived"))


def kept_segment(form: Form, audience: Audience, shelf: Shelf) -> Response:
    """Save and lead back to the list; a refusal stands beside the name."""
    found = segment_in(shelf, form.values["segment"])
    if found is not None and form.values["over"] not in ("", stamp_of(found)):
        form.values["over"] = stamp_of(found)
        fault = _("Somebody else changed this segment meanwhile. Save again to replace it.")
        return segment_page(form, audience, shelf, fault=fault, status=409)
    save = partial(save_segment, name=form.values["name"], audience=audience, actor=actor(),
                   segment_id=None if found is None else found.id)  # fmt: skip
    try:
        saved = run_world(save)
    except (InvalidAudience, NameTaken, UnknownSegment, AudienceInUse) as refusal:
        form.refuse("name", refusal_text(refusal))
        return segment_page(form, audience, shelf, status=422)
    LOG.info("segment_saved", by=actor(), segment=saved)
    return go(url_for("console.segments", said="saved"))


def read_shelf() -> Shelf:
    with open_world(readonly=True) as world:
        return shelf_of(world)


def segment_in(shelf: Shelf, text: str) -> SegmentView | None:
    """The segment of that number, where there is one."""
    return next((one for one in shelf.segments if str(one.id) == text), None)


def stamp_of(segment: SegmentView) -> str:
    """What tells a saved segment from what it was before."""
    content = json.dumps([segment.name, canonical(segment.audience)], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def told_audience() -> Audience | None:
    """The audience as the hidden fields of the form tell it; None where they tell none."""
    try:
        told = {side: [json.loads(text) for text in request.form.getlist(side)] for side in SIDES}
        return parse_audience(told)
    except (ValidationError, ValueError, RecursionError):
        return None


def without(audience: Audience, place: str) -> Audience:
    """The audience without the condition at `all:0`; as it was where there is none."""
    side, _colon, number = place.partition(":")
    kept = {
        name: [one for n, one in enumerate(values) if (name, str(n)) != (side, number)]
        for name, values in canonical(audience).items()
    }
    return parse_audience(kept)


def with_typed(form: Form, audience: Audience, shelf: Shelf) -> Audience:
    """The audience with the condition that was filled in."""
    kind = form.values["kind"]
    if kind not in KINDS:
        form.refuse("kind", _("Choose one of the list."))
        return audience
    fields, lists = fields_of(kind, shelf), request.form.to_dict(flat=False)
    made = typed_condition(kind, fields, form, lists, shop_facts().currency)
    side = "none" if form.values["side"] == "none" else "all"
    held = getattr(audience, side)
    if len(held) >= MOST_CONDITIONS:
        form.refuse("kind", _("These are enough conditions. Save a part as a segment of its own."))
    if made is None or form.errors:
        return audience
    form.values |= dict.fromkeys(TYPED, "")
    return audience.model_copy(update={side: (*held, made)})


def as_typed(form: Form, audience: Audience, shelf: Shelf) -> Audience:
    """The audience with the condition as far as it is typed, if it is one already."""
    trial = Form(dict(form.values))
    return with_typed(trial, audience, shelf)


def lines_of(audience: Audience, shelf: Shelf) -> list[tuple[str, int, str, str]]:
    """Each condition: its side, its place there, its words, its stored form."""
    currency, stored = shop_facts().currency, canonical(audience)
    return [
        (side, n, condition_line(one, shelf.names, currency), json.dumps(stored[side][n]))
        for side in SIDES
        for n, one in enumerate(getattr(audience, side))
    ]


def blamed(view: AudienceView, shelf: Shelf) -> str | None:
    """The condition after which nobody was left, in words."""
    emptied = view.emptied
    if emptied is None or emptied.condition is None:
        return None
    return condition_line(emptied.condition, shelf.names, shop_facts().currency)


def segment_page(
    form: Form, audience: Audience, shelf: Shelf, *, fault: str = "", status: int = 200
) -> Response:
    """The form with its conditions, and who is in."""
    kind = form.values["kind"] if form.values["kind"] in KINDS else "stage"
    with open_world(readonly=True) as world:
        view: AudienceView = audience_view(world, audience)
    g.frame = frame_for("segments")
    return page(
        "console/segment.html",
        status=status,
        frame=g.frame,
        view=view,
        blame=blamed(view, shelf),
        lines=lines_of(audience, shelf),
        names=shelf.names,
        stages=STAGES,
        values=form.values,
        errors=form.errors,
        chosen=request.form.to_dict(flat=False),
        kinds=[(code, str(label)) for code, label in KINDS.items()],
        kind=kind,
        fields=fields_of(kind, shelf),
        currency=shop_facts().currency,
        fault=fault,
        hrefs={"save": url_for("console.change_segment"), "back": url_for("console.segments")},
    )
