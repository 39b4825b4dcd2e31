"""What was seen at the looks after a press, kept short: Okta Support asks for each, and a case stays small."""

from __future__ import annotations

from workflows.model import Look

MOST = 12  # kept of a case's changes; a press is looked at about ten times, and hardly ever is there one


def noted(looks: tuple[Look, ...], look: Look) -> tuple[Look, ...]:
    """Add a look: one that saw the same as the last one is counted with it, a reading that served twice only once.

    Where there are more changes than are kept, the first and the newest stay.
    """
    if not looks:
        return (look,)
    *before, last = looks
    if (last.last_at, last.last_request_id) == (look.last_at, look.last_request_id):
        return looks
    if (last.lacking, last.updated_at) == (look.lacking, look.updated_at):
        again = {"count": last.count + 1, "last_at": look.last_at, "last_request_id": look.last_request_id}
        return (*before, last.model_copy(update=again))
    return (looks[0], *looks[1:][-(MOST - 2) :], look)
