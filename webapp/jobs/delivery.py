"""One round of the postman: what is due leaves, each message in its own transactions."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from gamification.commands import postman
from gamification.commands.postman import Parcel, Ready
from gamification.readmodels.notices import is_news, letter_values
from gamification.world import World
from webapp.channels import BusyError, Channel, UndeliverableError
from webapp.channels.letters import Letter, NoSuchLetterError, secrets_of, write_letter
from webapp.log import LOG
from webapp.wayout import WayOut
from webapp.world import Worlds

SLOWEST_SEND = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Postman:
    """Carries messages. Needs an application context for the words.

    `keep_secrets` leaves codes in the outbox after sending, which only tests want. News
    carry a way out of them where the house has an address.
    """

    worlds: Worlds
    channels: Mapping[str, Channel]
    keep_secrets: bool = False
    wayout: WayOut | None = None

    def round(self, stop: threading.Event) -> int:
        """Deliver up to twenty messages; answers how many were taken.

        When told to stop, or when a lease comes near its end, the rest goes back.
        """
        with self.worlds.open(readonly=True) as world:
            if not postman.is_any_due(world):
                return 0
        parcels = self.worlds.run(postman.take_due)
        for parcel in parcels:
            if stop.is_set() or self._is_late(parcel):
                self.worlds.run(partial(postman.put_back, parcel=parcel))
            else:
                self.deliver(parcel)
        return len(parcels)

    def _is_late(self, parcel: Parcel) -> bool:
        return self.worlds.clock() + SLOWEST_SEND > parcel.leased_until

    def deliver(self, parcel: Parcel) -> None:
        """Send one message, then say what became of it.

        A worker that dies in between leaves the message to the next one: it arrives
        at least once, twice at worst, and is never lost.
        """
        if parcel.channel == "inbox":
            self.worlds.run(partial(postman.lay_in_inbox, parcel=parcel))
            return
        secrets = self._secrets(parcel)
        ready = self.worlds.run(partial(postman.look_again, parcel=parcel, secrets=secrets))
        if ready is None:
            LOG.info("message_dropped", message=parcel.id, kind=parcel.kind)
            return
        self.worlds.run(self._send(ready))

    def _send(self, ready: Ready) -> "Answer":
        """Send, and answer what to write down about it."""
        told = Answer(ready, self._secrets(ready.parcel))
        log = LOG.bind(message=ready.parcel.id, kind=ready.parcel.kind)
        try:
            self._hand_over(ready)
        except (UndeliverableError, NoSuchLetterError) as failure:
            log.warning("message_given_up", error=str(failure))
            return replace(told, error=str(failure), permanent=True)
        except BusyError as failure:
            log.warning("message_put_off", error=str(failure))
            return replace(told, error=str(failure))
        except Exception as failure:
            log.exception("message_failed")
            return replace(told, error=f"{type(failure).__name__}: {failure}")
        return told

    def _hand_over(self, ready: Ready) -> None:
        channel = self.channels.get(ready.parcel.channel)
        if channel is None or ready.address is None:
            raise UndeliverableError(f"no way out by {ready.parcel.channel}")
        channel.deliver(self._letter(ready.parcel), ready.address, key=f"notice-{ready.parcel.id}")

    def _letter(self, parcel: Parcel) -> Letter:
        with self.worlds.open(readonly=True) as world:
            values = letter_values(world, parcel)
        if self.wayout is not None:
            if "link" not in secrets_of(parcel.kind):  # else it is the letter's own
                values["link"] = self.wayout.base and f"{self.wayout.base}/"
            if is_news(parcel):
                if not self.wayout.base:
                    raise BusyError("LAUREL_PUBLIC_URL is not set: news need a way out")
                values["unsubscribe"] = self.wayout.href(values["public_id"])
        return write_letter(parcel.kind, parcel.locale, values)

    def _secrets(self, parcel: Parcel) -> frozenset[str]:
        return frozenset() if self.keep_secrets else secrets_of(parcel.kind)


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a message, to be written down in a transaction of its own."""

    ready: Ready
    secrets: frozenset[str]
    error: str | None = None
    permanent: bool = False

    def __call__(self, world: World) -> bool:
        parcel = self.ready.parcel
        if self.error is None:
            return postman.mark_sent(world, parcel, at=self.ready.at, secrets=self.secrets)
        return postman.mark_failed(
            world, parcel, self.error, permanent=self.permanent, secrets=self.secrets
        )
