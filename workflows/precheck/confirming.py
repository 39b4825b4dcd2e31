"""Whether what came right is surely what was asked, or its requester has to confirm it."""

from __future__ import annotations

from workflows.model import Basis
from workflows.precheck.expectations import to_be_seen
from workflows.precheck.questions import Question


def is_firm(question: Question) -> bool:
    """Say whether the words themselves name all that is to come right, and speak of nothing else.

    An explicit channel names it, with the value or with none at all; or the words hold the value beside the attribute's
    name or beside the value that Okta showed. What they name and in which nothing differs is left open.
    """
    brought = {item.attribute: item for item in to_be_seen(question)}
    if question.unknown or question.undecided or question.loose:
        return False
    if any(ask.attribute not in brought for ask in question.asks if ask.expected is None):
        return False
    states = any(ask.expected is not None for ask in question.asks)
    for ask in question.asks:
        item = brought.get(ask.attribute)
        if item is None or item.basis is Basis.STATED:
            continue
        mention = question.mention(ask.attribute)
        against = mention.other or (mention.doubted and not mention.old_wrong)
        reading = question.facts.reading
        told = mention.told or mention.in_doubt or not reading.other_things
        in_words = mention.new and mention.whole and told and not against and (mention.by_name or mention.old)
        alone = not (states or reading.other_things or (reading.loose and not mention.new))
        if not (in_words or (ask.explicit and ask.still is None and alone)):
            return False
    return True
