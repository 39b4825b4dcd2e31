"""`make bench`: every timed claim in one table, each with its bar; the exit code says whether all hold.

    python -m tests.bench [--store postgres] [--broker redis] [GROUP ...]

measures all groups, or those named. The times are of the machine that it runs on: it should have nothing else to do.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from tests.bench import check, durable, growth, idle, recovery, versus, workers
from tests.bench.rows import Row, printed


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="GROUP")
    parser.add_argument("--store", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--broker", choices=["embedded", "redis", "rabbitmq"], default="embedded")
    asked = parser.parse_args()
    groups: Mapping[str, Callable[[], Iterator[Row]]] = {
        "versus": versus.rows,
        "growth": partial(growth.rows, asked.store),
        "workers": partial(workers.rows, asked.store, asked.broker),
        "recovery": recovery.rows,
        "durable": durable.rows,
        "idle": idle.rows,
        "check": check.rows,
    }
    if unknown := set(asked.groups) - set(groups):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(groups)}")
    red = 0

    def measured() -> Iterator[Row]:
        nonlocal red
        for name in asked.groups or groups:
            for row in groups[name]():
                red += not row.holds
                yield row

    for line in printed(measured()):
        print(line, flush=True)
    print(f"{red} red" if red else "every bar holds")
    return 1 if red else 0


if __name__ == "__main__":
    sys.exit(main())
