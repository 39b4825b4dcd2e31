"""What kind of sentence it is: one that denies, asks, takes back or sets a condition states no wish."""

from __future__ import annotations

import re

from workflows.reading.everyday_words import SHOWS, STILL, either, spaced

_REVERSES = spaced("change|update|set|correct|fix|rename|remove|clear|delete|touch")
# About a change that was not wanted, or is not asked for; "Okta does not update" is a complaint.
DENIED = re.compile(
    rf"(?i)\b(?:do|does|did)(?:\s+not|n['’]?t)\s+(?:\w+\s+)?(?:{_REVERSES})\b"
    r"(?<!does not update)(?<!did not update)(?<!doesn['’]t update)(?<!didn['’]t update)"
    r"(?<!does not change)(?<!did not change)(?<!doesn['’]t change)(?<!didn['’]t change)|"
    + either(
        "(?:nobody|no ?one|never|not) (?:said|say|asked|ask|told|want(?:ed)?)",
        "wrongly|mistakenly|accidentally|erroneously|by mistake|by accident|in error",
        r"(?:ändern|setzen|stellen) (?:sie )?[\w\s]{0,40}\bnicht|nicht [\w\s]{0,40}(?:ändern|geändert werden)",
        "irrtümlich",
        "ne (?:changez|modifiez|pas (?:changer|modifier))",
        r"no (?:cambi|modifi)\w+",
        r"não (?:alter|mud)\w+",
        r"niet (?:wijzig|verander|aanpas)\w*",
    )
)
# A wish that holds at another time, or under a condition only.
CONDITIONAL = re.compile(
    "(?i)"
    + either(
        r"until|till|unless|otherwise|in case|once|from \w+ on|will (?:be|become)|next (?:week|month|year)",
        "bis dahin|sobald|falls|sonst",
        "hasta",
        "até",
        "tot",
    )
    + r"|\bjusqu['’]|^\W*if\b(?!\s+(?:i\s?['’]?a?m\s+not\s+mistaken|possible|you))"
)
# A reply that takes back what was asked for.
RETRACTED = re.compile(
    "(?i)"
    + either(
        r"forget (?:it|about)|never\s?mind|ignore (?:this|that|my|it)|cancel (?:this|my)|no longer needed|disregard",
        "please close|(?:it )?can be closed|all good|(?:is|are|was) (?:right|correct|fine|ok) after all",
        "hat sich erledigt|doch richtig",
    )
)
# Of a change that was taken back: which of its two values is wanted is not what its sentence says.
UNDONE = re.compile(
    "(?i)"
    + either(
        "(?:that|this|it|which) was a mistake|(?:was|were|been) (?:put back|rolled back|cancelled|reverted|undone)",
    )
)
# A question about a change states no wish.
QUESTIONED = re.compile("(?i)" + either("why|how come", "warum|wieso", "pourquoi", "por qué", "por ?que", "waarom"))
# That Okta shows something else than it should.
OKTA_LAGS = re.compile(
    rf"(?i)\bokta\b.{{0,60}}?{either(*STILL, *SHOWS, 'has|lags?|not')}|\b(?:still|steht|staat)\b.{{0,40}}\bokta\b"
)
# What "should be" something and is no attribute of a profile.
NO_SUBJECT = re.compile(
    r"(?i)\b(?:ticket|request|issue|incident|priority|case|access|password|hers|his|theirs|you|we|i)\s+$"
)
