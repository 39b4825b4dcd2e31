"""`forcesync sync approve` and `sync reject`: a person's decision on a proposed run."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from worker import wiring
from worker.audit import named, operator, warn_of_no_process
from worker.errors import OperatorError
from worker.output import print_lines
from worker.syncs.page import found_run, told_decision
from workflows.model import Decision, Reason
from workflows.model import ReasonKind as R
from workflows.notes.reasons import sentence
from workflows.notes.standing import described
from workflows.sync.approvers import approver, may_decide
from workflows.values.masking import plain
from workflows.values.wording import counted


def decide(config: Path, run_id: str, *, by: str, why: str, approved: bool) -> None:
    """Record a person's decision on a proposed run."""
    named(by, why)
    with wiring.opened_ports(config) as ports:
        run = found_run(ports.store, run_id)
        who = approver(by, ports.policy, ports.org)
        riders = ports.store.riders(run.id)
        reason = who if isinstance(who, Reason) else may_decide(who, riders, approves=approved)
        if isinstance(who, Reason) or reason:
            unknown = reason is not None and reason.kind is R.ASKER_UNKNOWN
            then = "until then nobody can approve" if unknown else "so somebody else has to decide on"
            raise OperatorError(f"--by: {sentence(reason)}, {then} run {run.id}")
        now = datetime.now(UTC)
        decision = Decision(
            approved=approved,
            by=who.login,
            user_id=who.id,
            operator=operator(),
            why=plain(why, 200),
            at=now,
            digest=run.radius.digest if run.radius else "",
            objecting=run.objecting,
            waiting=run.waiting,
        )
        if not ports.store.decide(run.id, decision, now):
            raise OperatorError(
                f"run {run.id} is {run.state}, decision: {told_decision(run.decision)}; "
                "only a proposed run without a decision can be approved or rejected"
            )
    word = "approved" if approved else "rejected"
    told = [f"run {run.id} of {run.label} {word}; {described(run.radius)} The next free worker picks it up."]
    if approved:
        told.append(
            f"It counts for these changes and {counted(round(ports.policy.approval_valid_for / 60), 'minute')}, "
            f"and not for a ticket of yours. Else the tickets ask again, and `forcesync sync show {run.id}` says why."
        )
    print_lines(told)
    warn_of_no_process(config)
