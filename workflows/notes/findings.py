"""The sentences of what the precheck finds: who is meant, what keeps a value from arriving, why a copy may be stale."""

from __future__ import annotations

from collections.abc import Mapping

from workflows.model import ReasonKind as R

_REFUSED_VALUE = (
    "Okta %s this user's whole update because of the value of {attribute}: {about}. One invalid value holds back all "
    "others, {names} included. "
)
_LOGGED = "The System Log has it at {at} ({reason})."

FINDINGS: Mapping[R, str] = {
    # who is meant, and which directory writes the profile
    R.NOT_IDENTIFIED: "The ticket names {names}: Okta doesn't know them, or knows more than one.",
    R.SEVERAL_PEOPLE: "The ticket names several people ({names}) and doesn't say whose profile is meant.",
    R.NOBODY_NAMED: "The ticket names no user, and its requester has no email address or login.",
    R.REQUESTER_UNKNOWN: "The ticket names no user, and Okta doesn't know its requester.",
    R.USER_UNKNOWN: "No Okta user has the login, email address or employee number “{who}” that the ticket names.",
    R.USER_AMBIGUOUS: "“{who}” fits {count} Okta users, and the ticket doesn't say which one is meant.",
    R.NOT_THEIRS: "The ticket is about somebody else, and forcesync doesn't know that its requester may ask for them.",
    # The status is left out: in a software project everybody who sees the issue reads this.
    R.USER_INACTIVE: "Okta doesn't update this profile at the moment, so Force Sync wouldn't help.",
    R.FACTS_NOT_READABLE: "Okta doesn't let forcesync {words}.",
    R.NOT_LINKED: "The Okta user isn't linked to any Active Directory or LDAP instance, so there is nothing to sync.",
    R.DIRECTORIES_DIFFER: (
        "The user is linked to {count} directories that may write the Okta profile ({labels}), and they would write "
        "different values. Okta's public API doesn't show which one has priority, so a person has to check."
    ),
    R.DIRECTORIES_AGREE: (
        "The user is linked to {count} directories that may write the Okta profile ({labels}). They would write the "
        "same value, but Okta's public API doesn't show which one has priority, so a person has to check."
    ),
    R.OTHER_SOURCES: (
        "Besides {labels}, the user has another profile source ({others}). Okta's public API doesn't show which one "
        "has priority, so a person has to check; where it isn't the directory, Force Sync changes nothing."
    ),
    R.OKTA_IS_SOURCE: (
        "Okta provisions this user to {labels} through a group: Okta is the source and the directory the copy, so "
        "Force Sync would be the wrong tool (inferred from the assignment)."
    ),
    R.NO_ACTIVE_DIRECTORY: "None of the user's directories ({labels}) is active in Okta and a source of profiles.",
    R.DIRECTORY_INACTIVE: "The directory integration {label} isn't active in Okta.",
    R.DIRECTORY_LACKS: "The directory integration {label} lacks {features}, so it doesn't update profiles.",
    # what keeps a value from arriving
    R.NO_MAPPING: "{label} has no To Okta attribute mapping for this user's type.",
    R.SEVERAL_ATTRIBUTES: "“{words}” may mean several attributes of the profile, and the ticket doesn't say which.",
    R.NO_SINGLE_ATTRIBUTE: "The ticket speaks of something that fits no single attribute of the profile.",
    R.ALREADY_RIGHT: "The Okta profile already showed the expected {names}.",
    R.CAME_SINCE: (
        "The Okta profile was updated in {names} at {at}, after the ticket was opened, and has shown the directory's "
        "value since."
    ),
    R.SOURCED_ELSEWHERE: (
        "According to the user schema, this directory doesn't write {attribute} ({source}). Neither an import nor "
        "Force Sync would change it."
    ),
    R.NOT_MAPPED: "{label} maps nothing to “{words}”, so no sync can change it.",
    R.CREATE_ONLY: "The mapping of {attribute} applies only when a user is created.",
    R.EXPRESSION_FAILED_FOR_USER: (
        "Okta could not evaluate a mapping expression for this user at {at} ({reason}). {attribute} is filled by "
        "“{expression}”."
    ),
    R.EXPRESSION_FAILED: (
        "Okta could not evaluate a mapping expression of {label} at {at} ({reason}), and doesn't say for whom. "
        "{attribute} is filled by “{expression}”."
    ),
    R.COMPUTED: (
        "{attribute} is filled by the expression “{expression}”. Its result can't be predicted, so there was "
        "nothing to compare."
    ),
    R.VALUE_REFUSED: _REFUSED_VALUE % "refuses" + _LOGGED,
    R.VALUE_WOULD_BE_REFUSED: _REFUSED_VALUE % "would refuse"
    + "This is forcesync's own check of the value; the System Log doesn't mention it, which proves nothing.",
    R.UPDATE_REFUSED: (
        f"Okta refused this user's last update from the directory. {_LOGGED} The user schema doesn't show which value "
        "is at fault; until it is corrected, {names} can't arrive."
    ),
    R.OVERWRITTEN: (
        "{actor} changed {names} in Okta at {at}, after the directory's copy was last updated. Force Sync would undo "
        "that, so a person decides."
    ),
    R.AGREED: (
        "The directory's copy and the Okta profile agree in {names}, and the ticket doesn't say what the value should "
        "be. Both may be right, and both may be out of date."
    ),
    R.NOTHING_SAID: (
        "The ticket names no attribute and no value that either copy holds, and the directory's copy and the Okta "
        "profile agree in every attribute that can be compared."
    ),
    R.UNSPECIFIC: (
        "The ticket names no attribute and no value that either copy holds. The directory's copy and the Okta profile "
        "differ in {names}; the ticket doesn't say whether it is about that."
    ),
    R.OBJECTED: "The ticket says “{words}”, which may mean that no sync is wanted, so a person decides.",
    R.WROTE_MEANWHILE: (
        "While the ticket waited for Force Sync, somebody wrote “{words}”, which may mean that no sync is wanted. So a "
        "person decides."
    ),
    R.NOT_YET: "The ticket says “{words}”, so the change isn't due yet, and a person decides when to act.",
    R.UNDATED: (
        "The ticket says that the change takes effect “{words}”, which forcesync can't read as a date, so a person "
        "decides when to act."
    ),
    R.HELD_FOR_LONG: (
        "The Okta profile held what the ticket asks for in {names} before the ticket was opened. The ticket doesn't "
        "say where the old value still shows."
    ),
    R.KEYS_DIFFER: "The directory's copy holds {attribute} as a key, which can't be compared with the ticket's words.",
    R.STALE_IN_OKTA: (
        "The directory's copy of the user in Okta ({label}) holds another value than the Okta profile for {names}, and "
        "the Okta profile should have followed. This is what Force Sync is for."
    ),
    R.COPY_LACKS_IT: (
        "The directory's copy of the user in Okta ({label}, {updated}) doesn't hold the expected {attribute}: it "
        "wasn't changed in the directory, or Okta hasn't imported it yet."
    ),
    R.NOT_IMPORTED: (
        "Okta could not import this user from {label} at {at}: “{words}”. One such value fails the whole import of a "
        "user, so the directory's copy in Okta keeps the old {attribute}, and Force Sync doesn't help."
    ),
    R.SPEAKS_AGAINST: (
        "The ticket objects to what the directory holds, or to a sync, which would bring the value of the directory's "
        "copy in Okta ({label}) in {names}. It doesn't say which value is right."
    ),
    R.WOULD_EMPTY: (
        "The directory's copy of the user in Okta ({label}) holds nothing in {names}, so Force Sync would empty it in "
        "Okta. Nobody says that it should be empty."
    ),
    R.ABOUT_TO_BE_UNDONE: (
        "The Okta profile already held what the ticket asks for in {attribute}, but the directory's copy of the user "
        "in Okta ({label}) holds another value, which Okta's next update would bring. The ticket doesn't say which is "
        "right."
    ),
    # why a value is refused
    R.TAKEN: "another Okta user already has this value",
    R.NO_LOGIN: "it doesn't look like an email address, or contains a space",
    R.NO_ADDRESS: "it doesn't look like an email address",
    R.NO_LOCALE: "it doesn't look like a locale, such as en_US",
    R.NO_TIME_ZONE: "it doesn't look like a time zone, such as America/Denver",
    R.REQUIRED: "it is required and has no value",
    R.NOT_ALLOWED: "it is none of the {count} allowed values",
    R.TOO_LONG: "it has {length} characters, and {limit} are allowed at most",
    R.TOO_SHORT: "it has {length} characters, and {limit} are needed at least",
    # why a copy may be stale
    R.IMPORTS_PAUSED: (
        "Import Safeguard has paused the imports since {at}. An Okta super administrator resumes or cancels them "
        "(Reports > Import Monitoring)."
    ),
    R.IMPORT_SKIPPED: "An import skipped this user at {at}: {reason}.",
    R.IMPORT_MET_LOCKED: "An import met a locked account at {at}; the log doesn't say here whose.",
    R.NO_AGENTS: "Okta shows no agent pool for this directory.",
    R.AGENTS_OPERATIONAL: "The directory's agents are operational ({count}).",
    R.AGENTS_DOWN: "The directory's agents are {status}, so imports may not have run.",
    R.AGENTS_IMPAIRED: "Okta shows the directory's agents as {status}, so imports may be late.",
    R.IMPORT_FAILED: "The last import, at {at}, failed: {reason}.",
    R.IMPORT_COMPLETED: "The last import completed at {at}.",
    R.IMPORT_UNFINISHED: "An import started at {at}, and the System Log doesn't show that it completed.",
    R.NO_IMPORT: (
        "The System Log of the last 7 days shows no import of this directory, which proves nothing on its own."
    ),
    R.IMPORTS_NOT_READ: "Not read ({detail}).",
    R.DIRECTORY_UNSEEN: "forcesync can't see into AD or LDAP, only into Okta's copy of it.",
}

# What has to be done before an import can bring a value, where one of the suspicions above holds it up.
CLEARED_FIRST: Mapping[R, str] = {
    R.IMPORTS_PAUSED: (
        "Have an Okta super administrator resume the imports (Reports > Import Monitoring); Import Safeguard paused "
        "them at {at}."
    ),
    R.IMPORT_SKIPPED: "Remove what made an import skip this user at {at}: {reason}.",
    R.NO_AGENTS: "Check the directory's agents; Okta shows none.",
    R.AGENTS_DOWN: (
        "Bring the directory's agents back online; Okta shows them as {status} and imports nothing until then."
    ),
    R.IMPORT_FAILED: "Find out why the last import failed ({at}: {reason}) and fix that.",
}

# What `forcesync check` says instead, where the sentences above speak of a ticket.
BY_HAND: Mapping[R, str] = {
    R.USER_UNKNOWN: "No Okta user has the login, email address or employee number “{who}”.",
    R.USER_AMBIGUOUS: "“{who}” fits {count} Okta users.",
    R.HELD_FOR_LONG: (
        "The Okta profile holds the expected value in {names}. If the old one is still seen somewhere, it does not "
        "come from the Okta profile."
    ),
    R.KEYS_DIFFER: (
        "The directory's copy holds {attribute} as a key, which cannot be compared with the value that was given."
    ),
    R.COPY_LACKS_IT: (
        "The directory's copy of the user in Okta ({label}, {updated}) does not hold the expected value in "
        "{attribute}. The change was not imported yet, or was not made in the directory. As Okta documents, Force Sync "
        "would not help."
    ),
    R.ABOUT_TO_BE_UNDONE: (
        "The Okta profile holds the expected value in {attribute}, but the directory's copy of the user in Okta "
        "({label}) holds another one, which Okta's next update would bring."
    ),
    R.AGREED: (
        "The directory's copy and the Okta profile agree in {names}, and no value was given to hold them against. Both "
        "may be right, and both may be old."
    ),
    R.NOTHING_SAID: "The directory's copy and the Okta profile agree in every attribute that can be compared.",
}
