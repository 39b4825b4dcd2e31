"""What the precheck found for one user, step by step, with values by their class and where to click.

What Microsoft Entra's "provision on demand" shows, for Okta.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from pydantic import JsonValue

from worker.check.calls import Calls
from worker.check.clicks import click_of
from workflows.model import AgentPool, AppUser, Policy, Reason, Subject, Verdict
from workflows.model import ReasonKind as R
from workflows.model import VerdictKind as V
from workflows.notes.reasons import sentence_by_hand
from workflows.notes.titles import TOLD
from workflows.precheck.expectations import GONE
from workflows.precheck.facts import Facts
from workflows.precheck.verdicts import STALE_COPY, VERDICTS, Team
from workflows.values.case_values import values_of
from workflows.values.comparing import identity, same
from workflows.values.masking import Hidden, called, display, plain
from workflows.values.wording import counted, moment

RIGHT = frozenset({V.ALREADY_RIGHT, V.DOWNSTREAM})  # Okta holds what was asked for
HELPS = V.STALE_IN_OKTA
LONGEST = 400  # characters of one sentence


class Outcome(StrEnum):
    """What came of a step."""

    OK = "ok"
    NO = "no"
    UNKNOWN = "unknown"
    NOT_REACHED = "-"


class Step(NamedTuple):
    """One step of the precheck: its name, what came of it, and what was seen."""

    id: str
    outcome: Outcome
    seen: str


class Compared(NamedTuple):
    """One attribute on its way: values shown by their class; `rule` is the mapping's, `source` the schema's word.

    `same` says whether Okta holds what is expected: stated, else the copy's; None where that cannot be compared.
    """

    attribute: str
    expected: str | None
    copy: str
    okta: str
    same: bool | None
    rule: str
    source: str


class Report(NamedTuple):
    """What the precheck found for one user.

    `ok` says that Okta is right, which copies that agree do not prove, or that Force Sync helps and nothing was left
    unread that might speak against it.
    """

    ok: bool
    login: str
    user_id: str
    steps: tuple[Step, ...]
    attributes: tuple[Compared, ...]
    verdict: V
    title: str
    why: str
    also: tuple[str, ...]
    next: str
    click: str
    calls: int


# The step at which each verdict stops.
_STOPS: Mapping[V, str] = {
    **dict.fromkeys((V.USER_NOT_FOUND, V.USER_AMBIGUOUS, V.USER_NOT_ACTIVE), "user"),
    **dict.fromkeys(
        (V.NOT_READABLE, V.NOT_LINKED, V.LINKED_TO_SEVERAL, V.SOURCE_NOT_ESTABLISHED, V.OKTA_MASTERS_DIRECTORY),
        "directory",
    ),
    V.DIRECTORY_INACTIVE: "directory",
    **dict.fromkeys(STALE_COPY, "copy"),
    **dict.fromkeys((V.NOT_MAPPED, V.CREATE_ONLY, V.SOURCED_ELSEWHERE, V.MAPPING_INVALID), "mapping"),
    V.NOT_PREDICTABLE: "mapping",
    **dict.fromkeys((V.REJECTED_BY_OKTA, V.OVERWRITTEN, V.STALE_IN_OKTA), "profile"),
}


def report_of(
    facts: Facts, verdict: Verdict, policy: Policy, calls: Calls, pools: Sequence[AgentPool] | None
) -> Report:
    """Put together what was read and found; `pools` are the directories' agents, None if they were not read."""
    one = facts.user if len(facts.users) == 1 else None
    login = (called(one.login, policy) or "") if one else ""
    hide = Hidden(values_of(Subject(request=facts.request, verdict=verdict)), policy)

    def told(reason: Reason) -> str:
        return plain(hide(sentence_by_hand(reason)), LONGEST)

    nothing = verdict.reason.kind is R.NOTHING_SAID
    compared = tuple(_compared(facts, verdict, policy))
    unread = any(item.kind is R.IMPORTS_NOT_READ for item in verdict.suspicions)
    # Silence proves nothing where not everything was read.
    also = [told(item) for item in verdict.suspicions if not (unread and item.kind is R.NO_IMPORT)]
    also += [f"Would still stand in the way: {told(item.reason)}" for item in verdict.also]
    if calls.spent and not unread:
        also.append(f"Not everything was read, because this look makes at most {counted(calls.made, 'call')}.")
    return Report(
        ok=verdict.kind in RIGHT or (verdict.kind is HELPS and not calls.spent),
        login=login,
        user_id=one.id if one else "",
        steps=tuple(_steps(facts, verdict, compared, _user(facts, login), pools)),
        attributes=compared,
        verdict=verdict.kind,
        title="Nothing differs" if nothing else TOLD[verdict.kind].title,
        why=told(verdict.reason),
        also=tuple(also),
        next=_next(verdict, login if calls.spent and login != facts.identifier else ""),
        click=click_of(verdict, login),
        calls=calls.made,
    )


def _next(verdict: Verdict, shorter: str) -> str:
    """Return what to do; `shorter` is the login by which the user is found in fewer calls than were spent."""
    if shorter and verdict.kind in (V.NOT_READABLE, HELPS):
        return f"repeat this check with the login {shorter}, which takes fewer calls"
    if verdict.reason.kind is R.NOTHING_SAID:
        return f"nothing; if a value is old in both copies, {Team.DIRECTORY}: import it from the directory"
    if verdict.kind in (V.USER_NOT_FOUND, V.USER_AMBIGUOUS):
        return "repeat this check with the user's login or id; a user who is not there may never have been imported"
    if verdict.reason.kind is R.AGREED:
        return "repeat this check with the value that is expected: ATTRIBUTE=VALUE"
    return f"{VERDICTS[verdict.kind].team}: {TOLD[verdict.kind].next_step.rstrip('.')}"


def _steps(
    facts: Facts, verdict: Verdict, compared: Sequence[Compared], user: str, pools: Sequence[AgentPool] | None
) -> Iterator[Step]:
    """Yield the steps in the order of the procedure; what was not read was not reached."""
    stops = {_STOPS.get(verdict.kind), *(_STOPS.get(item.kind) for item in verdict.also)}
    stops |= {"profile"} if any(item.same is False for item in compared) else set()

    def step(id: str, seen: str, *, reached: bool = True, known: bool = True) -> Step:
        if not reached:
            return Step(id, Outcome.NOT_REACHED, "not looked at")
        outcome = Outcome.NO if id in stops else Outcome.OK if known else Outcome.UNKNOWN
        return Step(id, outcome, seen)

    linked, mapped = bool(facts.app_users), bool(facts.rules)
    unsure = verdict.kind is V.CANNOT_TELL
    yield step("user", user)
    yield step("directory", _directory(facts, pools), reached=linked or "directory" in stops)
    yield step("copy", _copy(facts, compared), reached=facts.leading is not None, known=not unsure)
    yield step("mapping", _mapping(facts, compared), reached=mapped or "mapping" in stops)
    yield step("profile", _profile(compared), reached=mapped, known=not unsure)


def _user(facts: Facts, login: str) -> str:
    if len(facts.users) != 1:
        return f"{counted(len(facts.users), 'Okta user')} found"
    status = plain(facts.user.status, 40)
    return f"{login or '(login withheld)'} ({facts.user.id}), {status}" + (" (no updates)" if status in GONE else "")


def _directory(facts: Facts, pools: Sequence[AgentPool] | None) -> str:
    if not facts.app_users:
        return "not readable" if facts.unreadable else "linked to no directory"
    others = f"; other profile sources: {', '.join(facts.other_sources)}" if facts.other_sources else ""
    return "; ".join(_link(item, pools) for item in facts.app_users) + others


def _link(copy: AppUser, pools: Sequence[AgentPool] | None) -> str:
    directory = copy.directory
    state = "active" if directory.active else "not active"
    pool = next((item for item in pools or () if item.id == directory.ref.app_id), None)
    agents = f", agents {pool.status.lower()}" if pool else "" if pools is None else ", no agents"
    return (
        f"{directory.label} ({directory.ref.app_id}, {directory.kind.value.upper()}, {state}), "
        f"assigned by {copy.scope.lower()}, {copy.sync_state or copy.status}{agents}"
    )


def _copy(facts: Facts, compared: Sequence[Compared]) -> str:
    if facts.leading is None:
        return "no single directory leads"
    held = "; ".join(f"{item.attribute}: {item.copy}{_wanted(item)}" for item in compared)
    return f"last updated {moment(facts.leading.last_updated)}" + (f"; {held}" if held else "")


def _mapping(facts: Facts, compared: Sequence[Compared]) -> str:
    if not facts.rules:
        return "no To Okta mapping was read"
    rules = "; ".join(f"{item.attribute}: {item.rule}, {item.source}" for item in compared)
    return rules or f"{counted(len(facts.rules), 'attribute')} mapped"


def _wanted(item: Compared) -> str:
    return f" (expected: {item.expected})" if item.expected not in (None, item.copy) else ""


_SAME = {True: "as expected", False: "differs", None: "cannot be compared"}


def _profile(compared: Sequence[Compared]) -> str:
    if not compared:
        return "agrees with the copy in all that can be compared"
    return "; ".join(f"{item.attribute}: {item.okta} ({_SAME[item.same]})" for item in compared)


_SOURCES = {
    "PROFILE_MASTER": "from the profile source",
    "OKTA": "source: Okta",
    "OVERRIDE": "source overridden",
}


def _compared(facts: Facts, verdict: Verdict, policy: Policy) -> Iterator[Compared]:
    """Yield each attribute that was asked about, or that differs."""
    stated = facts.request.statements
    expected: dict[str, JsonValue] = {
        item.attribute: item.expected for item in stated if item.attribute and item.expected
    }
    expected |= {item.attribute: item.value for item in verdict.expectations}
    for item in verdict.observations:
        name, rule, schema = item.attribute, facts.rules.get(item.attribute), facts.schema_of(item.attribute)
        how = "not mapped" if rule is None else plain(rule.expression, 80)
        if rule and not rule.on_update:
            how += " (on creation only)"
        plainly = rule is not None and identity(rule.expression) is not None
        copy = display(name, facts.copy_of(name), policy) if plainly else "(computed)"
        as_copied = not facts.differs(name) if plainly else None
        yield Compared(
            attribute=name,
            expected=display(name, expected[name], policy) if name in expected else None,
            copy=copy if rule else "(not mapped)",
            okta=display(name, item.okta, policy),
            same=same(expected[name], item.okta) if name in expected else as_copied,
            rule=how,
            source=_SOURCES.get((schema.master if schema else None) or "", "source not told"),
        )
