"""Okta: implements the ports `OktaOrg` (reading an org) and `SyncDriver` (running Force Sync)."""

from connectors.okta.credentials import ServiceApp
from connectors.okta.driver import AssistedDriver, ReapplyDriver
from connectors.okta.org import CallBudget, OktaConnector

__all__ = ["AssistedDriver", "CallBudget", "OktaConnector", "ReapplyDriver", "ServiceApp"]
