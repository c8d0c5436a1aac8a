"""An import in a process of its own, to be killed: URL, file, profile, lines a page."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from gamification.world import fixed_clock
from webapp.db import make_engine
from webapp.intake import purchases
from webapp.intake.profile import load_profile
from webapp.intake.staging import Staging
from webapp.world import Worlds

TODAY = fixed_clock(datetime(2018, 6, 1, tzinfo=UTC))


def main(url: str, file: str, profile: str, lines: str) -> None:
    purchases.PAGE_LINES = int(lines)
    with Staging() as staging:
        worlds = Worlds(make_engine(url), TODAY)
        purchases.run_import(worlds, [Path(file)], load_profile(profile), staging)


if __name__ == "__main__":
    main(*sys.argv[1:])
