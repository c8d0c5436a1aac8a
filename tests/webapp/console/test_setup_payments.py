"""The wizard's third step with columns for cashiers and payment tokens: no page shows a token."""

import pytest
from sqlmodel import select

from gamification.activities.tables import Activity
from gamification.commands.founding import begin_programme
from gamification.commands.owner import ProgrammePlan, tier_plans
from gamification.store import Store
from tests.webapp.console.owner import english, run_row, upload, work
from tests.webapp.shopfront import Browser, Shop, text_of

FILES, LOOK = "/setup/files", "/setup/files/1"
PAID = """Номер чека;Дата;Карта клиента;Сумма;Кассир;Токен оплаты
А-1;01.10.2026 10:15;anna;360;Ольга;fp_Secret-7Qm3
А-2;13.10.2026 11:00;boris;150,50;Ольга;4111 1111 1111 1111
А-3;14.10.2026 12:00;clara;90;Ира;
"""
CHOSEN = {
    "column-receipt": "Номер чека", "column-customer": "Карта клиента", "column-moment": "Дата",
    "column-total": "Сумма", "column-cashier": "Кассир", "column-payment": "Токен оплаты",
    "profile": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def founded(shop: Shop) -> None:
    """The first two steps are done."""
    with shop.worlds.open() as world:
        begin_programme(
            world, ProgrammePlan(name="Полдень", tiers=tier_plans("cafe")), step="files"
        )


def send(owner: Browser, text: str) -> None:
    assert upload(owner, FILES, {"purchases": (text, "касса.csv")}).location == LOOK


def test_cashiers_and_tokens_are_recognised_and_no_page_shows_a_token(
    shop: Shop, owner: Browser
) -> None:
    send(owner, PAID)
    page = english(owner, LOOK)
    owner.send(LOOK, **CHOSEN, do="import")
    work(shop)
    done = english(owner, "/setup/live?run=1")
    listed = owner.get("/setup/files/1/rejects/purchases")

    shown = page.get_data(as_text=True)
    assert "6 of 15 recognised" in text_of(page)
    assert "<option selected>Кассир</option>" in shown
    assert "<option selected>Токен оплаты</option>" in shown
    assert shown.count("•••• 7Qm3") == 2, "beside its field and among the first rows"
    assert 'aria-describedby="column-payment-hint"' in shown
    assert "a full card number stands in place of a payment token: 1" in text_of(page)
    rejects = listed.get_data(as_text=True)
    assert "•••• 1111" in rejects
    told = "".join((shown, done.get_data(as_text=True), rejects, str(run_row(shop).outcome)))
    assert [secret for secret in ("Secret", "4111") if secret in told] == []
    with shop.worlds.open(readonly=True) as world:
        told_of = world.session.exec(select(Activity.external_id, Activity.operator))
        assert sorted(told_of) == [("А-1", "Ольга"), ("А-3", "Ира")]
        traces = Store(world.connection).rows("SELECT kind FROM member_trace")
        assert [kind for (kind,) in traces] == ["payment"]


def test_a_file_of_card_numbers_alone_says_what_to_send_instead(shop: Shop, owner: Browser) -> None:
    (
        head,
        *_,
    ) = PAID.splitlines()
    send(owner, f"{head}\nА-2;13.10.2026 11:00;boris;150,50;Ольга;4111 1111 1111 1111\n")

    said = text_of(english(owner, LOOK))
    left_out = owner.send(LOOK, **(CHOSEN | {"column-payment": ""}), do="look")

    assert "This looks like a full card number, which is never taken: •••• 1111." in said
    assert "Import all" not in said
    assert left_out.status_code == 303
    again = english(owner, LOOK)
    assert "Import all" in text_of(again)
    assert "4111" not in again.get_data(as_text=True), "hidden as long as the header says so"


def test_a_way_of_paying_in_place_of_tokens_is_noticed(shop: Shop, owner: Browser) -> None:
    head, *_ = PAID.splitlines()
    rows = [f"А-{n};01.10.2026 10:{n};c-{n};90;;way-{n % 2}" for n in range(10, 20)]
    send(owner, "\n".join((head, *rows)) + "\n")

    said = text_of(english(owner, LOOK))

    assert "The column of payment tokens has only 2 values for many members." in said
    assert "Import all" in said
