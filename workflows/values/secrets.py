"""Removes secrets from other people's text, by the word before them or by their shape.

Shapes: https://www.rfc-editor.org/rfc/rfc6750 (bearer), https://www.rfc-editor.org/rfc/rfc7519 (JWT),
https://www.rfc-editor.org/rfc/rfc7468 (PEM), https://developer.okta.com/docs/reference/core-okta-api/ (`SSWS`). That an
API token of Okta has 42 characters from `00` on is inferred from published examples.
"""

from __future__ import annotations

import re

REMOVED = "[removed]"

_WORD = re.compile(
    r"""(?ix)
    (?P<label>
        (?<![a-z])                                    # `client_secret` counts, `forgotpassword` does not
        (?: pass(?:word|wd|phrase|code|wort)? | pwd | kennwort | contrase\u00f1a | mot\ de\ passe
          | secret | token | api[ _-]?key | private[ _-]?key | authorization | x-api-key )
        (?![a-z])
        ["']? \s* (?: (?:is|ist|lautet|est|es)\s+ )? (?: [:=]\s* )?
    )
    (?P<value> "[^"\n]*" | '[^'\n]*' | (?:(?:bearer|basic|ssws|dpop)\s+)? \S+ )
    """
)
_SHAPES = re.compile(
    r"""(?x)
    -----BEGIN\ [A-Z ]*PRIVATE\ KEY-----  .*?  (?: -----END\ [A-Z ]*PRIVATE\ KEY----- | \Z )
  | \b(?i:set-cookie|cookie)\s*:\s*[^\n]+
  | (?<=://)[^/\s:@]+:[^/\s@]+(?=@)                                    # https://user:password@host
  | \b(?i:ssws)\s+\S+
  | \b(?i:bearer|basic|dpop)\s+(?=\S*(?:[0-9=]|[a-z][A-Z]))[\w.~+/=-]{8,}  # not `Basic authentication`
  | \beyJ[\w-]{5,600}\.[\w-]{5,}(?:\.[\w-]*)*                           # JWT and JWE
  | \b00[\w-]{40}(?![\w-])                                               # Okta
  | \bAT[AC]TT3[\w=-]{20,}                                               # Atlassian
  | \b(?:gh[opsru]_|github_pat_|glpat-|xox[abeoprs]-|sk_live_|rk_live_)[\w-]{10,}
  | \bAKIA[0-9A-Z]{16}\b
  | \bAIza[\w-]{35}
    """,
    re.DOTALL,
)


def without_secrets(text: str) -> str:
    """Replace what follows a word such as "password" or "token", and whatever has the shape of a secret."""
    text = _SHAPES.sub(REMOVED, text)
    return _WORD.sub(lambda found: f"{found['label']}{REMOVED}", text)
