"""A real server in a folder of its own, and people who walk through it."""

import json
import os
import random
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.e2e.test_face import ALL, COLOURS, axe_faults

NOW = datetime(2026, 6, 15, 14, 0, tzinfo=UTC)
CLOCK = "2026-06-15T11:00:00+00:00"
PASSWORD = "правильная лошадь батарея"
STILL = """async () => {
  const drawn = () => new Promise((done) => requestAnimationFrame(done));
  await drawn();
  await drawn();
  const ends = (one) => one.effect.getComputedTiming().endTime < Infinity;
  document.getAnimations().filter(ends).forEach((one) => one.finish());
}"""
"""Whatever changes over a moment has changed, however busy the machine is."""
ANNA = ("K-1001", "Анна Соколова", "+7 916 000-11-22", "anna@example.org")


@dataclass(frozen=True)
class Installation:
    """A running shop: its address, the founder's link, and the environment of its commands."""

    address: str
    founder: str
    env: dict[str, str]

    def code_for(self, contact: str) -> str:
        """The newest one-time code on its way to a contact."""
        for _ in range(50):
            sent = [
                m for m in self.outbox() if m["recipient"] == contact and "code" in m["payload"]
            ]
            if sent:
                return str(sent[-1]["payload"]["code"])
            time.sleep(0.2)
        raise AssertionError(f"no code for {contact}")

    def outbox(self) -> list[dict[str, Any]]:
        """All messages, as the test mode shows them."""
        done = run_laurel(self.env, "outbox", "--json")
        return json.loads(done)  # type: ignore[no-any-return]


def run_laurel(env: dict[str, str], *words: str) -> str:
    """What a command prints."""
    command = [sys.executable, "-m", "webapp.cli", *words]
    return subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def installation(folder: Path) -> Iterator[Installation]:
    """`laurel run` in an empty folder, in test mode with a clock that stands still."""
    clock = folder / "clock"
    clock.write_text(CLOCK)
    env = {
        **os.environ,
        "LAUREL_DATA": str(folder / "data"),
        "LAUREL_TEST_MODE": "1",
        "LAUREL_CLOCK_FILE": str(clock),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    port = free_port()
    command = [sys.executable, "-m", "webapp.cli", "run", "--empty", "--port", str(port)]
    log = folder / "server.log"
    with log.open("w") as out:
        server = subprocess.Popen(command, env=env, stdout=out, stderr=subprocess.STDOUT)
    try:
        founder = wait_for_link(log)
        wait_for_port(port)
        yield Installation(f"http://127.0.0.1:{port}", founder, env)
    finally:
        server.terminate()
        server.wait(20)


def wait_for_link(log: Path) -> str:
    """The founder's link, once the server printed it and answers."""
    for _ in range(900):
        found = re.search(r"http://\S+/staff/begin/\S+", log.read_text())
        if found:
            return found[0]
        time.sleep(0.2)
    raise AssertionError(f"the server did not start: {log.read_text()}")


def wait_for_port(port: int) -> None:
    """Until somebody listens."""
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise AssertionError("nobody listens")


def write_exports(folder: Path) -> tuple[Path, Path]:
    """A shop's own files: a year of receipts and its members, as Russian tills write them."""
    purchases, members = folder / "чеки.csv", folder / "клиенты.csv"
    draw = random.Random(7)
    lines = ["Чек;Дата;Клиент;Артикул;Категория;Количество;Цена"]
    goods = [("RAF", "Кофе", "290,00"), ("BUN", "Выпечка", "150,50"), ("TEA", "Чай", "210,00")]
    for number in range(40):
        day = NOW - timedelta(days=9 * (39 - number) + 2)
        who = "K-1001" if number % 4 else f"K-{1002 + number}"
        receipt = f"Ч-{number:04};{day.strftime('%d.%m.%Y %H:%M')};{who}"
        for good, category, price in draw.sample(goods, 2):
            lines.append(f"{receipt};{good};{category};{draw.randint(1, 3)};{price}")
    purchases.write_text("\n".join(lines) + "\n", "cp1251")
    people = [
        "Код клиента;Имя;Телефон;Почта",
        ";".join(ANNA),
        "K-1006;Борис Ким;;boris@example.org",
    ]
    members.write_text("\n".join(people) + "\n", "utf-8")
    return purchases, members


class Walker:
    """Somebody with a browser: by mouse, by keyboard alone, or without scripts."""

    def __init__(self, page: Page, *, keyboard: bool, scripts: bool) -> None:
        self.page = page
        self.keyboard = keyboard
        self.scripts = scripts

    def reach(self, selector: str) -> None:
        """Come to an element by Tab alone; fails when the keyboard cannot."""
        for _ in range(80):
            here = self.page.evaluate(
                "(wanted) => !!document.activeElement && document.activeElement.matches(wanted)",
                selector,
            )
            if here:
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not come to {selector} on {self.page.url}")

    def press(self, selector: str) -> None:
        """Press a button or follow a link, and wait for the page after it."""
        with self.page.expect_navigation():
            self.touch(selector)

    def touch(self, selector: str) -> None:
        """Press what leaves the page where it is."""
        if self.keyboard:
            self.reach(selector)
            self.page.keyboard.press("Enter")
        else:
            self.page.locator(selector).first.click()

    def write(self, name: str, text: str) -> None:
        """Fill a field."""
        selector = f"[name={name}]"
        if self.keyboard:
            self.reach(selector)
            self.page.keyboard.press("Control+A")
            self.page.keyboard.insert_text(text)
        else:
            self.page.fill(selector, text)

    def check_page(self) -> None:
        """Whatever page this is: accessible in both themes, and it fits."""
        if not self.scripts:
            return
        for theme, rules in (("light", ALL), ("dark", COLOURS)):
            self.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            self.page.evaluate(STILL)
            faults = axe_faults(self.page, rules)
            assert not faults, f"{self.page.url} {theme}: {faults}"
        self.page.emulate_media(color_scheme="light")
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= self.page.viewport_size["width"], self.page.url  # type: ignore[index]
