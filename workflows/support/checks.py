"""Lists what was ruled out and what could not be checked. Claims only what was really read."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.model import AppUser, Verdict, VerdictKind
from workflows.precheck.expectations import GONE
from workflows.precheck.import_causes import RESUMED, ROADBLOCK
from workflows.precheck.schema_refusal import FAILED, PEOPLE, UPDATED, broken_rule, broken_shape, newest
from workflows.precheck.who import NEEDED_FEATURES
from workflows.support.material import Material, SubjectDiagnosis, lacks, log_since
from workflows.values.comparing import identity, same
from workflows.values.wording import counted

NO_INTERFACE = (
    "The order of the profile sources: Okta's public API doesn't show it.",
    "AD or LDAP itself: only Okta's copy of it was read.",
    "Whether the Force Sync ran to its end: no System Log event names one, so only its effect was looked for.",
)
NOT_DONE = "Not done yet:"
NOT_PRESSED = (
    "The Force Sync button in the console had not been pressed when this was written; we had only made the "
    "undocumented call that Okta's Terraform provider makes (mappings/reapply)."
)


def ruled_out(material: Material) -> tuple[str, ...]:
    """Return what does not explain the missing effect, as sentences in the past tense."""
    several = len(material.case.subjects) > 1
    sentences = []
    for subject, known in material.subjects:
        if subject.verdict and not subject.right and lacks(subject):
            who = f"{subject.verdict.user_id}: " if several else ""
            told = _of_subject(subject.verdict, known, tells_status=material.tells_status)
            sentences += [f"{who}{sentence}" for sentence in told]
    if others := sum(attempt.others for attempt in material.attempts):
        tickets = counted(others, "other ticket")
        sentences.append(f"That Force Sync had no effect on anybody: it did for {tickets}.")
    return tuple(sentences)


def not_checked(material: Material) -> tuple[str, ...]:
    """Return what no interface shows, and what we were not allowed to read."""
    unread = [f"{material.quoted(item)}." for item in material.found.missing]
    if any(not known.schema_rules for _, known in material.subjects):
        unread.append("The user schema's limits and sources: they were not read again at the hand-over.")
    return (*NO_INTERFACE, *dict.fromkeys(unread))


def searched(material: Material) -> str:
    """Say which period of the System Log was searched; "" if none was read."""
    if all(known.user_events is None and known.directory_events is None for _, known in material.subjects):
        return ""
    return f"System Log searched from {material.at(log_since(material.case))} to {material.at(material.now)}"


def _of_subject(verdict: Verdict, known: SubjectDiagnosis, *, tells_status: bool) -> Iterator[str]:
    user, copy, directory = known.user, known.copy_in_directory, verdict.directory
    held = {item.attribute: item.app_user for item in verdict.observations}
    names = ", ".join(item.attribute for item in verdict.expectations if same(held.get(item.attribute), item.value))
    if names:
        yield f"A stale application user: it held the expected value in {names}."
    if verdict.kind is VerdictKind.STALE_IN_OKTA and directory:
        yield f"Another directory: of the user's, only {directory.label} was active in Okta and a source of profiles."
    if copy and copy.scope == "USER":
        yield "A user that Okta provisions to the directory: the assignment's scope was USER."
    if tells_status and user and user.status not in GONE:
        yield f"An inactive user: the Okta user was {user.status}."
    if directory and directory.active and set(NEEDED_FEATURES) <= set(directory.features):
        yield f"An inactive instance: {directory.label} was active, with {' and '.join(NEEDED_FEATURES)}."
    for expectation in verdict.expectations:
        yield from _attribute(expectation.attribute, known)
    refused = known.user_events is None or newest(known.user_events, FAILED) is not None
    if known.schema_rules and copy and not refused and not _broken(known, copy):
        yield "A value that the user schema refuses: what the mapping copies unchanged complied with its rules."
    yield from _user_log(verdict, known)
    yield from _imports(known)


def _attribute(name: str, known: SubjectDiagnosis) -> Iterator[str]:
    rule = next((item for item in known.rules if item.attribute == name), None)
    if rule and rule.on_update and identity(rule.expression):
        yield f"A mapping that doesn't copy {name}: it was “{rule.expression}”, applied on create and update."
    if any((item.attribute, item.master) == (name, "PROFILE_MASTER") for item in known.schema_rules):
        yield f"Another source of {name}: the user schema said PROFILE_MASTER."


def _broken(known: SubjectDiagnosis, copy: AppUser) -> bool:
    """Return whether a value that is copied unchanged breaks a rule of the user schema, or may be another user's."""
    held = known.user.profile if known.user else {}
    schema = {item.attribute: item for item in known.schema_rules}
    for rule in known.rules:
        name, source, limits = rule.attribute, identity(rule.expression), schema.get(rule.attribute)
        if source and rule.on_update:
            value, unique = copy.profile.get(source), name == "login" or (limits is not None and limits.unique)
            if broken_rule(limits, name, value) or broken_shape(limits, name, value):
                return True
            if unique and not same(value, held.get(name)):
                return True
    return False


def _user_log(verdict: Verdict, known: SubjectDiagnosis) -> Iterator[str]:
    if known.user_events is None:
        return
    if newest(known.user_events, FAILED) is None:
        yield f"A refused update: the System Log held no {FAILED} of this user (no proof on its own)."
    names = {item.attribute for item in verdict.expectations}
    by_people = (item for item in known.user_events if item.event_type == UPDATED and item.actor_kind in PEOPLE)
    if not any(names & set(event.changed) for event in by_people):
        yield f"A change by a person in Okta: the System Log showed none in {', '.join(sorted(names))}."


def _imports(known: SubjectDiagnosis) -> Iterator[str]:
    if known.pools and all(pool.status == "OPERATIONAL" for pool in known.pools):
        yield "Agents that are down: all agents of this instance were operational."
    if known.directory_events is None:
        return
    stopped = newest(known.directory_events, ROADBLOCK)
    resumed = [event.published for event in known.directory_events if event.event_type in RESUMED]
    if stopped is None or any(at > stopped.published for at in resumed):
        yield "Imports paused by Import Safeguard: the System Log showed no pause still in force."
