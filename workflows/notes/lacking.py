"""What a question back still has to ask for: those of user, attribute and value that the ticket does not say."""

from __future__ import annotations

from workflows.model import Request, Verdict, VerdictKind

USER, ATTRIBUTE, VALUE = "user", "attribute", "expected"  # the parts of a ticket, as its labelled lines name them


def lacking(verdict: Verdict, request: Request) -> frozenset[str]:
    """Return the parts to ask for.

    A value that answers no single attribute by itself is asked for together with its attribute, so that the reply says
    to which one it belongs.
    """
    if verdict.kind in {VerdictKind.USER_NOT_FOUND, VerdictKind.USER_AMBIGUOUS}:
        return frozenset({USER})
    missing = set() if verdict.user_id else {USER}
    if _value_is_missing(verdict, request):
        missing.add(VALUE)
    named = {name.casefold() for name in request.attributes}
    which = verdict.kind is VerdictKind.NEEDS_INFORMATION and verdict.user_id and verdict.attribute is None
    if which or not named or (VALUE in missing and len(named) > 1):
        missing.add(ATTRIBUTE)
    return frozenset(missing)


def _value_is_missing(verdict: Verdict, request: Request) -> bool:
    if verdict.kind is VerdictKind.CANNOT_TELL or verdict.attribute is not None:
        return True  # the values that are stated do not decide, or contradict each other
    return not request.wants or any(want.expected is None for want in request.wants)
