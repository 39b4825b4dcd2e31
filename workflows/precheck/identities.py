"""Whom an identifier means among the users that have it. Okta only keeps logins unique."""

from __future__ import annotations

from collections.abc import Iterable

from workflows.model import OktaUser

DEACTIVATED = "DEPROVISIONED"  # Okta's word (https://developer.okta.com/docs/reference/api/users/#user-status)


def decided(identifier: str, users: Iterable[OktaUser]) -> tuple[OktaUser, ...]:
    """Return the users that the identifier means; more than one: it is ambiguous.

    A login decides, then an employee number. Of an e-mail address, a user who is not deactivated wins over one who is.
    Where it is none of these, but a name, a short name or a second e-mail, everybody counts.
    """
    known = tuple(users)
    wanted = identifier.strip().casefold()

    def having(attribute: str) -> tuple[OktaUser, ...]:
        return tuple(user for user in known if str(user.profile.get(attribute) or "").casefold() == wanted)

    owners = having("email")
    return (
        tuple(user for user in known if user.login.casefold() == wanted)
        or having("employeeNumber")
        or tuple(user for user in owners if user.status != DEACTIVATED)
        or owners
        or known
    )
