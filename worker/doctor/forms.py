"""Which field of a desk's form is for which part of ours, by the names that tickets' labelled lines have for them."""

from __future__ import annotations

from collections.abc import Mapping

from worker.doctor.checks import Check, Seen, Status
from workflows.ports import FormField, HasForms
from workflows.reading.vocabulary import vocabulary_of

# The types of field, in Jira's terms, whose values can be read as a part of the form.
TYPES: Mapping[str, frozenset[str]] = {
    "user": frozenset({"string", "user"}),
    "attribute": frozenset({"string", "option"}),
    "expected": frozenset({"string", "option"}),
}
MOST_TOLD = 3  # tickets of one field


def part_of(field: FormField, synonyms: Mapping[str, str]) -> str:
    """Return the part of the form that a field's name and type fit: user, attribute or expected; "" for none."""
    label = vocabulary_of(synonyms).label(field.name)
    if label is None or field.type not in TYPES.get(label.kind, ()):
        return ""
    return "" if label.kind == "expected" and label.attributes else label.kind  # "new department" is one attribute's


def check_of_forms(name: str, desk: HasForms, synonyms: Mapping[str, str]) -> Check:
    """Return the check whether tickets come with a form that nobody reads; `name` is the desk's table."""

    def look() -> Seen | str:
        found = desk.unread_fields(lambda field: part_of(field, synonyms))
        if not found:
            return "none"
        told = "; ".join(f"{item.field.name} of {', '.join(item.tickets[:MOST_TOLD])}" for item in found)
        keys = "; ".join(f"{name}.{item.setting}" for item in found)
        return Seen(Status.WARN, told, f"set {keys}")

    return Check(
        f"{name}.form",
        "filled form fields that no setting reads",
        f"see {name}.fields",
        look,
        name,
        (f"{name}.tickets",),
        needed=False,
    )
