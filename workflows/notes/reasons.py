"""The sentence of every reason. Decisions carry `Reason`s; only this module says how they read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from workflows.model import Reason
from workflows.model import ReasonKind as R
from workflows.notes.findings import SUSPICIONS, VALUES, WHAT, WHO
from workflows.values.wording import utc

# What a sentence says instead of a detail that a product did not give.
UNSAID: Mapping[str, str] = {
    "reason": "no reason told",
    "actor": "somebody",
    "holder": "a person",
    "updated": "when it was last updated is not told",
}

# What a sentence says before a time that is known.
_LEADING = {"updated": "last updated at "}
# What was read, as a list names it.
THINGS: dict[R, str] = {
    R.PROFILE_READ: "Okta profile of {user}",
    R.COPY_READ: "app user in {label} ({app})",
    R.MAPPING_READ: "To-Okta mapping {mapping}",
}
READINGS: Mapping[R, str] = {
    R.PROFILE_READ: f"{THINGS[R.PROFILE_READ]} read",
    R.COPY_READ: f"{THINGS[R.COPY_READ]} read",
    R.MAPPING_READ: f"{THINGS[R.MAPPING_READ]} read",
    R.LOG_READ: "System Log of {user} read: {events} in 7 days",
    R.NOT_READ: "{thing} not readable: {detail}",
    R.EVENT_LOGGED: "System Log: {event}",
    R.SYNC_ACCEPTED: "Force Sync of {label} ({app}) accepted",
    R.SYNC_ANSWER_LOST: "Force Sync of {label} ({app}) sent, answer lost",
    R.SYNC_BY_A_PERSON: "Force Sync of {label} ({app}) pressed by a person",
}

CASES: Mapping[R, str] = {
    R.FREE_TO_TAKE: "the ticket is free to take",
    R.CLAIMED: "Claimed.",
    R.TAG_REMOVED: "The tag was removed.",
    R.CLOSED_BY_A_PERSON: "The ticket was closed by a person.",
    R.ASSIGNED: "The ticket is assigned to {holder}.",
    R.GIVEN_BY_A_RULE: "A rule of the desk gave the ticket to {holder} when it was claimed.",
    R.TAKEN_OVER: "A person took over.",
    R.CHILD: "The ticket is a child of another record, which is worked instead.",
    R.PARENT: "The ticket has open children or tasks, which other people work.",
    R.MAJOR_INCIDENT: "The ticket is part of a major incident.",
    R.PROBLEM: "The ticket belongs to a problem, whose owners work on the cause.",
    R.CHANGE: "The ticket belongs to a change request, whose owners work on it.",
    R.APPROVAL: "The ticket waits for an approval.",
    R.SLA: "{used} % of the time of the SLA {sla} is used; from {limit} % on a person goes on.",
    R.PROTECTED: "The affected user is in the protected group {group}; a person decides what is done.",
    R.PROTECTION_UNKNOWN: "Whether the affected user is in a protected group could not be read: {detail}",
    R.OVER_BUDGET: (
        "It is ticket {number} of this requester within 24 hours, and {limit} are worked (policy.per_requester); "
        "a person decides on this one."
    ),
    R.NEXT_ROUND: "The ticket was opened again (round {round}); from here on a person decides.",
    R.ROUND_ENDED: "Round {round} had ended {state}; {about}.",
    R.REOPENED: "a person opened the ticket again",
    R.TAGGED_AGAIN: "a person tagged the ticket again",
    R.READABLE_AGAIN: "the ticket can be read again",
    R.ASKED: "Asked the requester: {about}",
    R.REPLIED: "A reply came.",
    R.TO_BE_CONFIRMED: "whether it is right now, because the ticket did not say which value is wanted.",
    R.CONFIRMED: "The requester confirmed that it is right.",
    R.DENIED: "The requester says that the value is not the right one.",
    R.UNCLEAR_REPLY: "The reply says neither yes nor no: “{words}”",
    R.NOT_CONFIRMED: "Nobody confirmed in time that it is right.",
    R.ABOUT_SOMETHING_ELSE: "The requester says that the ticket is about something else.",
    R.NO_REPLY: "Nobody answered the question on the ticket in time.",
    R.REMINDED: "Reminded the requester of the question.",
    R.REMINDER_DUE: "half of the time to reply is over",
    R.WAITS_FOR_REPLY: "waiting for a reply on the ticket",
    R.SIGN_IN: "to sign in once more, which may refresh this one user.",
    R.SIGN_IN_FIRST: "a sign-in is asked for before a Force Sync",
    R.SIGN_IN_HELPED: "The Okta profile took the expected value after a sign-in was asked for.",
    R.SIGN_IN_DID_NOT_HELP: "No sign-in brought the value in time.",
    R.WAITS_FOR_SIGN_IN: "waiting for a sign-in",
    R.CAME_RIGHT_MEANWHILE: "The Okta profile took the right value while the case waited.",
    R.HELD_UNTIL: "held until {day}, from which day the form says that the change holds",
    R.SYNC_HELPS: "judged: Force Sync helps",
    R.SAME_FAULT: "{key} is about the same user and attribute",
    R.SAME_FAULT_NOTED: "{key} is about the same user and attribute.",
    R.HAD_NO_EFFECT_ALREADY: (
        "A Force Sync had no effect for {key}, which is about the same; it is not pressed once more."
    ),
    R.RIDE_DROPPED: "the ride was dropped",
    R.FACTS_CHANGED: "The facts changed before the start; judged again.",
    R.NOT_STARTED: "Force Sync was not started: {about}",
    R.NOT_STARTED_IN_TIME: "Force Sync did not start in time: {about}.",
    R.HELD_BACK: "it was held back or refused",
    R.WAITS_FOR_SYNC: "waiting for the Force Sync of {label}",
    R.RUN_STARTED: "the run started",
    R.SYNC_STARTED: "Force Sync of {label} started.",
    R.SYNC_STARTED_UNCERTAIN: "Force Sync of {label} started, its answer was lost.",
    R.SYNC_STARTED_BY_HAND: "Force Sync of {label} started by hand.",
    R.RUN_WAITS_FOR_A_PERSON: "run {run} waits for a person",
    R.RUN_STILL_WAITS_FOR_A_PERSON: "run {run} still waits for a person",
    R.WAITS_FOR_EFFECT: "waiting for the Force Sync to reach the Okta profile",
    R.OLDER_TICKET_FIRST: "waiting for an older ticket about the same to end first",
    R.NO_EFFECT: "The Force Sync started, and the Okta profile did not hold the expected value in the time allowed.",
    R.EFFECT_SEEN: "The Okta profile held the expected value after the Force Sync.",
    R.EFFECT_SEEN_OTHERS_NEXT: "The expected values were seen; the ticket's other subjects come next.",
    R.OTHERS_UNSETTLED: "the values were seen; other subjects are still to be settled",
    R.UNCERTAIN_RUN_FIRST: "waiting for the uncertain run to end",
    R.ONCE_MORE: "No effect of the uncertain start was seen; it is made once more.",
    R.UNCERTAIN_WITHOUT_EFFECT: "an uncertain start showed no effect",
    R.DELIVERED: "delivered and verified",
    R.TICKET_UNREADABLE: "The ticket cannot be read: {detail}",
    R.CHANGE_REFUSED: "The desk refused a change: {words}",
    R.QUESTION_REFUSED: "The requester could not be asked, because the desk refused it: {words}",
    R.RESOLUTION_REFUSED: "The ticket could not be resolved, because the desk refused it: {words}",
    R.UNDELIVERED: "undelivered: {words}",
    R.PRODUCT_FAULT: "{words}",
    R.DEFECT: "a defect: {name}",
    R.STOPPED_BY_A_DEFECT: "A defect of forcesync ({name}) stopped its work on this ticket.",
    R.HANDED_OVER_BY: "{by} had it handed over: {why}",
    R.LEFT_ALONE_BY: "{by} had it left alone: {why}",
    R.OPEN_RUN_FIRST: "run {run} of this directory must end first",
}

RUNS: Mapping[R, str] = {
    R.GATHERING: "gathering riders",
    R.SEARCH_OUTSTANDING: "{desk} is to be searched once more after the window's end",
    R.JUDGEMENT_OUTSTANDING: "still to be judged, of those found in time: {tickets}",
    R.OFF: "Force Sync is paused {about}",
    R.PRESS_REFUSED: "Okta does not let our account run Force Sync: {words}",
    R.BY_SETTINGS: "by the settings (policy.force_sync)",
    R.BY_A_PERSON: "by {by} since {since}: {why}",
    R.COOLS_DOWN: "the directory cools down after its last Force Sync until {until}",
    R.ANOTHER_UNDER_WAY: "run {run} ({label}) is under way; one Force Sync of a directory is run at a time",
    R.DAY_IS_FULL: (
        "{label} had {starts} in the last 24 hours, as many as policy.at_most_per_day allows; "
        "the next may start at {until}"
    ),
    R.LOOKING_AT_USERS: "looking at every user: {users} so far",
    R.NO_RIDER_HELPED: "no rider was left whom it would help",
    R.NEEDS_APPROVAL: "needs approval: {about}.",
    R.SETTINGS_ASK: "the settings ask for it",
    R.REACH_UNKNOWN: "what it would change could not be looked up",
    R.ABOVE_LIMIT: "it would change {changed} of {users} Okta profiles, more than {limit}",
    R.TOUCHES: "it would change {names} of a user",
    R.MAY_TOUCH: "an expression fills {names}, so what it would change there cannot be predicted for {users}",
    R.MEMBERS_UNREAD: "{users} of the directory could not be read, so what it would change there is not known",
    R.STILL_HELPS: "read again and still helped: {tickets}",
    R.WAITS_FOR_APPROVAL: "waiting for approval: forcesync sync approve",
    R.NOT_APPROVED: "nobody approved it in time",
    R.REJECTED: "rejected by {by}: {why}",
    R.APPROVED: "approved by {by}: {why}",
    R.APPROVAL_VOID: "needs approval again: that of {by} does not count, because {about}.",
    R.CHANGES_DIFFER: "what it would change is not what was shown then",
    R.APPROVAL_OLD: "it was given at {at}, longer ago than policy.approval_valid_for",
    R.NAMELESS: "a decision needs a name",
    R.OWN_REQUEST: "{by} filed {key} or is its affected user",
    R.NOBODY_IN_OKTA: "Okta has no user with the login {by!r}",
    R.NOT_ACTIVE_IN_OKTA: "the Okta user {by} is {status}",
    R.NO_APPROVER: "{by} is not among the approvers (policy.approvers)",
    R.NO_TICKET_WAITS: "no ticket waits for it any more",
    R.PRESSED_BY_A_PERSON: (
        "a rider's Okta profile took the expected value: a person has pressed Force Sync, or it came otherwise"
    ),
    R.NOT_PRESSED: "nobody pressed Force Sync in time",
    R.WAITS_FOR_A_PERSON: "waiting for a person to press Force Sync",
    R.FOUND_AFTER_CRASH: "found after a crash: it may have been sent",
    R.ACCEPTED: "accepted by Okta",
    R.RUN_WAITS_FOR_EFFECT: "waiting for its effect: {tickets}",
    R.EFFECT_TIME_OVER: "the time for its effect is over",
    R.ALL_RIDERS_SETTLED: "every rider has its answer",
}

LATER: Mapping[R, str] = {
    R.ANOTHER_ROUND: "the ticket went on in another round",
    R.TICKET_GONE: "the ticket could not be read any more ({detail})",
    R.VALUES_HOLD: "the values still hold",
    R.VALUES_LOST: "no longer as expected: {names}",
    R.ASKS_OTHERWISE: "the ticket asks for something else now",
    R.VALUES_NEVER_CAME: "the values did not come right in time",
    R.VALUES_CAME: "the values came right later",
    R.NO_NUMBER: "nobody wrote a Support Case's number on the ticket",
    R.SUPPORT_CASE: "Okta case {number}. {about}",
    R.SUPPORT_CASE_NOT_READABLE: "Okta did not let us look it up ({detail}).",
    R.SUPPORT_CASE_UNLISTED: "Okta's list of this org's cases did not hold it when we looked.",
    R.SUPPORT_CASE_LISTED: "Okta's list of this org's cases holds it.",
    R.SUPPORT_CASE_WITH_ACCESS: ("Okta's list of this org's cases holds it, with access to the org: {access}."),
    R.CLOSED_BY_PEOPLE: "people closed the ticket",
    R.STILL_OPEN: "the ticket was still open",
    R.NOTHING_TO_TELL: "there is nothing to tell any more",
    R.OTHER_VALUE: "{key} states another value",
}

SENTENCES: dict[R, str] = {
    R.AS_WRITTEN: "{words}",
    **WHO,
    **WHAT,
    **VALUES,
    **SUSPICIONS,
    **READINGS,
    **CASES,
    **RUNS,
    **LATER,
}


def sentence(reason: Reason | None, written: Callable[[datetime], str] = utc) -> str:
    """Return a reason's sentence; `written` writes its times, in UTC unless the reader's desk has its own zone."""
    return _filled(SENTENCES, reason, written) if reason else ""


def thing_read(reason: Reason) -> str:
    """Return what was read, for a list of readings."""
    return _filled(SENTENCES | THINGS, reason, utc)


def _filled(texts: Mapping[R, str], reason: Reason, written: Callable[[datetime], str]) -> str:
    words = {name: word or UNSAID.get(name, "") for name, word in reason.words}
    times = {name: _LEADING.get(name, "") + written(at) for name, at in reason.times}
    return texts[reason.kind].format_map(words | times | {"about": sentence(reason.about, written)})
