"""Tells which status each move leads to in a project: the settings' own, else those of Jira's workflow templates."""

from __future__ import annotations

from connectors.jira.settings import ProjectSettings, RouteSettings
from workflows.model import Move, Route, Value


class StatusTarget(Value):
    """A status to reach: the first reachable one of `names`, else the only reachable one of `category`.

    If `required`, it is an error if there is none. If `ours`, it is an error if a person has taken the issue since.
    `resolution` is sent if the transition's screen takes one.
    """

    names: tuple[str, ...]
    category: str | None = None
    required: bool = False
    ours: bool = True
    resolution: str = ""

    def reached(self, status: str, category: str) -> bool:
        """Say whether an issue in this status and category needs no transition."""
        return status.casefold() in {name.casefold() for name in self.names} or (
            self.category == "done" and category == "done"
        )


# The status names of Jira's own workflow templates; the settings override them. Without a matching name, the category
# is used where it is unambiguous. Category keys: new, indeterminate, done.
_DEFAULTS: dict[Move, StatusTarget] = {
    Move.CLAIMED: StatusTarget(names=("In Progress", "Work in progress"), category="indeterminate"),
    Move.ASKED: StatusTarget(names=("Waiting for customer",)),
    Move.RESUMED: StatusTarget(names=("In Progress", "Work in progress"), category="indeterminate"),
    Move.ESCALATED: StatusTarget(names=("Escalated",), ours=False),
    Move.RESOLVED: StatusTarget(names=("Resolved", "Done"), category="done", required=True),
    Move.UNCONFIRMED: StatusTarget(names=("Resolved", "Done"), category="done", required=True),
    Move.ADVISED: StatusTarget(names=("Open", "To Do", "Waiting for support"), category="new", ours=False),
}


def target(project: ProjectSettings, move: Move, route: Route | None = None) -> StatusTarget | None:
    """Return the status that a move leads to in a project, `None` for a move that leaves the status unchanged."""
    default = _DEFAULTS.get(move)
    if default is None:
        return None
    own = route_of(project, move, route)
    named = (own and own.status) or project.statuses.named(move)
    default = default.but(resolution=_resolution(project, move))
    return default.but(names=(named,), required=True) if named else default


def _resolution(project: ProjectSettings, move: Move) -> str:
    if move is Move.UNCONFIRMED:
        return project.unconfirmed_resolution or project.resolution
    return project.resolution if move is Move.RESOLVED else ""


def route_of(project: ProjectSettings, move: Move, route: Route | None) -> RouteSettings | None:
    """Return the settings of a hand-over on a route; `None` for any other move."""
    return (project.routes or {}).get(route) if route and move is Move.ESCALATED else None
