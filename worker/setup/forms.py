"""Proposes which fields of a desk's forms are the affected user, the attribute and the expected value."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from worker.doctor.forms import TYPES, part_of
from worker.setup.file import Table
from workflows.ports import Form, FormField

SEVERAL = 2  # parts in one form, which make it one about a profile's values
Fitting = Mapping[str, tuple[FormField, ...]]  # by part of our form


def tables_of(path: tuple[str, ...], forms: Mapping[str, Sequence[Form]]) -> list[Table]:
    """Return the `fields` of a desk, or of each project where their forms differ; none where no field fits.

    A field that alone fits a part, in forms that ask for others too, is written; what else fits stands as a comment.
    """
    found = {project: fitting for project, some in forms.items() if (fitting := _fitting(some))}
    each = list(found.values())
    if each and all(fitting == each[0] for fitting in each):
        return [_table((*path, "fields"), each[0])]
    return [_table((*path, "projects", project, "fields"), fitting) for project, fitting in found.items()]


def table_of(path: tuple[str, ...], forms: Sequence[Form]) -> Table | None:
    """Return the table of the fields of these forms; None where no field fits."""
    fitting = _fitting(forms)
    return _table(path, fitting) if fitting else None


def told(table: Table) -> str:
    """Say which fields of forms were found, and where they are written."""
    known = ", ".join(table.values) or "none for sure; the file has those that may be"
    return f"  form fields, {'.'.join(table.path[2:])}: {known}"


def _fitting(forms: Sequence[Form]) -> Fitting:
    """Return the fields that fit each part, of the forms that ask for most parts."""
    by_form = [[(part, field) for field in form.fields if (part := part_of(field, {}))] for form in forms]
    most = max((len({part for part, _ in pairs}) for pairs in by_form), default=0)
    found: dict[str, dict[str, FormField]] = {}
    for pairs in by_form:
        if len({part for part, _ in pairs}) == most:
            for part, field in pairs:
                found.setdefault(part, {})[field.id] = field
    return {part: tuple(found[part].values()) for part in TYPES if part in found}


def _table(path: tuple[str, ...], fitting: Fitting) -> Table:
    sure = {part: fields[0] for part, fields in fitting.items() if len(fields) == 1 and len(fitting) >= SEVERAL}
    notes = [f"Of the form: {', '.join(f'{part} is {field.name!r}' for part, field in sure.items())}."] if sure else []
    maybe = [(part, field) for part, fields in fitting.items() if part not in sure for field in fields]
    notes += ["Fields of forms that may be read; take the # away where it is so:"] if maybe else []
    notes += [f"{part} = {json.dumps(field.id)}  # {field.name}" for part, field in maybe]
    return Table(path, {part: field.id for part, field in sure.items()}, tuple(notes))
