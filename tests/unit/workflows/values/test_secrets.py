"""Secrets are removed from other people's text, by their label or their shape; our own sentences stay."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.linear import linear
from tests.unit.workflows.values.planted import PLANTED
from workflows.errors import Misconfigured
from workflows.values.masking import plain, without_people
from workflows.values.secrets import without_secrets
from workflows.values.secrets_known import REMOVED

ROOT = Path(__file__).resolve().parents[4]
OPERATION = re.compile(r"(?:read|look|find|get|check|prove|start|list|search|try|see|update|add|post|use|sign|ask|go) ")
BEFORE_AND_AFTER = "Attribute: title, since Monday.\n{}\nRegards, the service desk"


@pytest.mark.parametrize(("text", "secret"), PLANTED)
def test_a_secret_is_removed_and_its_surroundings_stay(text: str, secret: str) -> None:
    shown = without_secrets(BEFORE_AND_AFTER.format(text))
    assert secret not in shown
    assert REMOVED in shown
    assert shown.startswith("Attribute: title, since Monday.\n")
    if "cut off" not in text:  # a key without its end takes all the rest
        assert shown.endswith("\nRegards, the service desk")
    assert secret not in plain(text, 500)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("SECRET_KEY = abc", "SECRET_KEY = [removed]"),
        ("client_secret_value: x y", "client_secret_value: [removed]"),
        ("Password (temporary): x", "Password (temporary): [removed]"),
        ('{"token": "a", "errorSummary": "no"}', '{"token": [removed], "errorSummary": "no"}'),
        ("My password is x1, please help", "My password is [removed] please help"),
        ("password: a\nAttribute: title", "password: [removed]\nAttribute: title"),
    ],
)
def test_the_label_stays_and_its_value_goes(text: str, shown: str) -> None:
    assert shown == without_secrets(text)


@pytest.mark.parametrize(
    ("table", "shown"),
    [
        ("||User||PIN||Note||\n|ada|7|new|\nRegards", "||User||PIN||Note||\n|ada|[removed]|new|\nRegards"),
        ("User\tPIN\tNote\nada\t7\tnew\nRegards", "User\tPIN\t[removed]\nada\t[removed]\tnew\nRegards"),
        ("||User||PIN||Note||\n|ada|7\nRegards", "||User||PIN||Note||\n|ada|[removed]\nRegards"),
        ("PIN\tUser\tNote\n7\tada\tnew\nRegards", "PIN\t[removed]\tNote\n[removed]\tada\tnew\nRegards"),
        ("PIN\tUser\n7\tada\na|b\tbo", "PIN\t[removed]\n[removed]\tada\n[removed]\tbo"),
        ("PIN\tPassword\n7\tsun\n8\tmoon", "PIN\t[removed]\n[removed]\t[removed]\n[removed]\t[removed]"),
        ("PIN\tSince\nZx9!kLm2\tMonday", "PIN\t[removed]\n[removed]\tMonday"),
        ("User | PIN\n--- | ---\nada | 7\nRegards", "User | PIN\n--- | ---\nada |[removed]\nRegards"),
        ("PIN | User\n:-|-:\n7 | ada\n| 8 | bo |", "PIN | [removed]\n:-|-:\n[removed]| ada\n|[removed]| bo |"),
        ("> User | PIN\n> ---|---\n> ada | sun\\|moon", "> User | PIN\n> ---|---\n> ada |[removed]"),
        ("|PIN|User|\n|---|---|\n|7|ada|\nRegards", "|PIN|[removed]|\n|---|---|\n|[removed]|ada|\nRegards"),
        ("ada\tPIN\t7\nbo\tPIN\t8", "ada\tPIN\t[removed]\nbo\tPIN\t[removed]"),
    ],
)
def test_what_stands_under_a_head_for_secrets_goes_and_what_may_be_its_value_beside_it(table: str, shown: str) -> None:
    assert shown == without_secrets(table)


@pytest.mark.parametrize(
    "text",
    [
        "Basic authentication is not allowed here",
        "Okta profile of 00ue0ImoMVUts96WnoK4 read (d0db657e6f80103c16c8ddde2e6b115e)",
        "see https://example.okta.com/app/0oa8bZn6K2Q4Oto9r8L7 at 09:00",
        "see `okta.main.token` in the settings",
        "HTTP 401: Invalid token provided; see `okta.main.token` in the settings",
        "Invalid token provided",
        "okta.main.token: this key is missing",
        "desks.snow.password: the file /run/secrets/servicenow cannot be used: it is empty",
        "FORCESYNC_OKTA__MAIN__TOKEN_FILE: the file /run/secrets/okta cannot be used: it is empty",
        'token_file = "/run/secrets/okta"',
        "I forgot my password and my PIN, the password is expired",
        "Secretary: Ann Example",
        "Shipping: 3 days",
        "The opinion: fine. Passenger: 2",
        "The token was refused: Unauthorized",
        "Le jeton a été refusé: Unauthorized",
        "token type: Bearer",
        "token_type=Bearer, password_policy: strict",
        "PIN code (postal): 560001",
        "Pass: the gate",
        "my department code is 4711, my postal code is 12345",
        "code: E0000007, country code: US",
        "user: ada / Treasury, login: CORP/ada2",
        "User: https://example-admin.okta.com/admin/user/profile/view/00u1",
        "account: ada@example.com",
        "Bearer authentication is required, basic troubleshooting was done",
        "mkdir -p dir1/dir2 and docker run -p 8080:80",
        "sk-learn-contrib, hf_ and the npm_config_registry",
        "Title: Token Ring Engineer",
        "the new password will be sent tomorrow, and the password will be reset",
        'she wrote "password" and "Legal", the password "expired"',
        "user ada:Sales, account ada@example.com has 12 groups, user name 10077 of floor2",
        "see https://example.org/docs/welcome/introduction and https://example.org/welcome/getting-started",
        "login: https://example.okta.com:8443/app2, sign in at https://example.org:443/x1",
        "MFA 12 months, the TAN list, Tan 471447",
        "パスワードは期限切れです",
        "the compass code: 17, a pass for floor2",
        "Cost centre: CC-1234, ticket AB-1234-XY",
        "tokens: 3 left in bucket",
        "pass on to: Ada",
        "clave de departamento: Ventas, chave: abc",
        "Clave del puesto: 4711",
        "Klucz: SUP-17",
        "Sleutel: FIN_2-3",
        "Schlüssel: 4711-02",
        "Clé : département",
        "Zugangskennung: ada.lovelace",
        "credencial: Gerente",
        "bypass: yes, a compass: north",
        "GPW: the exchange, Lipsk: a town",
        "WPA2 Enterprise is used, a new password was asked for",
    ],
)
def test_what_only_looks_a_little_like_one_stays(text: str) -> None:
    assert text == plain(text, 500)


@pytest.mark.parametrize(
    "table",
    [
        "||Attribute||Expected||\n|title|Token 2 Engineer|\n|department|Pins|",
        "| Name | Password policy |\n|---|---|\n| ada | strict |",
        "Attribute\tValue\ntitle\tHead of Passwords",
        "Password policy\tUser\nstrict\tada",
        "Attribute | Expected\n--- | ---\ntitle | Head of Passwords",
        "User | Password policy\n--- | ---\nada | strict",
    ],
)
def test_a_table_without_a_head_for_secrets_stays(table: str) -> None:
    assert table == without_secrets(table)


@pytest.mark.parametrize("row", ["PIN\t4711", "PIN\tsunflower", "PIN\t4711\tnew"])
def test_the_labels_below_a_label_stay(row: str) -> None:
    below = "\nTitle\tCook\told\nCost centre\tOslo\told"
    assert without_secrets(row + below).endswith(below)


def test_our_own_sentences_stay() -> None:
    sentences = set(own_sentences())
    assert 700 < len(sentences)
    assert [] == [text for text in sorted(sentences) if REMOVED in without_people(text) and REMOVED not in text]


def own_sentences() -> Iterator[str]:
    """Yield every text of our own code that has blanks; one that says what was tried, also as an error's operation."""
    files = [path for folder in ("worker", "connectors", "workflows") for path in (ROOT / folder).rglob("*.py")]
    for path in files:
        if "sandbox" in path.parts or path.name.startswith("secrets") or "languages" in path.parts:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            text = "" if id(node) in docstrings else _text_of(node)
            if " " in text.strip() and not re.search(r"\\|\(\?|\n", text):
                yield text
                if OPERATION.match(text):
                    yield str(Misconfigured("okta.main", text, "HTTP 400: invalid_client: no such client"))


def _text_of(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "something" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


@pytest.mark.long
@pytest.mark.parametrize(
    "unit",
    [
        "your code is ", "your code is 4", "1 ", "login: a/", "user:a|", "mysql -p", "net use /user:",
        "Private-Lines: 1 ", "Private-Lines:1 AAAAAAAAAAAAAAAA ",
        "sk-proj-", "xox", "glpat-", "ssws00", "471447-", "pass: ", "token was ",
        "token", "token ", "token:", "token_", "token is ", "token is not ", "password ", '"password":', "pin ",
        "-----BEGIN ", "eyJ-", "eyJaaaaa.", "://a:", "a:b@", "bearer ", "basic  ", "cookie ", "\"", "\\", "(", "<a>",
        "password (", "|token", "password\n", "=", "@", "a.", "hasło", "İ", "token a", "?code=", "-u a", "https://",
        "login a:", "creds a ", "/tokens/", "creds: a / ", "hooks.slack.com/",
        "パスワードは", "TAN 1", "password \"", "AAAA-",
        "secret \u00a0", "okta.main.token: a b ",
        "||a||\n", "||pin||\n|a|\n", "|a|\n|---|\n", "|-", "a\tpin\n", "\ta", "|| ", "klucz: -", "klucz: a1/",
        "a|pin\n-|-\n", "pin\ta\n", ":-|", "\\|", "> ",
        "p/w ", "dbpass", "clave de ", "clave del wifi", "password new ", "password neu new -",
    ],
)  # fmt: skip
def test_a_hostile_text_takes_no_time(unit: str) -> None:
    for text_of in (
        lambda size: unit * (size // len(unit)),
        lambda size: unit + "a" * size,
        lambda size: unit + " " * size,
        lambda size: "a" * size + unit,
    ):
        assert linear(without_people, text_of)
