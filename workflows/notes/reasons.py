"""The sentence of every reason. Decisions carry `Reason`s; what people read about them stands here alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from workflows.model import Reason
from workflows.model import ReasonKind as R
from workflows.values.wording import utc

# What stands in a sentence for a detail that a product did not give.
UNSAID: Mapping[str, str] = {
    "reason": "no reason told",
    "actor": "somebody",
    "holder": "a person",
    "held_back": "it was held back or refused",
    "updated": "when it was last updated is not told",
}

# What leads up to a time that is there.
_LEADING = {"updated": "last updated at "}
_STALE = (
    "The directory's copy of the user in Okta ({label}, {updated}) %s. The change had not been imported yet, or was "
    "not made in the directory. As Okta documents, Force Sync would not help, so it was not pressed."
)
_REFUSED_VALUE = (
    "Okta %s this user's whole update over the value of {attribute}: {about}. One invalid value keeps all others back, "
    "{names} among them. "
)
_LOGGED = "The System Log told of it at {at} ({reason})."
_AGREED = (
    "The directory's copy and the Okta profile agreed in {names}, and the ticket did not say what the value should be. "
    "Both may be right, and both may be old."
)

WHO: Mapping[R, str] = {
    R.SEVERAL_PEOPLE: "The ticket named several people ({names}) and did not say whose profile is meant.",
    R.SOMEBODY_ELSE: "The ticket spoke of somebody else than its requester and did not name them.",
    R.WHOSE_PROFILE: (
        "The ticket did not say whose profile it is about, and no value in it is, or is to be, its requester's."
    ),
    R.NOBODY_NAMED: "The ticket named no user, and its requester had no e-mail address or login.",
    R.REQUESTER_UNKNOWN: "The ticket named no user, and its requester was not known in Okta.",
    R.USER_UNKNOWN: "No Okta user had the login, e-mail address or employee number “{who}” that the ticket named.",
    R.USER_AMBIGUOUS: "“{who}” fitted {count} Okta users; which one is meant was not said.",
    R.USER_INACTIVE: "The Okta user was {status}. Profile updates are not expected to reach such a user.",
    R.FACTS_NOT_READABLE: (
        "What the check compares could not be read with the credential that forcesync has: {words}."
    ),
    R.NOT_LINKED: (
        "The Okta user was not linked to any Active Directory or LDAP instance, so there was nothing to sync."
    ),
    R.DIRECTORIES_DIFFER: (
        "The user was linked to {count} directories that may write the Okta profile ({labels}), and what they would "
        "have written differed. No public interface of Okta tells which one is the profile source; a person has to "
        "check."
    ),
    R.DIRECTORIES_AGREE: (
        "The user was linked to {count} directories ({labels}) that may all be the profile source. They would have "
        "written the same, but which one Okta follows is told by no public interface; a person has to check."
    ),
    R.OKTA_IS_SOURCE: (
        "Okta provisioned this user to {labels} through a group: here Okta was the source and the directory the copy. "
        "Force Sync To Okta would have been the wrong tool (inferred from the assignment)."
    ),
    R.NO_ACTIVE_DIRECTORY: ("None of the user's directories ({labels}) was active in Okta and a source of profiles."),
    R.DIRECTORY_INACTIVE: "The directory integration {label} was not active in Okta.",
    R.DIRECTORY_LACKS: "The directory integration {label} lacked {features}: it did not update profiles.",
}

WHAT: Mapping[R, str] = {
    R.NO_MAPPING: "No To-Okta attribute mapping of {label} could be found for this user's type.",
    R.SEVERAL_ATTRIBUTES: "“{words}” may mean several attributes of the profile; which one is meant was not said.",
    R.NO_SINGLE_ATTRIBUTE: "The ticket spoke of a value or a thing that fits no single attribute of the profile.",
    R.ALREADY_RIGHT: "The Okta profile already held what the ticket asks for in {names}.",
    R.SOURCED_ELSEWHERE: (
        "The user schema said that {attribute} is not written by this directory ({source}). Neither an import nor "
        "Force Sync would have changed it."
    ),
    R.NOT_MAPPED: "{label} mapped nothing to “{words}”, so no sync could have changed it.",
    R.CREATE_ONLY: "The mapping of {attribute} applied only when a user is created.",
    R.EXPRESSION_FAILED_FOR_USER: (
        "Okta could not evaluate a mapping expression for this user at {at} ({reason}); {attribute} was filled by "
        "“{expression}”."
    ),
    R.EXPRESSION_FAILED: (
        "Okta could not evaluate a mapping expression of {label}, for whom was not told, at {at} ({reason}); "
        "{attribute} was filled by “{expression}”."
    ),
    R.COMPUTED: (
        "{attribute} was filled by the expression “{expression}”. What it gives cannot be predicted, so nothing could "
        "be checked."
    ),
    R.VALUE_REFUSED: _REFUSED_VALUE % "refused" + _LOGGED,
    R.VALUE_WOULD_BE_REFUSED: _REFUSED_VALUE % "would refuse"
    + "The System Log did not tell of it, which proves nothing; it is our own check against the user schema.",
    R.UPDATE_REFUSED: (
        f"Okta refused this user's last update from the directory. {_LOGGED} Which value it was could not be told from "
        "the user schema; until it is mended, {names} cannot arrive."
    ),
    R.OVERWRITTEN: (
        "{names} was changed in Okta at {at} by {actor}, after the directory's copy had been updated. A Force Sync "
        "would undo that; whether it is wanted is for a person to say."
    ),
    R.PARTLY_SAID: _AGREED,
    R.NOTHING_DIFFERED: _AGREED.replace("{names}", "every attribute that could be compared"),
    R.NO_LONGER_WRONG: _AGREED + " Okta no longer showed the value that the ticket complains about in {attribute}.",
    R.STALE_IN_OKTA: (
        "The directory's copy of the user in Okta ({label}) held another value than the Okta profile in {names}, and "
        "the Okta profile should have followed it. This is what Force Sync is for."
    ),
    R.COPY_LACKS_IT: _STALE % "did not hold the value that the ticket asks for in {attribute}",
    R.COPY_HOLDS_THE_OLD: (
        _STALE % "held the same value in {attribute} that Okta showed and the ticket complains about"
    ),
    R.SPEAKS_AGAINST: (
        "The ticket speaks against what the directory holds or against a sync, which would bring the value of the "
        "directory's copy in Okta ({label}) in {names}. Which value is right was not said."
    ),
    R.RIGHT_AND_WRONG: "The ticket called one and the same value of {attribute} right and wrong.",
    R.ABOUT_TO_BE_UNDONE: (
        "The Okta profile already held what the ticket asks for in {attribute}, but the directory's copy of the user "
        "in Okta ({label}) held another value, which Okta's next update would bring. Which of the two is right was "
        "not said."
    ),
    R.COPY_HOLDS_THE_WRONG: (
        "The Okta profile no longer showed the value that the ticket complains about in {attribute}; the directory's "
        "copy of the user in Okta ({label}) held it. Which value is right was not said."
    ),
    R.SPEAKS_OF_ANOTHER: (
        "The ticket was read to ask for a value in {attribute}, but it also speaks of another one, which the "
        "directory's copy of the user in Okta ({label}) held. Which of the two is right was not clear."
    ),
    R.TELLS_ANOTHER: (
        "The ticket tells a value of {attribute} that neither the directory's copy of the user in Okta nor the Okta "
        "profile held. Which value is right was not clear."
    ),
    R.UNREAD_VALUE: (
        "The ticket seems to say what the value should be, in words that were not understood, and they are not what "
        "the directory's copy of the user in Okta ({label}) held in {names}."
    ),
}

VALUES: Mapping[R, str] = {
    R.NO_LOGIN: "it does not look like an e-mail address, or holds a space",
    R.NO_ADDRESS: "it does not look like an e-mail address",
    R.NO_LOCALE: "it does not look like a locale, such as en_US",
    R.NO_TIME_ZONE: "it does not look like a time zone, such as America/Denver",
    R.REQUIRED: "it is required and has no value",
    R.NOT_ALLOWED: "it is none of the {count} values that are allowed",
    R.TOO_LONG: "it has {length} characters and may have {limit} at most",
    R.TOO_SHORT: "it has {length} characters and needs {limit} at least",
}

SUSPICIONS: Mapping[R, str] = {
    R.IMPORTS_PAUSED: (
        "Import Safeguard paused the imports at {at}, and they were not resumed: an Okta super administrator resumes "
        "or cancels them (Reports > Import Monitoring)."
    ),
    R.IMPORT_SKIPPED: "An import told at {at} that it passed over a user: {reason}.",
    R.NO_AGENTS: "Okta showed no agent pool for this directory.",
    R.AGENTS_OPERATIONAL: "The directory's agents were operational ({count}).",
    R.AGENTS_DOWN: "The directory's agents were {status}: imports may not have run.",
    R.IMPORT_FAILED: "The last import, at {at}, failed: {reason}.",
    R.IMPORT_COMPLETED: "The last import completed at {at}.",
    R.IMPORT_UNFINISHED: "An import began at {at} and was not told to have completed.",
    R.NO_IMPORT: "The System Log told of no import of this directory in the last 7 days, which proves nothing.",
    R.IMPORTS_NOT_READ: "Not known, because it could not be read: {detail}.",
    R.DIRECTORY_UNSEEN: (
        "forcesync cannot see AD or LDAP itself: whether the value was changed there is for its team to say."
    ),
}

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
    R.TAKEN_OVER: "A person took over.",
    R.CHILD: "The ticket is a child of another one, which is worked instead.",
    R.PARENT: "The ticket has open children, which would be closed with it.",
    R.MAJOR_INCIDENT: "The ticket is part of a major incident.",
    R.PROBLEM: "The ticket belongs to a problem, whose owners work on the cause.",
    R.SLA: "{used} % of the time of the SLA {sla} is used; from {limit} % on a person goes on.",
    R.PROTECTED: "The affected user is in the protected group {group}; a person decides what is done.",
    R.PROTECTION_UNKNOWN: "Whether the affected user is in a protected group could not be read: {detail}",
    R.NEXT_ROUND: "The ticket was opened again (round {round}); from here on a person decides.",
    R.ROUND_ENDED: "Round {round} had ended {state}; {about}.",
    R.REOPENED: "a person opened the ticket again",
    R.TAGGED_AGAIN: "a person tagged the ticket again",
    R.ASKED: "Asked the requester: {about}",
    R.REPLIED: "A reply came.",
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
    R.SYNC_HELPS: "judged: Force Sync helps",
    R.SAME_FAULT: "{key} is about the same user and attribute",
    R.SAME_FAULT_NOTED: "{key} is about the same user and attribute.",
    R.HAD_NO_EFFECT_ALREADY: (
        "A Force Sync had no effect for {key}, which is about the same; it is not pressed once more."
    ),
    R.RIDE_DROPPED: "the ride was dropped",
    R.FACTS_CHANGED: "The facts changed before the start; judged again.",
    R.NOT_STARTED: "Force Sync was not started: {about}",
    R.NOT_STARTED_IN_TIME: "Force Sync did not start in time: {held_back}.",
    R.HELD_BACK_TOO_LONG: "Force Sync did not start in time: {about}.",
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
    R.UNDELIVERED: "undelivered: {words}",
    R.PRODUCT_FAULT: "{words}",
    R.DEFECT: "a defect: {name}",
    R.STOPPED_BY_A_DEFECT: "A defect of forcesync ({name}) stopped its work on this ticket.",
    R.OPEN_RUN_FIRST: "run {run} of this directory must end first",
}

RUNS: Mapping[R, str] = {
    R.GATHERING: "gathering riders",
    R.SEARCH_OUTSTANDING: "{desk} is to be searched once more after the window's end",
    R.JUDGEMENT_OUTSTANDING: "still to be judged, of those found in time: {tickets}",
    R.OFF: "Force Sync is paused {about}",
    R.BY_SETTINGS: "by the settings (policy.force_sync)",
    R.BY_A_PERSON: "by {by} since {since}: {why}",
    R.COOLS_DOWN: "the directory cools down after its last Force Sync until {until}",
    R.LOOKING_AT_USERS: "looking at every user: {users} so far",
    R.NO_RIDER_HELPED: "no rider was left whom it would help",
    R.NEEDS_APPROVAL: "needs approval: {about}.",
    R.SETTINGS_ASK: "the settings ask for it",
    R.REACH_UNKNOWN: "what it would change could not be looked up",
    R.ABOVE_LIMIT: "it would change {changed} of {users} Okta profiles, more than {limit}",
    R.TOUCHES: "it would change {names} of a user",
    R.STILL_HELPS: "read again and still helped: {tickets}",
    R.WAITS_FOR_APPROVAL: "waiting for approval: forcesync sync approve",
    R.NOT_APPROVED: "nobody approved it in time",
    R.REJECTED: "rejected by {by}: {why}",
    R.APPROVED: "approved by {by}: {why}",
    R.APPROVAL_VOID: "the approval does not count: {about}",
    R.NAMELESS: "a decision needs a name",
    R.OWN_REQUEST: "{by} filed {key} or is its affected user",
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
