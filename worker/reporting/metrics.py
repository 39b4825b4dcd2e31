"""Every number of the report: its name, its definition, and which rounds it counts or what it measures of each.

The definitions follow those of ServiceNow's own dashboard for automated resolution: coverage, durable auto-resolve
rate, follow-up rate, times from a ticket's creation
(https://www.servicenow.com/docs/r/it-service-management/perf-overview-l1-sd-ai-spec.html).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from worker.reporting.rounds import Round
from workflows.model import CaseState


@dataclass(frozen=True)
class Metric:
    """A number: the name that `--cases` takes, how people read it, and what it means."""

    id: str
    title: str
    definition: str


@dataclass(frozen=True)
class Count(Metric):
    """A number of rounds, and the count that it is a share of, not known before any of the count `seen_by` is."""

    of: str | None
    counts: Callable[[Round], bool]
    seen_by: str = ""

    @property
    def share_of(self) -> str:
        """Return the title, without what stands in brackets, of the count that it is a share of."""
        titles = (metric.title for metric in COUNTED if metric.id == self.of)
        return next(titles, "").partition(" (")[0].lower()


@dataclass(frozen=True)
class Duration(Metric):
    """A length of time of each round that has it; the report gives median, mean and 90th percentile."""

    measures: Callable[[Round], timedelta | None]


def _in(*states: CaseState) -> Callable[[Round], bool]:
    return lambda item: item.case.state in states


COUNTS: tuple[Count, ...] = (
    Count(
        "tickets",
        "Tickets taken up",
        "Tickets with the tag that were first seen in the period. One that people opened again counts again, as its "
        "next round. All numbers of tickets are about these.",
        None,
        lambda _: True,
    ),
    Count(
        "attempted",
        "Attempted (coverage)",
        "A solution was tried or advised (a Force Sync, or resolving it), or the requester was asked. The others were "
        "handed over or left to people at once.",
        "tickets",
        lambda item: item.attempted,
    ),
    Count("ended", "Ended", "forcesync's work on the ticket is over.", "tickets", lambda item: item.case.ended),
    Count("open", "Still open", "Work on the ticket goes on.", "tickets", lambda item: not item.case.ended),
    Count("reopened", "Opened again", "Second and later rounds.", "tickets", lambda item: item.case.round > 1),
    Count(
        "finished",
        "Attempted and ended",
        "Attempted tickets on which the work is over.",
        "attempted",
        lambda item: item.attempted and item.case.ended,
    ),
    Count(
        "resolved",
        "Auto-resolved",
        "Resolved by forcesync, once what was asked was seen in Okta.",
        "finished",
        lambda item: item.resolved,
    ),
    Count(
        "untouched",
        "Resolved without anybody",
        "Resolved, and nobody was asked anything, approved or pressed a Force Sync, or gave an order about it.",
        "finished",
        lambda item: item.untouched,
    ),
    Count(
        "durable",
        "Durable auto-resolve rate",
        "Resolved, not opened again since, and not found changed when the values were looked at again a day later "
        "(policy.recheck_after). What is not looked at yet counts as durable; while nothing is, there is no rate.",
        "finished",
        lambda item: item.resolved and item.outcome.lasted is not False,
        seen_by="looked_at",
    ),
    Count(
        "looked_at",
        "Looked at again",
        "Resolved tickets of which it is known whether they lasted: looked at a day later, or opened again.",
        "resolved",
        lambda item: item.outcome.lasted is not None,
    ),
    Count(
        "lasted",
        "Still right (durable rate)",
        "Still right a day later, and not opened again since; over 30 days, this share is forcesync_durable_ratio.",
        "looked_at",
        lambda item: item.outcome.lasted is True,
    ),
    Count(
        "not_lasted",
        "Not durable",
        "A value was found changed a day later, or people opened the ticket again.",
        "looked_at",
        lambda item: item.outcome.lasted is False,
    ),
    Count(
        "asked",
        "Asked (follow-up rate)",
        "At least one question to the requester, or to an agent, requests to sign in again included.",
        "attempted",
        lambda item: item.case.questions > 0,
    ),
    Count(
        "confirmed",
        "Confirmed",
        "Resolved because the requester, or an agent, said that it is right.",
        "resolved",
        lambda item: item.confirmed,
    ),
    Count(
        "unconfirmed",
        "Not confirmed in time",
        "Resolved although nobody answered whether it is right.",
        "resolved",
        lambda item: item.resolved and item.case.unconfirmed,
    ),
    Count(
        "handed_over",
        "Handed over",
        "Handed to people, with the cause and what was found.",
        "ended",
        _in(CaseState.ESCALATED),
    ),
    Count(
        "withdrawn",
        "Left to people",
        "A person took the ticket over, closed it or removed its tag while it was worked.",
        "ended",
        _in(CaseState.WITHDRAWN),
    ),
    Count(
        "synced",
        "Served by a Force Sync",
        "Rode on at least one Force Sync that was started.",
        "attempted",
        lambda item: bool(item.syncs),
    ),
)

# What became of advice: each advised ticket is right, not borne out, not known yet, or cannot be told.
ADVICE: tuple[Count, ...] = (
    Count(
        "advised",
        "Only advised",
        "Got a note that says what forcesync would do, and was left to people: in observe mode, or tied to other "
        "tickets. forcesync resolves none of these, so they lower the auto-resolve rates.",
        "ended",
        lambda item: item.advised,
    ),
    Count(
        "advice_known",
        "Advice that can be judged",
        "People closed the ticket, and what Okta's profile and the directory's copy held then tells whether the advice "
        "was right.",
        "advised",
        lambda item: item.advice_right is not None,
    ),
    Count(
        "advice_right",
        "Advice that was right",
        "Force Sync, or that Okta was right already, was advised, and when the ticket was closed the Okta profile held "
        "the expected value; or it was advised to have the directory team bring the value, and the directory's copy "
        "held it.",
        "advice_known",
        lambda item: item.advice_right is True,
    ),
    Count(
        "advice_wrong",
        "Advice that was not borne out",
        "Force Sync, or that Okta was right already, was advised, and the Okta profile did not hold the expected value "
        "when the ticket was closed: the advice was wrong, or nobody followed it. Or the directory team was advised, "
        "and Okta held the value although the directory's copy did not.",
        "advice_known",
        lambda item: item.advice_right is False,
    ),
    Count(
        "advice_open",
        "Advice not known yet",
        "People have not closed the ticket yet, as far as forcesync has seen: it looks once a day "
        "(policy.recheck_after).",
        "advised",
        lambda item: item.advice_open,
    ),
    Count(
        "advice_untold",
        "Advice that cannot be judged",
        "It was advised to ask the requester, or to hand the ticket to another team than the directory team; or Okta "
        "does not show what was expected; or the ticket stayed open for too long, or is not looked at again "
        "(policy.recheck_after).",
        "advised",
        lambda item: item.advised and item.advice_right is None and not item.advice_open,
    ),
)

DURATIONS: tuple[Duration, ...] = (
    Duration(
        "first_response",
        "First response",
        "From the ticket's creation (of a later round: from when it was seen open again) to forcesync's first write on "
        "it.",
        lambda item: item.until_response,
    ),
    Duration(
        "time_to_resolve",
        "Time to resolve",
        "From the ticket's creation, likewise, to its resolution by forcesync.",
        lambda item: item.until_resolved,
    ),
    Duration(
        "work_time",
        "of it, with forcesync",
        "From when forcesync first saw the ticket with the tag to its resolution; waiting for people included.",
        lambda item: item.work,
    ),
)

# Force Syncs are counted by when they were started.
SYNCS: tuple[Metric, ...] = (
    Metric("force_syncs", "Force Syncs started", "Force Syncs that were started in the period, by whomever."),
    Metric("tickets_per_sync", "Tickets per Force Sync", "Tickets that rode on them, divided by their number."),
    Metric(
        "profiles_repaired",
        "Profiles of tickets repaired",
        "People of the period's tickets whose Okta profiles were seen right after a Force Sync.",
    ),
    Metric(
        "profiles_foreseen",
        "Profiles brought up to date",
        "Okta profiles that these Force Syncs were to change, by the look at every user of the directory before each.",
    ),
)

COUNTED: tuple[Count, ...] = (*COUNTS, *ADVICE)
METRICS: tuple[Metric, ...] = (*COUNTED, *DURATIONS, *SYNCS)
