"""P4: what a page weighs on the first visit, and when its largest part stands (checklist 33–35)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.benchmarks.cafe import Cafe
from tests.benchmarks.meters import report
from tests.benchmarks.servers import Served, served
from tests.benchmarks.test_landing import code_in

pytestmark = pytest.mark.bench
PAGES = (
    "/home", "/medals", "/medals/regular", "/history", "/tiers", "/sign-in", "/friends", "/r/CODE",
)  # fmt: skip
MOST_BYTES, MOST_SHIFT = 120_000, 0.03
WATCH = """
window.vitals = {lcp: 0, cls: 0};
new PerformanceObserver((list) => {
  for (const e of list.getEntries()) window.vitals.lcp = e.startTime; })
  .observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver((list) => { for (const e of list.getEntries())
  if (!e.hadRecentInput) window.vitals.cls += e.value; })
  .observe({type: 'layout-shift', buffered: true});
"""


@dataclass(frozen=True)
class Net:
    """A network and a processor: bits per second, milliseconds, how many times slower."""

    name: str
    bits: int
    latency: int
    slowdown: int
    most_lcp: int


FAST = Net("4g", 9_000_000, 60, 1, 1_000)
SLOW = Net("slow_4g", 1_600_000, 150, 4, 1_800)


@pytest.fixture(scope="module")
def shop(cafe: Cafe) -> Iterator[Served]:
    with served("webapp.app:serve", cafe.environment) as running:
        running.get("/home", cafe.cookies[-4:])
        yield running


def opened(browser: Browser, cafe: Cafe, port: int, *, known: bool) -> BrowserContext:
    """A phone that nobody has used yet, signed in where its owner is `known`."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="ru-RU")
    name, _, value = cafe.cookies[0].partition("=")
    if known:
        context.add_cookies([{"name": name, "value": value, "url": f"http://127.0.0.1:{port}"}])
    context.add_init_script(WATCH)
    return context


def throttled(page: Page, net: Net) -> Any:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": net.latency, "downloadThroughput": net.bits / 8,
         "uploadThroughput": net.bits / 8},
    )  # fmt: skip
    session.send("Emulation.setCPUThrottlingRate", {"rate": net.slowdown})
    return session


@pytest.mark.parametrize("net", [FAST, SLOW], ids=lambda net: net.name)
@pytest.mark.parametrize("path", PAGES)
def test_a_first_visit_is_light_and_soon(
    path: str, net: Net, browser: Browser, cafe: Cafe, shop: Served
) -> None:
    context = opened(browser, cafe, shop.port, known=not path.startswith("/r/"))
    page = context.new_page()
    session = throttled(page, net)
    sizes: dict[str, int] = {}

    def note(event: dict[str, Any]) -> None:
        sizes[event["requestId"]] = event["encodedDataLength"]

    session.on("Network.loadingFinished", note)

    address = f"http://127.0.0.1:{shop.port}{path.replace('CODE', code_in(cafe))}"
    page.goto(address, wait_until="networkidle")
    vitals = json.loads(page.evaluate("JSON.stringify(window.vitals)"))

    weight, lcp, shift = sum(sizes.values()), round(vitals["lcp"]), round(vitals["cls"], 3)
    report("P4", page=path, net=net.name, bytes=int(weight), lcp_ms=lcp, cls=shift)
    context.close()
    assert weight <= MOST_BYTES
    assert shift <= MOST_SHIFT
    assert lcp <= net.most_lcp
