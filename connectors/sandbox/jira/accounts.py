"""The accounts of the simulated Jira, the worker's and people's: how they are identified, and what each may do."""

from __future__ import annotations

from connectors.sandbox.jira.habits import Habits
from connectors.sandbox.jira.records import Account
from connectors.sandbox.wire.frame import Frame, Person

AGENT = "SERVICEDESK_AGENT"  # the permission of a service project's agents


class JiraAccounts:
    """The accounts of a site, by login; `habits` says which permissions the worker's account lacks."""

    def __init__(self, frame: Frame, habits: Habits, *, cloud: bool) -> None:
        self.frame, self.habits, self.cloud = frame, habits, cloud
        self.accounts: dict[str, Account] = {}
        self.worker = self._account(frame.credentials.jira_email, "Forcesync Service", agent=True)

    def add_person(self, person: Person) -> None:
        """Create an account."""
        self._account(person.login, person.name, agent=person.agent)

    def account(self, login: str) -> Account:
        """Return an account; `KeyError` if there is none."""
        return self.accounts[login]

    def by_id(self, id: str | None) -> Account | None:
        """Return an account by account id (Cloud) or user name (Data Center)."""
        return next((item for item in self.accounts.values() if self.account_id(item) == id), None)

    def account_id(self, account: Account) -> str:
        """Return an account's identifier on this deployment."""
        return account.id if self.cloud else account.login.split("@")[0]

    def may(self, account: Account | None, permission: str) -> bool:
        """Say whether an account has a permission; an anonymous caller has none, and only an agent may be one."""
        if permission == AGENT and not (account and account.agent):
            return False
        return account is not None and (account is not self.worker or permission not in self.habits.denied)

    def _account(self, login: str, display: str, *, agent: bool) -> Account:
        digits = self.frame.hex_id(32)
        parts = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
        account = Account(f"712020:{'-'.join(parts)}", login, display, agent)
        self.accounts[login] = account
        return account
