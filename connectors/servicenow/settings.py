"""The settings of a ServiceNow desk: instance, account, tag, and the tables with their columns and states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationInfo, field_validator

from connectors.http.settings import (
    Filled,
    HeaderSecret,
    NetworkSettings,
    Secret,
    Url,
    address,
    matching,
    needed,
    read_apart,
)
from workflows.model import Route, folded

# A column may be dot-walked once.
Name = Annotated[str, matching(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?", "a column's name, such as caller_id")]
Table = Annotated[str, matching(r"[a-z][a-z0-9_]*", "a table's name, such as incident")]
State = Annotated[str, matching(r"[A-Za-z0-9_-][A-Za-z0-9 _-]{0,39}", 'the value of a choice, such as "3"')]
Words = Annotated[str, matching(r"[^\x00-\x1f^,]{1,100}", "a name of at most 100 characters, without ^ and comma")]

Credential = TypeVar("Credential", SecretStr | None, str)
NEEDS = {  # what each way to sign in needs besides the user name
    "basic": ("password",),
    "oauth_password": ("password", "client_id", "client_secret"),
    "oauth_client_credentials": ("client_id", "client_secret"),
    "api_key": ("api_key",),
}


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FormFields(_Frozen):
    """The columns of a form's answers."""

    user: Name = "u_affected_user"
    attribute: Name = Field(default="u_attribute", validate_default=True)
    expected: Name = Field(default="u_expected_value", validate_default=True)

    @field_validator("attribute", "expected")
    @classmethod
    def _apart(cls, given: str, info: ValidationInfo) -> str:
        read_apart(given, info.data)
        return given


class FormVariables(_Frozen):
    """The catalogue variables, by name, of a form's answers."""

    user: Name | None = None
    attribute: Name | None = None
    expected: Name | None = None

    @field_validator("attribute", "expected")
    @classmethod
    def _apart(cls, given: str | None, info: ValidationInfo) -> str | None:
        read_apart(given, info.data)
        return given

    def names(self) -> dict[str, str]:
        """Return the variables' names by our own names for them."""
        return {name: variable for name, variable in self.model_dump().items() if variable}


class RouteSettings(_Frozen):
    """The group and urgency of a hand-over on one route; what is unset stays unchanged.

    With `hold_reason` (4 is "Awaiting Vendor" on `incident`) the ticket is put on hold instead of in progress.
    """

    group: Words | None = None
    impact: State | None = None
    urgency: State | None = None
    hold_reason: State | None = None


class TableSettings(_Frozen):
    """A task table: its columns, and the values of its states.

    The defaults are those of `incident`
    (https://www.servicenow.com/docs/r/it-service-management/incident-management/c_IncidentManagementStateModel.html).
    `hold_reason` goes with `waiting`. `close_code` is for tables that have one; `unconfirmed_close_code` replaces it
    where the requester confirmed nothing. `escalation_group` and `fields` override the desk's. `variables` are read
    from the requested item: the record itself, or the one in its column `request_item`.
    """

    requester: Name = "caller_id"
    state_field: Name = "state"
    group_field: Name = "assignment_group"
    new: State = "1"
    working: State = "2"
    waiting: State = "3"
    hold_reason: State | None = "1"
    resolved: State = "6"
    done: tuple[State, ...] = Field(default=("6", "7", "8"), min_length=1, validate_default=True)
    close_code: Words | None = "Solution provided"
    unconfirmed_close_code: Words | None = None
    close_code_field: Name = "close_code"
    close_notes_field: Name | None = "close_notes"
    escalation_group: Words | None = None
    fields: FormFields | None = None
    variables: FormVariables = FormVariables()

    @field_validator("hold_reason", "close_code", "unconfirmed_close_code", "close_notes_field", mode="before")
    @classmethod
    def _none(cls, given: object) -> object:
        return None if given == "" else given  # TOML has no null

    @field_validator("done")
    @classmethod
    def _ends(cls, given: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if (resolved := info.data.get("resolved", given[0])) not in given:
            raise ValueError(f"found {list(given)}; it must hold the state of `resolved`, {resolved!r}")
        others = {info.data.get(name) for name in ("new", "working", "waiting")}
        if both := [state for state in given if state in others]:
            raise ValueError(f"found {both[0]!r}, which is the state of `new`, `working` or `waiting` as well")
        return given


# Catalogue tables close with 3, 4 or 7 and wait with -5 (pending); they have no close code.
CATALOGUE = TableSettings(
    requester="requested_for", waiting="-5", hold_reason=None, resolved="3", done=("3", "4", "7"), close_code=None
)
TABLES: dict[str, TableSettings] = {
    "incident": TableSettings(),
    "sc_req_item": CATALOGUE,
    "sc_task": CATALOGUE.model_copy(update={"requester": "opened_by"}),
}


def _own_or_not(given: object) -> object:
    if given is True or given is False or str(given).lower() in {"true", "false", "own"}:
        return given
    raise ValueError("allowed: true, false or 'own'")


class ServiceNowSettings(NetworkSettings):
    """One instance as one account. `escalation_group` is a group's name, `routes` name others; timeouts are seconds.

    `user` is the account's user name, needed with every way to sign in: it distinguishes our notes from a person's.
    `tag_lookup` is the table of tag entries, or the query field `sys_tags` if the account may not read that table.
    `attach_diagnostics` is "own" for files only where the requester is the one affected user. `code_tags` allows HTML
    in work notes. Members of `agent_groups`, by default of all groups that tickets are handed to, are agents: they may
    open tickets about anybody. When `sla_percent` of a resolution SLA is used, a person takes over; 0 means never. The
    read timeout exceeds the 60 seconds after which ServiceNow cancels a transaction.
    """

    url: Url
    auth: Literal["basic", "oauth_password", "oauth_client_credentials", "api_key"] = "basic"
    user: Filled
    password: Secret | None = Field(default=None, validate_default=True)
    client_id: str = Field(default="", validate_default=True)
    client_secret: Secret | None = Field(default=None, validate_default=True)
    api_key: HeaderSecret | None = Field(default=None, validate_default=True)
    tag: Annotated[str, matching(r"[A-Za-z0-9 _-]{1,80}", "letters, digits, blanks, _ and -")] = "profile not updating"
    tag_lookup: Literal["label_entry", "sys_tags"] = "label_entry"
    escalation_group: Words
    agent_groups: frozenset[Words] = frozenset()
    routes: Mapping[Route, RouteSettings] = Field(default_factory=dict)
    tables: dict[Table, TableSettings] = Field(default_factory=lambda: dict(TABLES), min_length=1)
    fields: FormFields = FormFields()
    attach_diagnostics: Annotated[bool | Literal["own"], BeforeValidator(_own_or_not)] = "own"
    code_tags: bool = False
    sla_percent: float = Field(default=70.0, ge=0, le=100)
    page_size: int = Field(default=100, ge=1, le=1000)
    connect_timeout: float = Field(default=5.0, gt=0, le=10)
    read_timeout: float = Field(default=70.0, gt=0, le=75)

    @field_validator("tables", mode="before")
    @classmethod
    def _as_usual(cls, given: object) -> object:
        """Complete a default table that the settings name with its own defaults."""
        if not isinstance(given, Mapping):
            return given
        usual = {name: own.model_dump(exclude_defaults=True) for name, own in TABLES.items()}
        return {
            name: {**usual.get(name, {}), **own} if isinstance(own, Mapping) else own for name, own in given.items()
        }

    @field_validator("password", "client_id", "client_secret", "api_key")
    @classmethod
    def _can_sign_in(cls, given: Credential, info: ValidationInfo) -> Credential:
        if info.field_name in NEEDS.get(info.data.get("auth", ""), ()):
            needed(given, info.field_name, f"auth {info.data['auth']!r} needs it")
        return given

    @property
    def claims(self) -> frozenset[str]:
        """Return what a desk claims the tickets of, as people read it; desks that share some claim the same tickets."""
        tag = folded(self.tag)  # as its look-up compares it
        return frozenset(f"table {table} with the tag {tag!r} at {address(self.url)}" for table in self.tables)

    def form_of(self, table: str) -> FormFields:
        """Return the columns of the answers of a table's form."""
        return self.tables[table].fields or self.fields

    def group_of(self, table: str, route: str = "") -> str:
        """Return the name of the group that a table's tickets are handed to, on a route or in general."""
        own = self.routes.get(Route(route)) if route else None
        return (own and own.group) or self.tables[table].escalation_group or self.escalation_group

    def group_keys(self) -> Mapping[str, list[str]]:
        """Return the settings keys that name each group."""
        named = [("escalation_group", self.escalation_group), *(("agent_groups", name) for name in self.agent_groups)]
        named += [(f"routes.{route.value}.group", own.group) for route, own in self.routes.items() if own.group]
        named += [
            (f"tables.{table}.escalation_group", own.escalation_group)
            for table, own in self.tables.items()
            if own.escalation_group
        ]
        return {name: [key for key, other in named if other == name] for _, name in sorted(named)}

    def groups(self) -> set[str]:
        """Return the names of all groups that a ticket may be handed to."""
        return {self.group_of(table, route) for table in self.tables for route in ("", *self.routes)}
