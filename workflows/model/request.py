"""What a ticket asks for one affected user, as far as its words say it."""

from __future__ import annotations

from workflows.model.values import Value


class Want(Value):
    """One attribute in the ticket's own words.

    `expected` is the value that it should hold: None if none was stated, "" if it should be empty. `still` is the value
    that the ticket complains about. `attribute` is None if a value was stated without an attribute.
    """

    attribute: str | None = None
    expected: str | None = None
    still: str | None = None


class Request(Value):
    """What the ticket asks for one affected user; `source` says where each part was read, for the note.

    `user` is None where nobody is named; then the requester is meant, unless `somebody_else` says that the words are
    about another person. `unclear` holds several names of which the words do not say which one is meant. `unowned` says
    that no word of the ticket speaks in the first person, so that its requester is only meant if its values are theirs.
    """

    user: str | None = None
    wants: tuple[Want, ...] = ()
    unclear: tuple[str, ...] = ()
    somebody_else: bool = False
    unowned: bool = False
    source: tuple[str, ...] = ()

    @property
    def attributes(self) -> tuple[str, ...]:
        """Return the named attributes, in the ticket's words."""
        return tuple(want.attribute for want in self.wants if want.attribute)
