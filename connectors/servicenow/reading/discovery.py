"""Finds open tagged tickets by the query field `sys_tags`, and tells since when they are tagged.

https://www.servicenow.com/docs/r/platform-user-interface/c_Tags.html. A tag is an entry in `label_entry`; tags stay on
closed tickets, so that table only grows, and a search by it would cost more each year. `sys_tags.<tag>=<tag>` is what
ServiceNow's own filter writes: it finds open tickets in one query. It shows tag names in display values only, and no
time; the entries have the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import NamedTuple

from connectors.servicenow.answers import Row, plain, shown
from connectors.servicenow.client import ServiceNowClient
from connectors.servicenow.lists import SYS_ID, members
from connectors.servicenow.lookups import Lookups
from connectors.servicenow.reading.tickets import Tag, changed, stamp_of
from connectors.servicenow.settings import ServiceNowSettings
from workflows.errors import FarSideError, Misconfigured, NotAllowed
from workflows.ports import Clock

BATCH = 36  # sys_ids in one query, of 35 characters each: leaves 700 of the 2,000 that every proxy lets through
AT_ONCE = 3 * BATCH  # tickets of a search that are looked up together
# A ticket tagged again between two searches looks as before, if nothing else about it changed (inferred).
TIMES_HOLD = timedelta(minutes=5)
MOST_TIMES = 100_000
EVER = "2000-01-01 00:00:00"  # before any ticket
FORM = "%Y-%m-%d %H:%M:%S"  # of a time in a record or a query


class _Time(NamedTuple):
    """When a ticket was tagged, read after a certain change of it; searches read it anew from `until` on."""

    tagged_on: str
    when_changed: str
    until: datetime


class TaggedTickets:
    """Finds tagged tickets; every record is checked against the query, since invalid conditions are ignored.

    Threads may share it. It remembers the times of tags for the tickets of the last search, and for those read since.
    """

    def __init__(self, client: ServiceNowClient, settings: ServiceNowSettings, lookups: Lookups, clock: Clock) -> None:
        self._client, self._settings, self._lookups, self._clock = client, settings, lookups, clock
        self._times: dict[tuple[str, str], _Time] = {}

    def open_tickets(self, table: str) -> Iterator[tuple[Row, str]]:
        """Yield every open tagged record of a table with its stamp; a fault makes the next search find the tag anew."""
        seen = set[str]()
        try:
            rows = (row for row in self._by_field(table, self._not_done(table)) if self._is_open(table, row))
            while page := list(islice(rows, AT_ONCE)):
                times = self._times_of(table, page)
                for row in page:
                    seen.add(sys_id := plain(row.get("sys_id")))
                    yield row, stamp_of(row, times.get(sys_id, ""))
        except FarSideError:
            self._lookups.forget_tags()
            raise
        for key in list(self._times):  # other threads add to it
            if key[0] == table and key[1] not in seen:
                self._times.pop(key, None)

    def past(self, table: str, since: datetime) -> Iterator[Row]:
        """Yield the tagged records of a table that were opened or closed since then (UTC), open or not, newest first.

        A time in a query is UTC (inferred from a ServiceNow employee's post on time zones in web services). What an
        instance calls closed differs by table, so the search is for what changed since then, and its rows tell the
        rest. An account that may not use ranges sees nothing by them, or a refusal: then every tagged record is looked
        at.
        """
        at, came = f"{since.astimezone(UTC):{FORM}}", False
        try:
            for row in self._happened_since(table, at, f"^sys_updated_on>={at}"):
                came = True
                yield row
            ever = f"{self._tagged()}^sys_updated_on>={EVER}"
            ranges = came or bool(self._client.lists.first("try a range condition", table, ever, ["sys_id"]))
        except NotAllowed:
            if came:
                raise
            ranges = False
        if not ranges:
            yield from self._happened_since(table, at, "")

    def _happened_since(self, table: str, at: str, where: str) -> Iterator[Row]:
        fields = ["number", self._state(table), "opened_at", "closed_at", "sys_updated_on", "sys_tags"]
        for row in self._client.lists.newest(
            "find past tickets", table, f"{self._tagged()}{where}", "opened_at", fields
        ):
            closed = (
                "" if self._is_open(table, row) else plain(row.get("closed_at")) or plain(row.get("sys_updated_on"))
            )
            if self._shows_tag(row) and max(plain(row.get("opened_at")), closed) >= at:
                yield row

    def tag_of(self, table: str, record: Row) -> Tag:
        """Return whether a ticket carries the tag and when it was last added, where that is known.

        A record that does not show the tag is held against the tag's entries before it counts as untagged.
        """
        sys_id = plain(record.get("sys_id"))
        held, on_record = self._times.get((table, sys_id)), self._shows_tag(record)
        if not self._by_entries:
            return Tag(present=on_record or any(self._by_field(table, f"^sys_id={sys_id}")))
        if on_record and held and held.when_changed == changed(record):
            return Tag(present=True, added_on=held.tagged_on)
        found = self._read_times(table, [record]).get(sys_id)
        if found is not None:
            self._remember(table, record, found)
        return Tag(present=on_record or found is not None, added_on=found or "")

    def follow(self, table: str, record: Row) -> None:
        """Keep the time of a ticket's tag through a change that was ours alone."""
        key = table, plain(record.get("sys_id"))
        if held := self._times.get(key):
            self._times[key] = held._replace(when_changed=changed(record))

    def prove(self) -> None:
        """Raise `Misconfigured` if `sys_tags` does not find what the newest of the tag's entries name.

        A condition that an instance does not know may return nothing, and no ticket would ever be found.
        """
        if not self._by_entries:
            return
        operation, tables = "try the query field sys_tags", self._settings.tables
        where = f"labelIN{members(self._lookups.tags())}^tableIN{members(tables)}^ORDERBYDESCsys_created_on"
        entries = self._client.lists.first(operation, "label_entry", where, ["table", "table_key"], BATCH)
        for table in tables:
            ids = {plain(entry.get("table_key")) for entry in entries if entry.get("table") == table}
            if not (ids := set(filter(SYS_ID.fullmatch, ids))):
                continue
            among = f"sys_idIN{members(sorted(ids))}"
            there = list(self._client.lists.records(operation, table, among, ["sys_tags"], "all", held=False))
            if there and not any(self._by_field(table, f"^{among}")):
                detail = (
                    f"{len(there)} records of {table} carry the tag by label_entry, but sys_tags finds none of them"
                )
                raise Misconfigured(self._client.system, operation, detail)

    @property
    def _by_entries(self) -> bool:
        return self._settings.tag_lookup == "label_entry"

    def _times_of(self, table: str, page: list[Row]) -> dict[str, str]:
        """Return the times of the tags of a page; only those of new sightings and those held for long are read."""
        if not self._by_entries:
            return {}
        now, ids = self._clock.now(), [plain(row.get("sys_id")) for row in page]
        times = {sys_id: time for sys_id in ids if (time := self._times.get((table, sys_id)))}
        held = {sys_id: time.tagged_on for sys_id, time in times.items() if now < time.until}
        fresh = [row for row in page if plain(row.get("sys_id")) not in held]
        read = self._read_times(table, fresh)
        for row in fresh:
            self._remember(table, row, read.get(plain(row.get("sys_id")), ""))
        return held | read

    def _read_times(self, table: str, records: list[Row]) -> dict[str, str]:
        """Return when each of the records was tagged last; untagged ones are not among them."""
        found: dict[str, str] = {}
        ids = [plain(row.get("sys_id")) for row in records]
        for start in range(0, len(ids), BATCH):
            for entry in self._entries(table, ids[start : start + BATCH]):
                sys_id = plain(entry.get("table_key"))
                found[sys_id] = max(found.get(sys_id, ""), plain(entry.get("sys_created_on")))
        return found

    def _remember(self, table: str, record: Row, tagged_on: str) -> None:
        if len(self._times) >= MOST_TIMES:  # in a process that reads tickets and never searches
            self._times.clear()
        until = self._clock.now() + TIMES_HOLD
        self._times[table, plain(record.get("sys_id"))] = _Time(tagged_on, changed(record), until)

    def _entries(self, table: str, ids: Iterable[str]) -> list[Row]:
        tags = self._lookups.tags()
        query = f"labelIN{members(tags)}^table={table}^table_keyIN{members(ids)}"
        fields = ["label", "table", "table_key", "sys_created_on"]
        rows = list(self._client.lists.records("read the tag's entries", "label_entry", query, fields))
        return [row for row in rows if row.get("label") in tags and row.get("table") == table]

    def _by_field(self, table: str, where: str) -> Iterator[Row]:
        fields = ["number", self._state(table), "sys_updated_on", "sys_mod_count", "sys_tags"]
        rows = self._client.lists.records("read the tagged tickets", table, f"{self._tagged()}{where}", fields, "all")
        return (row for row in rows if self._shows_tag(row))

    def _tagged(self) -> str:
        return "^OR".join(f"sys_tags.{tag}={tag}" for tag in self._lookups.tags())

    def _shows_tag(self, record: Row) -> bool:
        names = {name.strip().casefold() for name in shown(record.get("sys_tags")).split(",")}
        return self._settings.tag.casefold() in names

    def _state(self, table: str) -> str:
        return self._settings.tables[table].state_field

    def _not_done(self, table: str) -> str:
        return f"^{self._state(table)}NOT IN{members(self._settings.tables[table].done)}"

    def _is_open(self, table: str, row: Row) -> bool:
        return plain(row.get(self._state(table))) not in self._settings.tables[table].done
