"""What the app stands in: its settings, database, clocks, secret, and the till keys' gate."""

from collections.abc import Callable
from dataclasses import dataclass, field

import sqlalchemy as sa
from flask import Flask

from webapp.serving import this_app
from webapp.settings import Settings
from webapp.world import Worlds


@dataclass(slots=True)
class Surroundings:
    """One per app, under `app.extensions["laurel"]`."""

    settings: Settings
    engine: sa.Engine
    programme: Worlds
    entrance: Worlds
    secret: str = field(repr=False)
    key_gate: Callable[[str], None] | None = None


def here(app: Flask | None = None) -> Surroundings:
    """The surroundings of this app, or of the one that is answering."""
    found: Surroundings = (app or this_app()).extensions["laurel"]
    return found
