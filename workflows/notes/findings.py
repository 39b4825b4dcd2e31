"""The sentences of what the precheck finds: who is meant, what keeps a value from arriving, why a copy may be stale."""

from __future__ import annotations

from collections.abc import Mapping

from workflows.model import ReasonKind as R

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
    R.NOT_IDENTIFIED: "The ticket named {names}, whom Okta does not know or knows more than once.",
    R.SEVERAL_PEOPLE: "The ticket named several people ({names}) and did not say whose profile is meant.",
    R.NOBODY_NAMED: "The ticket named no user, and its requester had no e-mail address or login.",
    R.REQUESTER_UNKNOWN: "The ticket named no user, and its requester was not known in Okta.",
    R.USER_UNKNOWN: "No Okta user had the login, e-mail address or employee number “{who}” that the ticket named.",
    R.USER_AMBIGUOUS: "“{who}” fitted {count} Okta users; which one is meant was not said.",
    R.NOT_THEIRS: "The ticket is about somebody else, for whom its requester is not known to speak.",
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
    R.OTHER_SOURCES: (
        "Besides {labels}, the user is assigned to another profile source ({others}). No public interface tells which "
        "of them Okta follows; where it is not the directory, a Force Sync changes nothing. A person has to check."
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
    R.CAME_SINCE: (
        "The Okta profile was updated in {names} at {at}, after the ticket was opened, and has held the directory's "
        "value since."
    ),
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
    + "The System Log did not tell of it, which proves nothing; it is our own check of the value.",
    R.UPDATE_REFUSED: (
        f"Okta refused this user's last update from the directory. {_LOGGED} Which value it was could not be told from "
        "the user schema; until it is mended, {names} cannot arrive."
    ),
    R.OVERWRITTEN: (
        "{names} was changed in Okta at {at} by {actor}, after the directory's copy had been updated. A Force Sync "
        "would undo that; whether it is wanted is for a person to say."
    ),
    R.AGREED: _AGREED,
    R.NOTHING_SAID: (
        "The ticket named no attribute and no value that either copy holds, and the directory's copy and the Okta "
        "profile agreed in every attribute that could be compared."
    ),
    R.UNSPECIFIC: (
        "The ticket named no attribute and no value that either copy holds. The directory's copy and the Okta profile "
        "differed in {names}; whether that is meant was not said."
    ),
    R.OBJECTED: "The ticket speaks against a sync (“{words}”), so a person decides.",
    R.NOT_YET: "The ticket speaks of “{words}”, which is still to come, so a person decides when to act.",
    R.HELD_FOR_LONG: (
        "The Okta profile held what the ticket asks for in {names} since before the ticket was opened, so where the "
        "old value is still seen has to be said."
    ),
    R.KEYS_DIFFER: (
        "The directory's copy holds {attribute} as a key, which cannot be compared with the ticket's words."
    ),
    R.STALE_IN_OKTA: (
        "The directory's copy of the user in Okta ({label}) held another value than the Okta profile in {names}, and "
        "the Okta profile should have followed it. This is what Force Sync is for."
    ),
    R.COPY_LACKS_IT: _STALE % "did not hold the value that the ticket asks for in {attribute}",
    R.SPEAKS_AGAINST: (
        "The ticket speaks against what the directory holds or against a sync, which would bring the value of the "
        "directory's copy in Okta ({label}) in {names}. Which value is right was not said."
    ),
    R.ABOUT_TO_BE_UNDONE: (
        "The Okta profile already held what the ticket asks for in {attribute}, but the directory's copy of the user "
        "in Okta ({label}) held another value, which Okta's next update would bring. Which of the two is right was "
        "not said."
    ),
}

VALUES: Mapping[R, str] = {
    R.TAKEN: "an object with this value already exists, it is Okta user {user}'s",
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

# What `forcesync check` says instead, where the sentences above speak of a ticket.
BY_HAND: Mapping[R, str] = {
    R.USER_UNKNOWN: "No Okta user has the login, e-mail address or employee number “{who}”.",
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
