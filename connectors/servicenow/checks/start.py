"""Checks a desk's settings against the instance before any ticket is touched; none of this is repeated per ticket.

ServiceNow silently drops an unknown column from an answer, and a condition on it from a query, so a misspelt name would
surface only days later, as a form that seems empty.
"""

from __future__ import annotations

import structlog

from connectors.servicenow.checks.names import (
    check_choices,
    check_columns,
    check_groups,
    check_tag,
    check_variables,
)
from connectors.servicenow.client import ServiceNowClient
from connectors.servicenow.lookups import Lookups
from connectors.servicenow.reading.relations import has_open_children
from connectors.servicenow.settings import ServiceNowSettings
from workflows.errors import Checklist

NO_RECORD = "0" * 32  # the right to look for children needs no ticket to be proven


def check_instance(client: ServiceNowClient, settings: ServiceNowSettings, lookups: Lookups) -> None:
    """Prove the account, then the groups, the tag and every name; raise `Misconfigured` with all that is missing."""
    lookups.worker()
    checks = Checklist(client.system)
    with checks.noting():
        check_groups(client, settings, lookups)
    with checks.noting():
        check_tag(client, settings, lookups)
    with checks.noting():
        check_columns(client, settings, settings.tables)
    for table in settings.tables:
        with checks.noting():
            check_choices(client, settings, table)
        with checks.noting():
            has_open_children(client, table, NO_RECORD)
    with checks.noting():
        check_variables(client, settings)
    checks.end()
    log_invalid_queries(client, settings)
    for table in (*(["label_entry"] if settings.tag_lookup == "label_entry" else []), *settings.tables):
        client.lists.try_range(table)


def log_invalid_queries(client: ServiceNowClient, settings: ServiceNowSettings) -> None:
    """Log whether the instance ignores the parts of a query that it does not understand.

    It does unless `glide.invalid_query.returns_no_rows` is set
    (https://www.servicenow.com/docs/r/platform-user-interface/c_EncodedQueryStrings.html), so every record is checked
    against the query in any case.
    """
    if client.lists.first("try an invalid query", next(iter(settings.tables)), "no_such_field=1", ["sys_id"]):
        log = structlog.get_logger("forcesync.servicenow")
        effect = "nothing to do: every record is held against what was asked for"
        log.info("this instance ignores invalid parts of queries", system=client.system, effect=effect)
