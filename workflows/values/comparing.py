"""Compares profile values: whether two are equal, whether a person means a value, and what predicts one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from pydantic import JsonValue

from workflows.model import Expectation

# Mail programs and phones write these instead of the plain sign, so the difference does not count.
_TYPED = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "–": "-", "‑": "-", "“": '"', "”": '"', "\xa0": " "})
_PHONE = re.compile(r"\+?(?=(?:\D*\d){7})[\d\s()./-]{7,30}(?<![\s./-])")
# Country codes, none of which begins another: https://www.itu.int/pub/T-SP-E.164D
_COUNTRY = re.compile(r"1|7|2[07]|3[0123469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[2-689]\d\d")
LONGEST_ABBREVIATION = 5  # letters of a word whose capitals may be what is wanted: "HR", "UNHCR"
LEAST_ABROAD = 11  # digits of a number with the prefix 00; a shorter one is an employee's, say, with its zeros
_REMARK = re.compile(r"(?<!\s)\s*[(\[][^()\[\]]{0,200}[)\]]\s*$")
_IDENTITY = re.compile(r"\s*appuser\.([A-Za-z_][A-Za-z0-9_]*)\s*")

_LITERAL = re.compile(r"""["']([^"']*)["']""")
_READ, _ROOT = re.compile(r"\bappuser\.([A-Za-z_][A-Za-z0-9_]*)"), re.compile(r"\b([A-Za-z_][A-Za-z0-9_]*)\.")
_OF_THE_COPY = frozenset({"appuser", "String", "Arrays", "Convert"})  # what else has a point brings values of its own


def identity(expression: str) -> str | None:
    """Return `name` if the whole expression is `appuser.<name>`; nothing else predicts a value."""
    match = _IDENTITY.fullmatch(expression)
    return match[1] if match else None


def reads_nothing(expression: str, copy: Mapping[str, JsonValue]) -> bool:
    """Say whether all that an expression reads is of the directory's copy and empty there, and it adds no words."""
    if any(text.strip() for text in _LITERAL.findall(expression)):
        return False
    code = _LITERAL.sub("", expression)
    names = _READ.findall(code)
    return (
        bool(names) and set(_ROOT.findall(code)) <= _OF_THE_COPY and all(same(copy.get(name), None) for name in names)
    )


def same(left: JsonValue, right: JsonValue) -> bool:
    """Compare two values as the copies hold them: numbers and booleans by their text, no value and "" alike.

    The order of a list's items is not compared.

    Okta turns a value that was removed into "" where it had been filled, and leaves null where it never was
    (https://developer.okta.com/docs/reference/okta-expression-language/), so the two count as equal.
    """
    return _text(left) == _text(right)


def holds(profile: Mapping[str, JsonValue], expectation: Expectation) -> bool:
    """Return whether an Okta profile holds what is expected."""
    return same(profile.get(expectation.attribute), expectation.value)


def means(stated: str, held: JsonValue) -> bool:
    """Return whether a person who writes `stated` means the value that a copy holds.

    Spacing, the encoding of accents and typographic signs may differ. Case counts, unless the person wrote everything
    in lower or in upper case: "finance" means Finance, and "McDonald" is not Mcdonald.
    """
    if isinstance(held, list):
        parts = [part for part in re.split(r"(?:(?<!\s)\s+)?[,;\n]\s*", stated.strip()) if part]
        return len(parts) == len(held) and all(any(means(part, item) for item in held) for part in parts)
    written, there = typed(stated), typed(_text(held))
    if _PHONE.fullmatch(written) and _PHONE.fullmatch(there):
        return _same_number(written, there)
    careless = isinstance(held, bool) or written in {written.lower(), written.upper()}
    return written.casefold() == there.casefold() if careless else written == there


def may_want_its_case(stated: str, held: JsonValue, still: str | None) -> bool:
    """Say whether the letters' case is all in which a stated value differs from a held one, and may be what is wanted.

    It may where the value that is said to be wrong differs in nothing else either, or where abbreviations stand in
    capitals.
    """
    wanted, there = typed(stated), typed(str(held))
    if wanted == there or wanted.casefold() != there.casefold():
        return False
    if still is not None and typed(still).casefold() == wanted.casefold():
        return True
    return wanted.isupper() and all(len(word) <= LONGEST_ABBREVIATION for word in wanted.split())


def _same_number(left: str, right: str) -> bool:
    """Compare two telephone numbers by their digits; one may lack the country code and begin with a zero.

    A number without its area code is nobody's: only what follows a country code is a whole number within the country.
    """
    (one, within_one), (other, within_other) = _number(left), _number(right)
    if within_one is None and within_other is None:
        return re.sub(r"\D", "", left) == re.sub(r"\D", "", right)  # without a country code a zero tells numbers apart
    if one == other:
        return True
    return (within_one is None) != (within_other is None) and (within_one or one) == (within_other or other)


def _number(text: str) -> tuple[str, str | None]:
    """Return a number's digits without leading zeros and, if it has a country code, those within the country."""
    national = re.sub(r"\D", "", text).lstrip("0")
    digits = re.sub(r"\D", "", text)
    if not (text.startswith("+") or (text.startswith("00") and len(digits) >= LEAST_ABROAD)):
        return national, None
    code = _COUNTRY.match(re.sub(r"\D", "", text.replace("(0)", "", 1)).lstrip("0"))
    if code is None:
        return national, None
    within = code.string[code.end() :].lstrip("0")
    return code[0] + within, within


def begins_with(stated: str, held: JsonValue) -> bool:
    """Say whether a stated text is a held value with more behind it: "40250 checked in ADUC", "Director, Finance".

    Words without a sign between belong to the value, unless it is rather a number than a name: "Sales 2 North".
    """
    value = typed(_text(held))
    rest = typed(stated)[len(value) :]
    if not value or not typed(stated).casefold().startswith(value.casefold()):
        return False
    return rest.lstrip()[:1] in {"(", "[", ",", ";", "."} or (_is_number(value) and rest.startswith(" "))


def _is_number(value: str) -> bool:
    return sum(map(str.isdigit, value)) > sum(map(str.isalpha, value))


def without_remark(stated: str) -> str:
    """Return a stated text without a remark in brackets at its end: "40250 (checked in ADUC)"."""
    return _REMARK.sub("", stated.strip()) or stated


def items(value: JsonValue) -> list[JsonValue]:
    """Return the items of a list, or the one value."""
    return value if isinstance(value, list) else [value]


def typed(text: str) -> str:
    """Return a text normalized to plain signs and single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_TYPED).split())


def _text(value: JsonValue) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "\n".join(sorted(_text(item) for item in value))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).lower() if isinstance(value, bool) else str(value)
