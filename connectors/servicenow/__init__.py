"""ServiceNow as a desk: works the task tables named in the settings, through pysnow, which only calls.py uses."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from connectors.servicenow.checks.survey import ServiceNowSurvey
    from connectors.servicenow.desk import ServiceNowDesk
    from connectors.servicenow.settings import ServiceNowSettings
    from connectors.servicenow.writing.planning import texts_of

__all__ = [
    "ServiceNowDesk",
    "ServiceNowSettings",
    "ServiceNowSurvey",
    "texts_of",
]
WHERE = {  # which module of the package has what; it is loaded when it is first asked for
    "ServiceNowDesk": "desk",
    "ServiceNowSettings": "settings",
    "ServiceNowSurvey": "checks.survey",
    "texts_of": "writing.planning",
}


def __getattr__(name: str) -> Any:
    """Load what is asked for, so that reading the settings does not load the product's client."""
    if name not in WHERE:
        raise AttributeError(f"{__name__} has no {name}")
    return getattr(import_module(f"{__name__}.{WHERE[name]}"), name)
