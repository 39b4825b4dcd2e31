"""How the report writes numbers: a share with what it is a share of, and a duration in its two largest units."""

from __future__ import annotations

from worker.output import percents
from worker.reporting.figures import Report, Share
from workflows.precheck.verdicts import ROUTES

TEAMS = {route: team.value for team, route in ROUTES.items()}  # as notes name them
UNITS = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))


def percent(share: Share) -> str:
    """Write a share, `-` where there is nothing to share, or it is not known yet."""
    return f"{percents((share.number, share.of - share.number))[0]}%" if share.of and share.known else "-"


def shared(share: Share, whole: str) -> str:
    """Write a share with the `whole` that it is a share of, or that nothing is known of it yet."""
    if share.of and not share.known:
        return "not known yet: none has been looked at again"
    return f"{percent(share):>4} of {share.of} ({whole})"


def lasting(seconds: float | None) -> str:
    """Write a duration, such as `2 h 5 min`; `-` for none."""
    if seconds is None:
        return "-"
    left, parts = round(seconds), list[str]()
    for size, unit in UNITS:
        if left >= size or (parts and left):
            parts.append(f"{left // size} {unit}")
            left %= size
    shown = [part for part in parts[:2] if not part.startswith("0 ")]
    return " ".join(shown) or "0 s"


def period(report: Report) -> str:
    """Write the report's period and desk."""
    desk = f", {report.desk} only" if report.desk else ""
    return f"{report.since:%Y-%m-%d %H:%M} to {report.until:%Y-%m-%d %H:%M} UTC{desk}"
