"""Words that no person means and every machine on the net sends, in one table."""

from __future__ import annotations

#: by what is wrong with them; each goes into every parameter and field
HOSTILE: dict[str, str] = {
    "empty": "",
    "negative": "-1",
    "zero": "0",
    "beyond 32 bits": "2147483648",
    "beyond 64 bits": "9223372036854775808",
    "twenty digits": "99999999999999999999",
    "5,000 digits": "9" * 5000,
    "4,000 digits": "9" * 4000,
    "superscript digit": "²",
    "digit in a circle": "①",
    "Thai digits": "๙๙๙๙๙๙๙๙๙๙๙",
    "no number": "NaN",
    "endless": "Infinity",
    "beyond floats": "1e400",
    "a decimal of a million digits": "1e999999",
    "NUL": "\0",
    "NUL inside": "9\x001",
    "escape": "\x1b[31m",
    "line breaks": "/\r\nSet-Cookie: taken=1\r\n\r\n<p>",
    "a line of its own kind": "a\u2028b",
    "not in Unicode": "\uffff",
    "direction": "\u202e9",
    "end of time": "31/12/9999",
    "end of time in Thai": "31 ธ.ค. 9999 24:00",
    "end of time in ISO": "9999-12-31",
    "beginning of time": "1/1/0001 00:00",
    "beyond time": "31/12/99999",
    "quotes": "' OR 1=1 --",
    "pattern": "%_\\",
    "template": "{{7*7}}%(x)s{0}",
    "markup": '"><script>alert(1)</script>',
    "path": "../../../../etc/passwd",
    "other site": "//evil.example/",
    "unfinished bracket": "http://[",
    "list": "1,2",
    "long": "ก" * 70_000,
}
#: bytes of an address that are no text: half a character, a lone surrogate
HOSTILE_BYTES = ("%ff", "%ed%a0%80", "%00", "%e0%b8", "%C0%AE", "%", "%zz")
