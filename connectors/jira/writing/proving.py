"""Proves the writes of an intent by one reading after the last of them: state, assignee, and that nobody else wrote.

Jira answers most writes with an empty 204, so only the issue shows what came of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from connectors.desks import undone
from connectors.jira.answers import Json, an_object, objects
from connectors.jira.client import JiraClient
from connectors.jira.reading.tickets import IssueReader, is_cut
from connectors.jira.writing.memory import Memory
from connectors.jira.writing.payloads import Proof
from workflows.errors import Refused
from workflows.model import Receipt
from workflows.ports import Clock

PROVED = ("status", "resolution", "assignee", "updated", "project", "comment")
# How far `updated` lies behind the entry that it belongs to: the same moment, stored by another statement (inferred).
ONE_WRITE = timedelta(seconds=2)
UNDONE = undone("an automation of the site", "issues")


class Prover:
    """Reads issues of one site after writing to them; `worker` is our account's id."""

    def __init__(self, client: JiraClient, reader: IssueReader, memory: Memory, clock: Clock, worker: str) -> None:
        self._client = client
        self._reader = reader
        self._memory = memory
        self._clock = clock
        self._worker = worker
        # Data Center's changes name users by keys, by which nobody can be assigned (inferred).
        self.gives_back = client.is_cloud

    def look(self, issue_id: str) -> Json:
        """Read an issue's state, its transitions, and who did what to it."""
        at = self._clock.now()
        issue = self._client.issue(issue_id, PROVED, expand="changelog,transitions")
        self._memory.keep(issue_id, issue, at)
        return issue

    def look_after(self, operation: str, issue_id: str) -> Json:
        """Read an issue after a write; a failure leaves open what became of the write."""
        with self._client.after_write(operation):
            return self.look(issue_id)

    def proven(self, operation: str, issue_id: str, issue: Json, proof: Proof, made: Receipt) -> Receipt:
        """Complete the receipt of an intent's last write by what the issue shows after it.

        A person who took the issue while it was claimed gets it back, and the claim is refused.
        """
        made = made.but(stamp=self._stamp(issue, proof.since))
        holder = self._reader.holder(issue)
        if not proof.claimed:
            return made
        if holder != self._worker:
            warning = "; ".join(filter(None, (made.warning, UNDONE)))
            return made.but(holder=holder or "", warning=warning)
        self._give_back(operation, issue_id, issue, proof)
        return made

    def let_go(self, operation: str, issue_id: str, proof: Proof) -> None:
        """Give a claimed issue back whose last write was refused; `Refused` if the claim displaced a person."""
        if proof.claimed and self.gives_back:
            issue = self.look_after(operation, issue_id)
            if self._reader.holder(issue) == self._worker:
                self._give_back(operation, issue_id, issue, proof)

    def _give_back(self, operation: str, issue_id: str, issue: Json, proof: Proof) -> None:
        """Give the issue back to the person whom our claim displaced, and refuse the claim; nothing if it did not."""
        if person := self._displaced(issue, proof.since):
            with self._client.after_write(operation):
                self._client.assign("give the issue back", issue_id, person)
            raise Refused(self._client.system, operation, "a person has taken the issue in the meantime")

    def _displaced(self, issue: Json, since: str) -> str | None:
        """Return the person whose assignment ours replaced since the stamp.

        A change names accounts by their ids on Cloud, as public integrations read them
        (https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-issues/, ChangeDetails).
        """
        for entry, at in self._changes(issue) if self.gives_back else ():
            if since and at and at > datetime.fromisoformat(since) and self._is_ours(entry.get("author")):
                for item in objects(entry.get("items")):
                    before = item.get("from")
                    if item.get("field") == "assignee" and item.get("to") == self._worker and before:
                        return str(before)
        return None

    def _stamp(self, issue: Json, since: str) -> str | None:
        """Return the issue's stamp if all that happened after the stamp `since` is ours; `None` if that is not shown.

        Fields, links and files are in the changelog, comments are listed; both must be complete. What neither shows,
        such as a deleted comment, moves `updated` away from the last entry.
        """
        comments = an_object(an_object(issue.get("fields")).get("comment"))
        if not since or is_cut(issue) or "changelog" not in issue or _cut(comments):
            return None
        start, last = datetime.fromisoformat(since), None
        for author, at in self._touches(issue, objects(comments.get("comments"))):
            if at is None or (at > start and not self._is_ours(author)):
                return None
            last = at if last is None else max(at, last)
        stamp = self._reader.stamp(issue)
        moved = datetime.fromisoformat(stamp) - max(start, last or start)
        return stamp if moved <= ONE_WRITE else None

    def _touches(self, issue: Json, comments: list[Json]) -> Iterator[tuple[object, datetime | None]]:
        for entry, at in self._changes(issue):
            yield entry.get("author"), at
        for comment in comments:
            yield comment.get("updateAuthor") or comment.get("author"), self._reader.time_if_any(comment.get("updated"))

    def _changes(self, issue: Json) -> Iterator[tuple[Json, datetime | None]]:
        for entry in objects(an_object(issue.get("changelog")).get("histories")):
            yield entry, self._reader.time_if_any(entry.get("created"))

    def _is_ours(self, author: object) -> bool:
        person = self._reader.person(author)
        return bool(person and person.id == self._worker)


def _cut(comments: Json) -> bool:
    total = comments.get("total")
    return not isinstance(total, int) or total > len(objects(comments.get("comments")))
