"""The table's first part: who is meant, and which one active directory writes this user's Okta profile."""

from __future__ import annotations

import re

from workflows.model import AppUser
from workflows.precheck.expectations import GONE
from workflows.precheck.facts import PROFILE_SOURCE, Facts
from workflows.precheck.finding import Finding
from workflows.precheck.questions import Question
from workflows.values.comparing import identity, same
from workflows.values.masking import plain

_VARIABLE = re.compile(r"\bappuser\.(\w+)")
NEEDED_FEATURES = (PROFILE_SOURCE, "IMPORT_PROFILE_UPDATES")


def nobody_named(question: Question) -> Finding | None:
    """Find that nobody can be looked up."""
    facts = question.facts
    if facts.request.unclear:
        names = ", ".join(plain(name, 60) for name in facts.request.unclear[:5])
        return Finding(f"The ticket named several people ({names}) and did not say whose profile is meant.")
    if facts.request.somebody_else and not facts.named:
        return Finding("The ticket spoke of somebody else than its requester and did not name them.")
    if facts.doubted:
        return Finding(
            "The ticket did not say whose profile it is about, and no value in it is, or is to be, its requester's."
        )
    if facts.identifier is None:
        return Finding("The ticket named no user, and its requester had no e-mail address or login.")
    if not facts.users and not facts.named:
        return Finding("The ticket named no user, and its requester was not known in Okta.")
    return None


def not_found(question: Question) -> Finding | None:
    """Find that the named user is not in Okta."""
    if question.facts.users:
        return None
    who = plain(question.facts.identifier or "", 100)
    return Finding(f"No Okta user had the login, e-mail address or employee number “{who}” that the ticket named.")


def ambiguous(question: Question) -> Finding | None:
    """Find that a name fits several users."""
    if len(question.facts.users) == 1:
        return None
    who = plain(question.facts.identifier or "", 100)
    return Finding(f"“{who}” fitted {len(question.facts.users)} Okta users; which one is meant was not said.")


def not_active(question: Question) -> Finding | None:
    """Find a user whom updates are not expected to reach."""
    status = question.facts.user.status
    if status not in GONE:
        return None
    return Finding(f"The Okta user was {plain(status, 40)}. Profile updates are not expected to reach such a user.")


def not_readable(question: Question) -> Finding | None:
    """Find that Okta refused us a reading that the precheck rests on."""
    if question.facts.unreadable is None:
        return None
    words = plain(question.facts.unreadable, 200).rstrip(".")
    return Finding(f"What the check compares could not be read with the credential that forcesync has: {words}.")


def not_linked(question: Question) -> Finding | None:
    """Find a user without a directory."""
    if question.facts.app_users:
        return None
    return Finding(
        "The Okta user was not linked to any Active Directory or LDAP instance, so there was nothing to sync."
    )


def several_that_differ(question: Question) -> Finding | None:
    """Find several directories that may lead and hold different values."""
    facts = question.facts
    if len(facts.able) <= 1 or _agree(question):
        return None
    return Finding(
        f"The user was linked to {len(facts.able)} directories that may write the Okta profile ({_labels(facts)}), and "
        "what they would have written differed. No public interface of Okta tells which one is the profile source; a "
        "person has to check."
    )


def source_not_established(question: Question) -> Finding | None:
    """Find several directories that may lead, although their copies agree."""
    facts = question.facts
    if len(facts.able) <= 1:
        return None
    return Finding(
        f"The user was linked to {len(facts.able)} directories ({_labels(facts)}) that may all be the profile source. "
        "They would have written the same, but which one Okta follows is told by no public interface; a person has to "
        "check."
    )


def okta_masters(question: Question) -> Finding | None:
    """Find that Okta is the source and the directory the copy."""
    copies = question.facts.app_users
    if not all(item.scope == "GROUP" for item in copies):
        return None
    labels = " and ".join(item.directory.label for item in copies)
    return Finding(
        f"Okta provisioned this user to {labels} through a group: here Okta was the source and the directory the "
        "copy. Force Sync To Okta would have been the wrong tool (inferred from the assignment)."
    )


def directory_off(question: Question) -> Finding | None:
    """Find an integration that is off or does not update profiles."""
    facts = question.facts
    if facts.leading is None:
        labels = ", ".join(item.directory.label for item in facts.app_users)
        return Finding(f"None of the user's directories ({labels}) was active in Okta and a source of profiles.")
    directory = facts.copy_user.directory
    if not directory.active:
        return Finding(f"The directory integration {directory.label} was not active in Okta.")
    missing = [feature for feature in NEEDED_FEATURES if feature not in directory.features]
    if missing:
        return Finding(
            f"The directory integration {directory.label} lacked {' and '.join(missing)}: it did not update profiles."
        )
    return None


def _labels(facts: Facts) -> str:
    return ", ".join(item.directory.label for item in facts.able)


def _agree(question: Question) -> bool:
    """Say whether the directories would write the same to Okta in the attributes in question, or else in all.

    Names and ids of the account differ between real directories and are no business of the Okta profile.
    """
    facts = question.facts
    mapped = {name for rules in facts.rival_rules.values() for name in rules}
    names = [name for name in question.attributes if name in mapped] or sorted(mapped)
    first, *others = facts.able
    return all(_same_source(facts, name, first, other) for name in names for other in others)


def _same_source(facts: Facts, attribute: str, one: AppUser, other: AppUser) -> bool:
    """Say whether two directories would write the same; what expressions give is the same from the same variables."""
    rules = [facts.rival_rules.get(item.directory.ref.app_id, {}).get(attribute) for item in (one, other)]
    if rules[0] is None or rules[1] is None:
        return rules[0] is rules[1]
    first, second = (rule.expression for rule in rules if rule)
    left, right = identity(first), identity(second)
    if left and right:
        return same(one.profile.get(left), other.profile.get(right))
    read = set(_VARIABLE.findall(first))
    return first.split() == second.split() and all(
        same(one.profile.get(name), other.profile.get(name)) for name in read
    )
