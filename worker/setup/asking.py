"""Asks an operator; flags and the environment answer first. A wrong answer is explained at once, and asked again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from pydantic import BaseModel, SecretStr

from connectors.http.file_secret import FileSecret
from worker.errors import OperatorError
from worker.settings.faults import fault_of
from worker.settings.secret_files import PREFIX
from workflows.values.wording import MOST_LISTED, instead

Key = tuple[str, ...]
Check = Callable[[str], str]  # returns what is wrong with an answer, "" if nothing is
NONE = "-"  # takes a remembered answer back
NOTHING_WRITTEN = "nothing was written"


class Terminal(Protocol):
    """Where a person answers."""

    def say(self, text: str) -> None:
        """Show a line."""

    def ask(self, prompt: str) -> str:
        """Return what a person types; raises `EOFError` at the end of the input."""

    def ask_unseen(self, prompt: str) -> str:
        """Return what a person types, without showing it."""


class Question(NamedTuple):
    """What is asked: the settings key that it fills, its flag, and the words; an `optional` one may stay empty."""

    key: Key
    flag: str
    words: str
    default: str = ""
    optional: bool = False


def fits(model: type[BaseModel], key: Key) -> Check:
    """Return the check that the settings' own model makes of a key."""
    return lambda answer: fault_of(model, key[-1], answer, key[:-1])


def anything(_answer: str) -> str:
    """Accept every answer."""
    return ""


class Asking:
    """One dialogue. `flags` are the answers given by flag, `environment` the settings that the environment holds.

    Without a terminal, a wrong or missing answer raises `OperatorError`.
    """

    def __init__(self, flags: Mapping[str, str], environment: Mapping[str, Any], terminal: Terminal | None) -> None:
        self._flags, self._environment, self._terminal = dict(flags), environment, terminal
        self._last: dict[Key, str] = {}

    def say(self, text: str) -> None:
        """Tell a person at a terminal."""
        if self._terminal:
            self._terminal.say(text)

    def text(self, question: Question, check: Check = anything) -> str:
        """Return a text that passes the check; "" only for an optional question."""
        held = self.held(question.key)
        if held is not None and not isinstance(held, Mapping):
            if fault := check(str(held)):
                raise OperatorError(f"{variable(question.key)}: {fault}; {NOTHING_WRITTEN}")
            return str(held)
        while True:
            answer = self._flags.pop(question.flag, None)
            answer = self._asked(question) if answer is None else answer.strip()
            fault = check(answer) if answer else ("" if question.optional else "an answer is needed")
            if not fault:
                self._last[question.key] = answer
                return answer
            self.refused((question,), fault)

    def secret(self, question: Question) -> SecretStr:
        """Return a secret from the file that is named, or as it is typed unseen; an error never shows the answer."""
        held = self.held(question.key)
        if held is not None:
            return held if isinstance(held, SecretStr) else SecretStr(str(held))
        while True:
            path = self._flags.pop(question.flag, None)
            if path is None:
                what = question._replace(words=f"{question.words}: its file (Enter: type it, unseen)", optional=True)
                path = self._asked(what)
            try:
                secret = FileSecret(Path(path).expanduser().absolute()) if path else self._typed(question)
            except (OSError, ValueError) as error:
                words = getattr(error, "strerror", None) or str(error)
                why = f"the answer names no file to read ({words}); expected: the path of a "
                why += "file, or Enter alone to type the secret itself, unseen"
                self.refused((question,), why)
                continue
            if secret.get_secret_value():
                self._last[question.key] = path
                return secret
            self.refused((question,), "an answer is needed")

    def choices(self, question: Question, known: Mapping[str, str], *, several: bool = False) -> list[str]:
        """Return one or several of the known values, which a person is shown with their labels."""
        self.say(f"  {question.words}: {_listed(known)}")

        def check(answer: str) -> str:
            unknown = [name for name in parts(answer, several=several) if name not in known]
            return f"found {unknown[0]!r}{instead(unknown[0], known)}" if unknown else ""

        return parts(self.text(question, check), several=several)

    def refused(self, questions: Iterable[Question], why: str) -> None:
        """Explain why answers are no use, so that they are asked for again. Raises `OperatorError` if nobody can be."""
        open_ones = [item for item in questions if self.held(item.key) is None]
        if self._terminal is None or not open_ones:
            where = ", ".join(item.flag for item in open_ones) or ", ".join(variable(item.key) for item in questions)
            raise OperatorError(f"{where}: {why}; {NOTHING_WRITTEN}")
        self._terminal.say(f"  ! {why}")

    def held(self, key: Key) -> Any:
        """Return what the environment holds for a key, `None` if nothing."""
        table: Any = self._environment
        for part in key:
            table = table.get(part) if isinstance(table, Mapping) else None
        return table

    def held_of(self, table: Key) -> dict[str, Any]:
        """Return what the environment holds for the keys of a table, but for a desk's kind."""
        return {key: value for key, value in dict(self.held(table) or {}).items() if key != "kind"}

    def given(self, question: Question) -> str:
        """Return what a flag or the environment answers, "" if neither does; a secret as some text."""
        return self._flags.get(question.flag) or str(self.held(question.key) or "")

    def begin(self, needed: Sequence[Question]) -> None:
        """Raise `OperatorError` with all that is lacking, if nobody can be asked for it."""
        lacking = [item for item in needed if not self.given(item)]
        if lacking and self._terminal is None:
            told = "".join(f"\n  {item.flag}: needed; {item.words}" for item in lacking)
            raise OperatorError(f"nobody can be asked, and {NOTHING_WRITTEN}:{told}")

    def end(self) -> None:
        """Raise `OperatorError` if a flag was given that answers nothing."""
        if self._flags:
            raise OperatorError(
                f"{', '.join(sorted(self._flags))}: answers no question that was asked; give the flag that it belongs "
                f"to as well, such as the product's URL, or leave it out; {NOTHING_WRITTEN}"
            )

    def _asked(self, question: Question) -> str:
        """Ask a person; without one, return the default or refuse."""
        default = self._last.get(question.key, question.default)
        if self._terminal is None:
            if not default and not question.optional:
                raise OperatorError(f"{question.flag}: needed; {question.words}; {NOTHING_WRITTEN}")
            return default
        try:
            back = f"; {NONE} for none" if question.optional and default else ""
            answer = self._terminal.ask(f"{question.words}{f' [{default}{back}]' if default else ''}: ").strip()
        except EOFError:
            raise OperatorError(f"the input ended before all was asked; {NOTHING_WRITTEN}") from None
        return "" if back and answer == NONE else answer or default

    def _typed(self, question: Question) -> SecretStr:
        if self._terminal is None:
            raise OperatorError(f"{question.flag}: needed; a file with: {question.words}; {NOTHING_WRITTEN}")
        return SecretStr(self._terminal.ask_unseen(f"{question.words}: ").strip())


def variable(key: Key) -> str:
    """Return the environment variable of a settings key."""
    return f"{PREFIX}{'__'.join(key).upper()}"


def parts(answer: str, *, several: bool) -> list[str]:
    """Return the parts of an answer, which commas separate where there may be several."""
    return [part.strip() for part in (answer.split(",") if several else [answer]) if part.strip()]


def _listed(known: Mapping[str, str]) -> str:
    return ", ".join(_shown(known)) or "none that this account may read"


def _shown(known: Mapping[str, str]) -> Iterator[str]:
    for number, (value, label) in enumerate(known.items()):
        if number == MOST_LISTED:
            yield f"and {len(known) - number} more"
            return
        yield value if label in ("", value) else f"{value} ({label})"
