"""What several texts say of the same attribute, put together: the later word beats the earlier one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from workflows.model import Want
from workflows.reading.attribute_words import meanings
from workflows.reading.user_words import LONGEST
from workflows.reading.value_tables import Stated
from workflows.values.masking import plain
from workflows.values.secrets import REMOVED


def merge(wants: dict[tuple[str, ...], Stated], stated: Stated, synonyms: Mapping[str, str]) -> None:
    """Put a want over what was said before of the same attribute; a bare value joins the one attribute named."""
    want = stated.want
    key = _key(want.attribute, stated.user, synonyms)
    named = [other for other in wants if other != ("",)]
    if want.attribute is None and len(named) == 1:
        key = named[0]
    elif want.attribute is not None and ("",) in wants and not named:
        _put(wants, key, wants.pop(("",)))
    wider = [other for other in named if set(key) < set(other) and wants[other].user == stated.user]
    for other in wider:  # "phone", and then "mobilePhone"
        _put(wants, key, wants.pop(other))
    _put(wants, key, stated)


def without_value(stated: Stated) -> Stated:
    """Return a want of which the value is not known any more."""
    return stated._replace(want=stated.want.but(expected=None))


def _put(wants: dict[tuple[str, ...], Stated], key: tuple[str, ...], stated: Stated) -> None:
    before = wants[key].want if key in wants else Want()
    want = stated.want
    merged = Want(
        attribute=want.attribute or before.attribute,
        expected=want.expected if want.expected is not None else before.expected,
        still=want.still if want.still is not None else before.still,
    )
    wants[key] = Stated(merged, stated.user)


def _key(attribute: str | None, user: str | None, synonyms: Mapping[str, str]) -> tuple[str, ...]:
    if attribute is None:
        return ("",)
    meant = meanings(attribute, synonyms) or (attribute.casefold(),)
    return (*meant, f"of {user.casefold()}") if user else meant


def wants_of(stated: Iterable[Stated], user: str | None) -> tuple[Want, ...]:
    """Return what is wanted for a user, in harmless words."""
    chosen = [item.want for item in stated if item.user is None or (user or "").casefold() == item.user.casefold()]
    return tuple(_clean(want) for want in chosen)


def _clean(want: Want) -> Want:
    """Make untrusted words harmless lines; a value of which a part looked like a secret is none."""
    changes: dict[str, str | None] = {}
    for part in ("attribute", "expected", "still"):
        text: str | None = getattr(want, part)
        told = plain(text, LONGEST) if text else text
        changes[part] = None if told and part != "attribute" and REMOVED in told else told
    return want.but(**changes)
