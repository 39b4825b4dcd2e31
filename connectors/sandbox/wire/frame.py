"""What the three simulated products share: one clock, seed and lock, settings, faults, and violations.

Every product's state is created with the same `Frame`, so a scenario is one world, and the control server (shapes in
control/api.py) can show all of it at once.
"""

from __future__ import annotations

import hashlib
import random
import re
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, Protocol

ON_ITS_WAY = timedelta(seconds=1)  # what was in flight when a person stepped in is no violation

Product = Literal["okta", "servicenow", "jira"]
Target = Literal["resolution", "response"]  # what an SLA measures
Decision = Literal["pending", "approved", "declined"]
FaultKind = Literal[
    "status",
    "gateway",
    "reset_before",
    "reset_after",
    "stall",
    "truncate",
    "html",
    "delay",
    "cut",
    "redirect",
    "mutate",
]
Mutation = Literal["extra_field", "unknown_enum", "wrong_type", "null", "partial_result", "halved", "replace"]
RetryForm = Literal["seconds", "date", "reset"]  # Retry-After in either form, or Okta's X-Rate-Limit-Reset


def system_clock() -> datetime:
    """Return this machine's time in UTC."""
    return datetime.now(UTC)


def iso(moment: datetime | None) -> str | None:
    """Format a moment as ISO 8601 UTC with milliseconds and `Z`, as the control server and Okta do."""
    if moment is None:
        return None
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


@dataclass
class Settings:
    """What `POST /settings` of the control server can change while the sandbox runs."""

    sync_seconds: float = 5.0  # from a reapply to its effect
    latency_ms: float = 0.0  # added to every answer of the three products
    limits: bool = True  # whether rate limits are enforced (their headers are always sent)
    index_lag_seconds: float = 0.0  # how late Jira's search sees a change
    okta_concurrency: int = 75  # concurrent calls that Okta accepts, org-wide
    okta_limits: dict[str, int] = field(
        default_factory=dict
    )  # calls a minute of a token, by bucket; overrides the defaults


@dataclass
class Fault:
    """One planned fault; `times` counts down with every hit."""

    id: str
    product: Product
    kind: FaultKind
    method: str | None = None
    path: re.Pattern[str] | None = None
    times: int = 1
    probability: float = 1.0
    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    seconds: float = 0.0  # of a delay or a stall; a stall of 0 lasts until the client gives up
    retry_after: float | None = None  # seconds from now, as a header in `retry_form`
    retry_form: RetryForm = "seconds"
    mutation: Mutation = "extra_field"
    field_name: str | None = None  # what to mutate; otherwise whatever fits
    node: int = 0  # of `replace`: which part of the answer, in reading order; of a list, only the first item counts
    value: Any = None  # the replacement
    nodes: int = 0  # number of parts of the last answer, set by the gate


@dataclass(frozen=True)
class Violation:
    """A rule that the client broke, as the product sees it."""

    at: datetime
    product: str
    rule: str
    detail: str


@dataclass(frozen=True)
class Credentials:
    """The credentials the simulated products accept from the worker. They are worthless elsewhere."""

    okta_token: str = "00sandboxReadOnlyTokenOfTheWorker"  # noqa: S105  # SSWS, reads
    okta_sync_token: str = "00sandboxForceSyncTokenOfTheWorker"  # noqa: S105  # SSWS, the reapply call
    okta_oauth_token: str = "sandbox-oauth-access-token"  # noqa: S105  # Bearer; reads only, refused by internal endpoints
    servicenow_user: str = "svc.forcesync"
    servicenow_password: str = "sandbox-Snow-Pa55word"  # noqa: S105
    jira_email: str = "forcesync@example.com"
    jira_token: str = "sandbox-Jira-api-token"  # noqa: S105  # Basic with the e-mail on Cloud, Bearer (PAT) on Data Center
    jira_scoped_token: str = "sandbox-Jira-scoped-token"  # noqa: S105  # Basic or Bearer, at the gateway only
    servicenow_client_id: str = "9b1f0c2d4e5a6b7c8d9e0f1a2b3c4d5e"  # OAuth, for /oauth_token.do
    servicenow_client_secret: str = "sandbox-Snow-client-secret"  # noqa: S105
    servicenow_api_key: str = "now_sandboxApiKeyOfTheWorker"  # x-sn-apikey


@dataclass(frozen=True)
class Person:
    """A person who uses all the products: requester, agent or directory user. `login` is the same everywhere."""

    login: str  # e-mail shaped, the Okta login
    first_name: str
    last_name: str
    agent: bool = False  # works tickets (itil role, JSM agent licence)

    @property
    def name(self) -> str:
        """Return the full name."""
        return f"{self.first_name} {self.last_name}"


class TicketProduct(Protocol):
    """ServiceNow or Jira as people use it, for scenarios and the control server; never used by the worker.

    `id` is the sys_id or the numeric issue id, as a string. Unknown ids raise `KeyError`, unusable values `ValueError`.
    """

    def add_person(self, person: Person) -> None:
        """Create the account of a person."""

    def create(
        self,
        *,
        tagged: bool,
        requester: str,
        summary: str,
        description: str,
        table: str | None = None,
        kind: str | None = None,
        fields: dict[str, str] | None = None,
    ) -> str:
        """File a ticket as `requester` and return its id.

        `table` picks the ServiceNow table (incident, sc_req_item, sc_task) or the Jira project key. `fields` takes the
        neutral names `user`, `attribute` and `expected`, or the product's own field names, such as `opened_by` or
        `creator` for an agent who files it for the requester.
        """

    def tickets(self) -> list[dict[str, Any]]:
        """Return every ticket in the control server's shape."""

    def ticket(self, id: str) -> dict[str, Any]:
        """Return one ticket in the control server's shape."""

    def said(self, id: str) -> list[tuple[str, bool]]:
        """Return what the worker has written on a ticket, and whether it is public."""

    def comment(self, id: str, *, author: str, visibility: Literal["internal", "public"], body: str) -> None:
        """Post a comment as a person, with the product's side effects."""

    def tag(self, id: str, *, add: list[str], remove: list[str]) -> None:
        """Add and remove tags (Jira: labels) as a person. An empty name means the scenario's tag."""

    def change(
        self, id: str, *, by: str, status: str | None = None, assignee: str | None = None, group: str | None = None
    ) -> None:
        """Set status, assignee (login; empty string clears) or group as a person; None changes nothing."""

    def add_task(self, id: str, *, summary: str) -> str:
        """Add an open task to a ticket (a catalogue task, a sub-task), and return its id."""

    def approval(self, id: str, *, approver: str, decision: Decision) -> None:
        """Ask a person for an approval that the ticket waits for, or record what they decided."""

    def start_sla(self, id: str, *, target: Target, minutes: float, used: float = 0.0) -> None:
        """Start an SLA on a ticket with `used` per cent elapsed; `target` is resolution or response."""

    def attachment(self, id: str, name: str) -> tuple[bytes, str]:
        """Return the newest attachment of that name: its bytes and content type."""


class TicketJudge:
    """Is told what the worker does to a ticket, before it is done; this one never objects.

    A product judges by what it holds itself; what needs the other products is for the judge of the whole world.
    """

    def note(self, desk: Product, id: str, text: str) -> None:
        """Judge a text."""

    def file(self, desk: Product, id: str, name: str, content: bytes) -> None:
        """Judge an attachment."""

    def end(self, desk: Product, id: str, texts: list[str]) -> None:
        """Judge a resolution; `texts` are written with it."""


class Frame:
    """Clock, seed, lock, settings, faults, call counts and violations of one simulated world.

    Every product holds `lock` during a request and the control server during a command, so a snapshot is consistent.
    `clock` returns UTC; tests pass their own.
    """

    def __init__(self, *, seed: int = 1, clock: Callable[[], datetime] = system_clock) -> None:
        self.seed = seed
        self.random = random.Random(seed)  # noqa: S311  # worlds must be reproducible
        self.clock = clock
        self.lock = threading.RLock()
        self.settings = Settings()
        self.credentials = Credentials()
        self.faults: list[Fault] = []
        self.faults_hit = 0
        self.calls: dict[str, Counter[str]] = {"okta": Counter(), "servicenow": Counter(), "jira": Counter()}
        self.violations: list[Violation] = []
        self.mail: list[dict[str, Any]] = []
        self.redirects: set[tuple[str, str]] = set()  # (host, path) of redirects; never to be called with credentials
        self.secrets: set[str] = set()  # planted strings; the worker must never write them
        self.sensitive: Callable[[], set[str]] = set  # values of masked attributes; set by the simulated Okta
        self.judge = TicketJudge()  # of what the worker does to tickets; set with the world

    def long_since(self, moment: datetime | None) -> bool:
        """Say whether something happened long enough ago for the worker to have seen it."""
        return moment is not None and self.clock() - moment > ON_ITS_WAY

    def violate(self, product: str, rule: str, detail: str) -> None:
        """Record that the client broke a rule."""
        self.violations.append(Violation(self.clock(), product, rule, detail))

    def check_disclosure(self, product: str, where: str, text: str, *, public: bool) -> None:
        """Record a violation if the worker's text contains a planted secret or, in public, a masked value."""
        for secret in self.secrets:
            if secret in text:
                self.violate(product, "secret disclosed", f"{where} holds a planted secret")
        if public:
            for value in self.sensitive():
                if value and value in text:
                    self.violate(product, "masked value in public", f"{where} holds the value of a masked attribute")

    def hex_id(self, digits: int = 32) -> str:
        """Return a new lower-case hexadecimal id from the seed."""
        return f"{self.random.getrandbits(4 * digits):0{digits}x}"

    def derived_id(self, *parts: object) -> str:
        """Return a hexadecimal id that follows from the seed and the parts, and leaves the other ids as they are."""
        text = "/".join(str(part) for part in (self.seed, *parts))
        return hashlib.sha256(text.encode("utf-8")).hexdigest()[:32]

    def okta_id(self, prefix: str) -> str:
        """Return a new id in Okta's form: the prefix and base-62 characters, 20 in all."""
        alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
        return prefix + "".join(self.random.choice(alphabet) for _ in range(20 - len(prefix)))
