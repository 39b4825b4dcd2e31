"""Who may read and write what in the simulated ServiceNow.

ACLs apply after paging, so a page can be short, or even empty, while visible rows follow on later pages
(https://www.servicenow.com/docs/r/api-reference/rest-apis/c_TableAPI.html, `sysparm_limit`).
"""

from __future__ import annotations

from connectors.sandbox.servicenow import tables
from connectors.sandbox.servicenow.errors import SnowError, not_allowed
from connectors.sandbox.servicenow.query import Row
from connectors.sandbox.servicenow.records import ServiceNowRecords

_INSERTABLE = frozenset({*tables.TASKS, "label_entry"})
_DELETABLE = frozenset({"label_entry", "sys_attachment"})


class Acl:
    """The access rules for the API's only caller, the worker's account."""

    def __init__(self, held: ServiceNowRecords) -> None:
        self._held = held

    def visible(self, table: str, record: Row, user: str) -> bool:
        """Say whether an account may see a record: private tags and their entries are visible to their owner only."""
        records, switches = self._held.records, self._held.switches
        if table in switches.unreadable_tables or record["sys_id"] in switches.hidden_records:
            return False
        if table == "label":
            owner = records["sys_user"].get(record["owner"], {})
            return record["viewable_by"] == "everyone" or owner.get("user_name") == user
        if table == "label_entry":
            label = records["label"].get(record["label"])
            return label is not None and self.visible("label", label, user)
        if table == "sys_journal_field":
            return record["element_id"] not in switches.hidden_records
        return True

    def check_read(self, table: str) -> None:
        """Refuse a table that the account may not query at all."""
        if table in self._held.switches.refused_tables:
            raise SnowError(403, "User Not Authorized", "Failed API level ACL Validation")

    def check_insert(self, table: str) -> None:
        """Refuse to create a record in a table that the account may not add to."""
        if table not in _INSERTABLE or (table == "label_entry" and not self._held.switches.tag_links_writable):
            raise not_allowed("Insert")

    def check_update(self, table: str) -> None:
        """Refuse to change anything but a ticket."""
        if table not in tables.TASKS:
            raise not_allowed("Update")

    def check_delete(self, table: str) -> None:
        """Refuse to delete anything but tag links and files: an account with the itil role deletes no ticket."""
        if table not in _DELETABLE or (table == "label_entry" and not self._held.switches.tag_links_writable):
            raise not_allowed("Delete")
