"""The sentence of every reason. Decisions carry `Reason`s; only this module says how they read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from workflows.model import Reason
from workflows.model import ReasonKind as R
from workflows.notes.findings import BY_HAND, CLEARED_FIRST, FINDINGS
from workflows.values.wording import uncapital, utc

# What a sentence says instead of a detail that a product did not give.
UNSAID: Mapping[str, str] = {
    "reason": "no reason given",
    "actor": "Somebody",
    "by": "somebody",
    "why": "(reason not shown here)",
    "holder": "a person",
    "updated": "time of the last update unknown",
    "operation": "work this ticket",
}

# How people write the products that a desk or an org is called after.
PRODUCTS: Mapping[str, str] = {"servicenow": "ServiceNow", "jira": "Jira", "okta": "Okta"}

# What a sentence says before a time that is known.
_LEADING = {"updated": "last updated at "}

SENTENCES: Mapping[R, str] = {
    R.AS_WRITTEN: "{words}",
    **FINDINGS,
    # what was read
    R.PROFILE_READ: "Okta profile of {user} read",
    R.COPY_READ: "app user in {label} ({app}) read",
    R.MAPPING_READ: "To Okta mapping {mapping} read",
    R.LOG_READ: "System Log of {user} read: {events} in 7 days",
    R.NOT_READ: "{thing} not readable: {detail}",
    R.EVENT_LOGGED: "System Log: {event}",
    R.SYNC_ACCEPTED: "Force Sync of {label} ({app}) accepted",
    R.SYNC_ANSWER_LOST: "Force Sync of {label} ({app}) sent, answer lost",
    R.SYNC_BY_A_PERSON: "Force Sync of {label} ({app}) run by a person in the Admin Console",
    # what becomes of a case
    R.FREE_TO_TAKE: "the ticket is free to take",
    R.CLAIMED: "Claimed.",
    R.TAG_REMOVED: "The tag or label was removed.",
    R.CLOSED_BY_A_PERSON: "A person closed the ticket.",
    R.ASSIGNED: "The ticket is assigned to {holder}.",
    R.GIVEN_BY_A_RULE: "A rule of the desk assigned the ticket to {holder} when forcesync claimed it.",
    R.TAKEN_OVER: "A person took over.",
    R.CHILD: "The ticket is a child of another record that people work on.",
    R.PARENT: "The ticket has open children or tasks that other people are working on.",
    R.MAJOR_INCIDENT: "The ticket is part of a major incident.",
    R.PROBLEM: "The ticket belongs to a problem, and its owners work on the cause.",
    R.CHANGE: "The ticket belongs to a change request, and its owners work on it.",
    R.APPROVAL: "The ticket is waiting for an approval, or was refused one.",
    R.SLA: "{used}% of the SLA “{sla}” is used up; from {limit}% on, a person takes over.",
    R.PROTECTED: "forcesync's settings leave this decision to a person.",
    R.PROTECTION_UNKNOWN: "The user's groups could not be read: {detail}",
    R.NOT_APPROVABLE: (
        "Force Sync needs an approval here, but the ticket system doesn't show who filed this ticket (no login, no "
        "email address). So forcesync can't rule out that people approve their own request."
    ),
    R.OVER_BUDGET: (
        "This is the requester's ticket number {number} within 24 hours, and forcesync works {limit} "
        "(policy.per_requester), so a person decides."
    ),
    R.NEXT_ROUND: "forcesync has worked on this ticket before, so a person decides this time.",
    R.ROUND_ENDED: "{about}.",
    R.REOPENED: "a person opened the ticket again",
    R.TAGGED_AGAIN: "a person tagged the ticket again",
    R.READABLE_AGAIN: "the ticket can be read again",
    R.ASKED: "Asked on the ticket, because {cause}",
    R.REPLIED: "A reply came.",
    R.TO_BE_CONFIRMED: "Asked whether the value is correct now; the ticket didn't say which value is wanted.",
    R.CONFIRMED: "A reply on the ticket confirmed that it is right.",
    R.DENIED: "A reply on the ticket says that the value is wrong.",
    R.UNCLEAR_REPLY: "The reply is neither a yes nor a no: “{words}”",
    R.REPLIES_DIFFER: "The replies say different things: “{words}”",
    R.NO_LONGER_RIGHT: "Okta no longer holds what was asked about, so the ticket was checked again.",
    R.NOT_CONFIRMED: "Nobody confirmed in time that it is right.",
    R.ABOUT_SOMETHING_ELSE: "A reply says that the ticket is about something else.",
    R.NO_REPLY: "No answer came in time.",
    R.UNHEARD: (
        "The ticket system shows forcesync only the names of those who comment, and does not prove which comments are "
        "the requester's, so a person decides."
    ),
    R.REMINDED: "Reminded the requester of the question.",
    R.REMINDER_DUE: "half of the time to reply is over",
    R.WAITS_FOR_REPLY: "waiting for a reply on the ticket",
    R.SIGN_IN: "Asked for a new sign-in, which may refresh this one user.",
    R.SIGN_IN_FIRST: "a sign-in is asked for before a Force Sync",
    R.SIGN_IN_HELPED: "The Okta profile took the expected value after forcesync asked for a sign-in.",
    R.SIGN_IN_DID_NOT_HELP: "No sign-in brought the value in time.",
    R.WAITS_FOR_SIGN_IN: "waiting for a sign-in",
    R.PAGE_ASKED: "Asked an agent or administrator to open the user's page in the Admin Console.",
    R.PAGE_FIRST: "the user's page is opened first, which refreshes this one user",
    R.PAGE_HELPED: "The Okta profile took the expected value after forcesync asked to open the user's page.",
    R.PAGE_REFRESHED_THE_COPY: "The directory's copy in Okta changed after forcesync asked to open the user's page.",
    R.PAGE_CHANGED_NOTHING: "The user was refreshed at {at}, which did not bring the value.",
    R.PAGE_FAILED: "Okta could not import the user at {at}.",
    R.PAGE_NOT_OPENED: "No visit to the user's page brought the value in time.",
    R.OTHERS_WANT_THE_SYNC: "Other tickets need the same Force Sync, so this one no longer waits for the user's page.",
    R.WAITS_FOR_PAGE: "waiting for somebody to open the user's page",
    R.CAME_RIGHT_MEANWHILE: "The Okta profile took the right value in the meantime.",
    R.REQUEST_CHANGED: "The request changed on the ticket, so it was checked again.",
    R.HELD_UNTIL: "held until {day}: by the form, the change takes effect then",
    R.SYNC_HELPS: "judged: Force Sync helps",
    R.SAME_FAULT: "{key} is about the same user and attribute",
    R.SAME_FAULT_NOTED: "{key} is about the same user and attribute.",
    R.HAD_NO_EFFECT_ALREADY: "Force Sync had no effect for {key}, which is about the same, so it isn't run again.",
    R.RIDE_DROPPED: "the ride was dropped",
    R.FACTS_CHANGED: "The facts changed before the start, so the ticket was checked again.",
    R.NOT_STARTED: "Force Sync wasn't started: {about}",
    R.NOT_STARTED_IN_TIME: "Force Sync didn't start in time: {about}.",
    R.HELD_BACK: "it was held back or refused",
    R.WAITS_FOR_SYNC: "waiting for the Force Sync of {label}",
    R.RUN_STARTED: "the run started",
    R.SYNC_STARTED: "Force Sync of {label} started.",
    R.SYNC_STARTED_UNCERTAIN: "Force Sync of {label} started, but its answer was lost.",
    R.SYNC_STARTED_BY_HAND: "Force Sync of {label} started by hand.",
    R.RUN_WAITS_FOR_A_PERSON: "run {run} waits for a person",
    R.RUN_STILL_WAITS_FOR_A_PERSON: "run {run} still waits for a person",
    R.WAITS_FOR_EFFECT: "waiting for the Force Sync to reach the Okta profile",
    R.OLDER_TICKET_FIRST: "waiting for an older ticket about the same to end first",
    R.NO_EFFECT: "Force Sync ran, and the Okta profile did not hold the expected value in the time allowed.",
    R.EFFECT_SEEN: "The Okta profile held the expected value after the Force Sync.",
    R.EFFECT_SEEN_OTHERS_NEXT: "The expected values were seen; the ticket's other users come next.",
    R.OTHERS_UNSETTLED: "the values were seen; the ticket's other users are not settled yet",
    R.UNCERTAIN_RUN_FIRST: "waiting for the uncertain run to end",
    R.ONCE_MORE: "The uncertain start showed no effect, so Force Sync is run once more.",
    R.UNCERTAIN_WITHOUT_EFFECT: "an uncertain start showed no effect",
    R.BUTTON_NEXT: "The API call had no effect; forcesync asked an administrator to press the button in the console.",
    R.CALL_WITHOUT_EFFECT: "the call had no effect, and the console's own button comes next",
    R.SAID_PRESSED: "Somebody wrote on the ticket that Force Sync was pressed.",
    R.DELIVERED: "delivered and verified",
    R.TICKET_UNREADABLE: "The ticket can't be read: {detail}",
    R.CHANGE_REFUSED: "The ticket system refused a change ({words}).",
    R.QUESTION_REFUSED: (
        "The ticket system didn't let forcesync ask its question ({words}). forcesync's operator should check its "
        "rights there."
    ),
    R.RESOLUTION_REFUSED: (
        "The ticket system didn't let forcesync resolve the ticket ({words}). forcesync's operator should check its "
        "rights there."
    ),
    R.UNDELIVERED: "undelivered: {words}",
    R.PRODUCT_FAULT: "{words}",
    R.ANSWER_NOT_UNDERSTOOD: "forcesync couldn't make sense of an answer from {system}; its operator has been alerted.",
    R.DEFECT: "a defect: {name}",
    R.RUN_STOPPED_BY_A_DEFECT: "a defect in forcesync ({name}) stopped it",
    R.STOPPED_BY_A_DEFECT: "A defect in forcesync ({name}) stopped its work on this ticket.",
    R.HANDED_OVER_BY: "handed over by {by}: {why}",
    R.NOT_JUDGED: "The ticket could not be checked: {detail}",
    R.LEFT_ALONE_BY: "{by} had it left alone: {why}",
    R.OPEN_RUN_FIRST: "run {run} of this directory must end first",
    # what becomes of a run
    R.GATHERING: "gathering tickets",
    R.SEARCH_OUTSTANDING: "{desk} has to be searched once more after the window's end",
    R.JUDGEMENT_OUTSTANDING: "tickets found in time that are still to be judged: {tickets}",
    R.OFF: "Force Sync has been paused {about}",
    R.START_REFUSED: "Okta refused it ({words})",
    R.PRESS_REFUSED: "forcesync can't run Force Sync: {words}",
    R.BY_SETTINGS: "by the settings (policy.force_sync)",
    R.BY_A_PERSON: "by {by} since {since}: {why}",
    R.COOLS_DOWN: "the directory cools down after its last Force Sync until {until}",
    R.ANOTHER_UNDER_WAY: "another Force Sync of {label} was under way; a directory has one at a time",
    R.DAY_IS_FULL: (
        "{label} had {starts} in the last 24 hours, as many as policy.at_most_per_day allows; "
        "the next may start at {until}"
    ),
    R.LOOKING_AT_USERS: "looking at every user: {users} so far",
    R.NO_RIDER_HELPED: "no ticket is left that it would help",
    R.ONLY_OBSERVED: "the settings only observe this directory by now",
    R.ORG_UNNAMED: "the settings do not name the Okta org {org}",
    R.NEEDS_APPROVAL: "needs approval: {about}.",
    R.SETTINGS_ASK: "every Force Sync of this directory does (policy.autonomy)",
    R.REACH_UNKNOWN: "what it would change could not be looked up",
    R.REACH_REFUSED: "what it would change could not be looked up: {about}",
    R.OVERTAKES: "it would change the Okta profiles of users whose own tickets speak against that: {cases}",
    R.ABOVE_LIMIT: "it would change {changed} of {users} Okta profiles, more than {limit}",
    R.EMPTIES: "it would empty what Okta holds in {names} (values lost: {count}), because the directory holds nothing",
    R.TOUCHES: "it would change {names} of a user",
    R.MAY_CHANGE: (
        "expressions fill {names}, so what it would change there cannot be predicted for {users}, more than the limit "
        "of {limit}; once approved and run, the same expressions are not asked about again"
    ),
    R.MAY_TOUCH: "an expression fills {names}, so what it would change there cannot be predicted for {users}",
    R.MEMBERS_UNREAD: "{users} of the directory could not be read, so what it would change there is not known",
    R.CHANGES_PROTECTED: "it would change the Okta profiles of {users} in protected groups (policy.protected_groups)",
    R.MAY_CHANGE_PROTECTED: (
        "what it would change for {users} in protected groups (policy.protected_groups) cannot be predicted; once "
        "approved and run, the same expressions are not asked about again"
    ),
    R.STILL_HELPS: "read again and still helped: {tickets}",
    R.WAITS_FOR_APPROVAL: "waiting for approval: forcesync sync approve",
    R.NOT_APPROVED: "nobody approved it in time",
    R.REJECTED: "rejected by {by}: {why}",
    R.APPROVED: "approved by {by}: {why}",
    R.APPROVAL_VOID: "needs approval again: that of {by} does not count, because {about}.",
    R.CHANGES_DIFFER: "it would now change something else than was shown then",
    R.APPROVAL_OLD: "it was given at {at}, longer ago than policy.approval_valid_for",
    R.NAMELESS: "a decision needs a name",
    R.OWN_REQUEST: "{by} filed or opened {key}, or is its affected user",
    R.ASKER_UNKNOWN: (
        "the desk tells neither a login nor an email address of who filed or opened {key}, which may be {by}; take "
        "that ticket out of the run with `forcesync case hand-over {case}`"
    ),
    R.NOBODY_IN_OKTA: "Okta has no user with the login {by!r}",
    R.NOT_ACTIVE_IN_OKTA: "the Okta user {by} can't approve at the moment",
    R.NO_APPROVER: "{by} is not among the approvers (policy.approvers)",
    R.NO_TICKET_WAITS: "no ticket is waiting for it any more",
    R.PRESSED_BY_A_PERSON: (
        "a waiting user's Okta profile took the expected value: a person ran Force Sync, or it came another way"
    ),
    R.PRESSED_BY: "pressed by a person, who wrote so on a ticket at {at}",
    R.NOT_PRESSED: "no effect was seen, and nobody wrote that Force Sync was pressed",
    R.WAITS_FOR_A_PERSON: "waiting for a person to press Force Sync",
    R.FOUND_AFTER_CRASH: "found after a crash: it may have been sent",
    R.ACCEPTED: "accepted by Okta",
    R.RUN_WAITS_FOR_EFFECT: "waiting for its effect: {tickets}",
    R.EFFECT_TIME_OVER: "the time for its effect is over",
    R.ALL_RIDERS_SETTLED: "every ticket has its answer",
    # what is found after the end
    R.ANOTHER_ROUND: "the ticket went on in another round",
    R.TICKET_GONE: "the ticket could no longer be read ({detail})",
    R.VALUES_HOLD: "the values still hold",
    R.VALUES_LOST: "no longer as expected: {names}",
    R.ASKS_OTHERWISE: "the ticket asks for something else now",
    R.VALUES_NEVER_CAME: "the values did not come right in time",
    R.VALUES_CAME: "the values came right later",
    R.NO_NUMBER: "nobody wrote a Support Case's number on the ticket",
    R.SUPPORT_CASE: "Okta case {number}. {about}",
    R.SUPPORT_CASE_NOT_READABLE: "Okta didn't let forcesync look it up ({detail}).",
    R.SUPPORT_CASE_UNLISTED: "Okta's list didn't show this case when forcesync looked.",
    R.SUPPORT_CASE_LISTED: "It is among this org's cases in Okta.",
    R.SUPPORT_CASE_WITH_ACCESS: "It is among this org's cases in Okta, with access to the org: {access}.",
    R.CLOSED_BY_PEOPLE: "people closed the ticket",
    R.STILL_OPEN: "the ticket was still open",
    R.NOTHING_TO_TELL: "there is nothing left to say",
    R.OTHER_VALUE: "{key} states another value",
    R.ONE_CAUSE: "{key} stands for several tickets of one cause, this one among them",
}

# What only the desk's own people read, on a ticket that has an internal side.
TO_AGENTS: Mapping[R, str] = {
    **SENTENCES,
    R.USER_INACTIVE: "The Okta user is {status}. Okta doesn't update such a profile, so Force Sync wouldn't help.",
}

# What only an operator reads (`forcesync case show`), as a ticket may be read by everybody.
TO_OPERATORS: Mapping[R, str] = {
    **TO_AGENTS,
    R.PROTECTED: "A person decides about this user (policy.protected_groups).",
    R.TAKEN: "an object with this value already exists: it belongs to Okta user {user}",
    R.ANSWER_NOT_UNDERSTOOD: "{words}",
}

OTHERS = frozenset({"actor", "by", "why"})  # the words of a reason that name other people, or that they wrote

# What a note is called where the reason's own sentence, which quotes a product or a person, is no title.
TITLES: Mapping[R, str] = {
    R.PRODUCT_FAULT: "forcesync couldn't {operation}",
    R.ANSWER_NOT_UNDERSTOOD: "forcesync couldn't {operation}",
    R.CHANGE_REFUSED: "The ticket system refused a change",
    R.QUESTION_REFUSED: "forcesync couldn't ask its question",
    R.RESOLUTION_REFUSED: "forcesync couldn't resolve the ticket",
    R.PROTECTION_UNKNOWN: "forcesync couldn't read the user's groups",
    R.UNCLEAR_REPLY: "The reply is neither a yes nor a no",
    R.UNHEARD: "forcesync can't tell which comments are the requester's",
    R.OVER_BUDGET: "The requester filed more than {limit} tickets within 24 hours",
    R.DAY_IS_FULL: "Force Sync didn't start in time: the day's limit was reached",
    R.START_REFUSED: "Okta refused to start Force Sync",
    R.REJECTED: "Force Sync was rejected",
    R.PRESS_REFUSED: "forcesync can't run Force Sync",
}


def sentence(reason: Reason | None) -> str:
    """Return a reason's sentence for an operator, with its times in UTC."""
    return _filled(TO_OPERATORS, reason, utc)


def sentence_by_hand(reason: Reason) -> str:
    """Return a finding's sentence where an operator asked and there is no ticket."""
    return _filled({**TO_OPERATORS, **BY_HAND}, reason, utc)


def on_ticket(reason: Reason | None, written: Callable[[datetime], str], *, inside: bool = False) -> str:
    """Return a reason's sentence for a ticket and its files, or for its internal side; `written` writes its times."""
    return _filled(TO_AGENTS if inside else SENTENCES, reason, written)


def naming_nobody(reason: Reason) -> Reason:
    """Return a reason without the words that name other people or are theirs, which its sentence then does without."""
    return reason.in_words(lambda name, word: "" if name in OTHERS else word)


def title(reason: Reason) -> str:
    """Return the title of a reason whose sentence is none, or which is about such a reason; "" for others."""
    if text := TITLES.get(reason.kind):
        return text.format_map({**UNSAID, **dict(reason.words)})
    return title(reason.about) if reason.about else ""


def first_step(reason: Reason, written: Callable[[datetime], str]) -> str:
    """Return what has to be done first about a suspicion; "" if it holds no import up."""
    return _filled(CLEARED_FIRST, reason, written)


def _filled(texts: Mapping[R, str], reason: Reason | None, written: Callable[[datetime], str]) -> str:
    text = texts.get(reason.kind, "") if reason else ""
    if reason is None or not text:
        return ""
    about = _filled(texts, reason.about, written)
    words = {name: word or UNSAID.get(name, "") for name, word in reason.words}
    words |= {"system": PRODUCTS.get(words["system"], words["system"])} if "system" in words else {}
    times = {name: _LEADING.get(name, "") + written(at) for name, at in reason.times}
    return text.format_map(words | times | {"about": about, "cause": uncapital(about)})
