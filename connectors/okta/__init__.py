"""Okta: implements the ports `OktaOrg` (reading an org) and `SyncDriver` (running Force Sync)."""

from connectors.okta.credentials import App, ServiceApp
from connectors.okta.driver import TIMEOUTS, AssistedDriver, ReapplyDriver
from connectors.okta.org import CallBudget, OktaConnector

__all__ = ["TIMEOUTS", "App", "AssistedDriver", "CallBudget", "OktaConnector", "ReapplyDriver", "ServiceApp"]
