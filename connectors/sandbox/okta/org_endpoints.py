"""The simulated Okta's endpoints for the org itself, its System Log, agent pools and support cases."""

from __future__ import annotations

from datetime import timedelta

from connectors.sandbox.okta.calls import Call, OktaError, Reply, condition
from connectors.sandbox.okta.filters import values_at
from connectors.sandbox.okta.instance import OktaState
from connectors.sandbox.okta.pools import agent_pool_json, odd_pool_json
from connectors.sandbox.wire.frame import iso

# Not `published`: https://developer.okta.com/docs/reference/system-log-query/ has since and until for that.
_LOG_FILTER = (
    "actor.",
    "client.",
    "debugContext.",
    "eventType",
    "outcome.",
    "severity",
    "target.",
    "transaction.",
    "uuid",
)
_LOG_KEPT = timedelta(days=180)  # an older `since` is refused
_KEYWORDS, _KEYWORD = 10, 40
_POOL_TYPES = frozenset({"AD", "IWA", "LDAP", "MFA", "OPP", "RUM", "Radius"})


class OrgEndpoints:
    """The endpoints over one state; each takes a call and returns a reply or raises `OktaError`."""

    def __init__(self, state: OktaState) -> None:
        self.state = state

    def organization(self, call: Call) -> Reply:
        """Answer GET /.well-known/okta-organization."""
        links = {"organization": {"href": call.base}}
        return Reply({"id": self.state.org_id, "pipeline": "idx", "_links": links})

    def logs(self, call: Call) -> Reply:
        """Answer GET /api/v1/logs: the last seven days by default, always with a `next` link.

        https://developer.okta.com/docs/reference/system-log-query/
        """
        now = self.state.frame.clock()
        until = call.moment("until") or now + timedelta(milliseconds=1)  # includes this instant
        since = call.moment("since") or until - timedelta(days=7)
        if since < now - _LOG_KEPT:
            raise OktaError("E0000001", "since", f"since: {iso(since)} is more than 180 days ago")
        order = call.query.get("sortOrder", "ASCENDING")
        if order not in ("ASCENDING", "DESCENDING"):
            raise OktaError("E0000001", "sortOrder", f"sortOrder: found {order!r}, expected ASCENDING or DESCENDING")
        test = condition(call.query["filter"], prefixes=_LOG_FILTER) if "filter" in call.query else None
        keywords = call.query.get("q", "").split()
        if len(keywords) > _KEYWORDS or any(len(word) > _KEYWORD for word in keywords):
            raise OktaError("E0000001", "q", f"q: at most {_KEYWORDS} keywords of at most {_KEYWORD} characters")
        page = self.state.log.page(
            since=since,
            until=until,
            wanted=lambda event: test is None or test(lambda path: values_at(event, path)),
            keywords=keywords,
            limit=call.number("limit", 100, least=0, most=1000),
            after=call.number("after", 0, least=-1, most=10**9) if "after" in call.query else None,
            descending=order == "DESCENDING",
        )
        return Reply(page.events, [call.link("self"), call.link("next", after=page.cursor)])

    def agent_pools(self, call: Call) -> Reply:
        """Answer GET /api/v1/agentPools."""
        wanted = call.query.get("poolType")
        if wanted is not None and wanted not in _POOL_TYPES:
            raise OktaError(
                "E0000001", "poolType", f"poolType: found {wanted!r}, expected one of {sorted(_POOL_TYPES)}"
            )
        most = call.number("limitPerPoolType", 5, least=1, most=200)
        directories = [app for app in self.state.apps.values() if app.is_directory]
        pools = [agent_pool_json(self.state, app, call.base) for app in directories]
        pools += [odd_pool_json(self.state, kind, call.base) for kind in self.state.odd_pools]
        types = sorted({pool["type"] for pool in pools} if wanted is None else {wanted})
        kept = [pool for type in types for pool in [pool for pool in pools if pool["type"] == type][:most]]
        return Reply(kept, [call.link("self")])

    def support_cases(self, _call: Call) -> Reply:
        """Answer GET /api/v1/org/privacy/oktaSupport/cases; no API opens a case.

        Okta's OpenAPI schema wraps the list in an object, its example is the bare list: real orgs may send either.
        """
        held = self.state.support_cases
        return Reply(held if self.state.bare_support_cases else {"supportCases": held})
