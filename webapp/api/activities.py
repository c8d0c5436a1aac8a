"""POST /activities, POST /cancellations, GET /activities/{activity_id}: acts besides purchases."""

from flask import Response, url_for

from gamification.commands.acts import ToldAct, cancel_told, record_act
from gamification.commands.till import Outcome
from gamification.readmodels.acts import act_at_till
from gamification.readmodels.till import till_terms
from gamification.world import World
from webapp.api.answered_acts import ActivityAnswer, ActivityView, activity_answer, activity_view
from webapp.api.asked import ActivityIn, CancellationIn
from webapp.api.bodies import read_object
from webapp.api.faults import read_as
from webapp.api.gate import sender
from webapp.api.marks import _l
from webapp.api.purchases import REPLAYED
from webapp.api.reading import Reader
from webapp.api.verbs import Answer, Example, Verb, answer_with
from webapp.world import open_world, run_world

SCOPE = "activities:write"


def post_activity() -> Response:
    """Record the act of the body, once."""
    told = read_as(ActivityIn, read_object())
    source = sender()

    def record(world: World) -> Outcome:
        reader = Reader(till_terms(world), source)
        act = ToldAct(
            told.type,
            source,
            told.id,
            reader.instant(told.occurred_at),
            store=told.store,
            channel=told.channel,
            operator=told.operator,
        )
        return record_act(world, act, reader.who(told.member))

    return answer_activity(told.id, told.type, run_world(record))


def post_cancellation() -> Response:
    """Take an act of this key back, once."""
    told = read_as(CancellationIn, read_object())
    source = sender()

    def cancel(world: World) -> tuple[str, Outcome]:
        return cancel_told(world, source, told.activity_id, reason=told.reason or "")

    kind, outcome = run_world(cancel)
    return answer_activity(told.activity_id, kind, outcome, cancelled=True)


def answer_activity(
    activity_id: str, kind: str, outcome: Outcome, *, cancelled: bool = False
) -> Response:
    """What came of an act, or of taking it back, now or when it was first told."""
    headers = {REPLAYED: "true"} if outcome.again else {}
    if not outcome.again:
        headers["Location"] = url_for("api.get_activity", activity_id=activity_id)
    status = "cancelled" if cancelled else outcome.status
    answer = activity_answer(activity_id, kind, status, outcome.answer)
    return answer_with(answer, 200 if outcome.again else 201, **headers)


def get_activity(activity_id: str) -> Response:
    """An act that this key's name sent."""
    with open_world(readonly=True) as world:
        found = act_at_till(world, sender(), activity_id)
    return answer_with(activity_view(found), 200)


POST = Verb(
    name="post_activity",
    method="POST",
    path="/activities",
    scope=SCOPE,
    summary=_l("Record an act besides purchases"),
    about=_l(
        "Somebody looked in, confirmed a phone, filled in a profile. The same id with the same"
        " contents may be sent again: it counts once. What goes beyond the programme's limit for"
        " its type is kept as ignored and brings nothing. An act is told at most 30 days late."
        " Joining and birthdays are noted by the programme alone."
    ),
    act=post_activity,
    body=ActivityIn,
    answers={
        201: Answer(_l("It is kept: counted, or ignored with the reason."), ActivityAnswer),
        200: Answer(_l("It was recorded before; this is the first answer."), ActivityAnswer, True),
    },
    problems={
        403: ("member_blocked", "card_blocked", "read_only_now"),
        404: ("unknown_member",),
        409: ("conflicting_body", "programme_missing"),
        422: ("act_not_yours", "act_out_of_time"),
    },
    examples={
        "visit": Example(
            about=_l("Somebody opened the app today"),
            status=201,
            body={
                "id": "visit/13085/2026-11-24",
                "type": "daily_check_in",
                "occurred_at": "2026-11-24T09:40:00+03:00",
                "member": {"external_id": "13085"},
                "channel": "app",
            },
            answer={
                "id": "visit/13085/2026-11-24",
                "type": "daily_check_in",
                "status": "recorded",
                "reason": None,
                "points": 0,
                "clawed_back": 0,
                "tier": "sprout",
                "medals": [],
                "medals_withdrawn": [],
            },
        ),
        "again": Example(
            about=_l("The same day once more: kept, and not counted"),
            status=201,
            body={
                "id": "visit/13085/2026-11-24/2",
                "type": "daily_check_in",
                "occurred_at": "2026-11-24T21:05:00+03:00",
                "member": {"external_id": "13085"},
                "channel": "app",
            },
            answer={
                "id": "visit/13085/2026-11-24/2",
                "type": "daily_check_in",
                "status": "ignored",
                "reason": "limit",
                "points": 0,
                "clawed_back": 0,
                "tier": None,
                "medals": [],
                "medals_withdrawn": [],
            },
        ),
    },
)

GET = Verb(
    name="get_activity",
    method="GET",
    path="/activities/{activity_id}",
    scope=SCOPE,
    summary=_l("Look at an act"),
    about=_l("An act besides purchases that was sent by a key of the same name."),
    act=get_activity,
    path_values={"activity_id": _l("Your number of the act.")},
    answers={200: Answer(_l("The act as it is kept."), ActivityView)},
    problems={404: ("unknown_activity", "not_found"), 409: ("programme_missing",)},
    examples={
        "visit": Example(
            about=_l("A visit that counted"),
            status=200,
            values={"activity_id": "visit/13085/2026-11-24"},
        )
    },
)

CANCEL = Verb(
    name="post_cancellation",
    method="POST",
    path="/cancellations",
    scope=SCOPE,
    summary=_l("Take an act back"),
    about=_l(
        "An act that was sent by mistake counts no more, and its points go the way of a return's."
        " It may be sent again: an act is taken back once."
    ),
    act=post_cancellation,
    body=CancellationIn,
    answers={
        201: Answer(_l("It is taken back."), ActivityAnswer),
        200: Answer(
            _l("It was taken back before; this is the first answer."), ActivityAnswer, True
        ),
    },
    problems={
        403: ("read_only_now",),
        404: ("unknown_activity",),
        409: ("act_closed", "programme_missing"),
    },
    examples={
        "mistake": Example(
            about=_l("A visit that was never made"),
            status=201,
            body={"activity_id": "visit/13085/2026-11-24", "reason": "a test of the app"},
        )
    },
)
