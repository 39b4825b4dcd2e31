"""ServiceNow as a desk: any of the settings' task tables, through pysnow, which is contained in client.py."""

from connectors.servicenow.desk import ServiceNowDesk
from connectors.servicenow.settings import ServiceNowSettings

__all__ = ["ServiceNowDesk", "ServiceNowSettings"]
