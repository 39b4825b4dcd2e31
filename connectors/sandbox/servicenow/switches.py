"""What differs between one ServiceNow instance and the next: properties, ACLs, plugins and rate-limit rules.

The defaults are those of an instance that has been upgraded for years and grants the worker's account what it needs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from connectors.sandbox.servicenow.times import LABELS, USUAL, is_format

# What a query ACL's denial answers is not documented: no rows without an error, as reported, or a refusal.
CHOICES: dict[str, tuple[str, ...]] = {
    "denied_range_answer": ("no_rows", "refused"),
    "language": tuple(LABELS),
}


@dataclass
class Switches:
    """The settings of an instance; tests and the control server change them at run time."""

    invalid_query_returns_no_rows: bool = False  # glide.invalid_query.returns_no_rows
    zone_hours: int = -7  # the UTC offset of the worker's account, in which it sees times
    rows_in_any_order: bool = True  # without ORDERBY the database guarantees no order, not even across pages
    group_clears_assignee: bool = True  # a documented client script of the form; sites have it as a business rule too
    close_codes_checked: bool = True  # inferred: sites differ; if off, an unknown code is stored unchanged
    unreadable_tables: set[str] = field(default_factory=set)  # ACLs hide every row from the worker: empty, not refused
    refused_tables: set[str] = field(default_factory=set)  # an ACL of the API refuses the worker: 403
    hidden_records: set[str] = field(default_factory=set)  # sys_ids that row ACLs hide from the worker
    tag_links_writable: bool = True  # label_entry: its ACL requires `maint` on some instances
    largest_attachment: int = 1024 * 1024 * 1024  # com.glide.attachment.max_size
    extensions: set[str] | None = None  # glide.attachment.extensions; None allows all
    hourly_limit: int | None = None  # a rate-limit rule for the Table API; instances have none by default
    mandatory_at_the_end: set[str] = field(default_factory=set)  # columns that a data policy wants before a ticket ends
    assignment_rule_clears: bool = False  # an assignment rule takes the worker off every ticket that it takes
    assignment_rule_gives_to: str = ""  # login of whom an assignment rule gives a ticket that gets a group and nobody
    denied_ranges: set[str] = field(default_factory=set)  # columns for whose ranges a query ACL lacks: `sys_id`, `t.c`
    denied_range_answer: str = "no_rows"  # what it then answers: not documented
    date_format: str = USUAL  # of the account's profile, in display values: date and time, as SimpleDateFormat has them
    language: str = "en"  # of the account's profile, in the labels of journals and the names of months
    comments_label: str = ""  # what the instance calls additional comments, if it has its own name for them
    dot_walk_hides_people: bool = False  # an ACL of sys_user empties what is read through a reference to it
    mfa: bool = False  # Basic authentication requires a second factor
    password_grant: bool = True  # not glide.oauth.inbound.ropc.grant_type.disabled
    client_credentials_grant: bool = True  # glide.oauth.inbound.client.credential.grant_type.enabled
    token_parameters_in_body_only: bool = True  # glide.oauth.allow.parameters.in.post.body.only

    @property
    def zone(self) -> timedelta:
        """Return the account's UTC offset."""
        return timedelta(hours=self.zone_hours)

    def change(self, **values: Any) -> None:
        """Set switches by name, all or none; `ValueError` for an unknown name or a wrong type."""
        ready = {name: self._checked(name, value) for name, value in values.items()}
        for name, value in ready.items():
            setattr(self, name, value)

    def _checked(self, name: str, value: Any) -> Any:
        if name not in vars(self):
            raise ValueError(f"{name}: not known here; allowed: {', '.join(vars(self))}")
        if name in CHOICES:
            if value not in CHOICES[name]:
                raise ValueError(f"{name}: found {value!r}; allowed: {', '.join(CHOICES[name])}")
            return value
        if name == "date_format" and not (isinstance(value, str) and is_format(value)):
            raise ValueError(f"{name}: found {value!r}; allowed: a date and a time, such as {USUAL!r}")
        if name == "extensions" or isinstance(getattr(self, name), set):
            if isinstance(value, (list, set)) and all(isinstance(item, str) for item in value):
                return set(value)
            if value is None and name == "extensions":
                return None
            raise ValueError(f"{name}: expected a list of texts, found {value!r}")
        if name == "hourly_limit" and value is None:
            return None
        usual = vars(Switches).get(name)
        wanted = type(usual) if isinstance(usual, bool | str) else int
        if type(value) is not wanted:
            raise ValueError(f"{name}: expected {wanted.__name__}, found {value!r}")
        return value
