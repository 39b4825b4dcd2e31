"""The last look at a run's riders before the press: whose ticket is still ours, and whom it still helps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from workflows.errors import FarSideError
from workflows.model import Case, SyncRun, Verdict
from workflows.ownership import taken_over
from workflows.precheck.acts import riding
from workflows.precheck.expectations import still_helps
from workflows.precheck.schema_refusal import would_be_refused
from workflows.steps import Ports
from workflows.sync.directory_reading import Mappings

KEPT_FOR = timedelta(minutes=2)  # a ticket that was read this long ago is not read again where a fault came between


class Interrupted(Exception):  # noqa: N818  # it names the fact
    """A far side failed on the way to the press; `run` keeps what was read until then."""

    def __init__(self, run: SyncRun, fault: FarSideError) -> None:
        super().__init__(str(fault))
        self.run, self.fault = run, fault


@contextmanager
def kept(run: SyncRun) -> Iterator[None]:
    """Keep a run as it is now where a far side fails."""
    try:
        yield
    except FarSideError as error:
        raise Interrupted(run, error) from error


def tickets_read_again(run: SyncRun, riders: Sequence[Case], ports: Ports, still_ours: Callable[[], None]) -> SyncRun:
    """Read the riders' tickets again; the run's `reread` then names those that are still ours.

    A fault in between costs no more than what was not read yet: the others are good for two minutes. What Okta holds is
    read for all of them together after this, seconds before the press.
    """
    since = ports.clock.now() - KEPT_FOR
    run = run.model_copy(update={"reread": {id: at for id, at in run.reread.items() if at >= since}})
    for case in riders:
        if case.id in run.reread:
            continue
        still_ours()
        with kept(run):
            ticket = ports.desks[case.ref.desk].read(case.ref)
        if not taken_over(ticket):
            run = run.model_copy(update={"reread": {**run.reread, case.id: ports.clock.now()}})
    return run


def still_helped(cases: Sequence[Case], run: SyncRun, mappings: Mappings, ports: Ports) -> set[str]:
    """Read the riders' users again, all together: whose app user is still ahead of Okta in this directory."""
    verdicts = {case.id: [subject.verdict for subject in riding(case, run.directory)] for case in cases}
    wanted = {item.user_id for found in verdicts.values() for item in found if item and item.user_id}
    members = mappings.just_read(wanted) or ports.org.members(run.directory, sorted(wanted))

    def helps(verdict: Verdict | None) -> bool:
        member = members.get(verdict.user_id) if verdict and verdict.user_id else None
        if verdict is None or verdict.target_type_id is None or member is None or member.user is None:
            return False
        user, copy = member.user, member.copy_in_directory
        mapping, rules = mappings.of(user.type_id), mappings.rules_of(user)
        return still_helps(verdict, user, copy, mapping, rules) and not would_be_refused(user, copy, mapping, rules)

    return {case_id for case_id, found in verdicts.items() if found and all(helps(verdict) for verdict in found)}
