"""The fields of Okta's Support Case form, filled in for a Force Sync without effect.

No interface of Okta opens a Support Case, so a person copies these
(https://support.okta.com/help/s/article/How-to-Create-a-Support-Case). Priorities:
https://www.okta.com/support-terms/; one user with an old attribute is a minor fault, hence P3.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from workflows.notes.console import OPEN_IT, console_path
from workflows.support.checks import not_checked, ruled_out
from workflows.support.material import Material
from workflows.support.summary import IN_SHORT, attempt_line, attribute_rows, org, readings
from workflows.values.wording import counted, moment

PRIORITIES = {
    "P1": "service down: no access to any business resource",
    "P2": "partial failure: some resources",
    "P3": "minor: such as one user",
    "P4": "a question or a wish",
}


# A person writes it before the case is opened: so far only the call was sent.
PRESSED = "Force Sync was pressed in the Admin Console on (date and time, please fill in), without effect."


class FormField(NamedTuple):
    """A field of the form, by Okta's own name."""

    name: str
    text: str


def form(material: Material) -> tuple[FormField, ...]:
    """Fill in the form; people's values are masked as everywhere."""
    directory, case = material.directory, material.case
    label = directory.label if directory else "the directory"
    concerned = [subject for subject in case.subjects if not subject.right] or list(case.subjects)
    users = "one user" if len(concerned) == 1 else f"{len(concerned)} users"
    names = ", ".join(dict.fromkeys(item.attribute for subject in concerned for item in subject.expectations))
    priority, policy = material.policy.support_priority, material.policy
    meaning = PRIORITIES.get(priority)
    ids = ", ".join(item.verdict.user_id for item in concerned if item.verdict and item.verdict.user_id)
    return (
        FormField("Priority", f"{priority} ({meaning})" if meaning else priority),
        FormField("Subject", f"Force Sync of {label} has no effect on {names or 'a profile'} of {users}"),
        FormField("Detailed Description", "\n".join(_description(material))),
        FormField("Steps to Reproduce", "\n".join(_steps(material, names or "the attribute", ids))),
        FormField("Contact", "\n".join(f"{what}: (please fill in)" for what in ("Name", "Phone", "Time zone"))),
        FormField("Okta Org impacted", org(material)),
        FormField("Issue Area", "Directories: Active Directory or LDAP integration, profile mapping (To Okta)"),
        FormField(
            "Scope / who is affected", f"{users} of {label} ({ids}), our ticket {case.ref.key}. {_others(material)}"
        ),
        FormField("Business Impact", policy.support_impact),
        FormField("Attachment", "the ZIP file that is attached to the ticket, below Okta's limit of 2 MB"),
    )


def as_text(fields: Sequence[FormField]) -> str:
    """Write the form for copying, field by field."""
    head = f"Where: {OPEN_IT}\nThe account needs Okta's Case Admin permission (super administrators have it).\n"
    return head + "\n".join(f"\n== {field.name} ==\n{field.text}\n" for field in fields)


def _description(material: Material) -> Iterator[str]:
    yield IN_SHORT
    for subject, known in material.subjects:
        if subject.verdict and not subject.right:
            yield f"User {subject.verdict.user_id}:"
            for name, expression, copy, before, last, wanted in attribute_rows(subject, material):
                yield (
                    f"  {name} (mapping: {expression}): application user {copy}, Okta profile before {before}, Okta "
                    f"profile last {last}, expected {wanted}"
                )
            yield from (f"  {sentence}" for sentence in readings(subject, known, material))
    yield from (attempt_line(item, material) for item in material.attempts)
    if not material.was_pressed:
        yield PRESSED
    yield f"We first looked at our ticket at {moment(material.case.opened_at)}."
    yield "Ruled out by reading:"
    yield from (f"- {item}" for item in ruled_out(material))
    yield "Could not be checked:"
    yield from (f"- {item}" for item in not_checked(material))


def _others(material: Material) -> str:
    """Say what is known about the directory's other users."""
    if any(attempt.helped for attempt in material.attempts):
        return "For other users the same Force Sync took effect (see the description)."
    if any(attempt.tickets > 1 for attempt in material.attempts):
        return "No effect was seen for any other waiting ticket either."
    return "No other ticket waited for this Force Sync, so it is not known whether it reached other users."


def _steps(material: Material, names: str, ids: str) -> Iterator[str]:
    minutes = counted(max(1, round(material.policy.verify_for / 60)), "minute")
    directory = material.directory
    user_type = material.verdict.target_type if material.verdict else ""
    where = console_path(directory, user_type) if directory else "the directory's Force Sync"
    yield f"1. Admin Console > Directory > People, the user {ids}: under Additional AD/LDAP Attributes, {names} shows"
    yield "   the new value; in the Okta profile (tab Profile) it shows the old one."
    yield f"2. {where}."
    yield f"3. Wait {minutes} and load the user's Okta profile again."
    yield f"Expected: {names} of the Okta profile shows the application user's value. Actual: it shows the old one."
