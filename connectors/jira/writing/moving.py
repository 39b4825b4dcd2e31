"""Changes an issue's assignee, priority and status by exact name or id, and verifies by reading the issue again.

What was seen of the issue just before is not read again before a write; a reading after it shows whether it held. The
library's own helpers are not used: its assignment falls back to the first person that a search finds, and its
transitions go by localised names (https://github.com/pycontribs/jira/blob/3.10.5/jira/client.py).
"""

from __future__ import annotations

from http import HTTPStatus
from typing import NamedTuple

from connectors.http.samples import words
from connectors.jira.answers import Answer, Json, an_object, objects, text_of
from connectors.jira.client import JiraClient
from connectors.jira.reading.tickets import IssueReader
from connectors.jira.statuses import StatusTarget
from connectors.jira.writing.memory import Memory, Way
from connectors.jira.writing.payloads import AssignCall, PriorityCall
from connectors.jira.writing.proving import Prover
from workflows.errors import Refused
from workflows.model import Receipt
from workflows.ports import Clock

STATUS_FIELDS = ("status", "resolution", "assignee")


class Made(NamedTuple):
    """A write's receipt, and the issue where it was read afterwards."""

    receipt: Receipt
    issue: Json | None = None


class Mover:
    """Changes issues of one site as one account; `worker` is its id."""

    def __init__(
        self, client: JiraClient, reader: IssueReader, prover: Prover, memory: Memory, clock: Clock, worker: str
    ) -> None:
        self._client = client
        self._reader = reader
        self._prover = prover
        self._memory = memory
        self._clock = clock
        self._worker = worker

    def find_assignee(self, issue_id: str, call: AssignCall) -> Receipt | None:
        """Return a receipt if the issue already has the assignee."""
        return self._done() if self._holder(issue_id) == call.to else None

    def assign(self, issue_id: str, call: AssignCall) -> Made:
        """Set the assignee, unless a person has taken the issue since: then it is neither claimed nor handed over.

        A claim goes by what was seen just before where a person whom it displaces can be given the issue back, and its
        intent's last write proves it. Any other assignment is read before and after.
        """
        operation, claims = "change the assignee", call.to == call.worker
        remembered = self._memory.view(issue_id) if claims and self._prover.gives_back else None
        issue = remembered or self._prover.look(issue_id)
        holder = self._reader.holder(issue)
        if holder == call.to:
            return Made(self._done())
        if holder not in (None, call.instead_of, call.worker):
            if claims:
                raise Refused(self._client.system, operation, "a person has taken the issue in the meantime")
            return Made(self._done(), issue)
        answer = self._client.assign(operation, issue_id, call.to)
        if claims:
            return Made(self._done(answer))
        issue = self._prover.look_after(operation, issue_id)
        holder = self._reader.holder(issue)
        if holder != call.to:
            seen, asked = holder or "nobody", call.to or "nobody"
            raise Refused(self._client.system, operation, f"Jira shows {seen} as the assignee, not {asked}")
        return Made(self._done(answer), issue)

    def find_priority(self, issue_id: str, call: PriorityCall) -> Receipt | None:
        """Return a receipt if the issue already has the priority."""
        return self._done() if self._priority(issue_id) == call.name.casefold() else None

    def set_priority(self, issue_id: str, call: PriorityCall) -> Receipt:
        """Set the priority; if the issue's screens lack the field, leave it and return a warning."""
        operation = "change the priority"
        if self._priority(issue_id) == call.name.casefold():
            return self._done()
        body = {"fields": {"priority": {"name": call.name}}}
        answer = self._client.write(operation, "PUT", f"issue/{issue_id}", body, tolerate=HTTPStatus.BAD_REQUEST)
        if answer.status == HTTPStatus.BAD_REQUEST:
            return self._done(answer, warning=f"the priority {call.name!r} was not set: {words(answer.words, 200)}")
        with self._client.after_write(operation):
            shown = self._priority(issue_id)
        other = None if shown == call.name.casefold() else f"Jira shows the priority {shown!r}, not {call.name!r}"
        return self._done(answer, warning=other)

    def find_status(self, issue_id: str, goal: StatusTarget) -> Receipt | None:
        """Return a receipt if the issue already has the status.

        The resolution does not matter: a done issue cannot be moved to done again to get another one.
        """
        issue = self._client.issue(issue_id, STATUS_FIELDS)
        if not self._reached(issue, goal):
            return None
        return self._done(warning=self._other_resolution(issue, "", goal))

    def transition(self, issue_id: str, goal: StatusTarget) -> Made:
        """Move to the status by a transition that the issue offers; do nothing if none is needed or offered.

        The offers seen just before are good for one try, but not for an end: a person may have taken the issue while
        its comments were written. An automation may have moved the issue since, too. A refused
        transition has done nothing (https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-issues/).
        """
        operation = f"move the issue to {' or '.join(goal.names)}"
        seen, refusal = None if goal.resolution else self._memory.view(issue_id), None
        chosen = self._choose(seen, goal) if seen and not self._reached(seen, goal) else None
        if seen and chosen:
            self._guard(operation, seen, goal)
            try:
                answer, sent = self._go(operation, issue_id, seen, chosen, goal.resolution)
            except Refused as error:
                refusal = error
            else:
                return self._made(operation, issue_id, chosen, goal, answer, sent)
        issue = self._prover.look(issue_id)
        if self._reached(issue, goal):
            return Made(self._done(), issue)
        self._guard(operation, issue, goal)
        if "transitions" not in issue:
            issue = {**issue, "transitions": self._client.transitions(issue_id)}
        again = self._choose(issue, goal)
        if again is None:
            if goal.required:
                raise Refused(self._client.system, operation, _unreachable(issue))
            return Made(self._done(), issue)
        if refusal and seen and self._reader.status(seen) == self._reader.status(issue):
            raise refusal
        answer, sent = self._go(operation, issue_id, issue, again, goal.resolution)
        return self._made(operation, issue_id, again, goal, answer, sent)

    def _guard(self, operation: str, issue: Json, goal: StatusTarget) -> None:
        if goal.ours and self._reader.holder(issue) not in (None, self._worker):
            raise Refused(self._client.system, operation, "a person has taken the issue in the meantime")

    def _choose(self, issue: Json, goal: StatusTarget) -> Json | None:
        offered = objects(issue.get("transitions"))
        by_name = {text_of(_status(transition).get("name")).casefold(): transition for transition in reversed(offered)}
        for name in goal.names:
            if name.casefold() in by_name:
                return by_name[name.casefold()]
        of_category = {
            text_of(_status(transition).get("id")): transition
            for transition in offered
            if goal.category and an_object(_status(transition).get("statusCategory")).get("key") == goal.category
        }
        return next(iter(of_category.values())) if len(of_category) == 1 else None

    def _go(self, operation: str, issue_id: str, issue: Json, chosen: Json, resolution: str) -> tuple[Answer, str]:
        """Make the transition, with the resolution if its screen takes one; return which was sent, "" for none.

        Whether it does is not told for sure (https://github.com/netresearch/jira-skill/issues/211). So if Jira refuses
        because of the resolution, and has done nothing, the other form is tried once, and remembered.
        """
        project = text_of(an_object(an_object(issue.get("fields")).get("project")).get("key"))
        way = (project, text_of(chosen.get("id")), text_of(_status(chosen).get("id")))
        path = f"issue/{issue_id}/transitions"
        for form in self._forms(way, chosen, resolution):
            fields = {"fields": {"resolution": {"name": form}}} if form else {}
            body = {"transition": {"id": text_of(chosen.get("id"))}, **fields}
            answer = self._client.write(operation, "POST", path, body, tolerate=HTTPStatus.BAD_REQUEST)
            if answer.status != HTTPStatus.BAD_REQUEST:
                if resolution:
                    self._memory.note_resolution(way, taken=bool(form))
                return answer, form
            if not _about_resolution(answer):
                break
        raise self._client.refused(operation, answer)

    def _forms(self, way: Way, chosen: Json, resolution: str) -> list[str]:
        """Return the resolutions to try, in order: what worked before, else what the transition's screen suggests."""
        if not resolution:
            return [""]
        takes = self._memory.takes_resolution(way)
        if takes is None:
            takes = chosen.get("hasScreen") is not False
        return [resolution, ""] if takes else ["", resolution]

    def _made(self, operation: str, issue_id: str, chosen: Json, goal: StatusTarget, answer: Answer, sent: str) -> Made:
        issue = self._prover.look_after(operation, issue_id)
        return Made(self._done(answer, warning=self._verify(operation, issue, chosen, goal, sent)), issue)

    def _verify(self, operation: str, issue: Json, chosen: Json, goal: StatusTarget, sent: str) -> str | None:
        """Refuse an end status that the issue does not show; return a warning for another resolution.

        Any other status may already have changed again, for example by a reply. A done issue is not moved again because
        of its resolution.
        """
        status, other = self._reader.status(issue), self._other_resolution(issue, sent, goal)
        if goal.required and not self._reached(issue, goal) and status != _status(chosen).get("name"):
            raise Refused(self._client.system, operation, f"Jira made the transition but shows the status {status!r}")
        if other and self._reader.category(issue) != "done":
            raise Refused(self._client.system, operation, other)
        return other

    def _other_resolution(self, issue: Json, sent: str, goal: StatusTarget) -> str | None:
        """Describe a resolution that differs from the intended one; the issue has its status all the same.

        Workflows set and clear it by functions of their own, and some answer 204 and ignore the one that was sent
        (https://github.com/sooperset/mcp-atlassian/issues/735).
        """
        status, resolution = self._reader.status(issue), self._reader.resolution(issue)
        if goal.resolution and resolution is None:
            return f"the issue is {status!r} but has no resolution; an empty `resolution` in the settings allows that"
        if sent and sent.casefold() != (resolution or "").casefold():
            return f"the issue is {status!r} with the resolution {resolution!r} instead of {sent!r}"
        return None

    def _reached(self, issue: Json, goal: StatusTarget) -> bool:
        return goal.reached(self._reader.status(issue), self._reader.category(issue))

    def _priority(self, issue_id: str) -> str:
        return self._reader.priority(self._client.issue(issue_id, ("priority",))).casefold()

    def _holder(self, issue_id: str) -> str | None:
        return self._reader.holder(self._client.issue(issue_id, ("assignee",)))

    def _done(self, answer: Answer | None = None, *, warning: str | None = None) -> Receipt:
        return Receipt(at=self._clock.now(), request_id=answer.request_id if answer else None, warning=warning)


def _status(transition: Json) -> Json:
    return an_object(transition.get("to"))


def _unreachable(issue: Json) -> str:
    names = sorted(repr(_status(transition).get("name")) for transition in objects(issue.get("transitions")))
    return f"no such status is reachable from here; the issue offers: {', '.join(names) or 'none'}"


def _about_resolution(answer: Answer) -> bool:
    """Say whether a refusal is about the resolution, by the field's id or else by the message's words."""
    errors = answer.get("errors")
    return (isinstance(errors, dict) and "resolution" in errors) or "resolution" in answer.words.casefold()
