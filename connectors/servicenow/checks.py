"""Checks a desk's settings against the instance before any ticket is touched; none of this is repeated per ticket.

ServiceNow silently drops an unknown column from an answer, and a condition on it from a query, so a misspelt name would
surface only days later, as a form that seems empty.
"""

from __future__ import annotations

import structlog

from connectors.servicenow.client import ServiceNowClient
from connectors.servicenow.lookups import Lookups
from connectors.servicenow.names import check_choices, check_columns, check_variables
from connectors.servicenow.settings import ServiceNowSettings


def check_instance(client: ServiceNowClient, settings: ServiceNowSettings, lookups: Lookups) -> None:
    """Prove the account, the groups and the tag; raise `Misconfigured` for the first name that is missing."""
    lookups.worker()
    for name in sorted(settings.groups()):
        lookups.group(name)
    lookups.reread_tags()
    check_columns(client, settings)
    for table in settings.tables:
        check_choices(client, settings, table)
    check_variables(client, settings)
    _log_invalid_queries(client, settings)


def _log_invalid_queries(client: ServiceNowClient, settings: ServiceNowSettings) -> None:
    """Log whether the instance ignores the parts of a query that it does not understand.

    It does unless `glide.invalid_query.returns_no_rows` is set (https://www.servicenow.com/docs/, "Encoded query
    strings"), so every record is checked against the query in any case.
    """
    if client.first("try an invalid query", next(iter(settings.tables)), "no_such_field=1", ["sys_id"]):
        log = structlog.get_logger("forcesync.servicenow")
        effect = "nothing to do: every record is held against what was asked for"
        log.info("this instance ignores invalid parts of queries", system=client.system, effect=effect)
