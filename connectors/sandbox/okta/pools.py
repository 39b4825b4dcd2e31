"""The JSON of the simulated org's agent pools, one for each directory.

A pool has the id of its directory's app; recordings of one org show that, no documentation does.
"""

from __future__ import annotations

from typing import Any

from connectors.sandbox.okta.events import digest
from connectors.sandbox.okta.instance import OktaState
from connectors.sandbox.okta.shapes import link
from connectors.sandbox.okta.world import App

_POOL_TYPES = {"ad": "AD", "ldap": "LDAP"}


def agent_pool_json(state: OktaState, app: App, base: str) -> dict[str, Any]:
    """Return a directory's agent pool."""
    # In a degraded pool, only one of the two agents works.
    states = ("OPERATIONAL", "DISRUPTED") if app.agents == "DEGRADED" else (app.agents, app.agents)
    now = state.frame.clock()
    agents = [
        {
            "id": f"a53{digest(app.id, number)[:17]}",
            "poolId": app.id,
            "name": f"agent{number}.{app.label}",
            "type": _POOL_TYPES[app.kind],
            "version": "3.22.0",
            "operationalStatus": status,
            "lastConnection": int((now if status == "OPERATIONAL" else app.created).timestamp() * 1000),
            "isHidden": False,
            "isLatestGAedVersion": True,
            "latestGAedVersion": "3.22.0",
            "_links": {},
        }
        for number, status in enumerate(states, start=1)
    ]
    return {
        "id": app.id,
        "name": app.label,
        "type": _POOL_TYPES[app.kind],
        "operationalStatus": app.agents,
        "disruptedAgents": states.count("DISRUPTED"),
        "inactiveAgents": states.count("INACTIVE"),
        "agents": agents,
        "_links": {"self": link(f"{base}/api/v1/agentPools/{app.id}")},
    }


def odd_pool_json(state: OktaState, kind: str, base: str) -> dict[str, Any]:
    """Return a pool of a type that a client may not know."""
    id = f"0oa{digest(state.org_id, kind)[:17]}"
    return {
        "id": id,
        "name": kind.lower(),
        "type": kind,
        "operationalStatus": "OPERATIONAL",
        "disruptedAgents": 0,
        "inactiveAgents": 0,
        "agents": [],
        "_links": {"self": link(f"{base}/api/v1/agentPools/{id}")},
    }
