"""Okta's own words, made harmless before a finding quotes them: a refusal's reason may repeat the refused value."""

from __future__ import annotations

from workflows.model import LogEvent
from workflows.precheck.facts import Facts
from workflows.values.masking import Classes, Hidden


def with_words_masked(facts: Facts, classes: Classes) -> Facts:
    """Hide the user's values in what Okta tells in its own words, so that every sentence that quotes it is harmless."""
    profiles = [*(user.profile for user in facts.users), *(copy.profile for copy in facts.app_users)]
    hide = Hidden(profiles, classes, addresses=True)
    told = {name: _quoted(getattr(facts, name), hide) for name in ("history", "directory_history")}
    imports = facts.imports and facts.imports.but(
        directory_events=_quoted(facts.imports.directory_events, hide),
        user_events=_quoted(facts.imports.user_events, hide),
        missing=tuple(hide(item) for item in facts.imports.missing),
    )
    unreadable = hide(facts.unreadable) if facts.unreadable else None
    return facts.but(**told, imports=imports, unreadable=unreadable)


def _quoted(events: tuple[LogEvent, ...] | None, hide: Hidden) -> tuple[LogEvent, ...] | None:
    if events is None:
        return None
    return tuple(
        event.but(
            reason=hide(event.reason) if event.reason else None, message=hide(event.message) if event.message else None
        )
        for event in events
    )
