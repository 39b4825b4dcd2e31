"""The base of every value in the model: frozen, strict about names and types, comparable."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """A frozen value; two with equal contents are equal."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    def but(self, **changes: object) -> Self:
        """Return this value with other fields; raises `ValidationError` for a name or a type that does not fit."""
        return self.model_validate(self.__dict__ | changes, strict=True)
