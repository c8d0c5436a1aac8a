"""The wizard's third step: files are sent, looked at, corrected and imported."""

import gzip

import pytest
from sqlmodel import select

from gamification.activities.tables import Activity
from gamification.commands.founding import begin_programme
from gamification.commands.owner import ProgrammePlan, tier_plans
from gamification.members.tables import Member
from tests.webapp.console.owner import (
    KASSA,
    PEOPLE,
    english,
    imports,
    programme,
    run_row,
    upload,
    work,
)
from tests.webapp.shopfront import Browser, Shop, text_of
from webapp.console.previews import rough
from webapp.intake.tables import ImportRun

FILES, LOOK = "/setup/files", "/setup/files/1"
COLUMNS = {
    "column-receipt": "Номер чека", "column-customer": "Карта клиента", "column-moment": "Дата",
    "column-sku": "Товар", "column-quantity": "Кол-во", "column-price": "Цена",
    "column-total": "Сумма", "profile": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def founded(shop: Shop) -> None:
    """The first two steps are done."""
    plan = ProgrammePlan(name="Полдень", tiers=tier_plans("cafe"))
    with shop.worlds.open() as world:
        begin_programme(world, plan, step="files")


def send(owner: Browser, purchases: str | bytes = KASSA, name: str = "касса.csv") -> None:
    answer = upload(owner, FILES, {"purchases": (purchases, name)})
    assert (answer.status_code, answer.location) == (303, LOOK)


def test_a_file_is_looked_at_before_anything_is_written(shop: Shop, owner: Browser) -> None:
    send(owner)

    said = text_of(english(owner, LOOK)).replace("\u00a0", " ")

    assert "касса.csv, 4 rows" in said
    assert "Receipts 3 1 return" in said
    assert "Members 2" in said
    assert "Sales ₽1,511 1 October 2026 — 15 October 2026" in said
    assert "Points they would get 39" in said
    assert "7 of 15 recognised" in said
    assert shop.count(Member) == shop.count(Activity) == 0


def test_both_files_are_imported_and_the_programme_opens(shop: Shop, owner: Browser) -> None:
    sent = {"purchases": (gzip.compress(KASSA.encode("cp1251")), "касса.csv.gz"),
            "members": (PEOPLE, "люди.csv")}  # fmt: skip
    upload(owner, FILES, sent)
    preview = text_of(english(owner, LOOK)).replace("\u00a0", " ")

    asked = owner.send(LOOK, **COLUMNS, **people_columns(), do="import")
    running = text_of(english(owner, LOOK))
    work(shop)
    done = owner.get(LOOK)

    assert "New members 2" in preview
    assert "Opening balances 50" in preview
    assert (asked.status_code, asked.location) == (303, LOOK)
    assert "Waiting for its turn" in running
    assert (done.status_code, done.location) == (303, "/setup/live?run=1")
    said = text_of(english(owner, done.location)).replace("\u00a0", " ")
    assert "Your programme is live" in said
    assert "4 receipts were recorded" in said
    assert "New members 3 Points 89" in said
    row = programme(shop)
    assert row is not None
    assert row.live_at is not None
    assert not any(imports(shop).rglob("*.csv*"))


def test_a_column_of_cities_is_seen_chosen_and_imported(shop: Shop, owner: Browser) -> None:
    people = "Код клиента;Имя;Город\nanna;Анна;г. Орёл\nclara;Клара;\nboris;Борис;" + "Й" * 81
    upload(owner, FILES, {"members": (people, "люди.csv")})
    page = owner.get(LOOK)
    chosen = {f"people-{role}": label for role, label in
              (("external_id", "Код клиента"), ("name", "Имя"), ("city", "Город"))}  # fmt: skip

    owner.send(LOOK, **chosen, do="import")
    work(shop)

    said = text_of(page).replace("\u00a0", " ")
    assert 'name="people-city"' in page.get_data(as_text=True)
    assert "Новые участники 2" in said
    assert "текст слишком длинный" in said
    with shop.worlds.open(readonly=True) as world:
        rows = world.session.exec(select(Member.external_id, Member.city, Member.city_key))
        assert sorted(rows) == [("anna", "г. Орёл", "орел"), ("clara", None, None)]


def people_columns() -> dict[str, str]:
    return {
        "people-external_id": "Код клиента", "people-name": "Имя", "people-phone": "Телефон",
        "people-cards": "Карта", "people-balance": "Баллы",
    }  # fmt: skip


def test_without_files_the_programme_opens_at_once(shop: Shop, owner: Browser) -> None:
    answer = owner.send(FILES, "/setup/skip")

    assert (answer.status_code, answer.location) == (303, "/setup/live")
    assert "Members join on the page of your club" in text_of(english(owner, "/setup/live"))
    assert owner.client.get("/", follow_redirects=True).request.path == "/console"


def test_a_shop_that_has_opened_long_ago_is_past_the_last_step(shop: Shop, owner: Browser) -> None:
    owner.send(FILES, "/setup/skip")
    shop.now.move(days=1)
    back = shop.signed_in_as("owner")

    assert back.get("/setup/live").location == "/console"


def test_with_members_there_is_no_first_receipt_to_wait_for(shop: Shop, owner: Browser) -> None:
    send(owner)
    owner.send(LOOK, **COLUMNS, do="import")
    work(shop)
    new = text_of(english(owner, "/setup/live?run=1"))
    shop.now.move(days=300)
    back = shop.signed_in_as("owner")

    old = text_of(english(back, "/setup/live?run=1"))

    assert back.get("/setup/live").location == "/console"
    assert "Step 4 of 4" in new
    assert "Step 4 of 4" not in old
    assert "The import is done" in old


def test_a_file_that_came_before_changes_nothing(shop: Shop, owner: Browser) -> None:
    send(owner)
    owner.send(LOOK, **COLUMNS, do="import")
    work(shop)
    before = shop.count(Activity)

    upload(owner, FILES, {"purchases": (KASSA, "ещё раз.csv")})
    owner.send("/setup/files/2", **COLUMNS, do="import")
    work(shop)

    said = text_of(english(owner, "/setup/live?run=2"))
    assert shop.count(Activity) == before
    assert "The import is done" in said
    assert "Everything in the files was known already" in said
    assert "4 receipts were known already" in said


def test_a_wrong_column_is_corrected_and_counted_again(shop: Shop, owner: Browser) -> None:
    send(owner)

    missing = owner.send(LOOK, **(COLUMNS | {"column-customer": ""}), do="import")
    again = owner.send(LOOK, **(COLUMNS | {"column-customer": "Товар"}), do="import")

    assert missing.status_code == 422
    assert 'aria-invalid="true"' in missing.get_data(as_text=True)
    assert again.status_code == 303
    said = text_of(english(owner, LOOK))
    assert "Members 3" in said
    assert "Import all" in said
    assert shop.count(Activity) == 0


def test_columns_that_make_no_row_readable_say_so(shop: Shop, owner: Browser) -> None:
    send(owner)

    owner.send(LOOK, **(COLUMNS | {"column-moment": "Товар"}), do="look")

    said = text_of(english(owner, LOOK))
    assert "Not one row of 4 can be read so. The first says: This is not a date: Латте" in said
    assert "Import all" not in said


def test_rows_that_cannot_be_read_are_put_aside_with_reasons(shop: Shop, owner: Browser) -> None:
    send(owner, KASSA + "А-9;32.10.2026 10:00;anna;Латте;1;180;180\n")
    preview = text_of(english(owner, LOOK))
    owner.send(LOOK, **COLUMNS, do="import")
    work(shop)

    page = text_of(english(owner, "/setup/live?run=1"))
    listed = owner.get("/setup/files/1/rejects/purchases")

    assert "the date cannot be read: 1" in preview
    assert "1 row was put aside" in page
    assert listed.status_code == 200
    assert "attachment" in listed.headers["Content-Disposition"]
    assert "А-9" in listed.get_data(as_text=True)
    assert owner.get("/setup/files/1/rejects/members").status_code == 404
    listed.close()


def test_a_known_export_in_another_currency_says_so(shop: Shop, owner: Browser) -> None:
    text = "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID\n"
    send(owner, text + "1,A,1,2010-12-01 08:26:00,2.55,7\n", "retail.csv")

    said = text_of(english(owner, LOOK))

    assert "This kind of file counts in GBP, your programme in RUB" in said
    owner.send(LOOK, profile="", do="look")
    assert "Points they would get" in text_of(english(owner, LOOK))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [("", "The file is empty"), (b"PK\x03\x04broken", "damaged"), (b"\x1f\x8bbroken", "damaged"),
     ('{"a": 1}', "is no table")],
)  # fmt: skip
def test_a_file_that_cannot_be_used_says_why_beside_its_field(
    shop: Shop, owner: Browser, content: str | bytes, sentence: str
) -> None:
    page = owner.token(FILES) and "/setup/files"

    answer = upload(owner, page, {"purchases": (content, "x.csv")}, locale="en")

    assert answer.status_code == 422
    assert 'id="purchases-error"' in answer.get_data(as_text=True)
    assert shop.count(ImportRun) == 0


def test_a_good_file_is_kept_while_the_other_is_chosen_again(shop: Shop, owner: Browser) -> None:
    wrong = upload(owner, FILES, {"purchases": ("", "пусто.csv"), "members": (PEOPLE, "люди.csv")})
    page = wrong.get_data(as_text=True)

    answer = upload(owner, FILES, {"purchases": (KASSA, "касса.csv")}, run="1")

    assert wrong.status_code == 422
    assert "люди.csv" in page
    assert 'name="run" value="1"' in page
    assert answer.location == LOOK
    assert run_row(shop).files == {"members": "люди.csv", "purchases": "касса.csv"}


def test_nothing_sent_is_asked_for(shop: Shop, owner: Browser) -> None:
    answer = upload(owner, FILES, {})

    assert answer.status_code == 422
    assert 'id="purchases-error"' in answer.get_data(as_text=True)


def test_a_file_that_is_too_large_is_not_kept(
    shop: Shop, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.console.setup_files.LARGEST_FILE", 100)

    answer = upload(owner, FILES, {"purchases": (KASSA, "касса.csv")})

    assert answer.status_code == 422
    assert not any(imports(shop).iterdir())


def test_a_name_from_elsewhere_stays_in_its_folder(shop: Shop, owner: Browser) -> None:
    upload(owner, FILES, {"purchases": (KASSA, "../../../..\\etc/pass<wd>.csv")})

    files = [path for path in imports(shop).rglob("*") if path.is_file()]
    assert [path.name for path in files] == ["pass_wd_.csv"]
    assert run_row(shop).files == {"purchases": "pass_wd_.csv"}


def test_an_import_whose_files_are_gone_says_so(shop: Shop, owner: Browser) -> None:
    send(owner)
    for path in imports(shop).rglob("*.csv"):
        path.unlink()

    answer = english(owner, LOOK)

    assert answer.status_code == 410
    assert "cannot be opened" in text_of(answer)


def test_an_unknown_number_is_404(shop: Shop, owner: Browser) -> None:
    assert owner.get("/setup/files/7").status_code == 404
    assert owner.get("/setup/files/7/rejects/purchases").status_code == 404


def test_nobody_else_sends_or_imports(shop: Shop, owner: Browser, guest: Browser) -> None:
    send(owner)
    cashier = shop.signed_in_as("cashier")
    token = cashier.token("/settings")

    answers = [
        cashier.client.post(FILES, data={"csrf_token": token}).status_code,
        cashier.client.post(LOOK, data={"csrf_token": token, "do": "import"}).status_code,
        cashier.client.post("/setup/skip", data={"csrf_token": token}).status_code,
        cashier.get(LOOK).status_code,
        guest.client.post(LOOK, data={"do": "import"}).status_code,
    ]

    assert answers == [403, 403, 403, 403, 303]
    assert run_row(shop).state == "looked"
    row = programme(shop)
    assert row is not None
    assert row.live_at is None


def test_the_page_that_asks_again_is_led_on_when_the_work_is_done(
    shop: Shop, owner: Browser
) -> None:
    send(owner)
    owner.send(LOOK, **COLUMNS, do="import")
    asks = {"HX-Request": "true", "HX-Target": "progress"}

    during = owner.get(LOOK, headers=asks)
    work(shop)
    after = owner.get(LOOK, headers=asks)

    assert during.get_data(as_text=True).lstrip().startswith('<div id="progress"')
    assert (after.status_code, after.headers["HX-Redirect"]) == (204, "/setup/live?run=1")


def test_a_large_file_is_looked_at_by_the_runner(
    shop: Shop, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.console.setup_files.AT_ONCE_BYTES", 10)
    send(owner)
    before = text_of(english(owner, LOOK))

    worked = work(shop)

    assert "We look through your files" in before
    assert worked
    assert "Points they would get" in text_of(english(owner, LOOK))


def test_an_estimate_has_no_more_digits_than_it_can_answer_for() -> None:
    assert [rough(n) for n in (0, 7, 999, 30_490_389, -1_234_567)] == [
        0, 7, 999, 30_500_000, -1_230_000,
    ]  # fmt: skip


def test_a_long_file_is_estimated_from_its_first_members(
    shop: Shop, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.intake.looking.REHEARSED_LINES", 20)
    monkeypatch.setattr("webapp.intake.looking.PAGE_LINES", 5)
    rows = [f"Ч-{n};01.10.2026 10:{n:02d};c-{n};Латте;1;1000;1000" for n in range(60)]

    send(owner, "\n".join([KASSA.splitlines()[0], *rows]) + "\n")

    found = (run_row(shop).found or {})["purchases"]
    assert (found["points"], found["about"]) == (60 * 30, True)
    assert "≈1,800 estimated from the first members" in text_of(english(owner, LOOK))
    assert shop.count(Member) == 0
