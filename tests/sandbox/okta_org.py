"""A small Okta org for tests: two AD directories, one LDAP directory, a manual clock, and a client.

Every test starts with users in sync and changes the one thing it is about.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.sandbox.okta.api import okta_app
from connectors.sandbox.okta.instance import OktaState
from connectors.sandbox.wire.frame import Frame, Person
from tests.sandbox.asgi import Answer, call

HOST = "http://okta.example.com:8080"


class HandClock:
    """A clock that moves only when a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Org:
    """The org and the calls of a client with the read token; a reapply goes with the sync token."""

    def __init__(self, *, seed: int = 1) -> None:
        self.clock = HandClock()
        self.frame = Frame(seed=seed, clock=self.clock)
        self.state = OktaState(self.frame)
        self.corp = self.state.add_directory("corp.example.com", "ad")
        self.plant = self.state.add_directory("plant.example.com", "ad")
        self.ldap = self.state.add_directory("ldap.example.com", "ldap")
        self.app = okta_app(self.state)

    def add(self, first: str, *directories: str, **more: Any) -> str:
        """Add a user, by default of the directory corp.example.com, and return the id."""
        person = Person(f"{first.lower()}@example.com", first, "Example")
        return self.state.add_user(person, directories=list(directories or (self.corp,)), **more)

    def update(self, user_id: str, app_id: str, **values: Any) -> None:
        """Change values in the directory and in Okta's copy, but not in the Okta profile."""
        self.state.set_user(user_id, directories=[{"app_id": app_id, "source": values, "app_user": values}])

    def profile(self, user_id: str) -> dict[str, Any]:
        """Return the Okta profile as the control server shows it."""
        profile: dict[str, Any] = next(user["profile"] for user in self.state.users() if user["id"] == user_id)
        return profile

    def get(self, url: str, *, authorization: str | None = None) -> Answer:
        """GET with the read token, or with the given Authorization header."""
        held = self.frame.credentials
        return call(
            self.app,
            "GET",
            url if url.startswith("http") else HOST + url,
            headers={"Authorization": authorization or f"SSWS {held.okta_token}"},
        )

    def type_ids(self, app_id: str) -> tuple[str, str]:
        """Return what a reapply needs: the ids of the app's and the org's user type."""
        source = self.get(f"/api/v1/apps/{app_id}/user/types").json()[0]["id"]
        return source, self.get("/api/v1/meta/types/user").json()[0]["id"]

    def reapply(self, source: str, target: str, *, authorization: str | None = None) -> Answer:
        """PUT the reapply with the sync token, or with the given Authorization header."""
        return call(
            self.app,
            "PUT",
            f"{HOST}/api/internal/v1/mappings/reapply?source={source}&target={target}",
            headers={"Authorization": authorization or f"SSWS {self.frame.credentials.okta_sync_token}"},
        )

    def force_sync(self, app_id: str) -> Answer:
        """Reapply the directory's mapping over the wire."""
        return self.reapply(*self.type_ids(app_id))

    def rules_broken(self) -> list[str]:
        """Return the rules of the violations so far."""
        return [violation.rule for violation in self.frame.violations]


def links(answer: Answer) -> dict[str, str]:
    """Return the answer's links by relation; Okta sends each in a separate header."""
    found: dict[str, str] = {}
    for header in answer.headers.getlist("link"):
        url, _, rel = header.partition("; ")
        found[rel.removeprefix('rel="').removesuffix('"')] = url.strip("<>")
    return found
