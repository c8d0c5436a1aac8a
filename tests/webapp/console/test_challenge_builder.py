"""The builder of a draft: every field saved, refused beside itself, mended, undone, launched."""

from dataclasses import replace
from typing import Any

import pytest

from gamification.commands.challenge_desk import challenge_now
from gamification.commands.challenges import ChallengeTerms, Rung, Step, save_draft
from gamification.commands.member import ConsentAnswer, join_member
from gamification.commands.preferences import answer_questions
from gamification.measures.catalogue import Where
from tests.webapp.console.challenge_forms import (
    PAGE,
    draft,
    fields_of,
    launched,
    now_of,
    send,
)
from tests.webapp.console.owner import english, tell
from tests.webapp.shopfront import Browser, Shop, text_of


@pytest.fixture
def marketer(open_shop: Shop) -> Browser:
    return open_shop.signed_in_as("marketer")


def said(answer: Any) -> str:
    return text_of(answer).replace("\u00a0", " ")


@pytest.mark.parametrize(
    "template",
    ["collect", "streak", "spend", "place", "friend", "hours", "welcome", "come_back", "blank"],
)
def test_a_form_that_nobody_changed_changes_nothing(
    open_shop: Shop, marketer: Browser, template: str
) -> None:
    number = draft(marketer, template)
    before = now_of(open_shop, number)

    answer = send(marketer, number)

    assert answer.status_code == 303
    after = now_of(open_shop, number)
    assert (after.revision, after.plan) == (before.revision, before.plan)


def test_the_sentence_is_the_goal(open_shop: Shop, marketer: Browser) -> None:
    number = draft(marketer, "blank")

    answer = send(marketer, number, s0_what="days", s0_n="4", s0_goods=["Кофе", "Выпечка", ""],
                  s0_from="150,50", s0_day=["6", "7"], s0_opens="15:00", s0_closes="18:30",
                  s0_store=["Центр"], s0_fresh="90", points="1 000", medal="yes",
                  budget="250 000", most_points="2000", hold_days="7")  # fmt: skip

    assert answer.status_code == 303, said(answer)
    plan = now_of(open_shop, number).plan
    (step,) = plan.terms.steps
    assert (step.kind, step.of, step.at_least, step.fresh_days) == ("distinct", "day", 4, 90)
    assert step.where == Where(
        categories=("Кофе", "Выпечка"), weekdays=(6, 7), hours=((900, 1110),), stores=("Центр",),
        amount_from=15_050,
    )  # fmt: skip
    assert plan.terms.ladder == (Rung(at=4, points=1_000),)
    assert (plan.terms.medal, plan.budget, plan.terms.most_points) == (True, 250_000, 2_000)
    words = said(english(marketer, f"{PAGE}/{number}"))
    assert "Shop on 4 different days" in words
    assert "in receipts from ₽150.50" in words


def test_several_steps_in_order_some_of_them_enough(open_shop: Shop, marketer: Browser) -> None:
    number = draft(marketer, "blank")

    send(marketer, number, do="add_step")
    answer = send(marketer, number, do="add_step", s1_what="sum", s1_n="1500", order="yes")
    send(marketer, number, need="2", s2_what="profile_completed", s2_n="1")

    assert answer.status_code == 303
    terms = now_of(open_shop, number).plan.terms
    assert [(step.kind, step.at_least) for step in terms.steps] == [
        ("count", 3), ("sum", 150_000), ("count", 1),
    ]  # fmt: skip
    assert terms.steps[2].events == ("profile_completed",)
    assert (terms.in_order, terms.goal) == (True, 2)

    send(marketer, number, do="drop_step:0")

    terms = now_of(open_shop, number).plan.terms
    assert [step.kind for step in terms.steps] == ["sum", "count"]
    assert terms.goal == 2


def test_a_step_without_fields_of_its_own_stays_as_it_is(
    open_shop: Shop, marketer: Browser
) -> None:
    number = draft(marketer, "blank")
    odd = Step.model_validate(
        {"kind": "count", "at_least": 2, "where": {"channels": ("online",), "lines_from": 2}}
    )
    with open_shop.worlds.open() as world:
        plan = challenge_now(world, number).plan
        steps = (*plan.terms.steps, odd)
        terms = ChallengeTerms(steps=steps, ladder=(Rung(at=2, points=50),))
        save_draft(world, number, replace(plan, terms=terms), over=1, actor="account:1")

    send(marketer, number, points="60")
    assert now_of(open_shop, number).plan.terms.steps == steps
    send(marketer, number, do="drop_step:0")

    assert now_of(open_shop, number).plan.terms.steps == (odd,)


def test_rewards_on_the_way_and_given_stamps(open_shop: Shop, marketer: Browser) -> None:
    number = draft(marketer, "blank")

    send(marketer, number, s0_n="8", endowed="2", stamps="yes")
    send(marketer, number, do="add_rung")
    send(marketer, number, r0_points="30")

    terms = now_of(open_shop, number).plan.terms
    assert terms.ladder == (Rung(at=5, points=30), Rung(at=8, points=200))
    assert (terms.endowed, terms.stamps) == (2, True)

    answer = send(marketer, number, r0_at="9")

    assert answer.status_code == 422
    assert 'id="r0_at-error"' in answer.get_data(as_text=True)
    assert now_of(open_shop, number).plan.terms == terms


def test_an_audience_of_conditions(open_shop: Shop, marketer: Browser) -> None:
    with open_shop.worlds.open() as world:
        tell(world, join_member(world, name="Анна").id or 0, "R-1", days=1)
    number = draft(marketer, "blank")

    for kind in ("not_bought", "recency", "spend"):
        send(marketer, number, do=f"add_condition:{kind}")
    send(marketer, number, a1_days="30", a2_at_least="2 500,50", a2_days="")

    assert now_of(open_shop, number).plan.terms.audience == {
        "all": [
            {"kind": "not_bought", "categories": ["Кофе"], "days": 60},
            {"kind": "recency", "days": 30, "within": False},
            {"kind": "spend", "at_least": 250_050},
        ]
    }

    send(marketer, number, do="drop_condition:1")

    kinds = [one["kind"] for one in now_of(open_shop, number).plan.terms.audience["all"]]
    assert kinds == ["not_bought", "spend"]


def test_dates_are_of_the_shop_and_end_with_their_minute(
    open_shop: Shop, marketer: Browser
) -> None:
    number = draft(marketer)

    send(marketer, number, starts="2026-12-01T00:00", ends="2026-12-07T23:59", remind=["3", "1"])

    plan = now_of(open_shop, number).plan
    assert plan.starts_at is not None and plan.ends_at is not None
    assert plan.starts_at.isoformat() == "2026-11-30T21:00:00+00:00"
    assert plan.ends_at.isoformat() == "2026-12-07T21:00:00+00:00"
    assert plan.terms.remind_days == (3, 1)
    assert fields_of(marketer, f"{PAGE}/{number}")["ends"] == ["2026-12-07T23:59"]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("s0_n", "0"), ("s0_n", "many"), ("s0_n", "9" * 60), ("s0_what", "steal"),
        ("s0_opens", "25:00"), ("s0_from", "-3"), ("points", "-1"), ("points", "1e9"),
        ("budget", "0"), ("budget", "99999999999999"), ("control_percent", "51"),
        ("grace_hours", "x"), ("hold_days", "1000"), ("most_points", "0"), ("endowed", "3"),
        ("starts", "soon"), ("starts", "9999-12-31T23:59"), ("ends", "0001-01-01T00:00"),
        ("window", "x"), ("repeat", "hourly"), ("enrol", "x"), ("count_from", "x"),
        ("name_ru", "й" * 81), ("about_en", "a" * 301), ("invitation_ru", "й" * 501),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_stands_beside_its_field(
    open_shop: Shop, marketer: Browser, field: str, typed: str
) -> None:
    number = draft(marketer)
    before = now_of(open_shop, number)

    answer = send(marketer, number, **{field: typed, "most_points": "777"} | {field: typed})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in page
    if field != "most_points":
        assert 'value="777"' in page  # nothing typed is lost
    assert now_of(open_shop, number) == before


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"s0_opens": "10:00"}, "s0_closes"),
        ({"s0_opens": "10:00", "s0_closes": "10:00"}, "s0_closes"),
        ({"starts": "2026-12-09T10:00", "ends": "2026-12-09T09:00"}, "ends"),
        ({"ends": "2028-12-09T09:00"}, "ends"),
        ({"window": "joined"}, "days"),
        ({"window": "joined", "days": "400"}, "days"),
        ({"window": "joined", "days": "4", "repeat": "weekly"}, "repeat"),
        ({"repeat": "weekly", "max_winners": "3"}, "max_winners"),
        ({"s0_what": "sum", "s0_n": "100", "endowed": "1"}, "endowed"),
        ({"s0_n": "2", "endowed": "2"}, "endowed"),
    ],
)
def test_settings_that_do_not_go_together(
    open_shop: Shop, marketer: Browser, changes: dict[str, str], field: str
) -> None:
    number = draft(marketer)

    answer = send(marketer, number, **changes)

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.get_data(as_text=True)
    assert now_of(open_shop, number).revision == 1


def test_spaces_around_a_number_of_rows_do_no_harm(open_shop: Shop, marketer: Browser) -> None:
    number = draft(marketer)

    for name, text in (("steps", " 7 "), ("rungs", " 3 "), ("conditions", "\t4 ")):
        assert send(marketer, number, **{name: text}).status_code in (303, 422)


def test_a_press_mends_the_budget(open_shop: Shop, marketer: Browser) -> None:
    number = draft(marketer)
    send(marketer, number, budget="150")
    assert "Raise to 200" in said(english(marketer, f"{PAGE}/{number}"))

    send(marketer, number, mend="budget:200")

    now = now_of(open_shop, number)
    assert (now.plan.budget, now.faults) == (200, ())


def test_a_press_cannot_set_what_no_button_sets(open_shop: Shop, marketer: Browser) -> None:
    number = draft(marketer)

    send(marketer, number, mend="control_percent:0", do="drop_step:77")

    assert now_of(open_shop, number).revision == 1


def test_two_people_do_not_overwrite_each_other(open_shop: Shop, marketer: Browser) -> None:
    number = draft(marketer)
    seen = fields_of(marketer, f"{PAGE}/{number}")
    send(marketer, number, points="300")

    answer = marketer.client.post(f"{PAGE}/{number}", data=seen | {"points": ["400"]})

    assert answer.status_code == 422
    words = answer.get_data(as_text=True)
    assert "Вы тем временем сохранили этот черновик в другом окне" in words
    assert "Ваша правка не потеряна" in words
    assert 'value="400"' in words
    other = open_shop.signed_in_as("owner")
    theirs = seen | {"csrf_token": [other.token(f"{PAGE}/{number}")]}
    words = other.client.post(f"{PAGE}/{number}", data=theirs).get_data(as_text=True)
    assert "Кто-то уже сохранил этот черновик" in words
    assert now_of(open_shop, number).plan.terms.points == 300
    again = marketer.client.post(f"{PAGE}/{number}", data=seen | {"points": ["400"], "over": "2"})
    assert again.status_code == 303
    assert now_of(open_shop, number).plan.terms.points == 400


def test_undo_and_versions(open_shop: Shop, marketer: Browser) -> None:
    number = draft(marketer)
    send(marketer, number, points="300")
    send(marketer, number, points="400")
    assert "Undo" in said(english(marketer, f"{PAGE}/{number}"))

    answer = marketer.send(f"{PAGE}/{number}", f"{PAGE}/{number}/restore", revision="2", over="3")

    assert answer.location == f"{PAGE}/{number}?said=restored"
    assert now_of(open_shop, number).plan.terms.points == 300
    late = marketer.send(f"{PAGE}/{number}", f"{PAGE}/{number}/restore", revision="1", over="3")
    assert late.status_code == 409
    assert now_of(open_shop, number).revision == 4
    none = marketer.send(f"{PAGE}/{number}", f"{PAGE}/{number}/restore", revision="77", over="4")
    assert none.status_code == 404


def test_another_template_brings_its_goal_and_keeps_what_was_written(
    open_shop: Shop, marketer: Browser
) -> None:
    number = draft(marketer)
    send(marketer, number, name_ru="Моя неделя", budget="9000")

    send(marketer, number, template="friend")

    plan = now_of(open_shop, number).plan
    assert plan.template == "friend"
    assert plan.terms.steps[0].events == ("friend_came",)
    assert (plan.words["ru"].name, plan.words["en"].name) == ("Моя неделя", "Bring a friend")
    assert plan.budget == 9_000


def test_htmx_gets_the_builder_alone_with_its_new_revision(
    open_shop: Shop, marketer: Browser
) -> None:
    number = draft(marketer)
    fields = fields_of(marketer, f"{PAGE}/{number}")
    headers = {"HX-Request": "true", "HX-Target": "builder"}

    answer = marketer.client.post(
        f"{PAGE}/{number}", data=fields | {"points": ["310"], "state": ["done"]}, headers=headers
    )

    part = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert part.startswith('<div class="builder" id="builder">')
    assert 'name="over" value="2"' in part
    assert "+310" in part.replace("\u00a0", " ")
    assert 'value="done" checked' in part


def test_a_launch_saves_what_is_typed_and_refuses_what_is_missing(
    open_shop: Shop, marketer: Browser
) -> None:
    number = draft(marketer)

    answer = send(marketer, number, "/launch", name_en="")

    assert answer.status_code == 422
    assert "Нет названия на английском." in said(answer)
    assert now_of(open_shop, number).state == "draft"

    done = send(marketer, number, "/launch", name_en="Bakery week", budget="7000")

    assert done.location == f"{PAGE}/{number}?said=launched"
    now = now_of(open_shop, number)
    assert (now.state, now.plan.words["en"].name) == ("scheduled", "Bakery week")


def test_a_rival_is_named(open_shop: Shop, marketer: Browser) -> None:
    launched(marketer, "collect", name_ru="Три вкуса", starts="2026-12-01T00:00")
    number = draft(marketer)

    words = said(marketer.get(f"{PAGE}/{number}"))

    assert "«Три вкуса» платит за те же покупки в то же время." in words


def test_a_rival_that_pays_for_a_part_of_it_is_named_with_that_part(
    open_shop: Shop, marketer: Browser
) -> None:
    launched(marketer, "spend", name_ru="Сумма", name_en="A Sum", s0_day=["6", "7"])
    number = draft(marketer, "blank")
    page = f"{PAGE}/{number}"
    send(marketer, number, ends="2026-12-31T23:59", starts="2026-11-25T00:00")

    words = said(english(marketer, page))

    both = "“A Sum” pays for the same purchases at the same time."
    assert f"{both} Both pay for: purchases on weekends." in words
    assert "No other challenge pays for the same." not in words

    send(marketer, number, s0_day=["1", "2", "3"])
    assert "No other challenge pays for the same." in said(english(marketer, page))


def test_it_says_how_many_can_be_invited(open_shop: Shop, marketer: Browser) -> None:
    number = draft(marketer, "blank")
    people = [open_shop.member(name=f"{name} Седова", phone=f"+791234500{n:02d}")
              for n, name in enumerate(("Анна", "Борис", "Клара"))]  # fmt: skip
    page = f"{PAGE}/{number}"
    assert "Nobody in its audience has agreed to news" in said(english(marketer, page))

    for n, given in enumerate((True, True, False)):
        with open_shop.worlds.open() as world:
            answers = [ConsentAnswer("marketing", given, "x")]
            answer_questions(world, people[n], answers)
    assert "2 of those it is meant for agreed to news" in said(english(marketer, page))

    with open_shop.worlds.open() as world:  # somebody takes it back
        answer_questions(world, people[0], [ConsentAnswer("marketing", False, "x")])
    assert "1 of those it is meant for agreed to news" in said(english(marketer, page))
    send(marketer, number, do="add_condition:spend")
    assert "Nobody in its audience has agreed to news" in said(english(marketer, page))
