"""Parts of an issue whose form depends on the site: fields of every type, documents, links, cut lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from workflows.model import Relation

Json = Mapping[str, Any]
_OWN_LINE = frozenset({"paragraph", "heading", "listItem", "blockquote", "codeBlock", "tableRow", "rule"})


def text_of(value: Any) -> str:
    """Write a field of any type as text: plain, an option, a user, a document, or a list of such."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        if value.get("type") == "doc":
            return "".join(_words(value)).strip()
        named = (value.get(name) for name in ("emailAddress", "value", "name", "displayName"))
        return next((str(item) for item in named if item), "")
    if isinstance(value, list):
        return ", ".join(filter(None, map(text_of, value)))
    return str(value).strip()


def relation_of(fields: Json, links: Mapping[str, str]) -> Relation:
    """Say why an issue is not free to be worked alone: a sub-task, open sub-tasks, or a link that the settings name."""
    if an_object(fields.get("issuetype")).get("subtask") and fields.get("parent"):
        return Relation.CHILD
    wanted = {words.casefold(): Relation(relation) for words, relation in links.items()}
    for words, other in _links(fields):
        if words.casefold() in wanted and _is_open(other):
            return wanted[words.casefold()]
    return Relation.PARENT if any(map(_is_open, objects(fields.get("subtasks")))) else Relation.NONE


def labelled(issue: Json, label: str) -> Iterator[Json]:
    """Yield the changes inside of an issue that put a label on."""
    for entry in objects(an_object(issue.get("changelog")).get("histories")):
        for item in objects(entry.get("items")):
            before, after = (text_of(item.get(name)).split() for name in ("fromString", "toString"))
            if item.get("field") == "labels" and label in after and label not in before:
                yield entry


def is_cut(issue: Json) -> bool:
    """Say whether the changelog inside of an issue is only a part of all changes."""
    changelog = an_object(issue.get("changelog"))
    total = changelog.get("total")
    return isinstance(total, int) and total > len(objects(changelog.get("histories")))


def _links(fields: Json) -> Iterator[tuple[str, Json]]:
    """Yield the words of each link as this issue shows them, with the issue on the other side.

    https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-issue-links/
    """
    for link in objects(fields.get("issuelinks")):
        for side, words in (("outwardIssue", "outward"), ("inwardIssue", "inward")):
            if isinstance(link.get(side), Mapping):
                yield str(an_object(link.get("type")).get(words) or ""), link[side]


def _is_open(issue: Json) -> bool:
    """Say whether a related issue is open; one whose status is not shown to us may be."""
    status = an_object(an_object(issue.get("fields")).get("status"))
    return an_object(status.get("statusCategory")).get("key") != "done"


def _words(node: Json) -> Iterator[str]:
    """Yield the text of an Atlassian document, which version 3 of the API and some fields hold.

    https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
    """
    if node.get("type") == "hardBreak":
        yield "\n"
    attributes = an_object(node.get("attrs"))
    yield str(node.get("text") or attributes.get("text") or attributes.get("url") or "")
    for child in objects(node.get("content")):
        yield from _words(child)
    if node.get("type") in _OWN_LINE:
        yield "\n"


def an_object(value: Any) -> Json:
    """Return an object, an empty one in place of anything else."""
    return value if isinstance(value, Mapping) else {}


def objects(value: Any) -> list[Json]:
    """Return the objects of a list, none of anything else."""
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
