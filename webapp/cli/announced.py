"""What `laurel run` says once somebody can come in: the address, the ways in, and warnings."""

import importlib
import importlib.util
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from webapp.accounts.codes import invite_owner
from webapp.accounts.queries import has_owner
from webapp.settings import LOOPBACK_HOSTS, Settings
from webapp.world import Worlds


def wait_for_port(host: str, port: int) -> None:
    """Return once somebody answers there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    while True:
        with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
            if probe.connect_ex((shown_host(host), port)) == 0:
                return
        time.sleep(0.05)


def shown_host(host: str) -> str:
    """The address that a visitor on this machine types."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - not bound


def local_address(host: str, port: int) -> str:
    """Where the server is for a visitor on this machine, without a slash at the end."""
    shown = "127.0.0.1" if host == "::" else shown_host(host)
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"


def announcements(settings: Settings, worlds: Worlds, host: str, port: int) -> Iterator[str]:
    """What somebody at the terminal has to know: the address, the ways in, and warnings."""
    address = settings.public_url or local_address(host, port)
    yield ""
    yield f"  Laurel is at  {address}/"
    if settings.as_of:
        yield f"  as of {settings.as_of}, for reading only"
    with worlds.open(readonly=True) as world:
        owned = has_owner(world)
    if not owned and settings.as_of is None:
        secret = worlds.run(invite_owner)
        yield f"  The owner begins at  {address}/staff/begin/{secret}"
    yield from demo_sign_ins(worlds) if settings.demo else ()
    yield ""
    yield from warnings(settings, host)


def demo_sign_ins(worlds: Worlds) -> Iterator[str]:
    """Who can be tried in the demo shop."""
    if importlib.util.find_spec("webapp.demo") is None:
        return
    sign_ins: Any = getattr(importlib.import_module("webapp.demo"), "sign_ins", None)
    if sign_ins is not None:
        with worlds.open(readonly=True) as world:
            yield from (f"  {line}" for line in sign_ins(world))


def warnings(settings: Settings, host: str) -> Iterator[str]:
    """What is less safe than in a real shop."""
    if settings.test_mode:
        yield "  TEST MODE: the clock and the messages are not real. Never with customers."
    if not settings.https:
        yield "  Plain http: cookies go without Secure and __Host-. Fine on this machine only;"
        yield "  for a real shop set LAUREL_DEMO=0, LAUREL_PUBLIC_URL=https://… and a secret key."
    if host not in LOOPBACK_HOSTS and not (settings.public_url or settings.hosts):
        yield "  Only requests to 127.0.0.1 and localhost are answered: set LAUREL_PUBLIC_URL or"
        yield "  LAUREL_HOSTS to the name that visitors will type."
