"""A whole worker as a process, whose one way out writes into a folder, slowly.

python worker_program.py DATABASE_URL FOLDER SECONDS_A_LETTER
"""

import os
import sys
import time
from pathlib import Path

from flask import Flask

from tests.house.sources import ROOT
from webapp import words
from webapp.catalogue import LaurelBabel
from webapp.channels.letters import Letter
from webapp.clocks import file_clock
from webapp.db import make_engine
from webapp.jobs.clockwork import Clockwork
from webapp.jobs.delivery import Postman
from webapp.jobs.worker import Worker, run_until_signal
from webapp.world import Worlds


class Folder:
    """Notes when a letter is begun and when it is gone, in files that survive a kill."""

    def __init__(self, folder: Path, seconds: float) -> None:
        self._folder = folder
        self._seconds = seconds

    def deliver(self, letter: Letter, address: str, *, key: str) -> None:
        self._note("begun", key)
        time.sleep(self._seconds)
        self._note("gone", key)

    def _note(self, name: str, key: str) -> None:
        with (self._folder / name).open("a") as file:
            file.write(f"{key} {os.getpid()}\n")


def main(url: str, folder: Path, seconds: float) -> None:
    app = Flask("letters", template_folder=str(ROOT / "templates"))
    LaurelBabel(app, default_locale="en")
    words.register(app)
    worlds = Worlds(make_engine(url), file_clock(folder / "clock"))
    postman = Postman(worlds, {"email": Folder(folder, seconds)})
    run_until_signal(Worker(app, postman, Clockwork(worlds, [])))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]))
