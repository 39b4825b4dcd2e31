"""The ground of every value in the model: frozen, strict about unknown keys, comparable."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """A frozen value; two with equal contents are equal."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
