"""The fields of Okta's Support Case form, filled in for a Force Sync without effect.

No interface of Okta opens a Support Case, so a person copies these
(https://support.okta.com/help/s/article/How-to-Create-a-Support-Case). Priorities:
https://www.okta.com/support-terms/; one user with an old attribute is a minor fault, hence P3.
"""

from __future__ import annotations

from collections.abc import Iterator

from workflows.notes.audience import minutes
from workflows.notes.console import OPEN_IT, console_path
from workflows.support.checks import NOT_DONE, NOT_PRESSED, not_checked, ruled_out, searched
from workflows.support.material import Material
from workflows.support.summary import (
    IN_SHORT,
    MASKS,
    THE_CALL,
    attempt_line,
    attribute_rows,
    has_masks,
    org,
    placed,
    readings,
)
from workflows.values.wording import counted, moment

PRIORITIES = {
    "P1": "service down: no access to any business resource",
    "P2": "partial failure: some resources",
    "P3": "minor: a single user",
    "P4": "a question or a wish",
}
FILL_IN = "(please fill in)"


def form(material: Material) -> str:
    """Fill in the form for copying, by Okta's own names; people's values are masked as everywhere."""
    directory, case, policy = material.directory, material.case, material.policy
    label = directory.label if directory else "the directory"
    concerned = [subject for subject in case.subjects if not subject.right] or list(case.subjects)
    users = "one user" if len(concerned) == 1 else f"{len(concerned)} users"
    names = ", ".join(dict.fromkeys(item.attribute for subject in concerned for item in subject.expectations))
    meaning = PRIORITIES.get(policy.support_priority)
    ids = ", ".join(item.verdict.user_id for item in concerned if item.verdict and item.verdict.user_id)
    contact = {"Name": policy.support_contact, "Phone": policy.support_phone, "Time zone": policy.support_time_zone}
    fields = {
        "Priority": f"{policy.support_priority}{f' ({meaning})' if meaning else ''}",
        "Subject": f"Force Sync of {label} has no effect on {names or 'a profile'} of {users}",
        "Detailed Description": "\n".join(_description(material)),
        "Steps to Reproduce": "\n".join(_steps(material, names or "the attribute", ids)),
        "Contact": "\n".join(f"{what}: {text or FILL_IN}" for what, text in contact.items()),
        "Okta Org impacted": org(material),
        "Issue Area": "Directories: Active Directory or LDAP integration, profile mapping (To Okta)",
        "Scope / who is affected": f"{users} of {label} ({ids}), our ticket {case.ref.key}. {_others(material)}",
        "Business Impact": policy.support_impact,
    }
    head = f"Where: {OPEN_IT}\nThe account needs Okta's Case Admin permission (super administrators have it).\n"
    head += "Attach the whole ZIP file (it is below Okta's limit of 2 MB).\n"
    return head + "\n".join(f"\n== {name} ==\n{text}\n" for name, text in fields.items())


def _description(material: Material) -> Iterator[str]:
    yield IN_SHORT
    for subject, known in material.subjects:
        if subject.verdict and not subject.right:
            yield f"User {subject.verdict.user_id}:"
            rows = attribute_rows(subject, material)
            for row in rows:
                last = f"; Okta profile last read: {row.last}" if row.last else ""
                yield (
                    f"  {row.name} (mapping: {row.expression}): application user: {row.copy}; Okta profile before: "
                    f"{row.before}{last}; expected: {row.wanted}"
                )
            if any(has_masks(row) for row in rows):
                yield f"  {MASKS}"
            yield from (f"  {sentence}" for sentence in (*readings(subject, known, material), *placed(known, material)))
    yield from (attempt_line(item, material) for item in material.attempts)
    yield f"Ruled out ({'; '.join(filter(None, ('from what was read', searched(material))))}):"
    yield from (f"- {item}" for item in ruled_out(material))
    yield "Could not be checked:"
    yield from (f"- {item}" for item in not_checked(material))
    if not material.was_pressed:
        yield NOT_DONE
        yield f"- {NOT_PRESSED} See the steps to reproduce."


def _others(material: Material) -> str:
    """Say what is known about the directory's other users."""
    if others := sum(attempt.others for attempt in material.attempts):
        return f"For {counted(others, 'other ticket')} the same Force Sync took effect (see the description)."
    if any(attempt.tickets > 1 for attempt in material.attempts):
        return "No effect was seen for any other waiting ticket either."
    return "No other ticket waited for this Force Sync, so it is not known whether it reached other users."


def _steps(material: Material, names: str, ids: str) -> Iterator[str]:
    """Tell what was done, by whom and when; what a person has still to do first is marked as such."""
    verdict, directory = material.verdict, material.directory
    whom = "this user" if ids.count(",") == 0 else "these users"
    where = console_path(directory, verdict.target_type if verdict else "") if directory else "its Force Sync button"
    read_at = moment(verdict.judged_at if verdict else None)
    yield (
        f"1. {read_at}: the application user and the Okta profile of {ids} were read. In the application user "
        f"(Additional AD/LDAP Attributes), {names} held the new value; the Okta profile held the old one."
    )
    for number, attempt in enumerate(material.attempts, 2):
        run = attempt.run
        when, how = moment(run.started_at), f"{THE_CALL} was sent"
        if run.by_hand:
            how = f"a person had pressed the button ({where})"
            when = f"{moment(run.press.at)} (when it was written on our ticket)" if run.press else f"before {when}"
        by = f" Pressed by: {FILL_IN}" if run.by_hand else ""
        yield f"{number}. {when}: {how}; no effect on {whom} had been seen by {moment(run.deadline)}.{by}"
    if not material.was_pressed:
        yield (
            f"{2 + len(material.attempts)}. To be done before this case is opened: {where}. Date and time: {FILL_IN}. "
            f"Pressed by: {FILL_IN}. Effect after {minutes(material.policy.verify_for)}: {FILL_IN}. If the value has "
            "arrived, don't open a case."
        )
    yield f"Expected: the Okta profile holds the application user's value in {names}. Actual: it holds the old one."
