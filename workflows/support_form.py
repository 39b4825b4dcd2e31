"""The fields of Okta's Support Case form, filled in for the case of a sync without effect.

No interface of Okta opens a Support Case, so a person copies these
(https://support.okta.com/help/s/article/How-to-Create-a-Support-Case). Priorities:
https://www.okta.com/support-terms/; one user with an old attribute is a minor fault, hence P3.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from workflows.acts import leading_verdict
from workflows.diagnosis import Diagnosis
from workflows.model import Case, Policy, SyncRun
from workflows.redaction import display
from workflows.verdict_texts import moment

OPEN_IT = "Okta Admin Console > Help (?) > Support Center > Get Support > Open a Case"


class FormField(NamedTuple):
    """A field of the form, by Okta's own name."""

    name: str
    text: str


def form(case: Case, run: SyncRun | None, found: Diagnosis, policy: Policy) -> tuple[FormField, ...]:
    """Fill the form in; values of people are masked as everywhere."""
    verdict = leading_verdict(case)
    directory = verdict.directory.label if verdict and verdict.directory else "the directory"
    names = ", ".join(item.attribute for item in verdict.expectations) if verdict else ""
    users = len(case.subjects)
    return (
        FormField("Priority", policy.support_priority),
        FormField("Subject", f"Force Sync of {directory} has no effect on {names or 'a profile'} of {_users(users)}"),
        FormField("Detailed Description", _description(case, run, found, policy)),
        FormField("Steps to Reproduce", _steps(case, directory, policy)),
        FormField("Okta Org impacted", _org(found)),
        FormField("Issue Area", "Directories: Active Directory or LDAP integration, profile mapping (To Okta)"),
        FormField(
            "Scope / who is affected", f"{_users(users)} of {directory} on ticket {case.ref.key}; see summary.md"
        ),
        FormField("Business Impact", policy.support_impact),
        FormField("Attachment", "the ZIP file that is attached to the ticket, below Okta's limit of 2 MB"),
    )


def as_text(fields: Sequence[FormField]) -> str:
    """Write the form for copying, field by field."""
    head = f"Where: {OPEN_IT}\nThe account needs Okta's Case Admin permission (super administrators have it).\n"
    return head + "\n".join(f"\n== {field.name} ==\n{field.text}\n" for field in fields)


def _description(case: Case, run: SyncRun | None, found: Diagnosis, policy: Policy) -> str:
    lines = [
        "A user's attribute was changed in the directory. Okta's copy of the directory user (the application user) "
        "holds the new value; the user's Okta profile does not, and a Force Sync of the directory did not change that.",
    ]
    for subject in case.subjects:
        verdict = subject.verdict
        if verdict is None:
            continue
        lines.append(f"User {verdict.user_id}:")
        seen = {item.attribute: item for item in subject.seen}
        expected = {item.attribute: item.value for item in verdict.expectations}
        for item in verdict.observations:
            if item.attribute not in expected:
                continue
            after = seen.get(item.attribute)
            last = (
                f"{display(item.attribute, after.value, policy)} at {moment(after.at)}" if after else "not read again"
            )
            lines.append(
                f"  {item.attribute} (mapping: {item.expression}): application user "
                f"{display(item.attribute, item.app_user, policy)}, Okta profile before "
                f"{display(item.attribute, item.okta, policy)}, Okta profile last {last}"
            )
    if run and run.started_at:
        how = "pressed in the Admin Console" if run.by_hand else "started through the API"
        lines.append(
            f"Force Sync of app {run.directory.ref.app_id} {how} at {moment(run.started_at)}, request id "
            f"{run.request_id or 'not told'}; watched until {moment(run.deadline)}."
        )
    lines.append(
        "Ruled out by reading: an application user without the value, an attribute sourced by Okta or another source "
        "(user schema), a missing, create-only or computed mapping, a value that the user schema does not take, a "
        "change by somebody in Okta since, an inactive directory or user."
    )
    lines.append(
        "Could not be checked: the order of profile sources (no public interface), AD or LDAP itself"
        + "".join(f"; {item}" for item in found.missing)
        + "."
    )
    return "\n".join(lines)


def _steps(case: Case, directory: str, policy: Policy) -> str:
    verdict = leading_verdict(case)
    names = ", ".join(item.attribute for item in verdict.expectations) if verdict else "the attribute"
    minutes = round(policy.verify_for / 60)
    return (
        f"1. Open the user's profile; under Additional AD/LDAP Attributes, {names} shows the new value.\n"
        f"2. Directory > Directory Integrations > {directory} > Provisioning > To Okta > Okta Attribute Mappings > "
        f"Force Sync.\n3. After {minutes} minutes the Okta profile still shows the old value."
    )


def _org(found: Diagnosis) -> str:
    org = found.organization
    if org is None:
        return "(fill in the org's URL and cell; they could not be read)"
    return f"{org.url or '(fill in the URL)'}, id {org.id}; cell: see the Admin Console's footer, no interface tells it"


def _users(number: int) -> str:
    return "one user" if number == 1 else f"{number} users"
