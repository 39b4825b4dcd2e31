"""The script that a capable administrator would write instead: one pass over the tickets with a thread pool, no store.

    python -m tests.bench.script SETTINGS

works every ticket of the sandbox's burst as `forcesync run` would end it (claimed, one Force Sync a directory, looked
at, told, resolved) and prints seconds, CPU seconds and calls as JSON. What fails, fails; nothing survives its end.
"""

from __future__ import annotations

import json
import re
import sys
import threading
import time
import tomllib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import requests

THREADS = 8
LOOK_EVERY = 1.0  # seconds
PAGE = 100
TABLES = ("incident", "sc_req_item", "sc_task")
DIRECTORIES = {"active_directory", "ldap_sun_one"}
SYNONYMS = {"job title": "title", "phone": "mobilePhone"}
INTERNAL = {"properties": [{"key": "sd.public.comment", "value": {"internal": True}}]}
Json = Any


class Product:
    """One product's API with its credential; each thread keeps its connections."""

    def __init__(self, url: str, **credential: Any) -> None:
        self._url, self._credential, self._own = url, credential, threading.local()
        self.calls = Counter[str]()

    def ask(self, method: str, path: str, body: Json = None, **parameters: Any) -> Json:
        """Make a call; an error status is an exception."""
        session = getattr(self._own, "session", None) or requests.Session()
        self._own.session = session
        url = f"{self._url}{path}"
        answer = session.request(method, url, json=body, params=parameters, timeout=60, **self._credential)
        self.calls["all"] += 1
        answer.raise_for_status()
        return answer.json() if answer.content else None


class Okta(Product):
    """Reads users, copies and mappings."""

    def profile(self, user: str) -> Json:
        """Return a user by login or id."""
        return self.ask("GET", f"/api/v1/users/{user}")

    def drift(self, user: Json, attribute: str | None) -> tuple[str, str, dict[str, Json]]:
        """Return the directory, the mapping's target, and the values that a Force Sync would bring."""
        of_user = {"filter": f'user.id eq "{user["id"]}"', "expand": f"user/{user['id']}"}
        app = next(item for item in self.ask("GET", "/api/v1/apps", **of_user) if item["name"] in DIRECTORIES)
        copy = app["_embedded"]["user"]["profile"]
        mappings = self.ask("GET", "/api/v1/mappings", sourceId=app["id"])
        mapping = next(item for item in mappings if item["target"]["type"] == "user")
        properties = self.ask("GET", f"/api/v1/mappings/{mapping['id']}")["properties"]
        names = {name: found[1] for name, item in properties.items() if (found := _identity(item["expression"]))}
        wanted = {name: copy.get(source) for name, source in names.items() if attribute in {None, name}}
        stale = {name: value for name, value in wanted.items() if value != user["profile"].get(name)}
        return app["id"], mapping["target"]["id"], stale


class ServiceNow:
    """The tickets of one instance; a ticket is (table, sys_id)."""

    def __init__(self, product: Product, user: str) -> None:
        self.product, self._user = product, user

    def tagged(self) -> list[tuple[str, str]]:
        """Return every open ticket with the tag."""
        by_name = "name=profile not updating"
        (label,) = self._rows("label", sysparm_query=by_name)
        found: list[tuple[str, str]] = []
        for table in TABLES:
            query, place = f"label={label['sys_id']}^table={table}", 0
            while page := self._rows("label_entry", sysparm_query=query, sysparm_limit=PAGE, sysparm_offset=place):
                of_page = f"sys_idIN{','.join(row['table_key'] for row in page)}^active=true"
                found += [(table, row["sys_id"]) for row in self._rows(table, sysparm_query=of_page)]
                place += len(page)
        return found

    def read(self, ticket: tuple[str, str]) -> tuple[str, dict[str, str], str]:
        """Return a ticket's text, its form's fields, and its requester."""
        row = self._rows("/".join(ticket), sysparm_display_value="all")
        requester = {"incident": "caller_id", "sc_req_item": "requested_for", "sc_task": "opened_by"}[ticket[0]]
        person = self._rows(f"sys_user/{row[requester]['value']}")
        form = {name: row.get(f"u_{field}", {}).get("value") for name, field in _FORM.items()}
        return row["description"]["value"], form, person["email"] or person["user_name"]

    def claim(self, ticket: tuple[str, str]) -> None:
        """Take a ticket."""
        self._change(ticket, state="2", assigned_to=self._user, work_notes="Looking into it.")

    def resolve(self, ticket: tuple[str, str], seen: str) -> None:
        """End a ticket with what was seen."""
        ended = {"state": "6", "close_code": "Solution provided"} if ticket[0] == "incident" else {"state": "3"}
        told = {"close_notes": "Updated.", "work_notes": seen, "comments": "Your profile is up to date."}
        self._change(ticket, **ended, **told)

    def _rows(self, path: str, **parameters: Any) -> Json:
        return self.product.ask("GET", f"/api/now/table/{path}", **parameters)["result"]

    def _change(self, ticket: tuple[str, str], **values: str) -> None:
        self.product.ask("PATCH", f"/api/now/table/{'/'.join(ticket)}", values)


class Jira:
    """The tickets of one site; a ticket is (project, issue id)."""

    def __init__(self, product: Product) -> None:
        self.product = product

    def tagged(self) -> list[tuple[str, str]]:
        """Return every open ticket with the tag."""
        body: Json = {"jql": 'labels = "profile-not-updating" AND statusCategory != Done', "fields": ["summary"]}
        found, more = [], {"maxResults": 100}
        while more:
            page = self.product.ask("POST", "/rest/api/3/search/jql", body | more)
            found += [(issue["key"].split("-")[0], issue["id"]) for issue in page["issues"]]
            more = {"maxResults": 100, "nextPageToken": page["nextPageToken"]} if page.get("nextPageToken") else {}
        return found

    def read(self, ticket: tuple[str, str]) -> tuple[str, dict[str, str], str]:
        """Return a ticket's text, its form's fields, and its requester."""
        fields = self.product.ask("GET", f"/rest/api/2/issue/{ticket[1]}")["fields"]
        form = {name: fields.get(f"customfield_{number}") for number, name in enumerate(_FORM, 10051)}
        return fields["description"], form, (fields["reporter"] or {}).get("emailAddress", "")

    def claim(self, ticket: tuple[str, str]) -> None:
        """Say internally that it is worked."""
        self._comment(ticket, "Looking into it.", internal=True)

    def resolve(self, ticket: tuple[str, str], seen: str) -> None:
        """End a ticket with what was seen."""
        self._comment(ticket, seen, internal=True)
        if ticket[0] == "SUP":
            self._comment(ticket, "Your profile is up to date.", internal=False)
        path = f"/rest/api/2/issue/{ticket[1]}/transitions"
        ways = self.product.ask("GET", path, expand="transitions.fields")["transitions"]
        way = next(item for item in ways if item["to"]["statusCategory"]["key"] == "done")
        fields = {"fields": {"resolution": {"name": "Done"}}} if "resolution" in way.get("fields", {}) else {}
        self.product.ask("POST", path, {"transition": {"id": way["id"]}} | fields)

    def _comment(self, ticket: tuple[str, str], text: str, *, internal: bool) -> None:
        hidden = INTERNAL if internal and ticket[0] == "SUP" else {}
        self.product.ask("POST", f"/rest/api/2/issue/{ticket[1]}/comment", {"body": text} | hidden)


_FORM = {"user": "affected_user", "attribute": "attribute", "expected": "expected"}


def _identity(expression: str) -> re.Match[str] | None:
    return re.fullmatch(r"appuser\.(\w+)", expression)


def _said(name: str, text: str, form: dict[str, str]) -> str | None:
    line = re.search(rf"^{name}: *(.+?) *$", text, re.MULTILINE | re.IGNORECASE)
    return form.get(name) or (line[1] if line else None)


def work(settings: Json) -> dict[str, Any]:
    """Work every ticket once; returns what it took."""
    org, snow, site = settings["okta"]["main"], settings["desks"]["servicenow"], settings["desks"]["jira"]
    okta = Okta(org["url"], headers={"Authorization": f"SSWS {org['token']}"})
    sync = Product(org["url"], headers={"Authorization": f"SSWS {org['force_sync']['token']}"})
    desks = (
        ServiceNow(Product(snow["url"], auth=(snow["user"], snow["password"])), snow["user"]),
        Jira(Product(site["url"], auth=(site["email"], site["token"]))),
    )

    def judge(item: tuple[Any, tuple[str, str]]) -> tuple[Any, ...]:
        desk, ticket = item
        text, form, requester = desk.read(ticket)
        desk.claim(ticket)
        attribute = _said("attribute", text or "", form)
        user = okta.profile(_said("user", text or "", form) or requester)
        return (desk, ticket, user["id"], *okta.drift(user, SYNONYMS.get((attribute or "").lower(), attribute)))

    def finish(case: tuple[Any, ...]) -> None:
        desk, ticket, user_id, _, _, stale = case
        while stale.items() - okta.profile(user_id)["profile"].items():
            time.sleep(LOOK_EVERY)
        desk.resolve(ticket, f"Seen in Okta: {', '.join(stale)}")

    began, cpu = time.monotonic(), time.process_time()
    with ThreadPoolExecutor(THREADS) as pool:
        cases = list(pool.map(judge, [(desk, ticket) for desk in desks for ticket in desk.tagged()]))
        for app_id, target in {case[3:5] for case in cases}:
            source = okta.ask("GET", f"/api/v1/apps/{app_id}/user/types")[0]["id"]
            sync.ask("PUT", "/api/internal/v1/mappings/reapply", source=source, target=target)
        list(pool.map(finish, cases))
    calls = sum(desk.product.calls["all"] for desk in desks)
    seconds = time.monotonic() - began
    return {"tickets": len(cases), "seconds": seconds, "cpu": time.process_time() - cpu, "desk_calls": calls}


if __name__ == "__main__":
    print(json.dumps(work(tomllib.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))))
