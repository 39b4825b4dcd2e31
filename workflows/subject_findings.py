"""The table's first part: who is meant, and which one active directory writes this user's Okta profile."""

from __future__ import annotations

from workflows.comparison import same
from workflows.expectations import GONE
from workflows.facts import PROFILE_SOURCE, Facts
from workflows.finding import Finding
from workflows.questions import Question
from workflows.redaction import plain

NEEDED_FEATURES = (PROFILE_SOURCE, "IMPORT_PROFILE_UPDATES")


def nobody_named(question: Question) -> Finding | None:
    """Find that nobody can be looked up."""
    facts = question.facts
    if facts.request.unclear:
        names = ", ".join(plain(name, 60) for name in facts.request.unclear[:5])
        return Finding(f"The ticket names several people ({names}) and does not say whose profile is meant.")
    if facts.request.somebody_else and not facts.named:
        return Finding("The ticket speaks of somebody else than its requester and does not name them.")
    if facts.identifier is None:
        return Finding("The ticket names no user, and its requester has no e-mail address or login.")
    if not facts.users and not facts.named:
        return Finding("The ticket names no user, and its requester is not known in Okta.")
    return None


def not_found(question: Question) -> Finding | None:
    """Find that the named user is not in Okta."""
    if question.facts.users:
        return None
    who = plain(question.facts.identifier or "", 100)
    return Finding(f"No Okta user has the login, e-mail address or employee number “{who}” that the ticket names.")


def ambiguous(question: Question) -> Finding | None:
    """Find that a name fits several users."""
    if len(question.facts.users) == 1:
        return None
    who = plain(question.facts.identifier or "", 100)
    return Finding(f"“{who}” fits {len(question.facts.users)} Okta users; which one is meant is not said.")


def not_active(question: Question) -> Finding | None:
    """Find a user whom updates are not expected to reach."""
    status = question.facts.user.status
    if status not in GONE:
        return None
    return Finding(f"The Okta user is {status}. Profile updates are not expected to reach such a user.")


def not_readable(question: Question) -> Finding | None:
    """Find that Okta refused us a reading that the precheck rests on."""
    if question.facts.unreadable is None:
        return None
    words = plain(question.facts.unreadable, 200)
    return Finding(f"What the precheck compares could not be read with the credential that forcesync has: {words}")


def not_linked(question: Question) -> Finding | None:
    """Find a user without a directory."""
    if question.facts.app_users:
        return None
    return Finding("The Okta user is not linked to any Active Directory or LDAP instance, so there is nothing to sync.")


def several_that_differ(question: Question) -> Finding | None:
    """Find several directories that may lead and hold different values."""
    facts = question.facts
    if facts.leading is not None or _agree(facts):
        return None
    return Finding(
        f"The user is linked to {len(facts.app_users)} directories ({_labels(facts)}), whose copies differ. No public "
        "interface of Okta tells which one is the profile source; a person has to check."
    )


def source_not_established(question: Question) -> Finding | None:
    """Find several directories that may lead, although their copies agree."""
    facts = question.facts
    if facts.leading is not None:
        return None
    return Finding(
        f"The user is linked to {len(facts.app_users)} directories ({_labels(facts)}) that may all be the profile "
        "source. Their copies agree, but which one Okta follows is told by no public interface; a person has to check."
    )


def okta_masters(question: Question) -> Finding | None:
    """Find that Okta is the source and the directory the copy."""
    if question.facts.copy_user.scope != "GROUP":
        return None
    return Finding(
        f"Okta provisions this user to {question.facts.copy_user.directory.label} through a group: here Okta is the "
        "source and the directory the copy. Force Sync To Okta is the wrong tool (inferred from the assignment)."
    )


def directory_off(question: Question) -> Finding | None:
    """Find an integration that is off or does not update profiles."""
    directory = question.facts.copy_user.directory
    if not directory.active:
        return Finding(f"The directory integration {directory.label} is not active in Okta.")
    missing = [feature for feature in NEEDED_FEATURES if feature not in directory.features]
    if missing:
        return Finding(
            f"The directory integration {directory.label} lacks {' and '.join(missing)}: it does not update profiles."
        )
    return None


def _labels(facts: Facts) -> str:
    return ", ".join(item.directory.label for item in facts.app_users)


def _agree(facts: Facts) -> bool:
    """Say whether all copies hold the same in every attribute that more than one of them has."""
    first, *others = (item.profile for item in facts.app_users)
    return all(same(first[name], other[name]) for other in others for name in first.keys() & other.keys())
