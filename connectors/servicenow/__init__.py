"""ServiceNow as a desk: works the task tables named in the settings, through pysnow, which only client.py uses."""

from connectors.servicenow.desk import ServiceNowDesk
from connectors.servicenow.planning import texts_of
from connectors.servicenow.settings import ServiceNowSettings
from connectors.servicenow.survey import ServiceNowSurvey

__all__ = ["ServiceNowDesk", "ServiceNowSettings", "ServiceNowSurvey", "texts_of"]
