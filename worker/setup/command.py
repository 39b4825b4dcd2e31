"""The `forcesync init` command: asks, reads what the products offer, writes the first settings, and checks them."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from worker import wiring
from worker.doctor.checks import Result, Status
from worker.doctor.command import lines_of
from worker.doctor.examination import examination_of
from worker.doctor.hearing import listen
from worker.doctor.running import Running
from worker.errors import OperatorError
from worker.output import folded, print_lines, room
from worker.process.clock import SystemClock
from worker.settings.faults import SettingsError
from worker.settings.model import Settings
from worker.settings.secret_files import EnvironmentWithFiles
from worker.settings.tables import StoreSettings
from worker.setup import jira, okta, servicenow
from worker.setup.asking import NOTHING_WRITTEN, Asking, Question, Terminal, variable
from worker.setup.file import STORE_NOTES, Table, check_free, create, rendered, typed
from worker.store import Store
from workflows.errors import FarSideError
from workflows.model import Directory

STORE = Question(("store", "url"), "--store", "Where the cases are kept: a file, or a PostgreSQL URL")


class Console:
    """The terminal of the process."""

    def say(self, text: str) -> None:
        """Show a line."""
        print_lines(text.split("\n"))

    def ask(self, prompt: str) -> str:
        """Return what a person types."""
        return input(_folded(prompt))

    def ask_unseen(self, prompt: str) -> str:
        """Return what a person types, without showing it."""
        return getpass.getpass(_folded(prompt))


def _folded(prompt: str) -> str:
    return "\n".join(folded([prompt.rstrip()], room())) + " "


def init(config: Path, flags: Mapping[str, str], *, asks: bool | None = None, terminal: Terminal | None = None) -> int:
    """Write the settings file; return the exit code: 1 if a check of it fails.

    `asks` says whether a person may be asked; by default, where input and output are a terminal. Raises
    `OperatorError`, and has written nothing then.
    """
    listen()
    check_free(config)
    if asks is None:
        asks = sys.stdin.isatty() and sys.stdout.isatty()
    asking = Asking(flags, EnvironmentWithFiles(Settings)(), (terminal or Console()) if asks else None)
    asking.say(
        f"Writes {config}. Nothing is changed in Okta, ServiceNow or Jira; Ctrl-C ends it, and nothing is written then."
    )
    asking.begin([*okta.needed(asking), *servicenow.needed(asking), *jira.needed(asking)])
    try:
        tables, directories = _asked(asking, config)
    except FarSideError as error:
        raise OperatorError(f"{error}; {NOTHING_WRITTEN}") from error
    except KeyboardInterrupt:
        raise OperatorError(f"stopped; {NOTHING_WRITTEN}") from None
    asking.end()
    _write(config, asking, tables, directories)
    return _checked(config)


def _asked(asking: Asking, config: Path) -> tuple[Sequence[Table], Sequence[Directory]]:
    clock = SystemClock()
    org, directories = okta.ask_for_org(asking, clock)
    while not (desks := [*servicenow.ask_for_servicenow(asking, clock), *jira.ask_for_jira(asking, clock)]):
        asking.refused((servicenow.URL, jira.URL), "one of them is needed, for the desk that has the tickets")
    return [_store(asking, config), *org, *desks], directories


def _store(asking: Asking, config: Path) -> Table:
    """Ask where the store is to be; its path is written whole, so that a copy of the settings has the same store."""
    asking.say("\nThe store of the cases: one for every command and for the service, wherever they are started.")
    folder = config.absolute().parent
    answer = asking.text(
        STORE._replace(default=str(folder / "forcesync.sqlite3")), lambda text: _no_store(text, folder)
    )
    return Table(STORE.key[:1], {STORE.key[-1]: _store_url(answer, folder)}, STORE_NOTES)


def _store_url(answer: str, folder: Path) -> str:
    url = answer if "://" in answer else f"sqlite:///{Path(answer).expanduser().absolute()}"
    return StoreSettings(url=url).inside(folder).url


def _no_store(answer: str, folder: Path) -> str:
    """Return why there can be no store at the place, "" if there can."""
    try:
        Store.open(_store_url(answer, folder)).close()
    except OperatorError as error:
        return str(error)
    return ""


def _write(config: Path, asking: Asking, tables: Sequence[Table], directories: Sequence[Directory]) -> None:
    def held(key: tuple[str, ...]) -> str:
        return variable(key) if asking.held(key) is not None else ""

    def check(draft: Path) -> None:
        try:
            wiring.read_settings(draft)
        except SettingsError as error:
            raise OperatorError(f"{str(error).replace(str(draft), str(config))}\n{NOTHING_WRITTEN}") from error

    made = create(config, rendered(config, tables, directories, held), typed(tables, held), check)
    print_lines(["", *(f"wrote {path} (mode 0600)" for path in made)])


def _checked(config: Path) -> int:
    """Make the doctor's checks, and print what is wrong and what comes next."""
    print_lines(["checking it ..."])
    with examination_of(config) as examination:
        results = Running(examination.checks, manners=examination.manners, own=examination.own).results()
    failed = any(item.status is Status.FAIL for item in results)
    store = wiring.open_store(wiring.read_settings(config))
    where = "" if config == Path("forcesync.toml") else f" --config {config}"
    first = f"correct what failed, then run forcesync doctor{where}" if failed else f"forcesync once{where}"
    print_lines(
        [
            *lines_of(results, shown=_is_trouble),
            f"store: {store.name}   (store.url; a service needs the same one)",
            f"next: {first}" + ("" if failed else "   (works the tagged tickets once, in observe)"),
        ]
    )
    store.close()
    return 1 if failed else 0


def _is_trouble(result: Result) -> bool:
    return result.status in (Status.FAIL, Status.WARN)
