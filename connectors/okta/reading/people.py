"""Finds users by a person's name, and by what only a directory's copy of them holds yet.

Both ask for words of a ticket, so answers are cached, and each is rechecked: an index may be stale or lenient.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from connectors.okta.cache import Cache
from connectors.okta.client import OktaClient, part
from connectors.okta.reading.bodies import OktaReader
from connectors.okta.reading.log import checked_id
from connectors.okta.reading.surroundings import PAGE
from connectors.okta.reading.users import FEW, UserSearch, quoted, usable
from workflows.model import Directory, OktaUser, folded

MOST_DIRECTORIES = 2  # most orgs have one; each costs a call of a small rate limit
PROFILE_SOURCE = "PROFILE_MASTERING"  # the feature of a directory that writes Okta profiles
# What identifies a person in a copy; LDAP's `mail` and `cn` are AD's `email` and `displayName`.
IN_COPIES = ("userName", "samAccountName", "email", "mail", "employeeNumber", "employeeID")
NAMES_IN_COPIES = ("displayName", "cn")


class FullName(NamedTuple):
    """What a person's name may be: display names, and pairs of first and last name."""

    displayed: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]

    @property
    def family(self) -> str:
        """Return the beginning of a last name, or a single word."""
        return self.parts[0][1] if self.parts else self.displayed[0]

    def fits(self, profile: Mapping[str, Any]) -> bool:
        """Say whether it is the name in a profile."""
        display, first, last = (_folded(profile.get(name)) for name in ("displayName", "firstName", "lastName"))
        pairs = {(_folded(one), _folded(other)) for one, other in self.parts}
        return display in map(_folded, self.displayed) or (first, last) in pairs

    def query(self) -> str:
        """Return the search for it."""
        names = [f'profile.displayName eq "{quoted(name)}"' for name in self.displayed]
        for first, last in self.parts:
            names.append(f'(profile.firstName eq "{quoted(first)}" and profile.lastName eq "{quoted(last)}")')
        return " or ".join(names)


def full_name(text: str) -> FullName:
    """Read a name: "First Last" or "Last, First"; a middle name belongs to either part, or to none."""
    whole = " ".join(unicodedata.normalize("NFC", text).split())
    last, comma, first = (piece.strip() for piece in whole.partition(","))
    if first and last and "," not in first:
        return FullName((whole, f"{first} {last}"), tuple(dict.fromkeys([(first, last), (first.split()[0], last)])))
    words = whole.split()
    if comma or len(words) == 1:
        return FullName((whole,), ())
    beginning, rest = " ".join(words[:-1]), " ".join(words[1:])
    pairs = [(words[0], words[-1]), (words[0], rest), (beginning, words[-1])]
    return FullName((whole,), tuple(dict.fromkeys(pairs)))


class PeopleSearch:
    """Finds the users of one org; threads share it."""

    def __init__(self, client: OktaClient, reader: OktaReader, users: UserSearch, cache: Cache) -> None:
        self._client, self._reader, self._users, self._cache = client, reader, users, cache

    def named(self, text: str) -> tuple[OktaUser, ...]:
        """Return a handful of users of this name, of whatever status, in one call.

        `search` reads every attribute of the profile, ignores the case of values (not their accents), and may be stale
        (https://developer.okta.com/docs/api/openapi/okta-management/management/tag/User/#tag/User/operation/listUsers).
        That it returns deactivated users is inferred: only the bare list is said to leave them out.
        """
        wanted = usable(" ".join(text.split()))
        return self._cache.get(("named", wanted), lambda: self._search(full_name(wanted))) if wanted else ()

    def _search(self, name: FullName) -> tuple[OktaUser, ...]:
        at = self._client.transport.clock.now()
        page = self._client.page("find the user by name", "/api/v1/users", {"search": name.query(), "limit": FEW})
        users = (self._reader.user_if_whole(item, page.request_id) for item in page.items)
        return tuple(user.but(read_at=at) for user in users if user and name.fits(user.profile))

    def in_copies(self, text: str, directories: Iterable[Directory]) -> tuple[OktaUser, ...]:
        """Return a handful of users of whom a directory's copy holds this: a call a directory, then one for the users.

        Copies are remembered, users are not.
        """
        wanted = usable(" ".join(text.split()))
        active = sorted(
            (item for item in directories if item.active), key=lambda item: PROFILE_SOURCE not in item.features
        )
        if not wanted or not active:
            return ()
        asked = active[:MOST_DIRECTORIES]
        ids = self._cache.get(("in copies", wanted), lambda: self._linked(wanted, asked))
        if not ids:
            return ()
        operation = "read the users of the copies"
        names = " or ".join(f'id eq "{checked_id(self._client.system, operation, user_id)}"' for user_id in ids)
        found = self._users.listed(operation, {"filter": names, "limit": FEW})
        return tuple(found[user_id] for user_id in ids if user_id in found)

    def _linked(self, wanted: str, directories: Iterable[Directory]) -> tuple[str, ...]:
        """Return the ids of the users whose copies hold this.

        `q` matches the beginning of userName, firstName, lastName or email, of no other attribute
        (https://developer.okta.com/docs/api/openapi/okta-management/management/tag/ApplicationUsers/). So an employee
        number is found only where it is the user name, and a person's name is looked for by the last name. That `q`
        ignores case, and that it knows LDAP's `mail` as email, is inferred. Where more copies begin alike than a page
        holds, a namesake may be hidden: then nobody is found.
        """
        name = full_name(wanted)
        ids = dict[str, None]()
        for directory in directories:
            operation, path = "look for the user in a directory", f"/api/v1/apps/{part(directory.ref.app_id)}/users"
            page = self._client.page(operation, path, {"q": name.family, "limit": PAGE})
            if page.next:
                return ()
            ids |= {str(item.get("id")): None for item in page.items if _identifies(wanted, name, item)}
        return tuple(ids)[:FEW]


def _identifies(wanted: str, name: FullName, item: Mapping[str, Any]) -> bool:
    """Say whether an app user holds this: an identifier, or a person's name in whatever case."""
    profile, credentials = (
        held if isinstance(held, Mapping) else {} for held in (item.get("profile"), item.get("credentials"))
    )
    identifiers = {folded(held) for held in (*map(profile.get, IN_COPIES), credentials.get("userName"))}
    names = {_folded(profile.get(attribute)) for attribute in NAMES_IN_COPIES}
    return folded(wanted) in identifiers or any(_folded(text) in names for text in name.displayed)


def _folded(value: Any) -> str:
    return " ".join(unicodedata.normalize("NFC", str(value or "")).split()).casefold()
