"""The settings that the core decides by; the worker fills them from its own settings."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from pydantic import ConfigDict, Field

from workflows.model.identity import Directory
from workflows.model.values import Value


class Autonomy(StrEnum):
    """How far the worker may go on a directory."""

    OBSERVE = "observe"  # leave the verdict as an internal note and stop
    APPROVE = "approve"  # run Force Sync when it helps and a person has approved the run
    AUTO = "auto"  # run Force Sync when it helps


class Refresh(StrEnum):
    """How one user is brought up to date before a Force Sync reaches everybody."""

    SIGN_IN = "signin"  # the affected person signs in once more
    PROFILE_PAGE = "profile_page"  # an agent or administrator opens the user's page in the Admin Console; AD only


EVERYONE = "Everyone"  # Okta's built-in group of all users, for which nobody has to be looked up


class Unspecific(StrEnum):
    """What is done about a ticket that names nothing while the copies differ.

    `RIDE` and `SYNC` serve the requester alone, where the words name a profile or a failed update and nothing else.
    """

    ASK = "ask"
    RIDE = "ride"  # join a run that another ticket justifies, never cause one; else ask
    SYNC = "sync"  # only under auto


class Policy(Value):
    """What the settings allow and how long things may take. Times are seconds.

    `autonomy` and `refresh` are keyed by app id or label. `refresh` says how one user is refreshed before a Force Sync:
    a sign-in is waited for `sign_in_for`, a visit to the user's page `profile_page_for`; the page is asked for over a
    stale copy too. `open_attributes` are shown unmasked in internal notes and files, `never_attributes` not at all, all
    others masked. Of a user's distinguished name, Okta Support gets what `support_dn` says: nothing, from the first OU
    on, or all. `force_sync` is the main switch: while it is off, no run starts and gathering runs wait. A directory's
    runs start at least `cool_down` apart, and `at_most_per_day` of them in any 24 hours. Above `approve_above` changed
    users, or where one of `approve_attributes` would change or cannot be predicted, a run needs approval whatever the
    autonomy, and once for each set of expressions that fill an attribute of more than `approve_above` users; with
    `scan` off, the scan of every user that finds this out is skipped, so every run needs it. `approvers` may approve:
    Okta users by login, or the members of Okta groups by name or id. A question is repeated after
    `remind_after`, by default half of `ask_for`. From `alarm_from` tickets of one cause and directory in an hour, they
    are handed over as one.
    Users in one of the Okta groups `protected_groups` (by name or id) are left to people; a run that would change them
    needs approval, and where that cannot be predicted, once for each set of expressions. Members of the Okta groups
    `on_behalf` ("Everyone": all) may file for others; a user's manager may always, and a proven agent of the desk.
    Of a ticket about more than `subjects_at_most` people that many are served. Of one requester's tickets,
    `per_requester` are worked in any 24 hours, unless they may file for everybody. What a ticket states came right
    lately if Okta wrote it since `recent` before the ticket was opened.
    """

    model_config = ConfigDict(allow_inf_nan=False)

    autonomy: Mapping[str, Autonomy] = Field(default_factory=dict)
    refresh: Mapping[str, Refresh] = Field(default_factory=dict)
    default_autonomy: Autonomy = Autonomy.OBSERVE
    force_sync: bool = True
    poll_every: float = Field(default=30.0, gt=0)
    gather_for: float = Field(default=60.0, ge=0)
    gather_at_most: float = Field(default=600.0, gt=0)
    cool_down: float = Field(default=900.0, ge=0)
    at_most_per_day: int = Field(default=12, ge=1)
    verify_every: float = Field(default=60.0, gt=0)
    verify_for: float = Field(default=900.0, gt=0)
    ride_for: float = Field(default=4 * 3600.0, gt=0)
    ask_every: float = Field(default=60.0, gt=0)
    ask_for: float = Field(default=3 * 86400.0, gt=0)
    sign_in_for: float = Field(default=4 * 3600.0, gt=0)
    profile_page_for: float = Field(default=2 * 3600.0, gt=0)
    remind_after: float | None = Field(default=None, gt=0)
    scan: bool = True
    scan_valid_for: float = Field(default=600.0, gt=0)
    approve_above: int = Field(default=25, ge=0)
    approve_attributes: frozenset[str] = frozenset({"login", "email"})
    approve_within: float = Field(default=8 * 3600.0, gt=0)
    approval_valid_for: float = Field(default=3600.0, gt=0)
    press_within: float = Field(default=8 * 3600.0, gt=0)
    nudge_after: float = Field(default=2 * 3600.0, gt=0)
    retry_after: float = Field(default=30.0, gt=0)
    recheck_after: float = Field(default=86400.0, ge=0)
    approvers: frozenset[str] = frozenset()
    protected_groups: frozenset[str] = frozenset()
    look_again_every: float = Field(default=3600.0, gt=0)
    look_again_for: float = Field(default=8 * 3600.0, ge=0)
    open_attributes: frozenset[str] = frozenset()
    never_attributes: frozenset[str] = frozenset()
    support_priority: str = "P3"
    support_impact: str = "A user's profile is out of date in Okta and in the applications that read it from there."
    support_contact: str = ""
    support_phone: str = ""
    support_time_zone: str = ""
    support_cell: str = ""
    support_dn: Literal["none", "ou", "full"] = "none"
    on_behalf: frozenset[str] = frozenset()
    subjects_at_most: int = Field(default=50, ge=1)
    per_requester: int = Field(default=25, ge=1)
    alarm_from: int = Field(default=5, ge=0)
    recent: float = Field(default=2 * 86400.0, ge=0)
    unspecific: Unspecific = Unspecific.ASK
    synonyms: Mapping[str, str] = Field(default_factory=dict)
    default_org: str = ""

    @property
    def reminded_after(self) -> float:
        """Return the seconds after which a question is repeated."""
        return self.ask_for / 2 if self.remind_after is None else self.remind_after

    def autonomy_of(self, directory: Directory | None) -> Autonomy:
        """Return the directory's autonomy, named by app id before label; the default where none leads."""
        names = (directory.ref.app_id, directory.label) if directory else ()
        return next((self.autonomy[name] for name in names if name in self.autonomy), self.default_autonomy)

    def refresh_of(self, directory: Directory) -> Refresh | None:
        """Return how one user of a directory is refreshed before a Force Sync, if at all."""
        return self.refresh.get(directory.ref.app_id) or self.refresh.get(directory.label)
