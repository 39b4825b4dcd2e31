"""The Okta of the contract tests: the sandbox, a live tenant, or a recording of either.

The tenant is named by a settings file (FORCESYNC_LIVE_CONFIG) and the login of a disposable user of one of its
directories (FORCESYNC_LIVE_USER). No Force Sync runs there unless FORCESYNC_LIVE_FORCE_SYNC is `yes`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from connectors.okta import OktaConnector, ReapplyDriver
from connectors.sandbox.scenarios.catalogue import Scenario
from connectors.sandbox.server import Sandbox
from tests.contract import cassettes
from tests.unit.builders import NOW
from tests.unit.wire import StoppedClock
from worker import wiring
from worker.process.clock import SystemClock
from worker.settings.model import load
from workflows.ports import OktaOrg, SyncDriver


class NotReadyError(Exception):
    """The tenant is not set up for the tests; the message says what to set."""


@dataclass(frozen=True)
class OktaSide:
    """An org, a login of one of its directories' users, and the driver, if Force Sync is allowed."""

    org: OktaOrg
    login: str
    driver: SyncDriver | None
    sandbox: Sandbox | None = None


@contextmanager
def sandbox_side() -> Iterator[OktaSide]:
    """Serve a small world with a stopped clock."""
    clock = StoppedClock(NOW)
    with Sandbox(Scenario("empty", users=12), clock=clock.now, sync_seconds=0.0, act=False) as sandbox:
        label = next(iter(sandbox.world.apps))
        login = sandbox.world.of(label)[0].login
        held, url = sandbox.frame.credentials, sandbox.okta_url
        org = OktaConnector("main", url, SecretStr(held.okta_token), clock=clock)
        driver = ReapplyDriver("main", url, SecretStr(held.okta_sync_token), clock=clock)
        yield OktaSide(org, login, driver, sandbox)


@contextmanager
def live_side(environment: Mapping[str, str]) -> Iterator[OktaSide]:
    """Use the tenant named in the environment; record the run into FORCESYNC_LIVE_RECORD if set."""
    config, login = environment.get("FORCESYNC_LIVE_CONFIG"), environment.get("FORCESYNC_LIVE_USER")
    if not config or not login:
        raise NotReadyError("set FORCESYNC_LIVE_CONFIG (a settings file) and FORCESYNC_LIVE_USER (a disposable login)")
    settings = load(Path(config))
    orgs, drivers = wiring.okta_ports(settings, SystemClock())
    pressing = environment.get("FORCESYNC_LIVE_FORCE_SYNC") == "yes"
    side = OktaSide(orgs[settings.org], login, drivers.get(settings.org) if pressing else None)
    with ExitStack() as stack:
        if folder := environment.get("FORCESYNC_LIVE_RECORD"):
            okta = settings.okta[settings.org]
            secrets = [secret.get_secret_value() for secret in (okta.token, okta.key, okta.force_sync.token) if secret]
            scrubber = cassettes.Scrubber(secrets=secrets, hosts=[okta.url])
            stack.enter_context(cassettes.recording(Path(folder) / "okta.yaml", scrubber))
        yield side


@contextmanager
def the_side() -> Iterator[OktaSide]:
    """Use the tenant under `make test-live`, else the sandbox."""
    live = os.environ.get("FORCESYNC_LIVE") == "yes"
    with live_side(os.environ) if live else sandbox_side() as side:
        yield side
