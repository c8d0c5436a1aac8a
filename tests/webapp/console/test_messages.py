"""The shop writes its messages: checked, tried on people, kept, put back, with a journal."""

from sqlmodel import select

from gamification.commands.postman import write_notice
from gamification.members.tables import Member
from gamification.notices.tables import MessageLog, MessageText
from gamification.notices.wording import PLACES
from gamification.programme import ProgrammeRow
from tests.webapp.console.owner import english
from tests.webapp.shopfront import Browser, Shop, text_of

PAGE, WON = "/console/messages", "/console/messages/challenge_won"


def form(**changes: str) -> dict[str, str]:
    return {
        "subject_ru": "Задание «{challenge}» выполнено",
        "text_ru": "{outcome}",
        "subject_en": "“{challenge}” is done",
        "text_en": "{outcome}",
        "do": "save",
    } | changes


def kept(shop: Shop) -> list[tuple[str, str, str, str]]:
    with shop.worlds.open(readonly=True) as world:
        rows = world.session.exec(select(MessageText)).all()
        return sorted((row.kind, row.locale, row.subject, row.text) for row in rows)


def test_every_kind_has_a_page_that_reads_it_in_both_languages(
    open_shop: Shop, owner: Browser
) -> None:
    open_shop.member(name="Вера Лунина")

    listed = english(owner, PAGE).get_data(as_text=True)
    for kind in PLACES:
        assert f'href="{PAGE}/{kind}"' in listed
        answer = english(owner, f"{PAGE}/{kind}")
        assert answer.status_code == 200
        assert "None" not in text_of(answer)
    page = text_of(english(owner, WON))
    assert "Задание «Неделя пирогов» выполнено" in page
    assert "“Pie week” is done" in page
    assert "Вера" in text_of(english(owner, f"{PAGE}/birthday"))
    assert owner.get(f"{PAGE}/gossip").status_code == 404


def test_words_are_kept_in_the_language_that_changed_and_put_back(
    open_shop: Shop, owner: Browser
) -> None:
    saved = owner.send(WON, **form(subject_ru="Готово, {name}: {challenge}"))
    again = owner.send(WON, **form(subject_ru="Готово, {name}: {challenge}"))

    assert (saved.status_code, again.status_code) == (303, 303)
    assert kept(open_shop) == [("challenge_won", "ru", "Готово, {name}: {challenge}", "{outcome}")]
    assert open_shop.count(MessageLog) == 1
    page = text_of(english(owner, WON))
    assert "your words" in page
    assert "owner" in page
    assert "account:" not in page
    assert "your words: Русский" in text_of(english(owner, PAGE))

    owner.send(WON, do="reset_ru")

    assert kept(open_shop) == []
    assert open_shop.count(MessageLog) == 2
    assert "the original text again" in text_of(english(owner, WON))


def test_a_look_keeps_nothing_and_escapes_everything(open_shop: Shop, owner: Browser) -> None:
    evil = "<script>alert(1)</script> {name} {{7*7}} {0.__class__}"

    answer = owner.send(WON, **form(do="look", text_en="<b>{name}</b> & {shop}"))
    page = answer.get_data(as_text=True)
    bad = owner.send(WON, **form(do="look", text_en=evil))

    assert answer.status_code == 200
    assert "&lt;b&gt;" in page
    assert "<b>Анна</b>" not in page
    assert "Полдень" in page
    assert kept(open_shop) == []
    assert bad.status_code == 422
    assert "<script>alert" not in bad.get_data(as_text=True)
    assert "49" not in text_of(bad)


def test_a_bad_text_keeps_all_typed_and_says_why_beside_it(open_shop: Shop, owner: Browser) -> None:
    wrong = form(
        subject_ru="", text_ru="Привет, {nobody}", subject_en="x" * 121, text_en="y" * 1001
    )

    answer = owner.client.post(
        WON,
        data=wrong | {"csrf_token": owner.token(WON)},
        headers={"Accept-Language": "en"},
    )

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert page.count('aria-invalid="true"') == 4
    for said in ("Some text is needed here.", "There is no {nobody}", "Up to 120 characters",
                 "Up to 1000 characters"):  # fmt: skip
        assert said in page
    assert "Привет, {nobody}" in page
    assert "y" * 1001 in page
    assert kept(open_shop) == []


def test_the_limit_of_news_is_set_here(open_shop: Shop, owner: Browser) -> None:
    good = owner.send(PAGE, most="3")
    bad = owner.send(PAGE, most="many")

    with open_shop.worlds.open(readonly=True) as world:
        assert world.session.get_one(ProgrammeRow, 1).news_a_day == 3
    assert (good.status_code, bad.status_code) == (303, 422)
    assert 'value="many"' in bad.get_data(as_text=True)


def test_what_a_shop_writes_is_what_the_inbox_says(open_shop: Shop, owner: Browser) -> None:
    owner.send(WON, **form(subject_en="Bravo {name}!", text_en="{challenge} <i>done</i>"))
    guest = open_shop.signed_in_as("customer")
    with open_shop.worlds.open() as world:
        member = world.session.exec(select(Member).where(Member.name == "Борис")).one()
        write_notice(
            world, kind="challenge_won", channel="inbox", member_id=member.id, dedupe_key="won",
            payload={"challenge": "x", "names": {"en": "Pies", "ru": "Пироги"}, "points": 5},
        )  # fmt: skip

    english_page = guest.get("/inbox").get_data(as_text=True)

    assert "Bravo Борис!" in english_page
    assert "Pies &lt;i&gt;done&lt;/i&gt;" in english_page
    assert "<i>done</i>" not in english_page


def test_a_marketer_writes_and_a_cashier_does_not(open_shop: Shop) -> None:
    marketer, cashier = open_shop.signed_in_as("marketer"), open_shop.signed_in_as("cashier")

    assert marketer.send(WON, **form(subject_en="Yes: {challenge}")).status_code == 303
    token = cashier.token("/settings")
    refused = cashier.client.post(WON, data=form(subject_en="No") | {"csrf_token": token})

    assert refused.status_code in (403, 404)
    assert [row[2] for row in kept(open_shop)] == ["Yes: {challenge}"]
