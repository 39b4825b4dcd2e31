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
    "office location": ("officeLocation", "physicalDeliveryOfficeName"),
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
    "telephone number": ("primaryPhone", "mobilePhone"),
    "mobile phone number": ("mobilePhone",),
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

# German, French, Spanish, Portuguese and Dutch; Italian where the word is its own.
ABROAD: Mapping[str, tuple[str, ...]] = {
    "position": ("title",),
    "stelle": ("title",),
    "titel": ("title",),
    "berufsbezeichnung": ("title",),
    "stellenbezeichnung": ("title",),
    "jobtitel": ("title",),
    "funktion": ("title",),
    "familienname": ("lastName",),
    "anzeigename": ("displayName",),
    "telefonnummer": ("primaryPhone", "mobilePhone"),
    "handynummer": ("mobilePhone",),
    "mobilnummer": ("mobilePhone",),
    "mobiltelefon": ("mobilePhone",),
    "standort": ("city",),
    "firma": ("organization",),
    "vorgesetzte": ("manager", "managerId"),
    "mitarbeiternummer": ("employeeNumber",),
    "postleitzahl": ("zipCode",),
    "straße": ("streetAddress",),
    "nom de famille": ("lastName",),
    "titre": ("title",),
    "título": ("title",),
    "prénom": ("firstName",),
    "poste": ("title",),
    "fonction": ("title",),
    "intitulé du poste": ("title",),
    "service": ("department",),
    "téléphone": ("primaryPhone", "mobilePhone"),
    "téléphone portable": ("mobilePhone",),
    "ville": ("city",),
    "centre de coûts": ("costCenter",),
    "apellido": ("lastName",),
    "apellidos": ("lastName",),
    "puesto": ("title",),
    "cargo": ("title",),
    "teléfono": ("primaryPhone", "mobilePhone"),
    "teléfono móvil": ("mobilePhone",),
    "móvil": ("mobilePhone",),
    "ciudad": ("city",),
    "centro de coste": ("costCenter",),
    "sobrenome": ("lastName",),
    "apelido": ("lastName",),
    "função": ("title",),
    "telefone": ("primaryPhone", "mobilePhone"),
    "celular": ("mobilePhone",),
    "telemóvel": ("mobilePhone",),
    "cidade": ("city",),
    "centro de custo": ("costCenter",),
    "gestor": ("manager", "managerId"),
    "afdeling": ("department",),
    "functie": ("title",),
    "achternaam": ("lastName",),
    "voornaam": ("firstName",),
    "telefoonnummer": ("primaryPhone", "mobilePhone"),
    "mobiel nummer": ("mobilePhone",),
    "woonplaats": ("city",),
    "leidinggevende": ("manager", "managerId"),
    "kostenplaats": ("costCenter",),
    "reparto": ("department",),
}
_ALL: Mapping[str, tuple[str, ...]] = {**ABROAD, **WORDS}
_ONLY_AS_A_LABEL = frozenset({"service"})  # too common a word inside English sentences

OWN_NAME = r"(?-i:[a-z]{2,}[A-Z]\w*)"  # an org's own attribute, written as Okta writes it: officeLocation
_SHORTEST = 4  # shorter words ("sn", "l") count as names in a form or label, never inside a sentence


def meanings(word: str, synonyms: Mapping[str, str]) -> tuple[str, ...]:
    """Return the Okta attributes that a word may mean, the settings' synonyms first; none for an unknown word."""
    key = " ".join(word.casefold().split())
    for name, attribute in synonyms.items():
        if name.casefold() == key:
            return (attribute,)
    if key in _ALL:
        return _ALL[key]
    known = {attribute.casefold(): attribute for attributes in WORDS.values() for attribute in attributes}
    return (known[key],) if key in known else ()


def spoken(synonyms: Mapping[str, str]) -> tuple[str, ...]:
    """Return the words to look for inside sentences, the longest first."""
    attributes = {attribute for attributes in WORDS.values() for attribute in attributes}
    words = {*_ALL, *attributes, *(name.casefold() for name in synonyms)} - _ONLY_AS_A_LABEL
    return tuple(sorted((word for word in words if len(word) >= _SHORTEST), key=lambda word: (-len(word), word)))
