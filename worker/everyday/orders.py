"""The commands `case retry`, `case hand-over` and `case leave`: a person's orders, each stored with who and why.

An order is about one case, or about those that the filters of `case list` find, which are listed before.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from worker import wiring
from worker.commands.cases import show
from worker.commands.choosing import Wanted, check_desk, chosen
from worker.commands.people import named, operator
from worker.commands.syncs import opened_ports
from worker.errors import OperatorError
from worker.settings.model import load
from worker.store import Store
from workflows.engine.engine import LEASE_SECONDS
from workflows.engine.orders import Order, Orders, hand_over, leave, orderable
from workflows.model import Act, Case, OperatorAct
from workflows.notes.reasons import sentence
from workflows.steps import Ports
from workflows.values.case_values import hidden
from workflows.values.masking import plain
from workflows.values.wording import counted

Make = Callable[[str, str], Order]
ORDERS: dict[Act, Make] = {Act.HAND_OVER: hand_over, Act.LEAVE: leave}
DONE = {Act.RETRY: "looked at again", Act.HAND_OVER: "handed over", Act.LEAVE: "left alone"}


class Given(NamedTuple):
    """What a person orders, who it is, and why."""

    act: Act
    by: str
    why: str


def ordered(config: Path, given: Given, text: str | None, wanted: Wanted, *, limit: int | None, yes: bool) -> int:
    """Carry out an order about one case, or about those that filters find; returns the exit code.

    What filters find is listed first. It is done with `yes`, or when a person says so at a terminal.
    """
    named(given.by, given.why)
    if bool(text) is (wanted != Wanted(open_only=True)):
        raise OperatorError(
            "name one case by its ID, or several by filters (--stuck, --desk, --state, --user, --since), "
            "of which --limit takes the first"
        )
    if text:
        with _hands(config, given) as do:
            print(do(text))
        return 0
    ids = _listed(config, given.act, wanted, limit)
    if not ids:
        return 0
    what = f"{counted(len(ids), 'case')} {'is' if len(ids) == 1 else 'are'} to be {DONE[given.act]}"
    if not (yes or _agreed(what)):
        print(f"{what}; nothing was done, --yes does it")
        return 0
    with _hands(config, given) as do:
        failed = sum(_failed(do, id) for id in ids)
    print(f"{len(ids) - failed} of {counted(len(ids), 'case')} {DONE[given.act]}")
    return int(failed > 0)


def _listed(config: Path, act: Act, wanted: Wanted, limit: int | None) -> list[str]:
    """List the cases that the filters find and that may be ordered about, and return their ids."""
    settings = load(config)
    with wiring.opened_store(config) as store:
        found = chosen(store, wanted, datetime.now(UTC))
        found = [item for item in found if act is Act.RETRY or orderable(item.case)][:limit]
        if not found:
            check_desk(wanted.desk, settings.desks)
            print(f"no such open cases in {store.name}")
            return []
    show(found, settings.policy)
    return [item.case.id for item in found]


def _agreed(what: str) -> bool:
    """Ask at a terminal; elsewhere nobody can agree."""
    return (
        sys.stdin.isatty() and sys.stdout.isatty() and input(f"{what}. Go on? [y/N] ").strip().lower() in {"y", "yes"}
    )


def _failed(do: Callable[[str], str], id: str) -> bool:
    """Carry out an order about one of several cases, and print what became of it; True if it could not be done."""
    try:
        print(do(id))
    except OperatorError as error:
        print(f"! {error}")
        return True
    return False


@contextmanager
def _hands(config: Path, given: Given) -> Iterator[Callable[[str], str]]:
    """Open what an order needs, and give what carries it out about the case of this id or ticket."""
    if given.act is Act.RETRY:
        with wiring.opened_store(config) as store:
            yield lambda text: retried(store, _act(given, found(store, text)))
        return
    with opened_ports(config) as ports, wiring.opened_store(config) as store:
        yield lambda text: carried_out(ports, store, _act(given, found(store, text)))


def retried(store: Store, act: OperatorAct) -> str:
    """Make a case due at once, whatever it waits for; a running worker takes it up and reads its ticket again."""
    case = found(store, act.target)
    if not store.retry(act, act.at):
        raise OperatorError(
            f"{_shown(case)} has ended ({case.state}): to have it worked again, reopen it or tag it again"
        )
    return f"{_shown(case)} is looked at again by a running worker"


def carried_out(ports: Ports, store: Store, act: OperatorAct) -> str:
    """Carry out an order; returns what became of the case. Raises `OperatorError` if it could not be."""
    case = found(store, act.target)
    if not orderable(case):
        raise OperatorError(f"{_shown(case)} is {case.state}: nothing is left to order")
    lease = store.lease("case", case.id, ports.clock.now(), LEASE_SECONDS)
    if lease is None:
        raise OperatorError(f"a process is working on {_shown(case)} at this moment; try again")
    done = DONE[act.act]
    work = Orders(ports, LEASE_SECONDS, ORDERS[act.act](act.by, act.why))
    try:
        store.note_order(act)
        work.work(lease)
    finally:
        store.release(lease)
    after, waiting = found(store, case.id), store.waits(case.id)[case.id].waiting
    if not work.given or orderable(after):
        because = plain(hidden(after, ports.policy)(waiting or sentence(after.because)), 200)
        raise OperatorError(f"{_shown(after)} could not be {done} now; it is {after.state}: {because}")
    return f"{_shown(after)} is {done}: {after.state}{'' if after.ended else '; a running worker delivers the rest'}"


def found(store: Store, text: str) -> Case:
    """Return the case with this id or ticket, or raise `OperatorError`."""
    case = store.find_case(text)
    if case is None:
        raise OperatorError(f"no case has the id, ticket key or ticket id {text!r}; see `forcesync case list`")
    return case


def _shown(case: Case) -> str:
    return f"case {case.id} ({case.ref.key})"


def _act(given: Given, case: Case) -> OperatorAct:
    who, why = plain(given.by, 80), plain(given.why, 200)
    return OperatorAct(at=datetime.now(UTC), act=given.act, target=case.id, by=who, operator=operator(), why=why)
