"""The database that comes with the app, for a shop that brings none."""

from webapp import migrations
from webapp.db import make_engine
from webapp.settings import Settings, usable


def make_embedded(settings: Settings) -> None:
    """Create the embedded database and bring it to this version's schema. Raises BadSetting."""
    with usable(settings.data):
        settings.data.mkdir(parents=True, exist_ok=True)
        (settings.data / "laurel.db").touch(0o600)  # it will hold names and phones
    engine = make_engine(settings.database)
    try:
        if not migrations.is_current(engine):
            migrations.upgrade(engine)
    finally:
        engine.dispose()
