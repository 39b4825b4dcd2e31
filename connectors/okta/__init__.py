"""Okta: the org behind the core's `OktaOrg` port, and the undocumented call behind its `SyncDriver` port."""

from connectors.okta.credentials import ServiceApp
from connectors.okta.driver import AssistedDriver, ReapplyDriver
from connectors.okta.org import OktaConnector

__all__ = ["AssistedDriver", "OktaConnector", "ReapplyDriver", "ServiceApp"]
