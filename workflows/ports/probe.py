"""The port by which an operator looks at one setting of a product at a time: small reads, and no writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol, runtime_checkable


class NothingToSeeError(Exception):
    """The look was made and there was nothing to judge by; the text says what was missing.

    `behind` is the id of the product's probe whose faults left nothing to look at, "" for none.
    """

    def __init__(self, text: str, behind: str = "") -> None:
        super().__init__(text)
        self.behind = behind


class Probe(NamedTuple):
    """One look at a product.

    `tried` says what is looked at, `keys` are the settings keys that it holds against the product, `action` is what a
    person does about a fault. `look` returns what was seen; it raises `FarSideError` for a fault and
    `NothingToSeeError`. `needs` are the ids of the product's probes without which it tells nothing; it comes after
    those in `after` whatever they told. The work goes on without what is not `needed`.
    """

    id: str
    tried: str
    keys: tuple[str, ...]
    action: str
    look: Callable[[], str]
    needs: tuple[str, ...] = ()
    needed: bool = True
    after: tuple[str, ...] = ()


class FormField(NamedTuple):
    """A field of a desk's own forms: its id, its name, and its type as the product calls it."""

    id: str
    name: str
    type: str


class Form(NamedTuple):
    """What one kind of request asks for."""

    name: str
    fields: tuple[FormField, ...]


class Unread(NamedTuple):
    """A field that fits a part of our form and that no setting reads, and the tickets in which it is filled in.

    `setting` is what to write below the desk's table to have it read.
    """

    field: FormField
    part: str
    tickets: tuple[str, ...]
    setting: str


PartOf = Callable[[FormField], str]  # the part of our form that a field fits: user, attribute or expected; "" for none


@runtime_checkable
class HasForms(Protocol):
    """A desk whose tickets may come with forms that the settings do not name."""

    def unread_fields(self, part_of: PartOf) -> Sequence[Unread]:
        """Return the fields of open tagged tickets that fit a part of our form and that no setting reads."""


class Probed(Protocol):
    """A product that can be looked at piece by piece."""

    name: str

    def identity(self) -> str:
        """Prove the credential by one small call, and return whose it is."""

    def probes(self) -> tuple[Probe, ...]:
        """Return a probe for each thing that the work needs of the product; makes no calls."""
