"""The simulated Okta org's constants: app names, mappings, schemas, and a new user's initial values.

What a directory maps and what Okta validates is data, separate from the code.
"""

from __future__ import annotations

import base64
import random
from typing import Any

from connectors.sandbox.okta.world import AppKind, SchemaAttribute
from connectors.sandbox.wire.frame import Frame, Person

# An app's `name` gives its kind; both AD instances of an org have the same. No other directory name is recorded.
# The last two look like directories but are not: both are recorded next to AD instances of one org.
APP_NAMES: dict[AppKind, str] = {
    "ad": "active_directory",
    "ldap": "ldap_sun_one",
    "oidc": "oidc_client",
    "csv": "csv_directory_v2",
    "ldap_interface": "ldap_interface",
    "hr": "workday",
}
HR_FEATURES = ("IMPORT_PROFILE_UPDATES", "PROFILE_MASTERING", "IMPORT_NEW_USERS")  # inferred from a directory's
# Recorded for an AD instance; for LDAP inferred to be the same.
DIRECTORY_FEATURES = (
    "IMPORT_PROFILE_UPDATES",
    "PROFILE_MASTERING",
    "OUTBOUND_DEL_AUTH",
    "IMPORT_USER_SCHEMA",
    "IMPORT_NEW_USERS",
)
GUARDED = ("login", "email")  # what people sign in with: a Force Sync may change it only after an approval
SENSITIVE = ("mobilePhone", "manager", "employeeNumber")  # never to be shown in a public text

# (Okta attribute, expression over the app user), per kind; the table below has every identity's app-user attribute.
TO_OKTA: dict[AppKind, tuple[tuple[str, str], ...]] = {
    "ad": (
        ("login", "appuser.userName"),
        ("firstName", "appuser.firstName"),
        ("lastName", "appuser.lastName"),
        ("email", "appuser.email"),
        ("displayName", 'appuser.firstName + " " + appuser.lastName'),
        ("department", "appuser.department"),
        ("title", "appuser.title"),
        ("mobilePhone", "appuser.mobilePhone"),
        ("manager", "appuser.manager"),
        ("employeeNumber", "appuser.employeeNumber"),
        ("city", "appuser.city"),
        ("userType", "String.toLowerCase(appuser.employeeType)"),
        ("officeLocation", "appuser.officeLocation"),
    ),
    "ldap": (
        ("login", "appuser.userName"),
        ("firstName", "appuser.firstName"),
        ("lastName", "appuser.lastName"),
        ("email", "appuser.mail"),
        ("displayName", "appuser.cn"),
        ("department", "appuser.department"),
        ("title", "appuser.title"),
        ("mobilePhone", "appuser.mobilePhone"),
        ("manager", "appuser.manager"),
        ("employeeNumber", "appuser.employeeNumber"),
        ("city", "appuser.localityName"),
    ),
    "oidc": (("email", "appuser.email"), ("firstName", "appuser.name")),
    "csv": (("email", "appuser.email"), ("department", "appuser.department")),
    "ldap_interface": (),
    "hr": tuple((name, f"appuser.{name}") for name in ("firstName", "lastName", "department", "title", "manager")),
}
# (app-user attribute, its name in the directory), per kind: the app schema's `externalName`.
APP_ATTRIBUTES: dict[AppKind, tuple[tuple[str, str], ...]] = {
    "ad": (
        ("userName", "userPrincipalName"),
        ("samAccountName", "sAMAccountName"),
        ("dn", "distinguishedName"),
        ("cn", "cn"),
        ("objectSid", "objectSid"),
        ("firstName", "givenName"),
        ("lastName", "sn"),
        ("email", "mail"),
        ("department", "department"),
        ("title", "title"),
        ("mobilePhone", "mobile"),
        ("manager", "manager"),
        ("employeeNumber", "employeeNumber"),
        ("city", "l"),
        ("employeeType", "employeeType"),
        ("officeLocation", "physicalDeliveryOfficeName"),
    ),
    "ldap": (
        ("userName", "uid"),
        ("dn", "entryDN"),
        ("cn", "cn"),
        ("firstName", "givenName"),
        ("lastName", "sn"),
        ("mail", "mail"),
        ("department", "departmentNumber"),
        ("title", "title"),
        ("mobilePhone", "mobile"),
        ("manager", "manager"),
        ("employeeNumber", "employeeNumber"),
        ("localityName", "l"),
    ),
    "oidc": (("email", "email"), ("name", "name")),
    "csv": (("userName", "username"), ("email", "email"), ("department", "department")),
    "ldap_interface": (("userName", "username"),),
    "hr": tuple((name, name) for name in ("userName", "firstName", "lastName", "department", "title", "manager")),
}

_DEPARTMENTS = ("Sales", "Finance", "Engineering", "Legal", "Logistics", "Facilities", "Research", "Procurement")
_TITLES = ("Analyst", "Coordinator", "Specialist", "Consultant", "Technician", "Planner", "Editor", "Buyer")
_CITIES = ("Springfield", "Riverton", "Lakeview", "Fairhaven", "Milldale", "Northport")
# Managers are not accounts here: a greeting by name must not look like a disclosed attribute.
_MANAGERS = (
    "Quillon Ravensworth",
    "Ottoline Farquharson",
    "Thessaly Brandreth",
    "Isolde Merriwick",
)


def user_schema() -> dict[str, SchemaAttribute]:
    """Return the default user type's attributes; lengths as in Okta's OpenAPI description (schema UserProfile)."""
    return {
        "login": SchemaAttribute("Username", required=True, min_length=5, max_length=100, unique=True),
        "firstName": SchemaAttribute("First name", required=True, min_length=1, max_length=50),
        "lastName": SchemaAttribute("Last name", required=True, min_length=1, max_length=50),
        "email": SchemaAttribute("Primary email", required=True, min_length=5, max_length=100),
        "secondEmail": SchemaAttribute("Secondary email", max_length=100, master="OKTA"),
        "displayName": SchemaAttribute("Display name"),
        "nickName": SchemaAttribute("Nickname", master="OKTA"),
        "department": SchemaAttribute("Department"),
        "title": SchemaAttribute("Title"),
        "mobilePhone": SchemaAttribute("Mobile phone", max_length=100),
        "manager": SchemaAttribute("Manager"),
        "employeeNumber": SchemaAttribute("Employee number"),
        "city": SchemaAttribute("City", max_length=128),
        "userType": SchemaAttribute("User type"),
        "costCenter": SchemaAttribute("Cost center"),
        "preferredLanguage": SchemaAttribute("Preferred language"),
        "locale": SchemaAttribute("Locale"),
        "timezone": SchemaAttribute("Time zone"),
        "officeLocation": SchemaAttribute("Office location", max_length=60, custom=True, master=None),
    }


def first_values(person: Person, source: random.Random) -> dict[str, Any]:
    """Return a new user's Okta attributes; phone numbers are in the fictional 555-01 range."""
    return {
        "login": person.login,
        "firstName": person.first_name,
        "lastName": person.last_name,
        "email": person.login,
        "displayName": person.name,
        "department": source.choice(_DEPARTMENTS),
        "title": source.choice(_TITLES),
        "mobilePhone": f"+1 {source.randrange(201, 990)}-555-01{source.randrange(100):02d}",
        "manager": source.choice(_MANAGERS),
        "employeeNumber": f"EN-{source.randrange(100_000, 1_000_000)}",
        "city": source.choice(_CITIES),
        "userType": "employee",
        "officeLocation": f"Building {source.randrange(1, 9)}",
    }


def directory_value(kind: AppKind, label: str, attribute: str, value: Any) -> Any:
    """Return how a directory holds a value: a manager as a distinguished name, which is all that AD can hold.

    https://learn.microsoft.com/en-us/windows/win32/adschema/a-manager and, for LDAP, RFC 4524, "manager".
    """
    if attribute != "manager" or kind not in ("ad", "ldap"):
        return value
    if kind == "ldap":
        return f"cn={value},ou=people,{_domain(label).lower()}"
    return f"CN={value},OU=Users,{_domain(label)}"


def common_name(value: str) -> str:
    """Return the name in a distinguished name, and anything else as it is."""
    return value[3:].partition(",")[0] if value[:3].lower() == "cn=" else value


def _domain(label: str) -> str:
    return ",".join(f"DC={part}" for part in label.split("."))


def directory_entry(kind: AppKind, label: str, person: Person, frame: Frame) -> tuple[dict[str, Any], str]:
    """Return the attributes that only the directory has, and the entry's external id."""
    domain = _domain(label)
    guid = frame.hex_id()
    if kind == "ldap":
        return {"dn": f"uid={person.login.split('@')[0]},ou=people,{domain.lower()}", "cn": person.name}, guid
    account = person.login.split("@", maxsplit=1)[0]
    entry = {
        "samAccountName": account[:20],  # the limit of Active Directory
        "dn": f"CN={person.name},OU=Users,{domain}",
        "cn": person.name,
        "objectSid": f"S-1-5-21-{frame.random.randrange(10**9)}-{frame.random.randrange(1000, 99999)}",
        "employeeType": "Employee",
    }
    # An AD user's externalId is its objectGUID in base 64 (read from public code, not documented).
    return entry, base64.b64encode(bytes.fromhex(guid)).decode("ascii")
