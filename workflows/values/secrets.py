"""Removes secrets from other people's text: our own ones, what has a label, and what has the shape of a secret.

A label is a whole key up to `:` or `=` (`client_secret_value: x`, `Password (temporary): x`); its line's rest goes.
Without one, only what looks like a secret goes: "temp pw Welcome1" does, "Invalid token provided" does not. Settings
keys and the sentences that begin with one stay. Every pattern is linear, because the text may be hostile.

Shapes: https://www.rfc-editor.org/rfc/rfc6750 (bearer), https://www.rfc-editor.org/rfc/rfc7519 (JWT),
https://www.rfc-editor.org/rfc/rfc7468 (PEM), https://www.rfc-editor.org/rfc/rfc9580 (PGP),
https://developer.okta.com/docs/reference/core-okta-api/ (`SSWS`),
https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks (Slack). That an API token of Okta has 42
characters from `00` on is inferred from published examples, and so are PuTTY's and BitLocker's keys.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache, partial

from workflows.values import secrets_known as known
from workflows.values.secrets_known import REMOVED
from workflows.values.secrets_own import made_up, without_own

_LONG = "|".join(item for items in known.LABELS.values() for item in items)
_LABEL = re.compile(
    f"(?P<long>{_LONG})|(?P<key>{known.KEYS})|(?P<short>{'|'.join(known.SHORT)})|(?:{'|'.join(known.ENDLESS)})"
)
_ALONE = re.compile(r"[ \t\xa0]{0,4}(?P<value>[^\s|<]{4,200})[ \t\r]{0,9}(?=[|<\n]|\Z)")
_NAME = re.compile(r"[A-Za-z._/-]*")
_TAIL = re.compile(r"[\w.-]{0,60}")  # of an identifier
_IS = f"(?:{'|'.join(known.IS)})"
_SEPARATOR = re.compile(
    rf"""(?x)
    [\\"'`*_\])}}]{{0,4}} [ \t\xa0\u202f]{{0,4}}
    (?: [(\[] [^()\[\]\n]{{0,60}} [)\]] [ \t\xa0\u202f*_"'`]{{0,4}} )?
    (?: {_IS} [ \t]? )?
    (?P<by> [:=]+>? | -> | → | ： | \| | \t | (?: </?[a-z][^<>\n]{{0,60}}> [ \t]* ){{1,4}} | > )
    """
)
_QUOTED = re.compile(r"""(?:"(?:[^"\\\n]|\\.)*"|\\"[^"\n]*"|'[^'\n]*')(?=[\s,;.:}\])&<|\\]|\Z)""")
_NEXT_LINE = re.compile(r"[ \t\r*_`]{0,9}\n(?:[ \t\r]{0,9}\n)?[ \t>*_-]{0,9}(?P<value>\S+)[ \t\r]{0,9}(?=\n|\Z)")
_AFTER_WORDS = re.compile(r"[ \t][^\n:=.;!?|<>()]{1,40}[:=][ \t]{1,4}(?P<value>\S{3,})[ \t\r]{0,9}(?=\n|\Z)")
_DESCRIBED = rf"(?:[ \t]{{1,4}}(?:{known.ADJECTIVE})\b){{0,2}}"
_ADJECTIVES = re.compile(rf"(?:[ \t]{{1,4}}(?:{known.ADJECTIVE})\b){{1,2}}")
_ADJECTIVE = re.compile(rf"(?:[ \t]{{1,4}}(?:{known.ADJECTIVE})\b){{1,2}}[ \t]{{1,4}}(?=\S)")
_IT_IS = rf"(?:{_IS}|(?:(?<=has[łl]o )|(?<=has[łl]o\t))to)"  # "hasło to"
_SAID = re.compile(
    rf"{_DESCRIBED}[ \t]{{1,4}}{_IT_IS}[ \t]{{1,4}}(?:now |jetzt |nun |ahora |agora |ora |nu |teraz )?(?=\S)"
)
_SAID_LATER = re.compile(
    rf"(?:[ \t]\w{{1,15}}){{0,3}}?[ \t](?:{_IS}|c['’]est|was|war|to|{known.WILL_BE})[ \t]+(?=\S)"
)  # only what looks made up
_CHANGED = re.compile(
    r"(?:[ \t]\w{1,15}){1,4}?[ \t](?:to|auf|naar|til|till|als|en|na|à|a|para|su|på)[ \t]+(?=\S)"
)  # "was reset to"
_OPENED = re.compile(r"[ \t]{0,3}(?:[\"'“„‚‘«`]{1,2}|[-–—(][ \t]{0,3})(?=\S)")  # a quotation mark or a dash
_STATUS = re.compile(  # "the password is expired" tells no secret
    r"(?:not|no|the|an?|in|too|about|being|bound|sent|missing|wrong|invalid|incorrect|expired|required|needed|refused|empty|unknown"
    r"|nicht|kein|falsch|abgelaufen|ung[üu]ltig|pas|expir\w+|incorrect\w*|inv[áa]lid\w+|scadut\w+|verlopen|wygas\w+)\b"
)
_SAYS = re.compile(  # what stands between them says something of a secret: "the token was refused: Unauthorized"
    r".*\b(?:was|were|is|are|has|have|had|can|could|must|will|does|did|wurde|wird|ist|hat|kann|muss|est|peut"
    r"|[àa] [ée]t[ée]|fue|es|ha|foi|[ée]|è|werd|wordt|jest)\b"
)
_ONWARD = re.compile(r"[ \t]{1,4}(?:on|over|along|it|this|that|them)\b")  # "pass on to: Ada"
_COUNT = re.compile(r"[ \t]{0,4}\d{1,3}[ \t]{1,4}[a-z]")  # "tokens: 3 left"
_THING = re.compile(r"[ \t]{0,4}(?:the|an?|this|that|all|by|through)\b")  # "Pass: the gate"
_ABOUT = re.compile(  # keys that tell something about a secret, and the one label that is also a postal code
    r"(?:[\w.-]*|[ \t]{1,4})(?:type|kind|policy|length|format|lifetime|expir\w{0,6}|endpoint|ur[il])\b"
    r"|[ _-]?(?:code)?[ \t]{0,4}[(\[](?:postal|post|zip|plz)\b"
)
_TABLE = re.compile(  # by its heads: of Jira, of Markdown with or without outer bars, or as it is copied out of a sheet
    r"""(?mx)^
    (?: [^\n|\t]{0,99} (?P<wiki> \|\| [^\n]{1,400} \|\| )
      | [ \t>]{0,9} (?P<markdown> [^\n|]{0,99} \| [^\n]{0,400} ) \n [ \t>]{0,9} (?=[ :-]{0,99}\|) [ :|-]{3,400}
      | (?P<sheet> [^\n|\t]{0,99} \t [^\n|]{1,400} )
    ) [ \t\r]{0,9} \n
    (?P<rows> (?: (?(sheet) [^\n\t]{0,99} \t | (?(wiki) [ ]{0,9} | [^\n|]{0,99}) \| ) [^\n]* (?:\n|\Z) )+ )"""
)
_BARS = {"wiki": ("||", "|"), "markdown": ("|", "|"), "sheet": ("\t", "\t")}  # between heads, and between cells
_A_BAR = {"||": re.compile(r"(?<!\\)\|\|"), "|": re.compile(r"(?<!\\)\|"), "\t": re.compile("\t")}
_LABELLED = 2  # cells of a row that is a label and its value
_QUOTE = re.compile(r"[ \t>]*")  # before the rows of a table that is quoted
_CLAUSE = re.compile(r"(?<![,;.!?])[,;.!?]*(?:[,;.!?](?=[ \t\r])|(?=\n|\Z))")
_TO_LAST_SIGN = re.compile(r"(?s).*[\d!@#$%^&*+?~-]")  # of those that a made-up word has
_WORD = re.compile(r"[^\s\"'(<`\[]\S{3,199}")
_OWN = re.compile(r"(?:okta|desks|store|broker|worker|policy|texts)\.|forcesync_")  # how keys of our settings begin
_ENDS = {"|": "|\n", "\t": "\t\n", "<": "<\n", ">": "<\n"}  # of a cell or an element; of anything else the line's
_WHO = re.compile(rf"(?i)(?:{known.ACCOUNT}|(?:e-?)?mail|(?:full[ ]?)?name)s?")  # a head beside that of a secret
_CODE = rf"(?:(?:{known.OF_A_CODE})[ \t]){{0,2}}(?:{known.CODE})"
_DIGITS = r"(?P<value>\d[\d -]{2,9}\d)\b(?![.,]\d)"
_A_DIGIT, _A_CODE = re.compile(r"\d"), re.compile(f"(?i){known.CODE}")
# What has no label, or one that means a secret in this form only: a sign that it has at least, its pattern, and whether
# the value must look made up.
_FORMS: tuple[tuple[re.Pattern[str], re.Pattern[str], bool], ...] = (
    (
        _A_CODE,
        re.compile(rf"(?i)\b(?:{known.WHOSE})[ \t]{_CODE}[ \t]{{0,3}}(?:{_IS}|[:=])[ \t:]{{0,3}}{_DIGITS}"),
        False,
    ),
    (
        _A_CODE,
        re.compile(rf"(?i)\b{_DIGITS}[ \t]{_IS}[ \t](?:{known.WHOSE})[ \t](?:\w{{1,15}}[ \t])?{_CODE}\b"),
        False,
    ),
    (
        _A_DIGIT,
        re.compile(rf"(?:\b(?i:mfa|2fa|totp)(?:[ -]?(?i:code))?|\bm?TAN)[ \t]{{0,3}}[:=]?[ \t]{{0,3}}{_DIGITS}"),
        False,
    ),
    (  # login: ada / Welcome1!, login ada@example.com:Welcome1!
        re.compile(r"[/|:]"),
        re.compile(
            rf"(?i)\b(?:{known.ACCOUNT})(?:[ \t]{{0,3}}[:=][ \t]{{0,3}}|[ \t](?:(?:with|as|mit|avec|con)[ \t])?)"
            r"[^\s/|:=]{1,80}(?:[ \t]{1,3}[/|][ \t]{1,3}|:)(?P<value>(?![/\\]|\S{1,80}@\S{1,80}\.)\S{4,100})"
        ),
        True,
    ),
    (  # creds: ada / sunflower
        re.compile(r"[/|]"),
        re.compile(
            rf"(?i)\b(?:{known.CREDENTIALS})[ \t]{{0,3}}[:=][ \t]{{0,3}}"
            r"[^\s/|:=]{1,80}[ \t]{1,3}[/|][ \t]{1,3}(?P<value>\S{4,100})"
        ),
        False,
    ),
    (  # credentials ada Welcome1!
        re.compile(r"[ \t]"),
        re.compile(
            rf"(?i)\b(?:{known.CREDENTIALS})\b[ \t]{{0,3}}[:=]?[ \t]{{0,3}}"
            r"[^\s/|:=]{1,80}[ \t:]{1,3}(?P<value>\S{4,100})"
        ),
        True,
    ),
    (
        re.compile("[はが是為为는은]"),
        re.compile(rf"(?:{known.UNSPACED})[ \t]{{0,3}}(?:は|が|是|为|為|는|은)[ \t]{{0,3}}(?P<value>\S{{4,100}})"),
        True,
    ),
    (  # a link that signs in whoever opens it: .../welcome/TOKEN, .../tokens/TOKEN/verify
        re.compile("/"),
        re.compile(rf"/(?i:{known.ONE_TIME})/(?P<value>(?=[\w.~=-]*(?:[0-9=]|[a-z][A-Z]))[\w.~=-]{{6,600}})"),
        False,
    ),
    (  # of programs that take a password as an argument
        re.compile(r"[-/%]"),
        re.compile(
            r"(?i)\b(?:ldap[a-z]{3,10}|mysql[a-z]{0,9}|mariadb|sshpass|smbclient|plink|sqlcmd|net[ \t]use)\b"
            r"[^\n]{0,80}?[ \t](?:-[wp][ \t=]?|-u[ \t]?[^\s%]{1,40}%|/user:\S{1,60}[ \t])(?P<value>[^\s-]\S{3,60})"
        ),
        True,
    ),
)
_NEAR = 40  # characters of a line before a label that may still begin it
_LONGEST_KEY = 80
_OFTEN = 400  # characters: the values and lines of notes are as short, and come up again and again

_SHAPES = re.compile(
    rf"""(?x)
    -----BEGIN\ [A-Z0-9 ]{{0,40}}PRIVATE\ KEY(?:\ BLOCK)?-----  .*?
      (?: -----END\ [A-Z0-9 ]{{0,40}}PRIVATE\ KEY(?:\ BLOCK)?----- | \Z )
  | \bPrivate-Lines:[ ]?\d{{1,3}}(?:\s{{1,4}}[A-Za-z0-9+/=]{{16,80}})+    # PuTTY
  | \b(?i:set-cookie|cookie)[ \t]{{0,4}}:[^\n]+
  | (?<=://)[^/\s:@]*:[^/\s]+(?=@)                                     # https://user:password@host
  | (?<=[?&])(?i:sig|signature|x-amz-signature|sid|code|samlresponse)=[^&\s]{{8,}}
  | \b(?:https://)?(?:hooks\.slack\.com/|outlook\.office(?:365)?\.com/webhook/|[\w.-]{{1,60}}\.webhook\.office\.com/|discord(?:app)?\.com/api/webhooks/)\S+
  | \b(?i:ssws)(?:\s{{1,4}}[^\s{{]\S*|00\S{{8,}})
  | \b(?i:bearer|basic|dpop)\s{{1,4}}(?=\S*(?:[0-9=]|[a-z][A-Z]))[\w.~+/=-]{{8,}}  # not `Basic authentication`
  | \b(?i:bearer)\s{{1,4}}[A-Za-z]{{16,}}(?!\S)                          # no word of a sentence is as long
  | (?<=\s)(?:-u|--user)[ =][^\s:]+:\S+                                  # curl
  | (?<![\w-])eyJ[\w-]{{5,600}}\.[\w-]{{5,}}(?:\.[\w-]*)*                  # JWT and JWE
  | \b00[\w-]{{40}}(?![\w-])                                             # Okta
  | (?<![\w-])(?:{"|".join(map(re.escape, known.PREFIXES))})
      (?=[\w.=~-]{{0,40}}?[A-Za-z0-9]{{10}})[\w.=~-]{{10,}}                  # not `npm_config_registry`
  | \bsk-[A-Za-z0-9]{{20,}}                                              # OpenAI
  | \b(?:AKIA|ASIA)[0-9A-Z]{{16}}\b                                      # AWS
  | \bAIza[\w-]{{35}}                                                    # Google
  | \b(?:\d{{6}}-){{7}}\d{{6}}\b                                           # BitLocker
    """,
    re.DOTALL,
)


def without_secrets(text: str) -> str:
    """Replace our own secrets, what a label such as "password" names, and whatever has the shape of a secret."""
    text = without_own(text)
    return _seen_lately(text) if len(text) <= _OFTEN else _without_others(text)


@lru_cache(maxsize=4000)
def _seen_lately(text: str) -> str:
    return _without_others(text)


def _without_others(text: str) -> str:
    text = _SHAPES.sub(REMOVED, text)
    for sign, form, checked in _FORMS:
        if sign.search(text):
            text = form.sub(partial(_shortened, only_made_up=checked), text)
    if "|" in text or "\t" in text:
        text = _TABLE.sub(_without_columns, text)
    small, parts, done = _small(text), [], 0
    signs = _TO_LAST_SIGN.match(text)
    odd_until = signs.end() if signs else 0
    for found in _LABEL.finditer(small):
        value = _value(text, small, found, odd_until) if found.start() >= done else None
        if value is not None and value[0] < value[1]:
            parts += [text[done : value[0]], REMOVED]
            done = value[1]
    return "".join([*parts, text[done:]])


def _without_columns(table: re.Match[str]) -> str:
    """Return a table without what stands under a head that is a label.

    Of a first column that may hold labels itself, only what looks made up goes. The head again is a label itself.
    """
    kind = next(name for name in _BARS if table[name])
    between, bar = _BARS[kind]
    heads = [head.strip() for head in _A_BAR[between].split(table[kind])]
    barred = kind != "sheet" and not heads[0]
    heads = heads[barred:]
    secret = {at for at, head in enumerate(heads) if head and REMOVED in _seen_lately(f"{head}: secret")}
    if not secret:
        return table[0]
    labels = kind == "sheet" and not _are_heads(heads, secret)
    parts = []
    for row in table["rows"].split("\n"):
        cells = _A_BAR[bar].split(row)
        outer = bar == "|" and _QUOTE.fullmatch(cells[0]) is not None and (barred or len(cells) > len(heads))
        for at in (number for number in secret if number + outer < len(cells)):
            cell = cells[at + outer].strip()
            if cell not in {"", heads[at]} and (at or not labels or made_up(cell)):
                cells[at + outer] = REMOVED
        parts.append(bar.join(cells))
    return table[0][: table.start("rows") - table.start()] + "\n".join(parts)


def _are_heads(heads: list[str], secret: set[int]) -> bool:
    """Say whether a sheet's first row holds heads; else it may be a label and its value, as those below it."""
    if any(map(made_up, heads[1:])):
        return False
    return len(heads) > _LABELLED or secret != {0} or any(map(_WHO.fullmatch, heads))


def _shortened(found: re.Match[str], *, only_made_up: bool) -> str:
    """Return what a form matched, without its value."""
    if only_made_up and not made_up(found["value"]):
        return found[0]
    begin, end = found.span("value")
    return found[0][: begin - found.start()] + REMOVED + found[0][end - found.start() :]


def _small(text: str) -> str:
    """Return a text in small letters of the usual width, each in its place."""
    return text.lower() if text.isascii() else "".join(map(_small_letter, text))


@lru_cache(maxsize=4096)
def _small_letter(letter: str) -> str:
    usual = unicodedata.normalize("NFKC", letter)
    return (usual if len(usual) == 1 else letter).lower()[:1]


def _value(text: str, small: str, found: re.Match[str], odd_until: int) -> tuple[int, int] | None:
    """Return where the value of a label begins and ends; None if the words are no label.

    No word behind `odd_until` looks made up.
    """
    begin, end = found.span()
    before, after = text[begin - 1 : begin], text[end : end + 1]
    alone = not before.isalnum()
    ends_a_key = found["short"] and text[begin - 2 : begin].isalpha()
    if not (alone or found["long"] or ends_a_key or (before.islower() and text[begin].isupper())):
        return None
    plural = after == "s" and not text[end + 1 : end + 2].isalpha()
    if after.isalpha() and not plural and not (after.isupper() and text[end - 1].islower()):
        return None
    tail = _TAIL.match(small, end)
    whole = tail.end() if tail else end
    separator = _SEPARATOR.match(small, whole)
    if separator is None and (described := _ADJECTIVES.match(small, whole)):
        separator = _SEPARATOR.match(small, described.end())
    if separator is None:
        onward = found[0] == "pass" and _ONWARD.match(small, end)
        compound = found["long"] and before.isalpha()  # "Einmalpasswort"
        is_word = whole == end + plural and (alone or compound) and before != "." and not (onward or found["key"])
        return _unlabelled(text, small, begin, whole, odd_until) if is_word else None
    if small[begin:whole].endswith("_file") or _is_our_sentence(small, begin, separator) or _ABOUT.match(small, end):
        return None
    if (found[0] == "pass" and _THING.match(small, separator.end())) or (
        plural and _COUNT.match(small, separator.end())
    ):
        return None
    return _secret_key(text, separator) if found["key"] else _after(text, separator)


def _secret_key(text: str, separator: re.Match[str]) -> tuple[int, int] | None:
    """Return the value after a word for keys of all kinds if it is made up, and no number or key of a ticket."""
    word = _ALONE.match(text, separator.end())
    if word is None or not made_up(word["value"]) or _NAME.fullmatch(word["value"].rstrip("0123456789._/-")):
        return None
    return word.span("value")


def _is_our_sentence(small: str, begin: int, separator: re.Match[str]) -> bool:
    """Say whether this is a key of our settings with a sentence about it, not with a value."""
    first = begin
    while first and begin - first < _LONGEST_KEY and (small[first - 1].isalnum() or small[first - 1] in "_.-"):
        first -= 1
    if not _OWN.match(small, first) or separator["by"] != ":":
        return False
    said = small[separator.end() : separator.end() + _LONGEST_KEY].partition("\n")[0]
    return len(said.split()) > 1


def _after(text: str, separator: re.Match[str]) -> tuple[int, int]:
    """Return the value after a separator: what is quoted, a cell or element, the next line, or the rest of the line."""
    at, kind = separator.end(), separator["by"][0]
    if kind not in _ENDS and (next_line := _NEXT_LINE.match(text, at)):
        return next_line.span("value")
    while text[at : at + 1] in {" ", "\t", "\xa0", "\u202f"}:
        at += 1
    if quoted := _QUOTED.match(text, at):
        return quoted.span()
    ends = (text.find(stop, at) for stop in _ENDS.get(kind, "\n"))
    return at, min((end for end in ends if end >= 0), default=len(text))


def _unlabelled(text: str, small: str, begin: int, end: int, odd_until: int) -> tuple[int, int] | None:
    """Return the value of "my password is x", "temp pw x1", "--password x" and "Password for the VPN: x"."""
    if (said := _SAID.match(small, end)) and not _STATUS.match(small, said.end()):
        stop = _CLAUSE.search(text, said.end())
        return said.end(), stop.end() if stop else len(text)
    flag = text[begin - 1 : begin] == "-"  # --password x
    later = (pattern.match(small, end) for pattern in (_SAID_LATER, _CHANGED, _ADJECTIVE, _OPENED))
    places = (end + 1, *(match.end() for match in later if match)) if flag or end < odd_until else ()
    for at in places:
        word = _WORD.match(text, at) if text[end:at].strip(" \t\n") or text[end : end + 1] in {" ", "\t"} else None
        if word and (flag or made_up(word[0])):
            return word.span()
    line = text[max(0, begin - _NEAR - 1) : begin].rpartition("\n")
    if (line[1] or begin <= _NEAR) and not set(line[2]) & set(":=") and (after := _AFTER_WORDS.match(text, end)):
        said = _ABOUT.match(small, end) or _SAYS.match(small, end, after.start("value"))
        return None if said and not made_up(after["value"]) else after.span("value")
    return None
