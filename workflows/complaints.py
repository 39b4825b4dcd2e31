"""Whether a ticket complains about a value that is known: "Okta still says Sales", where Okta does hold Sales.

Since the value is known, only the words before it have to be understood: one that says that it is the old one, or
Okta's name, in the same sentence, with nothing in between that speaks of what is wanted.
"""

from __future__ import annotations

import re

from pydantic import JsonValue

from workflows.everyday_words import INSTEAD_OF, OLD, STILL, either
from workflows.spoken_values import found_in
from workflows.user_words import EMAIL

_OLD = either(*STILL, *OLD, *INSTEAD_OF)
_OKTA = r"(?<!\bher )(?<!\bhis )(?<!\btheir )\bokta\b"  # a colleague's is what it should be
# What may not stand between the two: words of what is wanted, of another system, or that deny.
_TURN = either(
    "i am|i['’]?m|should|must|needs?|supposed|correct|right|new|now|want\\w*|wish|changed|updated|moved|become|to",
    "but|however|while|whereas|although|and|not|no|never|without",
    "ad|ldap|active directory|directory|workday|hr|sap|human|payroll",
    "ich bin|sollte|soll|muss|richtig|neue?[rnms]?|jetzt|nicht|kein\\w*|aber|und",
    "je suis|devrait|serait|doit|nouveau|nouvelle|pas|mais|et",
    "soy|debería|debía|debe|nuevo|nueva|pero|y",
    "sou|deveria|devia|deve|novo|nova|não|mas",
    "ik ben|moet|hoort|zou|nieuwe?|niet|geen|maar|en",
    "dovrebbe",
)
_BETWEEN = rf"(?:(?![.!?;,](?:\s|$)|{_TURN}|n['’]t\b).){{0,60}}"
_COMPLAINT = re.compile(rf"(?i)(?:{_OLD}|{_OKTA}){_BETWEEN}$|\bfrom\s+$")
_KEPT = re.compile(r"(?i)\b(?:stay|remain|keep|leave)s?\s+(?:(?:it|me|as|in|at)\s+){0,2}$")
_PRAISED = re.compile(
    r"(?i)\s*,?\s*(?:(?:(?:which|that|and\s+that)\s+)?is\s+(?:still\s+)?)?(?:right|correct(?:ly)?|fine|ok)\b"
)


def complains_of(words: str, value: JsonValue) -> bool:
    """Say whether one of the ticket's lines complains about a value, in a ticket that names one address at most."""
    if len(set(EMAIL.findall(words))) > 1:
        return False
    lines = words.split("\n")
    found = (mention for line in lines for mention in found_in(line, str(value or "")))
    return any(_COMPLAINT.search(before) and not _PRAISED.match(behind) for before, behind in found)


def is_praised(words: str, value: JsonValue) -> bool:
    """Say whether one of the ticket's lines calls a value right, or wants it kept."""
    found = (mention for line in words.split("\n") for mention in found_in(line, str(value or "")))
    return any(_KEPT.search(before) or _PRAISED.match(behind) for before, behind in found)
