"""Finds tagged tickets by the table of tag entries, or by the query field `sys_tags`.

https://www.servicenow.com/docs/, "Tags". A tag is an entry in `label_entry`. It is not documented whether adding one
updates the ticket, so the entry's own time is part of a sighting's stamp. `sys_tags.<tag>=<tag>` is what ServiceNow's
own filter writes; it shows tag names in display values only, and no time.
"""

from __future__ import annotations

from collections.abc import Iterator

from connectors.servicenow import reading
from connectors.servicenow.answers import Row, plain, shown
from connectors.servicenow.client import SYS_ID, ServiceNowClient, members
from connectors.servicenow.lookups import Lookups
from connectors.servicenow.settings import ServiceNowSettings

BATCH = 36  # sys_ids in one query, of 35 characters each: leaves 700 of the 2,000 that every proxy lets through


class TaggedTickets:
    """Finds tagged tickets; every record is checked against the query, since invalid conditions are ignored."""

    def __init__(self, client: ServiceNowClient, settings: ServiceNowSettings, lookups: Lookups) -> None:
        self._client, self._settings, self._lookups = client, settings, lookups

    def open_records(self, table: str) -> Iterator[tuple[Row, str]]:
        """Yield every open tagged record of a table with the tag's time, "" where `sys_tags` shows none."""
        if self._settings.tag_lookup == "sys_tags":
            rows = self._by_field(table, self._not_done(table))
            yield from ((row, "") for row in rows if self._is_open(table, row))
            return
        tagged_on = {
            plain(entry.get("table_key")): plain(entry.get("sys_created_on")) for entry in self._entries(table)
        }
        ids = sorted(key for key in tagged_on if SYS_ID.fullmatch(key))
        for start in range(0, len(ids), BATCH):
            query = f"sys_idIN{members(ids[start : start + BATCH])}{self._not_done(table)}"
            for row in self._client.records("read the tagged tickets", table, query, self._fields(table)):
                sys_id = plain(row.get("sys_id"))
                if sys_id in tagged_on and self._is_open(table, row):
                    yield row, tagged_on[sys_id]

    def tag_of(self, table: str, sys_id: str) -> reading.Tag:
        """Return whether a ticket carries the tag and when it was last added, where that is known."""
        if self._settings.tag_lookup == "sys_tags":
            rows = self._by_field(table, f"^sys_id={sys_id}")
            return reading.Tag(present=any(plain(row.get("sys_id")) == sys_id for row in rows), added_at=None)
        entries = [item for item in self._entries(table, f"^table_key={sys_id}") if item.get("table_key") == sys_id]
        times = [at for entry in entries if (at := reading.moment(entry.get("sys_created_on")))]
        return reading.Tag(present=bool(entries), added_at=max(times, default=None))

    def _entries(self, table: str, where: str = "") -> list[Row]:
        tags = self._lookups.tags()
        query = f"labelIN{members(tags)}^table={table}{where}"
        fields = ["label", "table", "table_key", "sys_created_on"]
        rows = list(self._client.records("read the tag's entries", "label_entry", query, fields))
        return [row for row in rows if row.get("label") in tags and row.get("table") == table]

    def _by_field(self, table: str, where: str) -> Iterator[Row]:
        tests = "^OR".join(f"sys_tags.{tag}={tag}" for tag in self._lookups.tags())
        fields = [*self._fields(table), "sys_tags"]
        wanted = self._settings.tag.casefold()
        rows = self._client.records("read the tagged tickets", table, f"{tests}{where}", fields, "all")
        for row in rows:
            if wanted in {name.strip().casefold() for name in shown(row.get("sys_tags")).split(",")}:
                yield row

    def _fields(self, table: str) -> list[str]:
        return ["number", self._state(table), "sys_updated_on", "sys_mod_count"]

    def _state(self, table: str) -> str:
        return self._settings.tables[table].state_field

    def _not_done(self, table: str) -> str:
        return f"^{self._state(table)}NOT IN{members(self._settings.tables[table].done)}"

    def _is_open(self, table: str, row: Row) -> bool:
        return plain(row.get(self._state(table))) not in self._settings.tables[table].done
