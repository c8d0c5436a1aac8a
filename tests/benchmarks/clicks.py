"""Who opens a blogger's link: new people, those who were there before, messengers' previews."""

import http.client
from collections import Counter
from dataclasses import dataclass

from tests.benchmarks.servers import Asked, Served

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1"
DESK = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36"
ROBOT = "TelegramBot (like TwitterBot)"
CHANNELS = ("link", "telegram", "vk", "whatsapp")
LANGUAGES = ("ru-RU,ru;q=0.9,en;q=0.8", "en-GB,en;q=0.9")
OF = 20
AGAIN, ROBOTS = (4, 9, 14, 19), (7, 17)
"""Of twenty clicks four come from browsers that were here before, two from robots."""


@dataclass(frozen=True)
class Crowd:
    """Those who open one code, one after another, by number."""

    code: str
    cookies: tuple[str, ...]

    def click(self, number: int) -> Asked:
        """The click of that number: what it asks for, and how."""
        channel = channel_of(number)
        path = f"/r/{self.code}" + (f"?c={channel}" if channel != "link" else "")
        if number % OF in ROBOTS:
            return path, {"User-Agent": ROBOT, "Accept-Encoding": "gzip, deflate"}
        headers = {
            "User-Agent": (PHONE, DESK)[number % 3 == 0],
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Encoding": "gzip, deflate, br, zstd",
            "Accept-Language": LANGUAGES[number % 5 == 0],
            "Sec-Fetch-Site": "cross-site",
        }
        if number % OF in AGAIN:
            headers["Cookie"] = self.cookies[number // OF % len(self.cookies)]
        return path, headers


def channel_of(number: int) -> str:
    """Where the link of that click was found."""
    return CHANNELS[number // 3 % len(CHANNELS)]


def opened_by(count: int) -> Counter[str]:
    """How many of the first so many clicks are people who come for the first time, by channel."""
    new = (n for n in range(count) if n % OF not in AGAIN and n % OF not in ROBOTS)
    return Counter(channel_of(number) for number in new)


def met(shop: Served, code: str, browsers: int) -> Crowd:
    """A crowd of which so many browsers have opened the link before; those clicks count."""
    crowd = Crowd(code, ())
    return Crowd(code, tuple(cookies_of(shop, *crowd.click(0)) for _ in range(browsers)))


def cookies_of(shop: Served, path: str, headers: dict[str, str]) -> str:
    """What a browser carries after it has asked once."""
    connection = http.client.HTTPConnection("127.0.0.1", shop.port)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    answer.read()
    given = answer.headers.get_all("Set-Cookie") or []
    connection.close()
    assert any("laurel-invited" in each for each in given), given
    return "; ".join(each.partition(";")[0] for each in given)
