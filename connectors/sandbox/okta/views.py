"""The simulated org in the control server's shapes, which are a contract."""

from __future__ import annotations

from typing import Any

from connectors.sandbox.okta.records import OktaRecords
from connectors.sandbox.okta.world import App, AppUser, ForceSync, User
from connectors.sandbox.wire.frame import iso


def user_view(records: OktaRecords, user: User) -> dict[str, Any]:
    """Return a user with the three copies of the attributes."""
    links = [(records.apps[app_id], link) for app_id, link in user.links.items()]
    return {
        "id": user.id,
        "login": user.login,
        "status": user.status,
        "type": records.user_types[user.type_id].name,
        "stuck": user.stuck,
        "rejected": user.rejected,
        "groups": [group.name for group in records.groups.values() if user.id in group.members],
        "profile": dict(user.profile),
        "directories": [_link_view(app, link) for app, link in links if app.is_directory],
        "sources": [_link_view(app, link) for app, link in links if app.kind == "hr"],
    }


def _link_view(app: App, link: AppUser) -> dict[str, Any]:
    return {
        "app_id": app.id,
        "label": app.label,
        "kind": app.kind,
        "source": dict(link.source),
        "app_user": dict(link.profile),
        "scope": link.scope,
        "status": link.status,
        "sync_state": link.sync_state,
    }


def directory_view(app: App) -> dict[str, Any]:
    """Return a directory instance."""
    return {
        "app_id": app.id,
        "label": app.label,
        "kind": app.kind,
        "users": len(app.members),
        "status": app.status,
        "agents": app.agents,
        "roadblock": app.roadblock,
    }


def force_sync_view(sync: ForceSync) -> dict[str, Any]:
    """Return an accepted reapply."""
    return {
        "app_id": sync.app_id,
        "label": sync.label,
        "requested_at": iso(sync.requested_at),
        "applied_at": iso(sync.applied_at),
        "request_id": sync.request_id,
    }
