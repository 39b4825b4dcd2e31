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
from worker.audit import acted, named, warn_of_no_process
from worker.cases.choosing import Wanted, check_desk, chosen, found_case
from worker.cases.listing import show_cases
from worker.errors import OperatorError
from worker.output import print_aside, print_json, print_lines
from worker.settings.model import load
from worker.store import Store
from workflows.engine.engine import LEASE_SECONDS
from workflows.engine.orders import Order, Orders, hand_over, leave, orderable
from workflows.model import Act, Case, OperatorAct
from workflows.notes.reasons import sentence
from workflows.notes.standing import left_behind
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


class Done(NamedTuple):
    """What became of one case by an order, in words; whether it was done."""

    case: Case
    done: bool
    text: str


def ordered(
    config: Path,
    given: Given,
    text: str | None,
    wanted: Wanted,
    *,
    limit: int | None,
    yes: bool,
    as_json: bool = False,
) -> int:
    """Carry out an order about one case, or about those that filters find; returns the exit code.

    What filters find is listed first. It is done with `yes`, or when a person says so at a terminal. 1: not everything
    that was found was done. Raises `OperatorError` if there is no such case.
    """
    named(given.by, given.why)
    if bool(text) is (wanted != Wanted(open_only=True)):
        raise OperatorError(
            "name one case by its ID, or several by filters (--stuck, --desk, --state, --user, --since), "
            "of which --limit takes the first"
        )
    if text:
        with _hands(config, given) as do:
            told = [do(text)]
    else:
        told = _in_bulk(config, given, wanted, limit, yes=yes, quiet=as_json)
    if as_json:
        cases = [
            {"case": case.id, "ticket": case.ref.key, "desk": case.ref.desk, "done": done, "text": line}
            for case, done, line in told
        ]
        print_json({"act": given.act.value, "done": all(item.done for item in told), "cases": cases})
    elif text and told[0].done:
        _say(told[0].text)
    elif text:
        print_aside(f"forcesync: {told[0].text}")
    if any(item.done for item in told):
        warn_of_no_process(config)
    return int(not all(item.done for item in told))


def _in_bulk(config: Path, given: Given, wanted: Wanted, limit: int | None, *, yes: bool, quiet: bool) -> list[Done]:
    """Carry out an order about each case that filters find, once that is agreed to, and print each as it is done."""
    found = _listed(config, given.act, wanted, limit, quiet=quiet)
    if not found:
        return []
    what = f"{counted(len(found), 'case')} {'is' if len(found) == 1 else 'are'} to be {DONE[given.act]}"
    if not (yes or (not quiet and _agreed(what))):
        _say(f"{what}; nothing was done, --yes does it", quiet=quiet)
        return [Done(case, done=False, text="nothing was done, --yes does it") for case in found]
    told = []
    with _hands(config, given) as do:
        for case in found:
            told.append(item := do(case.id))
            _say(f"{'' if item.done else '! '}{item.text}", quiet=quiet)
    _say(f"{sum(item.done for item in told)} of {counted(len(told), 'case')} {DONE[given.act]}", quiet=quiet)
    return told


def _say(line: str, *, quiet: bool = False) -> None:
    if not quiet:
        print_lines([line])


def _listed(config: Path, act: Act, wanted: Wanted, limit: int | None, *, quiet: bool) -> list[Case]:
    """List the cases that the filters find and that may be ordered about, and return them."""
    settings = load(config)
    with wiring.opened_store(config) as store:
        found = chosen(store, wanted, datetime.now(UTC))
        found = [item for item in found if act is Act.RETRY or orderable(item.case)][:limit]
        if not found:
            check_desk(wanted.desk, settings.desks)
            print_aside(f"no such open cases in {store.name}")
    if found and not quiet:
        show_cases(found, settings.policy)
    return [item.case for item in found]


def _agreed(what: str) -> bool:
    """Ask at a terminal; elsewhere nobody can agree."""
    return (
        sys.stdin.isatty() and sys.stdout.isatty() and input(f"{what}. Go on? [y/N] ").strip().lower() in {"y", "yes"}
    )


@contextmanager
def _hands(config: Path, given: Given) -> Iterator[Callable[[str], Done]]:
    """Open what an order needs, and give what carries it out about the case of this id or ticket, or says why not."""

    def doing(store: Store, carry: Callable[[OperatorAct], str]) -> Callable[[str], Done]:
        def do(text: str) -> Done:
            case = found_case(store, text)
            try:
                return Done(case, done=True, text=carry(acted(given.act, case.id, by=given.by, why=given.why)))
            except OperatorError as error:
                return Done(case, done=False, text=str(error))

        return do

    if given.act is Act.RETRY:
        with wiring.opened_store(config) as store:
            yield doing(store, lambda act: retried(store, act))
        return
    with wiring.opened_ports(config) as ports, wiring.opened_store(config) as store:
        yield doing(store, lambda act: carried_out(ports, store, act))


def retried(store: Store, act: OperatorAct) -> str:
    """Make a case due at once, whatever it waits for; a running worker takes it up and reads its ticket again."""
    case = found_case(store, act.target)
    if not store.retry(act, act.at):
        raise OperatorError(
            f"{_shown(case)} has ended ({case.state}): to have it worked again, reopen it or tag it again"
        )
    return f"{_shown(case)} is looked at again by the next free worker"


def carried_out(ports: Ports, store: Store, act: OperatorAct) -> str:
    """Carry out an order; returns what became of the case. Raises `OperatorError` if it could not be."""
    case = found_case(store, act.target)
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
    after, waiting = found_case(store, case.id), store.waits(case.id)[case.id].waiting
    if not work.given or orderable(after):
        because = plain(hidden(after, ports.policy)(waiting or sentence(after.because)), 200)
        again = "" if after.ended else "; the order is not kept, give it again"
        raise OperatorError(f"{_shown(after)} could not be {done} now; it is {after.state}: {because}{again}")
    stays = left_behind(case) if act.act is Act.LEAVE else ""
    told = f"{_shown(after)} is {done}: {after.state}{'' if after.ended else '; a worker delivers the rest'}"
    return f"{told}; {stays}" if stays else told


def _shown(case: Case) -> str:
    return f"case {case.id} ({case.ref.key})"
