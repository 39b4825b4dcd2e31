"""The everyday words on which the reading of a ticket turns: each word in one place, one language a row.

The rows are English, German, French, Spanish, Portuguese and Dutch; then Italian, Polish and Swedish, of which only the
commonest words are known. Alternatives stand between bars, a blank is any white space, and a word may be a small
pattern of its own ("alte[rnms]?").
"""

from __future__ import annotations

import re


def spaced(*rows: str) -> str:
    """Return all alternatives as one pattern, for where they need not be whole words."""
    return "|".join(rows).replace(" ", r"\s+")


def either(*rows: str) -> str:
    """Return a pattern that finds one of the alternatives as whole words."""
    return rf"\b(?:{spaced(*rows)})\b"


DIRECTORY = r"(?:ad|ldap|active\s+directory|the\s+directory)"
# What lasts although it should not.
STILL = (
    "still",
    "noch|nach wie vor|weiterhin",
    "toujours|encore",
    r"sigue\w*|sigo|todavía|aún",
    r"ainda|continua\w*",
    "nog|steeds",
    "ancora",
    "nadal|wciąż",
    "fortfarande",
)
# What was, and should no longer be.
OLD = (
    "old|previous|former|outdated|stale",
    r"alte[rnms]?|bisher\w*|veraltet",
    "anciens?|ancienne",
    "antigu[oa]",
    r"antig[oa]|desatualizad[oa]",
    "oude",
    "vecchi[oa]",
    r"star[yae]\w*",
    "gammal|gamla|gammalt",
)
WRONG = (
    "wrong|incorrect|missing|problem|issue",
    "falsch",
    "incorrecte?|faux|fausse",
    "incorrect[oa]|mal",
    "errad[oa]",
    "verkeerd|fout",
    "sbagliat[oa]|errat[oa]",
    r"błędn\w+|nieprawidłow\w+",
    "fel",
)
INSTEAD_OF = (
    "instead of|rather than",
    "statt",
    "au lieu de",
    "en lugar de",
    "em vez de",
    "in plaats van",
)
NOT_ABROAD = (
    "nicht",
    "pas",
    "não",
    "niet",
    "non",
    "nie",
    "inte",
)
# What a system does with a value.
SHOWS = (
    "shows?|says?|displays?",
    "steht|zeigt",
    "affiche",
    "aparece",
    "mostra",
    "toont|staat",
    "mostra|risulta",
    "widnieje|pokazuje",
    "visar|står",
)
# What says that a value is to go, or is gone.
TO_BE_EMPTY = re.compile(
    "(?i)"
    + either(
        r"remov\w+|clear\w*|blank\w*|empt\w+|delet\w+|nothing|no longer|don['’]?t have|handed|returned|gave|left",
        "(?:taken|took|take) (?:it )?out|get rid of",
        r"leer\w*|lösch\w+",
        r"vide\w*|supprim\w+",
        r"vací[oa]\w*|borr\w+",
        r"apag\w+|limpar",
        r"leeg|verwijder\w*",
        r"ta bort|borttag\w+",
    )
)
