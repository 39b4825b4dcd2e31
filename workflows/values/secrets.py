"""Removes secrets from other people's text: by the label before them, or by their shape.

A label is a whole key up to `:` or `=` (`client_secret_value: x`, `Password (temporary): x`); its line's rest goes.
Without one, only what looks like a secret goes: "temp pw Welcome1" does, "Invalid token provided" does not. Settings
keys and the sentences that begin with one stay. Every pattern is linear, because the text may be hostile.

Shapes: https://www.rfc-editor.org/rfc/rfc6750 (bearer), https://www.rfc-editor.org/rfc/rfc7519 (JWT),
https://www.rfc-editor.org/rfc/rfc7468 (PEM), https://developer.okta.com/docs/reference/core-okta-api/ (`SSWS`),
https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks (Slack). That an API token of Okta has 42
characters from `00` on is inferred from published examples.
"""

from __future__ import annotations

import re

REMOVED = "[removed]"

# What means a secret, in small letters; a part of an identifier too (`clientSecretValue`). Longer ones stand first.
_LONG = (
    r"(?:api|access|private|secret|signing|encryption|master|account|shared|ssh)[ _-]?key"
    r"|(?:api|zugriffs)[ _-]?schl[uü]ssel|(?:privater?|geheimer?) schl[uü]ssel"
    r"|cl[ée] (?:api|d.api|priv[ée]e|secr[èe]te|d.acc[èe]s)"
    r"|(?:clave|chave|chiave)(?: (?:de |di )?(?:api|secreta|privada|privata|segreta|acceso|acesso|accesso))?"
    r"|(?:api[ -]?|toegangs|geheime )sleutel|klucz (?:api|prywatny|tajny|dost[ęe]pu)"
    r"|(?:access|recovery|backup|verification|security|one[ -]time|pin|sms|mfa|secret)[ -]?code"
    r"|(?:zugangs|einmal|best[äa]tigungs)[ -]?code|code (?:secret|pin|d.acc[èe]s|de v[ée]rification)"
    r"|c[óo]digo (?:secreto|pin|de acc?es+o|de verifica[a-zçãó]+)"
    r"|codice (?:segreto|pin|di accesso|di verifica)|kod (?:pin|dost[ęe]pu|jednorazowy|weryfikacyjny)"
    r"|pass(?:word|wd|phrase|ord|code)|(?:pass|kenn)w[oö]rt(?:er)?|wachtwoord(?:zin)?|toegangscode|geheim(?:nis)?"
    r"|secreto?|segreto|segredo"
    r"|contrase(?:ñ|n|nh)a|senha|palavra[ -]passe|mots? de passe|parola (?:d.ordine|chiave)|has[łl][oa]|sekret"
    r"|l[öo]senord|adgangskode|salasana|heslo|пароль|パスワード|密码|密碼|token|jeton|credentials"
    r"|authorization|j?session[ _-]?id"
)
_SHORT = "pass|pwd|pw|pswd|pin|otp|mdp|psk"  # only as words of their own, or as a part in camel case
_LABEL = re.compile(f"(?P<long>{_LONG})|(?:{_SHORT})")
_TAIL = re.compile(r"[\w.-]{0,60}")  # of an identifier
_IS = "(?:is|ist|lautet|est|es|é|è|jest|brzmi|är|er)"
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
_SAID = re.compile(rf"[ \t]{{1,4}}{_IS}[ \t]{{1,4}}(?:now |jetzt |nun |ahora |agora |ora |nu |teraz )?(?=\S)")
_SAID_LATER = re.compile(
    rf"(?:[ \t]\w{{1,15}}){{0,3}}?[ \t](?:{_IS}|c['’]est|was|war|to)[ \t]+(?=\S)"
)  # only what looks made up
_CHANGED = re.compile(r"(?:[ \t]\w{1,15}){1,4}?[ \t](?:to|auf|naar|til|till|als|en|na)[ \t]+(?=\S)")  # "was reset to"
_DASHED = re.compile(r"[ \t]{0,3}[-–—(][ \t]{0,3}(?=\S)")
_STATUS = re.compile(  # "the password is expired" tells no secret
    r"(?:not|no|the|an?|in|too|about|being|bound|sent|missing|wrong|invalid|incorrect|expired|required|needed|refused|empty|unknown"
    r"|nicht|kein|falsch|abgelaufen|ung[üu]ltig|pas|expir\w+|incorrect\w*|inv[áa]lid\w+|scadut\w+|verlopen|wygas\w+)\b"
)
_CLAUSE = re.compile(r"(?<![,;.!?])[,;.!?]*(?:[,;.!?](?=[ \t\r])|(?=\n|\Z))")
_WORD = re.compile(r"[^\s\"'(<`\[]\S{3,199}")
_OWN = re.compile(r"(?:okta|desks|store|broker|worker|policy|texts)\.|forcesync_")  # how keys of our settings begin
_ENDS = {"|": "|\n", "\t": "\t\n", "<": "<\n", ">": "<\n"}  # of a cell or an element; of anything else the line's
_NEAR = 40  # characters of a line before a label that may still begin it
_LONGEST_KEY = 80

_SHAPES = re.compile(
    r"""(?x)
    -----BEGIN\ [A-Z0-9 ]{0,40}PRIVATE\ KEY-----  .*?  (?: -----END\ [A-Z0-9 ]{0,40}PRIVATE\ KEY----- | \Z )
  | \b(?i:set-cookie|cookie)[ \t]{0,4}:[^\n]+
  | (?<=://)[^/\s:@]+:[^/\s@]+(?=@)                                    # https://user:password@host
  | (?<=[?&])(?i:sig|signature|x-amz-signature|sid|code)=[^&\s]{8,}
  | \bhttps://(?:hooks\.slack\.com/|[\w.-]{1,60}\.webhook\.office\.com/|discord(?:app)?\.com/api/webhooks/)\S+
  | \b(?i:ssws)\s{1,4}[^\s{]\S*
  | \b(?i:bearer|basic|dpop)\s{1,4}(?=\S*(?:[0-9=]|[a-z][A-Z]))[\w.~+/=-]{8,}  # not `Basic authentication`
  | (?<=\s)(?:-u|--user)[ =][^\s:]+:\S+                                  # curl
  | (?<![\w-])eyJ[\w-]{5,600}\.[\w-]{5,}(?:\.[\w-]*)*                  # JWT and JWE
  | \b00[\w-]{40}(?![\w-])                                               # Okta
  | \bAT[AC]TT3[\w=-]{20,}                                               # Atlassian
  | \b(?:gh[opsru]_|github_pat_|glpat-|xox[abeoprs]-|xapp-|sk_live_|rk_live_|npm_|pypi-|hvs\.|SG\.|ya29\.)[\w.-]{10,}
  | \bsk-(?:proj-|ant-)?[A-Za-z0-9]{20,}
  | \b(?:AKIA|ASIA)[0-9A-Z]{16}\b
  | \bAIza[\w-]{35}
    """,
    re.DOTALL,
)


def without_secrets(text: str) -> str:
    """Replace what a label such as "password" or `client_secret` names, and whatever has the shape of a secret."""
    text = _SHAPES.sub(REMOVED, text)
    small, parts, done = _small(text), [], 0
    for found in _LABEL.finditer(small):
        value = _value(text, small, found) if found.start() >= done else None
        if value is not None and value[0] < value[1]:
            parts += [text[done : value[0]], REMOVED]
            done = value[1]
    return "".join([*parts, text[done:]])


def _small(text: str) -> str:
    """Return a text in small letters, each in its place."""
    small = text.lower()
    return small if len(small) == len(text) else "".join(item.lower()[:1] for item in text)


def _value(text: str, small: str, found: re.Match[str]) -> tuple[int, int] | None:
    """Return where the value of a label begins and ends; None if the words are no label."""
    begin, end = found.span()
    before, after = text[begin - 1 : begin], text[end : end + 1]
    alone = not before.isalnum()
    if not (alone or found["long"] or (before.islower() and text[begin].isupper())):
        return None
    plural = after == "s" and not text[end + 1 : end + 2].isalpha()
    if after.isalpha() and not plural and not (after.isupper() and text[end - 1].islower()):
        return None
    tail = _TAIL.match(small, end)
    whole = tail.end() if tail else end
    separator = _SEPARATOR.match(small, whole)
    if separator is None:
        return _unlabelled(text, small, begin, whole) if whole == end + plural and alone and before != "." else None
    if small[begin:whole].endswith("_file") or _is_our_sentence(small, begin, separator):
        return None
    return _after(text, separator)


def _is_our_sentence(small: str, begin: int, separator: re.Match[str]) -> bool:
    """Say whether this is a key of our settings with a sentence about it, not with a value."""
    first = begin
    while first and begin - first < _LONGEST_KEY and (small[first - 1].isalnum() or small[first - 1] in "_.-"):
        first -= 1
    said = small[separator.end() :].partition("\n")[0]
    return bool(_OWN.match(small, first)) and separator["by"] == ":" and len(said.split()) > 1


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


def _unlabelled(text: str, small: str, begin: int, end: int) -> tuple[int, int] | None:
    """Return the value of "my password is x", "temp pw x1", "--password x" and "Password for the VPN: x"."""
    if (said := _SAID.match(small, end)) and not _STATUS.match(small, said.end()):
        stop = _CLAUSE.search(text, said.end())
        return said.end(), stop.end() if stop else len(text)
    flag = text[begin - 1 : begin] == "-"  # --password x
    later = (pattern.match(small, end) for pattern in (_SAID_LATER, _CHANGED, _DASHED))
    for at in (end + 1, *(match.end() for match in later if match)):
        word = _WORD.match(text, at) if text[end:at].strip(" \t\n") or text[end : end + 1] in {" ", "\t"} else None
        if word and (flag or _secretive(word[0])):
            return word.span()
    line = text[max(0, begin - _NEAR - 1) : begin].rpartition("\n")
    if (line[1] or begin <= _NEAR) and not set(line[2]) & set(":=") and (after := _AFTER_WORDS.match(text, end)):
        return after.span("value")
    return None


def _secretive(word: str) -> bool:
    """Say whether a word looks made up: letters with digits or signs, or a number of four digits."""
    odd = any(letter.isdigit() or letter in "!@#$%^&*+?~" for letter in word.rstrip("?!."))
    return odd and (any(letter.isalpha() for letter in word) or word.isdigit())
