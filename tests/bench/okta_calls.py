"""Count the Okta calls of a ticket, from its discovery to its end, everything included.

    python -m tests.bench.okta_calls [ROW ...]

prints the table in connectors/okta/README.md, on the sandbox with a clock of its own: nothing waits. Fails where a row
is above its bar. Calls of the start-up check and of the day-after re-check are not a ticket's and are left out. Cold is
a worker that has just started; warm is one that settled another ticket of the same directory an hour before.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from connectors.sandbox.scenarios.catalogue import Scenario
from tests.e2e.world import World
from workflows.model import Policy

AS_SHIPPED = {"verify_every": Policy().verify_every}
NEW = "Logistics Planning"


def _fixed(world: World) -> None:
    world.stale_ticket()


def _right(world: World) -> None:
    member = world.member()
    world.ticket(about=member, expected=world.profile(member)["department"])


def _stale_copy(world: World) -> None:
    member = world.member()
    world.change_directory(member, "department", NEW, imported=False)
    world.ticket(about=member, expected=NEW)


def _not_found(world: World) -> None:
    world.ticket(about="nobody.knows@example.com", requester=world.member().login)


def _on_behalf(world: World) -> None:
    world.ticket(about=world.stale_user(), requester=world.member().login)


def _other_user_name(world: World) -> None:
    member = world.stale_user()
    with world._people("servicenow") as people:
        people.state.one("sys_user", "user_name", member.login)["user_name"] = "u4711"
    world.ticket(requester="u4711")


class Row(NamedTuple):
    """A row of the table: what is filed, how it must end, and the most calls that a ticket may cost."""

    name: str
    most: float
    file: Callable[[World], None] = _fixed
    end: str = "resolved"
    warm: bool = False
    tickets: int = 1


ROWS = (
    Row("fixed by a Force Sync, cold", 9),
    Row("fixed by a Force Sync, warm", 8, warm=True),
    Row("the same for a colleague, warm", 8, _on_behalf, warm=True),
    Row("the same, filed under a user name that Okta lacks, warm", 11, _other_user_name, warm=True),
    Row("a burst of 100, cold", 2.3, tickets=100),
    Row("right already, warm", 4, _right, warm=True),
    Row("the directory's copy is old, warm", 11, _stale_copy, "escalated", warm=True),
    Row("nobody is found, warm", 7, _not_found, "asked", warm=True),
)


def calls_of(row: Row, folder: Path) -> Counter[str]:
    """Return the calls by endpoint that a row's tickets cost."""
    burst = row.tickets > 1
    scenario = Scenario("burst" if burst else "empty", tickets=row.tickets, users=12 + row.tickets)
    policy = AS_SHIPPED | {"on_behalf": ["Everyone"]}
    with World(folder, scenario, policy=policy) as world:
        if row.warm:
            world.stale_ticket()
            world.settle()
            world.skip(hours=1)
        if not burst:
            row.file(world)
        world.sandbox.frame.calls["okta"].clear()
        world.settle()
        ends = Counter(case.state.value for case in world.parts.store.cases())
        if ends != Counter({row.end: row.tickets}) + Counter({"resolved": row.warm}):
            raise RuntimeError(f"{row.name}: not every ticket ended so: {dict(ends)}")
        return Counter(world.sandbox.frame.calls["okta"])


def line(row: Row, calls: int) -> str:
    """Return a row as the README shows it."""
    return f"| {row.name} | {calls / row.tickets:.3g} | {row.most:g} |"


def main(names: tuple[str, ...]) -> int:
    """Print the table, and each row's calls; the exit code says whether all are within their bars."""
    above = 0
    for row in (item for item in ROWS if not names or item.name in names):
        with tempfile.TemporaryDirectory() as folder:
            calls = calls_of(row, Path(folder))
        above += calls.total() > row.most * row.tickets
        print(line(row, calls.total()))
        for endpoint, count in calls.most_common():
            print(f"  {count:5}  {endpoint}")
    return 1 if above else 0


if __name__ == "__main__":
    sys.exit(main(tuple(sys.argv[1:])))
