"""Forms as a browser sends them: every field of the page's form, with what stands in it."""

from __future__ import annotations

from html.parser import HTMLParser


class _Forms(HTMLParser):
    """The forms of a page, each as (method, fields)."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str]]] = []
        self._fields: dict[str, str] = {}
        self._open = ""  # the textarea or select that is being read
        self._kept = ""
        self._chosen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form":
            self._fields = {}
            self.found.append((given.get("method", "get").lower(), self._fields))
        elif tag == "input" and name and "disabled" not in given:
            self._input(name, given)
        elif tag in ("textarea", "select") and name:
            self._open, self._kept = name, tag
            self._fields[name] = ""
        elif tag == "option" and self._kept == "select":
            value = given.get("value", "")
            if "selected" in given or self._open not in self._chosen:
                self._fields[self._open] = value
                self._chosen.add(self._open)

    def handle_data(self, data: str) -> None:
        if self._kept == "textarea":
            self._fields[self._open] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == self._kept:
            self._fields[self._open] = self._fields[self._open].removeprefix("\r").removeprefix("\n")
            self._kept = self._open = ""

    def _input(self, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind in ("checkbox", "radio") and "checked" not in given:
            return
        if kind not in ("submit", "button", "file"):
            self._fields[name] = given.get("value", "on" if kind in ("checkbox", "radio") else "")


def form_with(page: str, field: str) -> dict[str, str]:
    """What a browser would send of the page's form that has this field, before anything is typed."""
    reader = _Forms()
    reader.feed(page)
    for method, fields in reader.found:
        if method == "post" and field in fields:
            return fields
    raise AssertionError(f"no form of the page has the field {field}")
