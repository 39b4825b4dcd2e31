"""Faults for the doctor to find: each is planted in the settings or in the simulated products, by one change."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from connectors.sandbox.server import Sandbox
from connectors.sandbox.wire.frame import Fault, FaultKind, Product

Table = dict[str, Any]
Change = Callable[[Table, Sandbox], None]
CLOSED = "http://127.0.0.1:9"  # nothing listens there
FORBIDDEN = {"errorCode": "E0000006", "errorSummary": "You do not have permission to perform the requested action"}


class Planted(NamedTuple):
    """A fault: what it is, the check that finds it, how, and the settings key that its line holds."""

    what: str
    check: str
    status: str
    key: str
    change: Change


def put(path: str, value: Any) -> Change:
    """Return the change that sets one key."""

    def change(table: Table, _sandbox: Sandbox) -> None:
        *parts, last = path.split("/")
        for part in parts:
            table = table.setdefault(part, {})
        table[last] = value

    return change


def leave_out(path: str) -> Change:
    """Return the change that removes one key."""

    def change(table: Table, _sandbox: Sandbox) -> None:
        *parts, last = path.split("/")
        for part in parts:
            table = table[part]
        del table[last]

    return change


def in_world(act: Callable[[Sandbox], object]) -> Change:
    """Return the change that is made in the products."""

    def change(_table: Table, sandbox: Sandbox) -> None:
        with sandbox.frame.lock:
            act(sandbox)

    return change


def fault(product: Product, path: str, kind: FaultKind = "status", **how: Any) -> Change:
    """Return the change that makes one path of a product misbehave from now on."""
    planned = Fault(id="planted", product=product, kind=kind, path=re.compile(path), times=1000, **how)
    return in_world(lambda sandbox: sandbox.frame.faults.append(planned))


def denied(path: str) -> Change:
    """Return the change that keeps Okta's account from reading one path."""
    return fault("okta", path, status=403, body=FORBIDDEN, headers={"Content-Type": "application/json"})


def switched(**values: Any) -> Change:
    """Return the change of ServiceNow's switches."""
    return in_world(lambda sandbox: sandbox.servicenow.state.switches.change(**values))


def both(*changes: Change) -> Change:
    """Return several changes as one."""

    def change(table: Table, sandbox: Sandbox) -> None:
        for one in changes:
            one(table, sandbox)

    return change


def _same_token(table: Table, _sandbox: Sandbox) -> None:
    okta = table["okta"]["main"]
    okta["token"] = okta["force_sync"]["token"]


def _listens_where_okta_does(table: Table, _sandbox: Sandbox) -> None:
    table["web"] = {"listen": table["okta"]["main"]["url"].removeprefix("http://")}


SNOW, JIRA, OKTA = "desks/servicenow", "desks/jira", "okta/main"
FAIL, WARN = "fail", "warn"


def faults() -> Iterator[Planted]:
    """Yield the faults, by where they are found."""
    yield from _of_settings()
    yield from _of_okta()
    yield from _of_policy()
    yield from _of_servicenow()
    yield from _of_jira()


def _of_settings() -> Iterator[Planted]:
    yield Planted("a key that is not known", "settings", FAIL, "policy.poll_evry", put("policy/poll_evry", 5))
    yield Planted("a lease that is too short", "settings", FAIL, "worker.lease_for", put("worker/lease_for", 10))
    yield Planted("no such CA file", "settings", FAIL, "okta.main.ca_bundle", put(f"{OKTA}/ca_bundle", "/no/such.pem"))
    garbage = put(f"{JIRA}/ca_bundle", __file__)
    yield Planted("a CA file without certificates", "settings", FAIL, "desks.jira.ca_bundle", garbage)
    folder = put("texts/folder", "/no/such/folder")
    yield Planted("no such folder of texts", "settings", FAIL, "texts.folder", folder)
    yield Planted("one token for both", "settings.tokens", WARN, "okta.main.token", _same_token)
    yield Planted("no such language", "desks.jira.texts", FAIL, "desks.jira.language", put(f"{JIRA}/language", "xx"))
    yield Planted("no such zone", "settings", FAIL, "desks.jira.zone", put(f"{JIRA}/zone", "Europe/Nowhere"))
    for what, place in (("a folder", Path(__file__).parent), ("no database", Path(__file__))):
        yield Planted(f"a store that is {what}", "store", FAIL, "store.url", put("store/url", f"sqlite:///{place}"))
    broker = both(put("broker/kind", "redis"), put("broker/url", "redis://127.0.0.1:9/0"))
    yield Planted("a broker that is down", "broker", FAIL, "broker.url", broker)
    redis = put("broker/url", "redis://127.0.0.1:9/0")
    yield Planted("a broker of no kind", "settings.effect", WARN, "broker.url", redis)
    both_classes = both(put("policy/open_attributes", ["title"]), put("policy/never_attributes", ["title"]))
    yield Planted("open and never", "settings.effect", WARN, "policy.never_attributes", both_classes)
    one_field = put(f"{JIRA}/fields/attribute", "customfield_10051")
    yield Planted("two parts in one field", "settings", FAIL, "desks.jira.fields.attribute", one_field)
    variables = put(f"{SNOW}/tables/incident/variables", {"user": "who", "expected": "who"})
    key = "desks.servicenow.tables.incident.variables.expected"
    yield Planted("two parts in one variable", "settings", FAIL, key, variables)
    yield Planted("a port in use", "web", FAIL, "web.listen", _listens_where_okta_does)
    off = put("policy/force_sync", value=False)
    yield Planted("Force Sync switched off", "store.stops", WARN, "policy.force_sync", off)


def _of_okta() -> Iterator[Planted]:
    token = put(f"{OKTA}/token", "another-token")
    yield Planted("a wrong token", "okta.main.credential", FAIL, "okta.main.token", token)
    yield Planted("a closed port", "okta.main.connection", FAIL, "okta.main.url", put(f"{OKTA}/url", CLOSED))
    nowhere = put(f"{OKTA}/url", "https://okta.invalid")
    yield Planted("no such host", "okta.main.address", FAIL, "okta.main.url", nowhere)
    token = put(f"{OKTA}/force_sync/token", "another-token")
    yield Planted("a wrong Force Sync token", "okta.main.force_sync", FAIL, "okta.main.force_sync.token", token)
    types = put(f"{OKTA}/directory_types", ["active_dir"])
    yield Planted("wrong directory types", "okta.main.directories", FAIL, "okta.main.directory_types", types)
    for area, path, status in (
        ("groups", "/api/v1/groups", FAIL),
        ("schemas", "/api/v1/meta/schemas/", FAIL),
        ("logs", "/api/v1/logs", WARN),
        ("agentPools", "/api/v1/agentPools", WARN),
        ("orgs", "/api/v1/org/", WARN),
    ):
        yield Planted(f"no right to {area}", f"okta.main.right.{area}", status, "okta.main.token", denied(path))
    down = in_world(lambda sandbox: sandbox.okta.imports.agents(sandbox.world.apps["corp.example.com"], "DISRUPTED"))
    yield Planted("agents that are down", "okta.main.agents", WARN, "okta.main.directory_types", down)
    few = in_world(lambda sandbox: sandbox.frame.settings.okta_limits.update({"users": 9}))
    yield Planted("a rate limit that is nearly used", "okta.main.limits", WARN, "okta.main.reserve", few)
    hangs = fault("okta", "/api/v1/logs", "stall", seconds=30)
    yield Planted("a log that hangs", "okta.main.right.logs", WARN, "okta.main.token", hangs)


def _of_policy() -> Iterator[Planted]:
    for key, value in (
        ("protected_groups", ["Bord"]),
        ("on_behalf", ["Helpdesk"]),
        ("synonyms", {"phone": "mobilPhone"}),
        ("approve_attributes", ["emial"]),
        ("never_attributes", ["objectSID"]),
        ("approvers", ["nobody@example.com"]),
        ("autonomy", {"crop.example.com": "observe"}),
        ("refresh", {"crop.example.com": "signin"}),
    ):
        yield Planted(f"{key}: no such name", f"policy.{key}", FAIL, f"policy.{key}", put(f"policy/{key}", value))
    pages = put("policy/refresh", {"ldap.example.com": "profile_page"})
    yield Planted("a page for LDAP users", "policy.refresh", FAIL, "policy.refresh", pages)
    value = ["departement"]
    shown = put("policy/open_attributes", value)
    yield Planted("an open attribute misspelt", "policy.open_attributes", WARN, "policy.open_attributes", shown)

    def inactive(sandbox: Sandbox) -> None:
        sandbox.okta.directory(sandbox.world.apps["corp.example.com"]).status = "INACTIVE"

    yield Planted("a directory that is off", "policy.autonomy", WARN, "policy.autonomy", in_world(inactive))


def _of_servicenow() -> Iterator[Planted]:
    def found(what: str, check: str, key: str, change: Change, status: str = FAIL) -> Planted:
        return Planted(what, f"desks.servicenow.{check}", status, f"desks.servicenow.{key}", change)

    yield found("a wrong password", "credential", "password", put(f"{SNOW}/password", "another-password"))
    yield found("a closed port", "connection", "url", put(f"{SNOW}/url", CLOSED))
    yield found("no such tag", "tag", "tag", put(f"{SNOW}/tag", "profile not updatign"))
    yield found("no such group", "groups", "escalation_group", put(f"{SNOW}/escalation_group", "Identity Operation"))
    yield found("no such group of agents", "groups", "agent_groups", put(f"{SNOW}/agent_groups", ["Service Dsek"]))
    yield found("no such column", "columns", "tables", put(f"{SNOW}/tables/incident/requester", "u_caller"))
    yield found("no such form column", "columns", "fields", put(f"{SNOW}/fields/user", "u_who"))
    yield found("no such state", "states", "tables", put(f"{SNOW}/tables/incident/working", "12"))
    code = put(f"{SNOW}/tables/incident/close_code", "Solved by magic")
    yield found("no such close code", "choices", "tables", code)
    urgency = put(f"{SNOW}/routes/directory_team/urgency", "9")
    yield found("no such urgency", "choices", "routes", urgency)
    yield found("a table that is refused", "tables", "tables", switched(refused_tables=["incident"]))
    tasks = switched(refused_tables=["task"])
    yield found("tasks that are refused", "children", "tables", tasks)
    entries = switched(refused_tables=["label_entry"])
    yield found("tags' entries that are refused", "search", "tag_lookup", entries)
    journals = switched(refused_tables=["sys_journal_field"])
    yield found("journals that are refused", "journals", "user", journals, WARN)
    yield found("SLAs that are refused", "sla", "sla_percent", switched(refused_tables=["task_sla"]), WARN)
    files = fault("servicenow", "/attachment$", status=403, body={"error": {"message": "no"}, "status": "failure"})
    yield found("attachments that are refused", "attachments", "attach_diagnostics", files)
    yield found("ranges that are denied", "ranges", "tables", switched(denied_ranges=["sys_id"]), WARN)


def _of_jira() -> Iterator[Planted]:
    def found(what: str, check: str, key: str, change: Change, status: str = FAIL) -> Planted:
        return Planted(what, f"desks.jira.{check}", status, f"desks.jira.{key}", change)

    sup = f"{JIRA}/projects/SUP"
    yield found("a wrong token", "credential", "token", put(f"{JIRA}/token", "another-token"))
    yield found("the other deployment", "credential", "token", put(f"{JIRA}/deployment", "datacenter"))
    yield found("no such project", "projects", "projects", put(f"{JIRA}/projects/SUPP", {"kind": "software"}))
    yield found("a project of another kind", "kinds", "projects", put(f"{sup}/kind", "software"))
    yield found("another service desk", "service_desks", "projects", put(f"{sup}/service_desk_id", "7"))
    yield found("no such issue type", "issue_types", "projects", put(f"{sup}/issue_types/Incidents/resolution", "Done"))
    yield found("no such status", "statuses", "projects", put(f"{sup}/statuses/claimed", "In Progres"))
    yield found("no such field", "fields", "fields", put(f"{JIRA}/fields/user", "customfield_99999"))
    form = leave_out(f"{JIRA}/fields")
    yield found("a form that nobody reads", "form", 'fields.user = "customfield_10051"', form, WARN)
    yield found("no such resolution", "resolutions", "projects", put(f"{sup}/resolution", "Dun"))
    yield found("no such priority", "priorities", "routes", put(f"{JIRA}/routes/directory_team/priority", "Hihg"))
    yield found("no such link", "links", "links", put(f"{JIRA}/links/is nowhere", "child"))
    yield found("no such link type", "links", "link_type", put(f"{JIRA}/link_type", "Relats"))
    yield found("no such SLA", "sla", "sla", put(f"{JIRA}/sla", "Time to everything"))
    nobody = put(f"{JIRA}/escalation_assignee", "nobody@example.com")
    yield found("no such assignee", "assignees", "escalation_assignee", nobody)
    yield found("no assignee", "assignees", "escalation_assignee", leave_out(f"{JIRA}/escalation_assignee"), WARN)
    yield found("a label that no issue has", "label", "label", put(f"{JIRA}/label", "profile-not-updatign"), WARN)
    less = in_world(lambda sandbox: sandbox.jira.state.habits.denied.add("TRANSITION_ISSUES"))
    yield found("a permission that is missing", "permissions", "projects", less)
    customer = in_world(lambda sandbox: sandbox.jira.state.habits.denied.add("SERVICEDESK_AGENT"))
    yield found("an account that is no agent", "permissions", "projects", customer)
