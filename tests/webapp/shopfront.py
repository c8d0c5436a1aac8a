"""A browser for tests: it keeps cookies, reads forms and knows what the outbox holds."""

import html
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import col, select
from werkzeug.test import TestResponse

from gamification.commands.member import join_member
from gamification.commands.owner import ProgrammePlan
from gamification.notices.tables import Notice
from gamification.world import World
from tests.programmes import remembered_programme
from webapp.accounts.actions import add_staff, ensure_member_account, start_session
from webapp.accounts.passwords import hash_password
from webapp.accounts.tables import Account
from webapp.surroundings import here
from webapp.world import Worlds

KEY = "k3Q9vZ1xY7wT5uS2rP0oN8mL6jH4gF_dC-bA"
PASSWORD = "a walk along the river"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Now:
    """The file that the app reads its clock from."""

    path: Path

    def set(self, text: str) -> None:
        self.path.write_text(text)

    def read(self) -> datetime:
        return datetime.fromisoformat(self.path.read_text())

    def move(self, **span: float) -> None:
        """Let time pass: `move(minutes=11)`."""
        self.set((self.read() + timedelta(**span)).isoformat())


@dataclass
class Shop:
    """The app with its database, seen from the test's side of the counter."""

    app: Flask
    now: Now

    @property
    def worlds(self) -> Worlds:
        return here(self.app).entrance

    def set_up(self) -> None:
        with self.worlds.open() as world:
            remembered_programme(world, ProgrammePlan(name="Полдень"))

    def member(self, **values: Any) -> int:
        """Somebody whose history came with an import; its contacts are on file."""
        values = {"name": "Анна Седова", "origin": "import"} | values
        with self.worlds.open() as world:
            member = join_member(world, **values)
            assert member.id is not None
            return member.id

    def staff(self, role: str, email: str | None = None, password: str | None = None) -> int:
        hashed = hash_password(password) if password else None
        with self.worlds.open() as world:
            account = add_staff(
                world, role=role, email=email or f"{role}@example.org", password_hash=hashed
            )
            assert account.id is not None
            return account.id

    def browser(self) -> "Browser":
        return Browser(self.app.test_client())

    def signed_in_as(self, role: str) -> "Browser":
        """A browser with a session of somebody new in that role; no password is hashed."""
        with self.worlds.open() as world:
            secret = start_session(world, self.account_of(world, role), agent="x", address="::1")
        browser = self.browser()
        with browser.client.session_transaction() as cookie:
            cookie["_user_id"] = secret
        return browser

    def account_of(self, world: World, role: str) -> Account:
        count = len(world.session.exec(select(Account)).all())
        if role != "customer":
            return add_staff(world, role=role, email=f"{role}{count}@example.org")
        member = join_member(world, name="Борис", phone=f"+7900000{count:04d}", origin="import")
        assert member.id is not None
        return ensure_member_account(world, member.id, locale="en")

    def letters(self) -> list[Notice]:
        """Everything in the outbox, oldest first."""
        with self.worlds.open(readonly=True) as world:
            return list(world.session.exec(select(Notice).order_by(col(Notice.id))).all())

    def last_code(self) -> str:
        return str(self.letters()[-1].payload["code"])

    def count(self, table: type[Any], *where: Any) -> int:
        with self.worlds.open(readonly=True) as world:
            return len(world.session.exec(select(table).where(*where)).all())


@dataclass
class Browser:
    """One visitor with cookies. Forms are read from their pages, as a person would."""

    client: FlaskClient

    def at(self, address: str) -> "Browser":
        """The same browser on another network."""
        self.client.environ_base["REMOTE_ADDR"] = address
        return self

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, buffered=True, **more)

    def token(self, path: str) -> str:
        """The form token of a page."""
        found = TOKEN.search(self.get(path).get_data(as_text=True))
        assert found, f"{path} has no form"
        return html.unescape(found.group(1))

    def send(self, page: str, to: str | None = None, **fields: str) -> TestResponse:
        """Open a page, fill its form in and send it there or elsewhere."""
        fields = {"csrf_token": self.token(page)} | fields
        return self.client.post(to or page, data=fields)

    def sign_in_by_code(self, shop: Shop, contact: str, **more: str) -> TestResponse:
        """The whole way of a customer, with the code read from the outbox."""
        self.send("/sign-in", contact=contact, **more)
        return self.send("/sign-in/code", code=shop.last_code(), **more)


def text_of(answer: TestResponse) -> str:
    """What a person reads: tags gone, spaces as one."""
    body = re.sub(r"<(script|style)[^>]*>.*?</\1>", " ", answer.get_data(as_text=True), flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())
