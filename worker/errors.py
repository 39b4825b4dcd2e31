"""Errors that only an operator can fix: settings, an old store, a port in use. They end a command with exit code 2."""

from __future__ import annotations


class OperatorError(Exception):
    """The command cannot continue; the text names what, where, what was expected and what to do."""
