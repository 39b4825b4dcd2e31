"""The base of every value in the model: frozen, strict about names and types, comparable."""

from __future__ import annotations

import re
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict

# Control characters, line separators and what turns the direction of text (https://unicode.org/reports/tr9/), halves
# of surrogate pairs; not the joiners within words of some scripts.
_ACTIVE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def label(text: str) -> str:
    """Return a product's name for something as one harmless line.

    What acts on a terminal or turns text is replaced, not removed: a name with it never equals one without.
    """
    return text if text.isprintable() else _ACTIVE.sub("\ufffd", text)


Label = Annotated[str, AfterValidator(label)]  # a name, a label or an id that a product gave


class Value(BaseModel):
    """A frozen value; two with equal contents are equal."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    def but(self, **changes: object) -> Self:
        """Return this value with other fields; raises `ValidationError` for a name or a type that does not fit."""
        return self.model_validate(self.__dict__ | changes, strict=True)
