"""Finding users by what a ticket calls them: exactly, whatever the index or the filter makes of the spelling."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.okta.client import OktaClient, part
from connectors.okta.shapes import Shapes
from workflows.model import OktaUser

IDENTIFIERS = ("login", "email", "secondEmail", "employeeNumber")
FEW = 10  # more users of one name are as ambiguous as these
LONGEST_IDENTIFIER = 100  # Okta's own limit of a login (https://developer.okta.com/docs/reference/api/users/)


class Finding:
    """Finds the users of one org."""

    def __init__(self, client: OktaClient, shapes: Shapes) -> None:
        self._client, self._shapes = client, shapes

    def find(self, identifier: str) -> tuple[OktaUser, ...]:
        """Return the users whose login, e-mail, second e-mail or employee number is exactly this, ignoring case.

        Who is found by login or e-mail is not looked for by the others. `filter` knows these two and is up to date,
        which `search` is not; Okta's help says that a filter minds case, so the usual spellings are asked for together
        (https://help.okta.com/wf/en-us/content/topics/workflows/connector-reference/okta/actions/listuserswithfilter.htm).
        """
        wanted = identifier.strip()
        if not wanted or len(wanted) > LONGEST_IDENTIFIER or not wanted.isprintable():
            return ()
        self._client.mind("find the user", "/api/v1/apps")  # where what is read next must wait, this would be in vain
        spellings = dict.fromkeys((wanted, wanted.lower()))
        names = [f'profile.{name} eq "{_quoted(text)}"' for text in spellings for name in ("login", "email")]
        found = self.listed("find the user", {"filter": " or ".join(names), "limit": FEW})
        return _known(found, wanted) or self._search(wanted)

    def _search(self, wanted: str) -> tuple[OktaUser, ...]:
        """Look for a user by everything else: the login in any spelling, and what only the search index knows."""
        query = " or ".join(f'profile.{name} eq "{_quoted(wanted)}"' for name in IDENTIFIERS)
        found = self.listed("search for the user", {"search": query, "limit": FEW})
        if "/" not in wanted:  # such a login can be read by its id only
            answer = self._client.get("read the user", f"/api/v1/users/{part(wanted)}", missing_ok=True)
            if answer:
                user = self._shapes.user(answer.body, answer.request_id)
                found[user.id] = user
        return _known(found, wanted)

    def listed(self, operation: str, params: Mapping[str, str | int]) -> dict[str, OktaUser]:
        """Read a list of users, by id; one that cannot be read stands for itself only and is left out."""
        pages = self._client.pages(operation, "/api/v1/users", params)
        users = (self._shapes.user_if_whole(item, request_id) for item, request_id in pages)
        return {user.id: user for user in users if user}


def _known(users: Mapping[str, OktaUser], wanted: str) -> tuple[OktaUser, ...]:
    """Return those who are really known by this: an index may be behind, and a filter may be lenient."""
    return tuple(user for user in users.values() if _known_as(user, wanted))


def _known_as(user: OktaUser, wanted: str) -> bool:
    return wanted.casefold() in {str(user.profile.get(name) or "").casefold() for name in IDENTIFIERS}


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
