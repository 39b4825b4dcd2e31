"""What can be set about a ServiceNow desk: the instance, the account, the tables and their states."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$")]  # a column, dot-walked once
State = Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,4}$")]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TableSettings(_Frozen):
    """A task table: who asked, and the numbers of its states.

    The defaults are those of `incident`
    (https://www.servicenow.com/docs/, "Incident management state model"). `hold_reason` goes with `waiting`;
    `close_code` is set where the table has one.
    """

    requester: Name = "caller_id"
    new: State = "1"
    working: State = "2"
    waiting: State = "3"
    hold_reason: State | None = "1"
    resolved: State = "6"
    done: tuple[State, ...] = ("6", "7", "8")
    close_code: str | None = "Solution provided"


# Catalogue tables close with 3, 4 or 7 and wait with -5 (pending); they have no close code.
CATALOGUE = TableSettings(
    requester="requested_for", waiting="-5", hold_reason=None, resolved="3", done=("3", "4", "7"), close_code=None
)
TABLES: dict[str, TableSettings] = {
    "incident": TableSettings(),
    "sc_req_item": CATALOGUE,
    "sc_task": CATALOGUE.model_copy(update={"requester": "opened_by"}),
}


class FormFields(_Frozen):
    """The columns that hold what a form asks for."""

    user: Name = "u_affected_user"
    attribute: Name = "u_attribute"
    expected: Name = "u_expected_value"


class ServiceNowSettings(_Frozen):
    """One instance as one account. `escalation_group` is a group's name; timeouts are seconds.

    The read timeout is above the 60 seconds after which ServiceNow cancels a transaction by itself.
    """

    url: str
    user: str
    password: SecretStr
    tag: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 _-]{1,80}$")] = "profile not updating"
    escalation_group: str
    tables: dict[Name, TableSettings] = Field(default_factory=lambda: dict(TABLES), min_length=1)
    fields: FormFields = FormFields()
    attach_diagnostics: bool = True
    page_size: int = Field(default=100, ge=1, le=1000)
    connect_timeout: float = Field(default=5.0, gt=0)
    read_timeout: float = Field(default=70.0, gt=0)
