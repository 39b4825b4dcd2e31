"""The documented precheck as one decision table: collected facts in, one verdict out.

The article's note is the heart: where the app user does not hold the updated value, Force Sync will not help
(https://support.okta.com/help/s/article/force-updates-from-active-directory-to-okta). Around it stand, in this order,
the reasons for which it would be pointless, wrong or unprovable. Agreement of both copies proves nothing: without a
stated value it is "cannot tell".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from workflows.model import Cause, Evidence, EvidenceKind, LogEvent, Reason, ReasonKind, Verdict
from workflows.model import VerdictKind as V
from workflows.precheck import what, who
from workflows.precheck.expectations import carried, is_firm, observations
from workflows.precheck.facts import Facts
from workflows.precheck.questions import Ask, Finding, Question, question_of
from workflows.precheck.verdicts import STALE_COPY
from workflows.values.keys import unit_of

Row = tuple[V, Callable[[Question], Finding | None]]

WHO: tuple[Row, ...] = (
    (V.ON_BEHALF, who.on_behalf),
    (V.NEEDS_INFORMATION, who.nobody_named),
    (V.USER_NOT_FOUND, who.not_found),
    (V.USER_AMBIGUOUS, who.ambiguous),
    (V.USER_NOT_ACTIVE, who.not_active),
    (V.NOT_READABLE, who.not_readable),
    (V.NOT_LINKED, who.not_linked),
    (V.LINKED_TO_SEVERAL, who.several_that_differ),
    (V.SOURCE_NOT_ESTABLISHED, who.source_not_established),
    (V.OKTA_MASTERS_DIRECTORY, who.okta_masters),
    (V.DIRECTORY_INACTIVE, who.directory_off),
    (V.NOT_MAPPED, what.no_mapping),
)
WHAT: tuple[Row, ...] = (
    (V.OBJECTED, what.objected),
    (V.NOT_YET, what.not_yet),
    (V.NEEDS_INFORMATION, what.which_attribute),
    (V.CANNOT_TELL, what.about_to_be_undone),
    (V.ALREADY_RIGHT, what.already_right),
    (V.DOWNSTREAM, what.held_for_long),
    (V.CANNOT_TELL, what.keys_differ),
    (V.NOT_IMPORTED, what.not_imported),
    (V.STALE_IN_DIRECTORY_COPY, what.stale_copy),
    (V.SOURCED_ELSEWHERE, what.sourced_elsewhere),
    (V.NOT_MAPPED, what.not_mapped),
    (V.CREATE_ONLY, what.create_only),
    (V.MAPPING_INVALID, what.mapping_invalid),
    (V.NOT_PREDICTABLE, what.not_predictable),
    (V.CANNOT_TELL, what.spoken_against),
    (V.CANNOT_TELL, what.would_be_emptied),
    (V.REJECTED_BY_OKTA, what.rejected),
    (V.OVERWRITTEN, what.overwritten),
    (V.STALE_IN_OKTA, what.stale_in_okta),
    (V.CANNOT_TELL, what.agreed),
    (V.UNSPECIFIC, what.unspecific),
    (V.NEEDS_INFORMATION, what.nothing_said),
)
TABLE = (*WHO, *WHAT)
_REMAIN = (V.SOURCED_ELSEWHERE, V.NOT_MAPPED, V.CREATE_ONLY, V.REJECTED_BY_OKTA)  # would stand in the way afterwards


def judge(facts: Facts, synonyms: Mapping[str, str], asked: tuple[str, ...] = ()) -> Verdict:
    """Decide one subject: the first row of the table that finds something is the verdict.

    `asked` are attributes that stand in the place of those of which the words speak.
    """
    question = question_of(facts, synonyms)
    if asked:
        question = question._replace(asks=tuple(Ask(name) for name in asked))
    place, finding = next((place, found) for place, (_, rule) in enumerate(TABLE) if (found := rule(question)))
    kind = TABLE[place][0]
    if kind is V.ON_BEHALF:  # nothing tells whether Okta knows whom the ticket names, and no other ticket is of them
        return Verdict(kind=kind, reason=finding.reason, judged_at=facts.at)
    one_user = len(facts.users) == 1
    leading = facts.leading if one_user else None
    return Verdict(
        kind=kind,
        reason=finding.reason,
        attribute=finding.attribute,
        spoken=tuple(ask.attribute for ask in question.asks if not ask.explicit),
        user_id=facts.user.id if one_user else None,
        login=facts.user.login if one_user else None,
        directory=leading.directory if leading else None,
        copied_at=leading.last_updated if leading else None,
        unit=unit_of(leading.profile.get("dn")) if leading else "",
        target_type_id=facts.user.type_id if one_user else None,
        expectations=finding.expectations,
        carried=carried(question) if kind is V.STALE_IN_OKTA else (),
        firm=kind is V.STALE_IN_OKTA and is_firm(question),
        observations=observations(question) if leading and facts.rules else (),
        evidence=(*facts.evidence, *(_logged(event, facts) for event in finding.events)),
        also=_further(place, question),
        suspicions=finding.suspicions,
        judged_at=facts.at,
    )


def _logged(event: LogEvent, facts: Facts) -> Evidence:
    """Name the System Log event that a finding rests on, so that an administrator can look it up."""
    system = facts.evidence[0].system if facts.evidence else ""
    what = Reason.of(ReasonKind.EVENT_LOGGED, event=event.event_type)
    return Evidence(kind=EvidenceKind.EVENT, what=what, system=system, at=event.published, log_id=event.uuid)


def _further(place: int, question: Question) -> tuple[Cause, ...]:
    """Return the causes that would remain if the first one, which the table has in this place, were mended."""
    if place < len(WHO) or TABLE[place][0] not in STALE_COPY.union(_REMAIN):
        return ()
    found = ((row, rule(question)) for row, rule in TABLE[place + 1 :] if row in _REMAIN)
    return tuple(
        Cause(kind=row, reason=finding.reason, attribute=finding.attribute)
        for row, finding in found
        if finding is not None
    )
