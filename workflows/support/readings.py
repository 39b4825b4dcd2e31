"""What was read of a user around the press, as sentences for Okta Support: with times (UTC) and Okta's request ids."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.model import Look, Subject
from workflows.precheck.verdict_texts import moment
from workflows.support.diagnosis import SubjectDiagnosis
from workflows.support.material import Material


def readings(subject: Subject, known: SubjectDiagnosis, material: Material) -> Iterator[str]:
    """Yield when both copies were last updated by Okta's own word, then every look after the press."""
    user, copy = known.user, known.copy_in_directory
    if user:
        yield f"Okta profile: {user.status}, last updated {moment(user.last_updated)}."
    if copy:
        updated, synced = moment(copy.last_updated), moment(copy.last_sync)
        yield f"Application user: {copy.status}, last updated {updated}, last synchronized {synced}."
    yield from (look_line(look) for look in subject.looks)
    yield from _touched(subject, material)


def look_line(look: Look) -> str:
    """Say what one or several looks in a row saw."""
    first = f"{moment(look.first_at)} (request id {look.first_request_id or 'not told'})"
    last = f"{moment(look.last_at)} (request id {look.last_request_id or 'not told'})"
    when = f"once, at {first}" if look.count == 1 else f"{look.count} times, from {first} to {last}"
    saw = f"{' and '.join(look.lacking)} not as expected" if look.lacking else "all as expected"
    return f"Okta profile looked at {when}: {saw}, last updated {moment(look.updated_at)}."


def _touched(subject: Subject, material: Material) -> Iterator[str]:
    """Say whether Okta wrote the profile at all after the first press, as far as its last update tells."""
    pressed = next((item.run.started_at for item in material.attempts), None)
    last = subject.looks[-1] if subject.looks else None
    if pressed is None or last is None or last.updated_at is None:
        return
    if last.updated_at < pressed:
        yield f"By its last update, Okta had not written this profile between the press and {moment(last.last_at)}."
    elif not subject.right:
        yield f"Okta wrote this profile after the press, at {moment(last.updated_at)}, without the expected value."
