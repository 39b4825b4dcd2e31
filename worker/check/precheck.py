"""Makes the documented precheck for one user at an operator's request: the product's own, without a ticket."""

from __future__ import annotations

from collections.abc import Sequence

from worker.check.calls import Calls
from worker.check.findings import Report, report_of
from worker.errors import OperatorError
from workflows.errors import FarSideError, Refused
from workflows.model import AgentPool, OktaUser, Policy, Reading, Request, Statement
from workflows.ports import Clock, OktaOrg
from workflows.precheck.examination import Settings, examine
from workflows.precheck.facts import Facts
from workflows.precheck.gathering import gather, with_names
from workflows.precheck.identities import decided
from workflows.reading.vocabulary import vocabulary_of
from workflows.values.comparing import identity
from workflows.values.wording import near_ones

MOST_CALLS = 6
ONESELF = "me"  # in a path of Okta's, the account that calls
NOT_FOUND = 404


def examined(
    user: str, asked: Sequence[tuple[str, str | None]], org: OktaOrg, policy: Policy, clock: Clock, calls: Calls
) -> Report:
    """Examine one user, by any identifier, in these attributes, each with the value that it should hold if known.

    Without attributes, those in which both copies differ. Makes no more than the calls that `calls` allows. Raises
    `FarSideError` where Okta itself cannot be read, `OperatorError` for a name that is no attribute's.
    """
    with calls.counting():
        facts = _with_known_names(_gathered(user, asked, org, clock), org, policy)
        subject = examine(facts, None, org, policy, Settings.RECENT)
        verdict = subject.verdict
        if verdict is None:
            raise LookupError("the precheck gave no verdict")
        pools = _pools(facts, org) if calls.left else None
    return report_of(facts, verdict, policy, calls, pools)


def _gathered(user: str, asked: Sequence[tuple[str, str | None]], org: OktaOrg, clock: Clock) -> Facts:
    found = _found(user, org)
    request = Request(user=user, statements=tuple(Statement(attribute=name, expected=value) for name, value in asked))
    facts = Facts(
        request=request,
        identifier=user,
        named=True,
        at=clock.now(),
        users=found,
        reading=Reading(users=(user,), statements=request.statements, of_profile=True),
    )
    if len(found) != 1:
        return facts
    facts = gather(facts, org)
    if asked or facts.leading is None:
        return facts
    drift = tuple(Statement(attribute=name) for name in facts.rules if facts.differs(name))
    return facts.but(request=request.but(statements=drift))


def _with_known_names(facts: Facts, org: OktaOrg, policy: Policy) -> Facts:
    """Return facts that know every name that was asked about: Okta's, the directory's, or one of the vocabulary.

    Nothing true can be said about any other name, which is a typing error: raises `OperatorError`. Where the user's
    schema was not read, no name can be told from another.
    """
    unknown = _unknown(set(facts.request.attributes), facts) if facts.schema_rules else set()
    unknown = {name for name in unknown if not vocabulary_of(policy.synonyms).attributes_of(name)}  # long to build
    if not unknown:
        return facts
    facts = with_names(facts, org)
    if unknown := _unknown(unknown, facts):
        known = sorted({*facts.schema_names, *facts.rules})
        told = "; ".join(f"{name!r} is no attribute of the user's{near_ones(name, known)}" for name in sorted(unknown))
        raise OperatorError(f"ATTRIBUTE: {told}; see Directory > Profile Editor in Okta")
    return facts


def _unknown(names: set[str], facts: Facts) -> set[str]:
    read = (identity(rule.expression) or "" for rule in facts.rules.values())
    known = {name.casefold() for name in (*facts.schema_names, *facts.rules, *read, *facts.external_names)}
    return {name for name in names if name.casefold() not in known}


def _found(text: str, org: OktaOrg) -> tuple[OktaUser, ...]:
    """Look up a user in as few calls as the identifier allows: an id or short name in one, a login or address in one.

    https://developer.okta.com/docs/reference/api/users/#get-user
    """
    if "@" not in text and " " not in text.strip() and text.strip().casefold() != ONESELF:
        try:
            return (org.user(text.strip()),)
        except Refused as error:
            if error.status not in (NOT_FOUND, None):
                raise
    if " " in text.strip() and "@" not in text:
        named = org.find_named(text)
        return (org.user(named[0].id),) if len(named) == 1 else named
    return decided(text, org.find_users(text))


def _pools(facts: Facts, org: OktaOrg) -> tuple[AgentPool, ...] | None:
    """Return the directories' agents; None where they cannot be read, which a precheck can do without."""
    try:
        return org.agent_pools() if facts.app_users else None
    except FarSideError:
        return None
