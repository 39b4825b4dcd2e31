"""The commands `case retry`, `case hand-over` and `case leave`: a person's orders, each stored with who and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from worker import wiring
from worker.commands.people import named, operator
from worker.commands.syncs import opened_ports
from worker.errors import OperatorError
from worker.store import Store
from workflows.engine.engine import LEASE_SECONDS
from workflows.engine.orders import Order, Orders, hand_over, leave, orderable
from workflows.model import Act, Case, OperatorAct
from workflows.notes.reasons import sentence
from workflows.steps import Ports
from workflows.values.case_values import hidden
from workflows.values.masking import plain

Make = Callable[[str, str], Order]
ORDERS: dict[Act, tuple[Make, str]] = {
    Act.HAND_OVER: (hand_over, "handed over"),
    Act.LEAVE: (leave, "left alone"),
}


def retry(config: Path, text: str, *, by: str, why: str) -> None:
    """Make a case due at once, whatever it waits for; a running worker takes it up and reads its ticket again."""
    named(by, why)
    with wiring.opened_store(config) as store:
        case = found(store, text)
        act = _act(Act.RETRY, case, by, why)
        if not store.retry(act, act.at):
            raise OperatorError(
                f"{_shown(case)} has ended ({case.state}): to have it worked again, reopen it or tag it again"
            )
    print(f"{_shown(case)} is looked at again by a running worker")


def order(config: Path, text: str, act: Act, *, by: str, why: str) -> None:
    """Carry out an order now, on the ticket too, and print what became of the case."""
    named(by, why)
    with opened_ports(config) as ports, wiring.opened_store(config) as store:
        print(carried_out(ports, store, _act(act, found(store, text), by, why)))


def carried_out(ports: Ports, store: Store, act: OperatorAct) -> str:
    """Carry out an order; returns what became of the case. Raises `OperatorError` if it could not be."""
    case = found(store, act.target)
    if not orderable(case):
        raise OperatorError(f"{_shown(case)} is {case.state}: nothing is left to order")
    lease = store.lease("case", case.id, ports.clock.now(), LEASE_SECONDS)
    if lease is None:
        raise OperatorError(f"a process is working on {_shown(case)} at this moment; try again")
    make, done = ORDERS[act.act]
    work = Orders(ports, LEASE_SECONDS, make(act.by, act.why))
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


def _act(act: Act, case: Case, by: str, why: str) -> OperatorAct:
    now = datetime.now(UTC)
    return OperatorAct(at=now, act=act, target=case.id, by=plain(by, 80), operator=operator(), why=plain(why, 200))
