"""What a person reads, as neutral blocks; a connector renders them in its product's own form."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from workflows.model.values import Value


class Heading(Value):
    """A short line above a part of a note."""

    block: Literal["heading"] = "heading"
    text: str


class Text(Value):
    """A paragraph."""

    block: Literal["text"] = "text"
    text: str


class Bullets(Value):
    """A list of short sentences."""

    block: Literal["bullets"] = "bullets"
    items: tuple[str, ...]


class Table(Value):
    """A small table; every row is as long as `header`."""

    block: Literal["table"] = "table"
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Annotated[Heading | Text | Bullets | Table, Field(discriminator="block")]


class Note(Value):
    """One comment as blocks, in order. All texts are plain: connectors escape them, none is markup."""

    blocks: tuple[Block, ...]
