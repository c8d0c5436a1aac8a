"""The runner: one worker an import, progress written down, nothing lost when it stops."""

import threading

import pytest

from gamification.activities.tables import Activity
from tests.webapp.console.owner import KASSA, english, imports, run_row, upload, work
from tests.webapp.shopfront import Browser, Shop, text_of
from webapp.intake import purchases, runner
from webapp.intake.runner import Diary, Runner, StoppedError
from webapp.intake.runs import LEASE, LostRunError, claim_run, finish_run, note_import
from webapp.surroundings import here

LOOK = "/setup/files/1"


@pytest.fixture
def asked(open_shop: Shop, owner: Browser) -> Shop:
    """A shop whose owner has asked for an import."""
    upload(owner, "/setup/files", {"purchases": (KASSA, "касса.csv")})
    columns = {
        "column-receipt": "Номер чека", "column-customer": "Карта клиента",
        "column-moment": "Дата", "column-sku": "Товар", "column-quantity": "Кол-во",
        "column-price": "Цена", "column-total": "Сумма",
    }  # fmt: skip
    owner.send(LOOK, **columns, do="import")
    return open_shop


def test_two_workers_do_not_take_the_same_import(asked: Shop) -> None:
    with asked.worlds.open() as world:
        first = claim_run(world, root=imports(asked))
    with asked.worlds.open() as world:
        second = claim_run(world, root=imports(asked))

    assert first is not None
    assert second is None
    assert run_row(asked).state == "importing"


def test_an_import_whose_worker_died_goes_on(asked: Shop) -> None:
    with asked.worlds.open() as world:
        claim_run(world, root=imports(asked))
    lost = work(asked)
    asked.now.move(seconds=LEASE.total_seconds() + 1)

    found = work(asked)

    assert (lost, found) == (False, True)
    assert run_row(asked).state == "done"
    assert asked.count(Activity) == 4


def test_a_worker_that_lost_its_claim_writes_nothing(asked: Shop) -> None:
    with asked.worlds.open() as world:
        claim = claim_run(world, root=imports(asked))
    assert claim is not None
    asked.now.move(seconds=LEASE.total_seconds() + 1)
    with asked.worlds.open() as world:
        claim_run(world, root=imports(asked))

    with pytest.raises(LostRunError), asked.worlds.open() as world:
        finish_run(world, claim, "done")

    assert run_row(asked).state == "importing"


def test_only_whoever_has_the_files_takes_an_import(asked: Shop) -> None:
    imports(asked).rename(imports(asked).with_name("elsewhere"))

    assert not work(asked)
    assert run_row(asked).state == "to_import"


def test_progress_is_written_down(asked: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purchases, "PAGE_LINES", 1)
    monkeypatch.setattr(runner, "NOTE_SECONDS", 0)
    noted: list[tuple[str, int, int]] = []
    note = Diary._note

    def watched(self: Diary, stage: str, done: int, whole: int) -> None:
        note(self, stage, done, whole)
        row = run_row(asked)
        noted.append((row.stage, row.done, row.whole))

    monkeypatch.setattr(Diary, "_note", watched)
    work(asked)

    assert ("record", 2, 4) in noted
    assert noted[0][0] == "read_purchases"


def test_a_stopped_import_goes_on_with_the_next_start(
    asked: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purchases, "PAGE_LINES", 1)
    stop = threading.Event()
    recording = Diary.recording

    def stopped(self: Diary, done: int, receipts: int) -> None:
        stop.set()
        recording(self, done, receipts)

    monkeypatch.setattr(Diary, "recording", stopped)
    Runner(asked.app).once(stop)
    half = (run_row(asked).state, asked.count(Activity))
    monkeypatch.setattr(Diary, "recording", recording)

    work(asked)

    assert half == ("importing", 1)
    assert (run_row(asked).state, asked.count(Activity)) == ("done", 4)
    outcome = run_row(asked).outcome
    assert outcome is not None
    assert (outcome["receipts"], outcome["known"]) == (3, 1)


def test_a_stop_is_noticed_at_the_next_note(asked: Shop) -> None:
    with asked.worlds.open() as world:
        claim = claim_run(world, root=imports(asked))
    assert claim is not None
    stop = threading.Event()
    stop.set()

    with pytest.raises(StoppedError):
        Diary(here(asked.app).entrance, claim, stop).recording(1, 4)


def test_the_owner_stops_an_import_and_goes_on_later(
    asked: Shop, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(self: Diary, done: int, receipts: int) -> None:
        if done == 2:
            owner.send(LOOK, f"{LOOK}/stop")
        recording(self, done, receipts)

    recording = Diary.recording
    with monkeypatch.context() as patch:
        patch.setattr(purchases, "PAGE_LINES", 1)
        patch.setattr(runner, "NOTE_SECONDS", 0)
        patch.setattr(Diary, "recording", stopped)
        work(asked)
    half = (run_row(asked).state, asked.count(Activity))
    said = text_of(english(owner, LOOK))
    again = work(asked)

    answer = owner.send(LOOK, do="import")
    work(asked)

    assert half == ("failed", 2)
    assert "The import is stopped" in said
    assert "What was recorded is kept. You can go on with the rest at any time." in said
    assert "Go on with the import" in said
    assert not again
    assert answer.status_code == 303
    assert (run_row(asked).state, asked.count(Activity)) == ("done", 4)
    outcome = run_row(asked).outcome
    assert outcome is not None
    assert (outcome["receipts"], outcome["known"]) == (2, 2)


def test_an_import_that_waits_is_stopped_before_it_begins(asked: Shop, owner: Browser) -> None:
    page = text_of(english(owner, LOOK))
    answer = owner.send(LOOK, f"{LOOK}/stop")

    assert "Stop the import" in page
    assert (answer.status_code, answer.location) == (303, LOOK)
    assert not work(asked)
    assert asked.count(Activity) == 0
    moved = owner.get(LOOK, headers={"HX-Request": "true", "HX-Target": "progress"})
    assert moved.headers["HX-Redirect"] == LOOK


def test_what_is_done_cannot_be_stopped(asked: Shop, owner: Browser) -> None:
    token = owner.token(LOOK)
    work(asked)

    answers = [
        owner.client.post(f"/setup/files/{run}/stop", data={"csrf_token": token}) for run in (1, 9)
    ]

    assert [answer.status_code for answer in answers] == [303, 404]
    assert run_row(asked).state == "done"


def test_what_breaks_says_so_and_can_be_tried_again(
    asked: Shop, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError("the disk is on fire")

    with monkeypatch.context() as patch:
        patch.setattr(runner, "run_import", broken)
        work(asked)
    page = owner.get(LOOK, headers={"Accept-Language": "en"}).get_data(as_text=True)
    state = run_row(asked).state

    owner.send(LOOK, do="import")
    work(asked)

    assert state == "failed"
    assert "Something broke on our side" in page
    assert "the disk is on fire" not in page
    assert run_row(asked).state == "done"


def test_old_imports_are_forgotten_with_their_folders(asked: Shop) -> None:
    work(asked)
    folder = imports(asked) / run_row(asked).folder
    assert folder.exists()
    asked.now.move(days=31)

    Runner(asked.app).forget()

    assert not folder.exists()


def test_forgetting_an_import_of_the_command_line_touches_no_file(asked: Shop) -> None:
    with asked.worlds.open() as world:
        note_import(world, {"purchases": "till.csv"}, {"receipts": 1})
    asked.now.move(days=31)

    Runner(asked.app).forget()

    assert (imports(asked) / run_row(asked).folder).is_dir()
