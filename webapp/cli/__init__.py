"""`laurel …`: every command in a module of its own, loaded when it is asked for."""

import gc
import importlib
import importlib.util
import os
import sys
import traceback

import click
from sqlalchemy.exc import DBAPIError

from gamification.refusals import Refusal
from webapp.cli.sentences import said
from webapp.settings import BadSetting

# Name of the command: module below webapp.cli, and the attribute in it.
COMMANDS = {
    "accounts": ("accounts", "accounts"),
    "audit": ("audit", "audit"),
    "backup": ("backup", "backup"),
    "db": ("db", "db"),
    "doctor": ("doctor", "doctor"),
    "erase": ("erase", "erase"),
    "import": ("imports", "imports"),
    "init": ("init", "init"),
    "keys": ("keys", "keys"),
    "outbox": ("outbox", "outbox"),
    "report": ("report", "report"),
    "restore": ("backup", "restore"),
    "routes": ("routes", "routes"),
    "run": ("run", "run"),
    "translations": ("translations", "translations"),
    "worker": ("worker", "worker"),
}
BAD_INPUT, FAULT, INTERRUPTED = 2, 1, 130


class LazyGroup(click.Group):
    """Loads the one command that is called; `run` need not know Excel."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(name for name in COMMANDS if is_there(name))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS or not is_there(cmd_name):
            return None
        module, attribute = COMMANDS[cmd_name]
        found = getattr(importlib.import_module(f"webapp.cli.{module}"), attribute)
        gc.enable()  # see __main__
        assert isinstance(found, click.Command), f"{cmd_name} is a command"
        return found


def is_there(name: str) -> bool:
    return importlib.util.find_spec(f"webapp.cli.{COMMANDS[name][0]}") is not None


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="laurel")
def laurel() -> None:
    """A gamified loyalty programme for shops."""


def main(words: list[str] | None = None) -> int:
    """Run one command. Whatever is wrong is said in one line, with exit code 2."""
    try:
        answer = laurel.main(args=words, prog_name="laurel", standalone_mode=False)
        return answer if isinstance(answer, int) else 0
    except click.exceptions.NoArgsIsHelpError as help_wanted:
        help_wanted.show()
        return BAD_INPUT
    except click.ClickException as error:
        return refuse(error.format_message())
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BAD_INPUT
    except Exception as error:  # noqa: BLE001 - the last stop before the terminal
        return refuse_or_break(error)


def refuse_or_break(error: Exception) -> int:
    """One line for what somebody can mend; the rest is our fault and says so."""
    if isinstance(error, Refusal):
        return refuse(said(error))
    if isinstance(error, DBAPIError):
        return refuse(f"The database says: {one_line(str(error.orig))}")
    if isinstance(error, OSError) and error.strerror and error.filename:
        return refuse(f"{error.filename}: {error.strerror}")
    if isinstance(error, BadSetting | OSError | ValueError) or is_start_fault(error):
        return refuse(one_line(str(error)))
    if os.environ.get("LAUREL_LOG_LEVEL", "").lower() == "debug":
        traceback.print_exception(error)
    refuse(f"Something broke on our side: {type(error).__name__}: {one_line(str(error))}")
    return FAULT


def is_start_fault(error: Exception) -> bool:
    """Whether the start was refused for a reason that its message tells."""
    names = {"UnsafeStart", "WeakSecret", "UndeclaredRoute", "UnknownSchemaError"}
    return type(error).__name__ in names


def refuse(line: str) -> int:
    click.echo(f"laurel: {one_line(line)}", err=True)
    return BAD_INPUT


def one_line(text: str) -> str:
    return " ".join(text.split())
