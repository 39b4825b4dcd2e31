"""The simulated Okta's endpoints for mappings, schemas and types, and its undocumented Force Sync.

The traps are the real ones: mapping lists lack `properties`, the reapply takes user type ids and no app ids, and
internal endpoints refuse OAuth tokens.
"""

from __future__ import annotations

from collections.abc import Iterator

from connectors.sandbox.okta import schemas, shapes
from connectors.sandbox.okta.calls import Call, OktaError, Reply, not_found, paged
from connectors.sandbox.okta.endpoints import app_of
from connectors.sandbox.okta.instance import OktaState
from connectors.sandbox.okta.world import App, UserType

_WRONG_KIND = "Invalid source or target id. Source or target id must be of either App Instance or UserType id"


class MappingEndpoints:
    """The endpoints over one state; each takes a call and returns a reply or raises `OktaError`."""

    def __init__(self, state: OktaState) -> None:
        self.state = state

    def app_user_types(self, call: Call) -> Reply:
        """Answer GET /api/v1/apps/{appId}/user/types, undocumented; that there is usually one type is inferred."""
        return Reply([shapes.app_user_type_json(app_of(self.state, call), call.base)])

    def mappings(self, call: Call) -> Reply:
        """Answer GET /api/v1/mappings; ids that are neither an app's nor a user type's are a 400."""
        wanted = {side: call.query[f"{side}Id"] for side in ("source", "target") if f"{side}Id" in call.query}
        for id in wanted.values():
            if not id.startswith("0oa") and id not in self.state.user_types:
                raise OktaError("E0000001", "mapping", _WRONG_KIND)
        found = []
        for app, kind in self._pairs():
            for to_okta in (True, False):
                mapping = shapes.mapping_json(app, kind, call.base, to_okta=to_okta, properties=False)
                if all(mapping[side]["id"] == id for side, id in wanted.items()):
                    found.append(mapping)
        return paged(call, found, default=20, most=200, key=lambda mapping: str(mapping["id"]), shape=lambda m: m)

    def mapping(self, call: Call) -> Reply:
        """Answer GET /api/v1/mappings/{mappingId}, with `properties`."""
        id = call.params["mappingId"]
        for app, kind in self._pairs():
            held = app.mappings[kind.id]
            if id in (held.to_okta_id, held.to_app_id):
                body = shapes.mapping_json(app, kind, call.base, to_okta=id == held.to_okta_id, properties=True)
                return Reply(body)
        raise not_found(id, "ProfileMapping")

    def reapply(self, call: Call) -> Reply:
        """Answer PUT /api/internal/v1/mappings/reapply, Okta's undocumented Force Sync.

        Source and target are the ids of user types, never of apps; only an SSWS token may call it:
        https://github.com/okta/terraform-provider-okta/issues/972. Status and empty body are inferred: no recording
        of an answer is public. The errors for wrong ids are inferred too.
        """
        if call.credential == "oauth":
            raise OktaError("E0000005")
        if call.credential != "sync":
            raise OktaError("E0000006")
        source, target = call.query.get("source", ""), call.query.get("target", "")
        if not source or not target:
            raise OktaError("E0000001", "reapply", "source and target: expected the ids of two user types")
        by_type = {app.type_id: app for app in self.state.apps.values()}
        for id in (source, target):
            if id in self.state.apps:
                raise OktaError("E0000001", "reapply", f"{id} is an app instance, expected the id of its user type")
            if id not in by_type and id not in self.state.user_types:
                raise not_found(id, "UserType")
        if target in self.state.user_types and source in by_type:
            self.state.syncing.reapply(by_type[source].id, call.request_id, target, by_hand=False)
        elif source in self.state.user_types and target in by_type:
            detail = f"{by_type[target].label}: reapplied from Okta to the directory"
            self.state.frame.violate("okta", "Force Sync in the wrong direction", detail)
        else:
            raise OktaError("E0000001", "reapply", "source and target: expected an app's user type and the org's")
        return Reply(None)

    def user_schema(self, call: Call) -> Reply:
        """Answer GET /api/v1/meta/schemas/user/{schemaId}, including `default`."""
        wanted = call.params["schemaId"]
        for kind in self.state.user_types.values():
            if wanted == kind.schema_id or (kind.default and wanted == "default"):
                return Reply(schemas.user_schema_json(self.state, kind, call.base))
        raise not_found(wanted, "Schema")

    def app_schema(self, call: Call) -> Reply:
        """Answer GET /api/v1/meta/schemas/apps/{appId}/default."""
        return Reply(schemas.app_schema_json(app_of(self.state, call), call.base))

    def user_types(self, call: Call) -> Reply:
        """Answer GET /api/v1/meta/types/user."""
        kinds = self.state.user_types.values()
        return Reply([shapes.user_type_json(self.state, kind, call.base) for kind in kinds])

    def user_type(self, call: Call) -> Reply:
        """Answer GET /api/v1/meta/types/user/{typeId}, including `default`."""
        wanted = call.params["typeId"]
        for kind in self.state.user_types.values():
            if wanted == kind.id or (kind.default and wanted == "default"):
                return Reply(shapes.user_type_json(self.state, kind, call.base))
        raise not_found(wanted, "UserType")

    def _pairs(self) -> Iterator[tuple[App, UserType]]:
        for app in self.state.apps.values():
            for kind in self.state.user_types.values():
                yield app, kind
