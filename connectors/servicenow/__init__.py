"""ServiceNow as a desk: works the task tables named in the settings, through pysnow, which only calls.py uses."""

from connectors.servicenow.checks.survey import ServiceNowSurvey
from connectors.servicenow.desk import ServiceNowDesk
from connectors.servicenow.settings import ServiceNowSettings
from connectors.servicenow.writing.planning import texts_of

__all__ = ["ServiceNowDesk", "ServiceNowSettings", "ServiceNowSurvey", "texts_of"]
