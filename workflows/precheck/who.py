"""The table's first part: who is meant, and which one active directory writes this user's Okta profile."""

from __future__ import annotations

import re

from workflows.model import AppUser, Reason
from workflows.model import ReasonKind as R
from workflows.precheck.expectations import GONE
from workflows.precheck.facts import PROFILE_SOURCE, Facts
from workflows.precheck.questions import Finding, Question
from workflows.values.comparing import identity, same
from workflows.values.masking import plain

_VARIABLE = re.compile(r"\bappuser\.(\w+)")
NEEDED_FEATURES = (PROFILE_SOURCE, "IMPORT_PROFILE_UPDATES")


def nobody_named(question: Question) -> Finding | None:
    """Find that nobody can be looked up."""
    facts = question.facts
    if facts.request.unclear:
        names = ", ".join(plain(name, 60) for name in facts.request.unclear[:5])
        kind = R.SEVERAL_PEOPLE if facts.several else R.NOT_IDENTIFIED
        return Finding(Reason.of(kind, names=names))
    if facts.identifier is None:
        return Finding(Reason.of(R.NOBODY_NAMED))
    if not facts.users and not facts.named:
        return Finding(Reason.of(R.REQUESTER_UNKNOWN))
    return None


def not_found(question: Question) -> Finding | None:
    """Find that the named user is not in Okta."""
    who = plain(question.facts.identifier or "", 100)
    return None if question.facts.users else Finding(Reason.of(R.USER_UNKNOWN, who=who))


def ambiguous(question: Question) -> Finding | None:
    """Find that a name fits several users."""
    if len(question.facts.users) == 1:
        return None
    who = plain(question.facts.identifier or "", 100)
    return Finding(Reason.of(R.USER_AMBIGUOUS, who=who, count=len(question.facts.users)))


def on_behalf(question: Question) -> Finding | None:
    """Find that the requester may not ask for this user; nothing is told about them."""
    return Finding(Reason.of(R.NOT_THEIRS)) if question.facts.stranger else None


def not_active(question: Question) -> Finding | None:
    """Find a user whom updates are not expected to reach."""
    status = question.facts.user.status
    return Finding(Reason.of(R.USER_INACTIVE, status=plain(status, 40))) if status in GONE else None


def not_readable(question: Question) -> Finding | None:
    """Find that Okta refused us a reading that the precheck rests on."""
    if question.facts.unreadable is None:
        return None
    words = plain(question.facts.unreadable, 200).rstrip(".")
    return Finding(Reason.of(R.FACTS_NOT_READABLE, words=words))


def not_linked(question: Question) -> Finding | None:
    """Find a user without a directory."""
    return None if question.facts.app_users else Finding(Reason.of(R.NOT_LINKED))


def several_that_differ(question: Question) -> Finding | None:
    """Find several directories that may lead and hold different values."""
    facts = question.facts
    if len(facts.able) <= 1 or _agree(question):
        return None
    return Finding(Reason.of(R.DIRECTORIES_DIFFER, count=len(facts.able), labels=_labels(facts)))


def source_not_established(question: Question) -> Finding | None:
    """Find several sources that may lead: directories whose copies agree, or an app of another kind besides one."""
    facts = question.facts
    if facts.able and facts.other_sources:
        return Finding(Reason.of(R.OTHER_SOURCES, labels=_labels(facts), others=", ".join(facts.other_sources)))
    if len(facts.able) <= 1:
        return None
    return Finding(Reason.of(R.DIRECTORIES_AGREE, count=len(facts.able), labels=_labels(facts)))


def okta_masters(question: Question) -> Finding | None:
    """Find that Okta is the source and the directory the copy."""
    copies = question.facts.app_users
    if not all(item.scope == "GROUP" for item in copies):
        return None
    labels = " and ".join(item.directory.label for item in copies)
    return Finding(Reason.of(R.OKTA_IS_SOURCE, labels=labels))


def directory_off(question: Question) -> Finding | None:
    """Find an integration that is off or does not update profiles."""
    facts = question.facts
    if facts.leading is None:
        labels = ", ".join(item.directory.label for item in facts.app_users)
        return Finding(Reason.of(R.NO_ACTIVE_DIRECTORY, labels=labels))
    directory = facts.leading.directory
    if not directory.active:
        return Finding(Reason.of(R.DIRECTORY_INACTIVE, label=directory.label))
    missing = [feature for feature in NEEDED_FEATURES if feature not in directory.features]
    if missing:
        return Finding(Reason.of(R.DIRECTORY_LACKS, label=directory.label, features=" and ".join(missing)))
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
    read = ((one.profile.get(name), other.profile.get(name)) for name in _VARIABLE.findall(first))
    return first.split() == second.split() and all(same(*held) for held in read)
