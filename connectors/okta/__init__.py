"""Okta: the org behind the core's `OktaOrg` port, and the undocumented call behind its `SyncDriver` port."""

from connectors.okta.assisted import AssistedDriver
from connectors.okta.oauth import ServiceApp
from connectors.okta.org import OktaConnector
from connectors.okta.reapply import ReapplyDriver

__all__ = ["AssistedDriver", "OktaConnector", "ReapplyDriver", "ServiceApp"]
