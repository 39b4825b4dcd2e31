"""Checks what the policy names in Okta, key by key: groups, directories, attributes, approvers, and the driver."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, cast

from worker.cases.choosing import AT_ALL
from worker.doctor.checks import Check, Seen, Status
from worker.doctor.local import readable
from worker.errors import OperatorError
from worker.settings.model import Settings
from worker.store import Store
from workflows.case.preflight import check_approvers, check_named, warn_of_attributes
from workflows.errors import Refused, StoreUnavailable
from workflows.model import Autonomy, Directory, Policy, VerdictKind
from workflows.ports import CaseStore, Clock, OktaOrg, SyncDriver
from workflows.precheck.verdicts import leading_verdict
from workflows.precheck.who import NEEDED_FEATURES
from workflows.steps import Ports
from workflows.values.wording import counted

UNUSED = "no run of this store has used it"
# The keys of the policy that name something in Okta: what, and the rights that looking it up needs.
NAMED = {
    "protected_groups": ("groups that are left to people", ("right.groups",)),
    "on_behalf": ("groups that may file for others", ("right.groups",)),
    "refresh": ("directories whose users are refreshed one by one", ("directories",)),
    "synonyms": ("attributes that words mean", ("schema",)),
    "approve_attributes": ("attributes that need approval", ("schema",)),
    "never_attributes": ("attributes that are withheld", ("schema",)),
}


def checks_of_policy(
    settings: Settings, org: OktaOrg, driver: SyncDriver | None, clock: Clock, store: Store
) -> Iterator[Check]:
    """Yield the checks of the org that tickets are about; `store` tells what became of those so far."""
    name, policy = f"okta.{org.name}", settings.policy

    def needs(*ids: str) -> tuple[str, ...]:
        return (f"{name}.credential", *(f"{name}.{id}" for id in ids))

    for key, (what, wanted) in NAMED.items():
        look = _named(key, policy, org, clock)
        yield Check(
            f"policy.{key}",
            f"the {what}, in Okta",
            f"correct policy.{key}, or what it names in Okta",
            _with_tickets(look, store) if key == "on_behalf" else look,
            name,
            needs(*wanted) + (readable(store) if key == "on_behalf" else ()),
        )
    yield Check(
        "policy.approvers",
        "the approvers, in Okta",
        "correct policy.approvers",
        _approvers(policy, org, clock),
        name,
        needs("right.groups"),
    )
    yield Check(
        "policy.open_attributes",
        "the attributes that are shown, in Okta",
        "correct policy.open_attributes; values stay masked meanwhile",
        _open(policy, org, clock),
        name,
        needs("schema"),
    )
    yield Check(
        "policy.autonomy",
        "the directories, with how far it may go on each",
        "correct policy.autonomy, or the directory's To Okta settings",
        lambda: _autonomy(settings, org, clock),
        name,
        needs("directories"),
    )
    yield Check(
        f"{name}.force_sync",
        "how Force Sync is run, and whether Okta accepts the token of its own",
        f"correct {name}.force_sync.token; the driver is {name}.force_sync.driver",
        lambda: _driven(driver, org, store),
        name,
        needs("directories"),
    )


def _ports(policy: Policy, org: OktaOrg, clock: Clock, tell: Callable[..., None] = lambda *_: None) -> Ports:
    """Return what looking up names needs: the org, and nothing of desks and store."""
    own = policy.but(default_org=org.name)
    store = cast("CaseStore", None)
    return Ports(
        clock=clock, store=store, desks={}, orgs={org.name: org}, drivers={}, policy=own, readers={}, tell=tell
    )


def _only(key: str, policy: Policy) -> Policy:
    """Return a policy that says nothing but one key."""
    return Policy(**{"approve_attributes": frozenset(), key: getattr(policy, key)})


def _named(key: str, policy: Policy, org: OktaOrg, clock: Clock) -> Callable[[], str]:
    def look() -> str:
        if not getattr(policy, key):
            return "none named"
        check_named(_ports(_only(key, policy), org, clock))
        return ", ".join(sorted(getattr(policy, key)))

    return look


def _with_tickets(look: Callable[[], str], store: Store) -> Callable[[], str]:
    """Add how many tickets went to people because nobody is known to let their requesters ask for others."""

    def looked() -> str:
        found = look()
        verdicts = [] if store.is_missing else list(filter(None, map(leading_verdict, store.cases(limit=AT_ALL))))
        number = sum(verdict.kind is VerdictKind.ON_BEHALF for verdict in verdicts)
        whom = "went to people, as their requesters may not ask for whom they name; policy.on_behalf lets more do so"
        return f"{found}; {number} of {counted(len(verdicts), 'ticket')} {whom}" if number else found

    return looked


def _approvers(policy: Policy, org: OktaOrg, clock: Clock) -> Callable[[], str]:
    def look() -> str:
        check_approvers(_ports(policy, org, clock))
        return counted(len(policy.approvers), "approver") + (" named" if policy.approvers else "")

    return look


def _open(policy: Policy, org: OktaOrg, clock: Clock) -> Callable[[], Seen | str]:
    def look() -> Seen | str:
        told: list[str] = []

        def tell(_event: str, facts: Any) -> None:
            told.append(str(facts["text"]))

        warn_of_attributes(_ports(policy, org, clock, tell))
        return Seen(Status.WARN, "; ".join(told)) if told else ", ".join(sorted(policy.open_attributes)) or "none"

    return look


def _autonomy(settings: Settings, org: OktaOrg, clock: Clock) -> Seen | str:
    """Tell each directory's autonomy; warn where it may act and cannot, because the directory updates no profiles."""
    policy = settings.policy
    check_named(_ports(_only("autonomy", policy), org, clock))
    found = org.directories()
    told = ", ".join(f"{item.label}: {policy.autonomy_of(item).value}" for item in found)
    idle = [fault for item in found if policy.autonomy_of(item) is not Autonomy.OBSERVE and (fault := _idle(item))]
    driver = settings.okta[org.name].force_sync.driver
    return Seen(Status.WARN, "; ".join(idle)) if idle else f"{told}; driver: {driver}"


def _idle(directory: Directory) -> str:
    if not directory.active:
        return f"{directory.label} is not active in Okta"
    lacking = [item for item in NEEDED_FEATURES if item not in directory.features]
    return f"{directory.label} lacks {' and '.join(lacking)}, so it updates no profiles" if lacking else ""


def _driven(driver: SyncDriver | None, org: OktaOrg, store: Store) -> Seen | str:
    if driver is None:
        return "none: nothing is run"
    if driver.by_hand:
        return "assisted: a person presses it"
    directory = org.directories()[0]
    try:
        driver.check(directory)
    except Refused as error:
        return Seen(Status.FAIL, str(error))
    used = last_used(org.name, store)
    return f"its token reads {directory.label}; {used}; only a Force Sync shows whether it may run one"


def last_used(org: str, store: Store) -> str:
    """Say when a run of this store used the token: Okta's API tells no last use of one (inferred)."""
    try:
        if store.is_missing:
            return UNUSED
        store.check_schema()
        runs = store.runs()
    except (OperatorError, StoreUnavailable):
        return "whether it was used before is not known, as the store cannot be read"
    used = [item.started_at for item in runs if item.started_at and not item.by_hand and item.directory.ref.org == org]
    return f"last used at {max(used):%Y-%m-%d %H:%M} UTC" if used else UNUSED
