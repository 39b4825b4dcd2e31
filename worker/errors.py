"""What only an operator can mend: settings, an old store, a port in use. Ends a command with exit code 2."""

from __future__ import annotations


class OperatorError(Exception):
    """The command cannot go on; the text names what, where, what was expected and what to do."""
