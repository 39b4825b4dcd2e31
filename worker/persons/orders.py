"""The act that is recorded when somebody exports or forgets what is held about a person: never about whom."""

from __future__ import annotations

from worker.audit import acted
from worker.errors import OperatorError
from worker.persons.search import Found
from workflows.model import Act, OperatorAct
from workflows.values.wording import counted


def ordered(act: Act, person: Found, *, by: str, why: str) -> OperatorAct:
    """Return the act for the audit. Raises `OperatorError` if its reason names the person."""
    if any(name in why.casefold() for name in person.names):
        raise OperatorError(
            "--why names the person, and the audit would keep it; say it without, as by a request's number"
        )
    return acted(act, counted(len(person.case_ids), "case"), by=by, why=why)
