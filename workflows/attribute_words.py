"""The everyday, AD and LDAP words for profile attributes, and the Okta attributes that each may mean.

Okta's base attributes: https://developer.okta.com/docs/reference/api/schemas/. The AD and LDAP names are those of
RFC 4519 and of Active Directory's schema. A word that may mean several is decided by the directory's mapping, or asked.
"""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, ...]] = {
    "name": ("firstName", "lastName", "displayName"),
    "first name": ("firstName",),
    "given name": ("firstName",),
    "givenname": ("firstName",),
    "forename": ("firstName",),
    "vorname": ("firstName",),
    "middle name": ("middleName",),
    "last name": ("lastName",),
    "surname": ("lastName",),
    "family name": ("lastName",),
    "nachname": ("lastName",),
    "sn": ("lastName",),
    "display name": ("displayName",),
    "full name": ("displayName",),
    "cn": ("displayName",),
    "nickname": ("nickName",),
    "job title": ("title",),
    "title": ("title",),
    "position": ("title",),
    "department": ("department",),
    "dept": ("department",),
    "abteilung": ("department",),
    "departamento": ("department",),
    "département": ("department",),
    "division": ("division",),
    "company": ("organization",),
    "organization": ("organization",),
    "organisation": ("organization",),
    "cost center": ("costCenter",),
    "cost centre": ("costCenter",),
    "kostenstelle": ("costCenter",),
    "manager": ("manager", "managerId"),
    "line manager": ("manager", "managerId"),
    "supervisor": ("manager", "managerId"),
    "vorgesetzter": ("manager", "managerId"),
    "employee number": ("employeeNumber",),
    "employee id": ("employeeNumber",),
    "employeeid": ("employeeNumber",),
    "personnel number": ("employeeNumber",),
    "personalnummer": ("employeeNumber",),
    "employee type": ("userType",),
    "user type": ("userType",),
    "phone": ("primaryPhone", "mobilePhone"),
    "phone number": ("primaryPhone", "mobilePhone"),
    "telephone": ("primaryPhone", "mobilePhone"),
    "telephonenumber": ("primaryPhone",),
    "telefon": ("primaryPhone", "mobilePhone"),
    "office phone": ("primaryPhone",),
    "work phone": ("primaryPhone",),
    "mobile": ("mobilePhone",),
    "mobile phone": ("mobilePhone",),
    "mobile number": ("mobilePhone",),
    "cell phone": ("mobilePhone",),
    "cell": ("mobilePhone",),
    "email": ("email",),
    "e-mail": ("email",),
    "email address": ("email",),
    "e-mail address": ("email",),
    "mail": ("email",),
    "second email": ("secondEmail",),
    "secondary email": ("secondEmail",),
    "address": ("streetAddress",),
    "street": ("streetAddress",),
    "street address": ("streetAddress",),
    "streetaddress": ("streetAddress",),
    "city": ("city",),
    "town": ("city",),
    "l": ("city",),
    "state": ("state",),
    "st": ("state",),
    "province": ("state",),
    "zip": ("zipCode",),
    "zip code": ("zipCode",),
    "postal code": ("zipCode",),
    "postcode": ("zipCode",),
    "postalcode": ("zipCode",),
    "country": ("countryCode",),
    "country code": ("countryCode",),
    "c": ("countryCode",),
    "language": ("preferredLanguage",),
    "preferred language": ("preferredLanguage",),
    "locale": ("locale",),
    "time zone": ("timezone",),
}

_SHORTEST = 4  # shorter words ("sn", "l") count as names in a form or label, never inside a sentence


def meanings(word: str, synonyms: Mapping[str, str]) -> tuple[str, ...]:
    """Return the Okta attributes that a word may mean, the settings' synonyms first; none for an unknown word."""
    key = " ".join(word.casefold().split())
    for name, attribute in synonyms.items():
        if name.casefold() == key:
            return (attribute,)
    if key in WORDS:
        return WORDS[key]
    known = {attribute.casefold(): attribute for attributes in WORDS.values() for attribute in attributes}
    return (known[key],) if key in known else ()


def spoken(synonyms: Mapping[str, str]) -> tuple[str, ...]:
    """Return the words to look for inside sentences, the longest first."""
    attributes = {attribute for attributes in WORDS.values() for attribute in attributes}
    words = {*WORDS, *attributes, *(name.casefold() for name in synonyms)}
    return tuple(sorted((word for word in words if len(word) >= _SHORTEST), key=lambda word: (-len(word), word)))
