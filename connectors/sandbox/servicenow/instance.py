"""The simulated ServiceNow in memory: the initial records, and the operations on them."""

from __future__ import annotations

from typing import Literal

from connectors.sandbox.servicenow import choices, tables
from connectors.sandbox.servicenow.acl import Acl
from connectors.sandbox.servicenow.auth import Accounts
from connectors.sandbox.servicenow.files import Files
from connectors.sandbox.servicenow.quirks import Quirks
from connectors.sandbox.servicenow.records import Record
from connectors.sandbox.servicenow.slas import ServiceNowSlas
from connectors.sandbox.servicenow.writing import WritableRecords
from connectors.sandbox.wire.frame import Decision, Frame, Person


class ServiceNowState(WritableRecords):
    """One instance. Methods take no lock: call them under `frame.lock`."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.instance_id = frame.hex_id()
        self.quirks = Quirks()
        self.acl = Acl(self)
        self.files = Files(self, self.acl)
        self.slas = ServiceNowSlas(self)
        self.accounts = Accounts(frame, self.switches)
        self._install()

    def _install(self) -> None:
        accounts = self.frame.credentials
        self.worker = self._user(accounts.servicenow_user, "Forcesync Service")
        for group in ("Service Desk", "Identity Operations", "Directory Services"):
            self.insert("sys_user_group", {"name": group, "active": "true"}, "admin")
        self.tag_id = self.add_label(tables.TAG)
        self.private_tag_id = self.add_label(tables.TAG, owner=self._user("tag.owner@example.com", "Tag Owner"))
        self.offer_close_codes("both")

    def offer_close_codes(self, which: Literal["new", "old", "both"]) -> None:
        """Set the instance's close codes; an upgraded one may still have the others, inactive."""
        active = {
            "new": {*choices.NEW_CLOSE_CODES},
            "old": {*choices.OLD_CLOSE_CODES},
            "both": {*choices.NEW_CLOSE_CODES, *choices.OLD_CLOSE_CODES},
        }[which]
        self.records["sys_choice"].clear()
        for code in (*choices.NEW_CLOSE_CODES, *choices.OLD_CLOSE_CODES):
            inactive = "false" if code in active else "true"
            names = {"name": "incident", "element": "close_code", "language": "en", "inactive": inactive}
            self.insert("sys_choice", names | {"value": code, "label": code}, "admin")
        for table, column, offered in choices.OFFERED:
            names = {"name": table, "element": column, "language": "en", "inactive": "false"}
            for code, label in offered.items():
                self.insert("sys_choice", names | {"value": code, "label": label}, "admin")

    def add_label(self, name: str, *, owner: str = "") -> str:
        """Create a tag and return its sys_id; with an owner it is private, and its name may be taken."""
        values = {"name": name, "owner": owner, "viewable_by": "me" if owner else "everyone", "active": "true"}
        return self.insert("label", values, "admin")["sys_id"]

    def add_person(self, person: Person) -> None:
        """Create an account whose user name and e-mail address are the login; an agent is in every group."""
        names = {"first_name": person.first_name, "last_name": person.last_name, "email": person.login}
        user = self._user(person.login, person.name, **names)
        for group in self.records["sys_user_group"] if person.agent else ():
            sys_id = self.frame.derived_id("sys_user_grmember", user, group)
            self.insert("sys_user_grmember", {"user": user, "group": group}, "admin", sys_id=sys_id)

    def _user(self, user_name: str, name: str, **more: str) -> str:
        values = {"user_name": user_name, "name": name, "active": "true"}
        return self.insert("sys_user", values | more, "admin")["sys_id"]

    def tags(self, sys_id: str, user: str | None = None) -> list[str]:
        """Return the names of a ticket's active tags that are visible to everyone, or to an account."""
        ids = [row["label"] for row in self.tag_links.of(sys_id)]
        labels = [self.records["label"][id] for id in ids if id in self.records["label"]]
        return [
            label["name"]
            for label in labels
            if label["active"] == "true" and self.acl.visible("label", label, user or "nobody")
        ]

    def settle(self) -> None:
        """Apply what happens by time alone."""
        self.files.settle()
        self.slas.settle()

    def delete(self, table: str, sys_id: str) -> None:
        """Delete a record; a file with its bytes."""
        del self.records[table][sys_id]
        self.files.held.pop(sys_id, None)

    def tag(self, sys_id: str, label_id: str, by: str) -> Record:
        """Tag a ticket: add a `label_entry` record, which leaves the ticket itself unchanged."""
        table, record = self.ticket(sys_id)
        title = f"{table} - {record['number']}"
        return self.insert("label_entry", {"label": label_id, "table": table, "table_key": sys_id, "title": title}, by)

    def order(self, item: Record, by: str) -> None:
        """Give a requested item its request and its catalogue item, without which there is none."""
        frame, items = self.frame, self.records["sc_cat_item"]
        catalogue_id = frame.derived_id("sc_cat_item", "Correct my profile")
        if catalogue_id not in items:
            self.insert("sc_cat_item", {"name": "Correct my profile", "active": "true"}, "admin", sys_id=catalogue_id)
        request_id = frame.derived_id("sc_request", item["sys_id"])
        self.insert("sc_request", {"requested_for": item["requested_for"]}, by, sys_id=request_id)
        item |= {"request": item["request"] or request_id, "cat_item": item["cat_item"] or catalogue_id}

    def add_task(self, ticket_id: str, summary: str) -> str:
        """Add an open catalogue task to a ticket; it names it as its parent, and a requested item as its item too."""
        table, ticket = self.ticket(ticket_id)
        values = {"short_description": summary, "parent": ticket_id}
        if table == "sc_req_item":
            values |= {"request_item": ticket_id, "request": ticket["request"]}
        number = len(self.records["sc_task"])
        return self.insert("sc_task", values, "admin", sys_id=self.frame.derived_id("sc_task", number))["sys_id"]

    def approve(self, ticket_id: str, approver_id: str, decision: Decision) -> None:
        """Ask for an approval of a ticket or record its outcome; the ticket's own `approval` follows."""
        state = {"pending": "requested", "approved": "approved", "declined": "rejected"}[decision]
        table, ticket = self.ticket(ticket_id)
        sys_id = self.frame.derived_id("sysapproval_approver", ticket_id, approver_id)
        if sys_id not in self.records["sysapproval_approver"]:
            values = {"sysapproval": ticket_id, "approver": approver_id, "source_table": table}
            self.insert("sysapproval_approver", values, "system", sys_id=sys_id)
        self.records["sysapproval_approver"][sys_id]["state"] = ticket["approval"] = state

    def add_variable(self, item_id: str, name: str, value: str) -> None:
        """Give a requested item a catalogue variable: three records; the middle one holds the value."""
        questions = (row["sys_id"] for row in self.records["item_option_new"].values() if row["name"] == name)
        text = {"name": name, "question_text": name.replace("_", " ").capitalize()}
        question = next(questions, None) or self.insert("item_option_new", text, "admin")["sys_id"]
        option = self.insert("sc_item_option", {"item_option_new": question, "value": value}, "admin")
        self.insert("sc_item_option_mtom", {"request_item": item_id, "sc_item_option": option["sys_id"]}, "admin")
