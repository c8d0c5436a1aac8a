"""The server refuses to start where something would be at risk, and says why."""

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.webapp.bare import bare, bare_url
from tests.webapp.shopfront import KEY, PASSWORD, Browser, Now, Shop, text_of
from webapp import migrations
from webapp.app import create_app
from webapp.safe_start import UnsafeStart
from webapp.secret import WeakSecret
from webapp.settings import Settings
from webapp.surroundings import here

__all__ = ["bare", "bare_url"]


def real_shop(url: str, **more: object) -> Settings:
    values = {"secret_key": KEY, "demo": False, "database_url": url, "log_level": "error"} | more
    return Settings(**values)  # type: ignore[arg-type]


def test_without_schema_it_does_not_start(bare_url: str) -> None:
    with pytest.raises(UnsafeStart, match="laurel db upgrade"):
        create_app(real_shop(bare_url))


def test_with_the_schema_of_another_version_it_does_not_start(
    bare: sa.Engine, bare_url: str
) -> None:
    with bare.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('9999')")

    with pytest.raises(UnsafeStart, match="9999"):
        create_app(real_shop(bare_url))


def test_with_the_right_schema_it_starts(bare: sa.Engine, bare_url: str) -> None:
    migrations.upgrade(bare)

    app = create_app(Settings(secret_key=KEY, database_url=bare_url, log_level="error"))

    assert app.test_client().get("/readyz").status_code == 200
    here(app).engine.dispose()


def test_a_database_that_could_lose_rows_keeps_a_real_shop_closed(
    bare: sa.Engine, bare_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrations.upgrade(bare)
    monkeypatch.setattr("webapp.safe_start.unsafe_settings", lambda engine: ["fsync is off"])

    with pytest.raises(UnsafeStart, match="fsync is off"):
        create_app(real_shop(bare_url))


def test_without_database_it_does_not_start() -> None:
    with pytest.raises(UnsafeStart, match="cannot be reached"):
        create_app(real_shop("postgresql+psycopg://nobody@127.0.0.1:1/none"))


def test_with_debug_a_real_shop_does_not_start(
    monkeypatch: pytest.MonkeyPatch, engine: sa.Engine
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")

    with pytest.raises(UnsafeStart, match="FLASK_DEBUG"):
        create_app(real_shop(""), engine=engine)


def test_with_a_known_key_it_does_not_start(engine: sa.Engine) -> None:
    with pytest.raises(WeakSecret):
        create_app(real_shop("", secret_key="secret"), engine=engine)


def test_readiness_tells_a_missing_schema(bare: sa.Engine, bare_url: str) -> None:
    app = create_app(real_shop(bare_url), engine=bare)

    answers = [app.test_client().get(path) for path in ("/healthz", "/readyz")]

    assert [answer.status_code for answer in answers] == [200, 503]


@pytest.fixture
def past(engine: sa.Engine, tmp_path: Path, now: Now) -> Shop:
    """A shop that shows a day that is over."""
    Shop(create_app(Settings(data=tmp_path, secret_key=KEY), engine=engine), now).set_up()
    settings = Settings(
        data=tmp_path,
        secret_key=KEY,
        test_mode=True,
        clock_file=now.path,
        as_of=date(2026, 11, 20),
        log_level="error",
    )
    return Shop(create_app(settings, engine=engine), now)


def test_a_past_day_can_be_looked_at_by_whoever_signs_in(
    past: Shop, guest_of_past: Browser
) -> None:
    past.member(phone="+79123456789")

    guest_of_past.sign_in_by_code(past, "+79123456789")
    page = guest_of_past.get("/settings", headers={"Accept-Language": "en"})

    assert page.status_code == 200
    assert "20" in text_of(page)


def test_a_past_day_cannot_be_changed(past: Shop, guest_of_past: Browser) -> None:
    past.staff("owner", "ira@example.org", PASSWORD)

    joining = guest_of_past.sign_in_by_code(past, "+79123456789")
    claim = guest_of_past.send("/claim", code="AAAA-BBBB", contact="+79123456789")

    assert (joining.status_code, claim.status_code) == (403, 403)


@pytest.fixture
def guest_of_past(past: Shop) -> Browser:
    return past.browser()


def test_test_mode_is_announced_on_every_page(shop: Shop, guest: Browser) -> None:
    assert "Test mode" in text_of(guest.get("/sign-in", headers={"Accept-Language": "en"}))
