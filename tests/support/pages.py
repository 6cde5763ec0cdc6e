"""Pages as a browser reads them: their links, and their forms with exactly what it would send.

Every field of a form is sent, also hidden and empty ones; of boxes the ticked ones, of a list its chosen
option or its first, of files an empty part; nothing that is disabled; of buttons the one that was pressed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from io import BytesIO
from typing import Any
from urllib.parse import urljoin, urlsplit

from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse

from tests.support.client import PortalClient

#: buttons and pictures are sent only when they are pressed
_PRESSED = {"submit", "button", "image", "reset"}


@dataclass(frozen=True)
class Control:
    """One field as it stands in the page, with what it sends (None: nothing as it stands)."""

    name: str
    kind: str
    value: str | None
    options: tuple[str, ...] = ()


@dataclass
class PageForm:
    """A form: where it goes, how, its fields in order and its buttons."""

    page: str
    action: str
    method: str
    multipart: bool
    controls: list[Control] = field(default_factory=list)
    buttons: list[Control] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it is sent to."""
        return urljoin(self.page, self.action) if self.action else self.page

    def pairs(self, button: Control | None = None) -> list[tuple[str, str | None]]:
        """What a browser sends, in order; a file not chosen is None."""
        pressed = button or next(iter(self.buttons), None)
        sent = [(one.name, one.value) for one in self.controls if one.value is not None or one.kind == "file"]
        if pressed is not None and pressed.name:
            sent.append((pressed.name, pressed.value))
        return sent

    def put(self, name: str, value: str) -> PageForm:
        """The same form with one field (all of this name) filled."""
        filled = [replace(one, value=value) if one.name == name else one for one in self.controls]
        return replace(self, controls=filled)

    def send(
        self,
        client: PortalClient,
        *,
        button: Control | None = None,
        file: tuple[str, bytes] | None = None,
        follow_redirects: bool = False,
    ) -> TestResponse:
        """Send it as a browser would; ``file`` is the name and content put into its file fields."""
        data: MultiDict[str, Any] = MultiDict()
        for name, value in self.pairs(button):
            if value is not None:
                data.add(name, value.replace("\r\n", "\n").replace("\n", "\r\n"))
            elif self.multipart:
                title, content = file or ("", b"")
                data.add(name, FileStorage(BytesIO(content), filename=title, name=name))
        if self.method == "get":
            pairs = list(data.items(multi=True))
            return client.get(urlsplit(self.url).path, query_string=MultiDict(pairs))
        kind = "multipart/form-data" if self.multipart else "application/x-www-form-urlencoded"
        referer = {"Referer": urljoin("http://localhost/", self.page)}
        return client.post(
            self.url, data=data, content_type=kind, headers=referer, follow_redirects=follow_redirects
        )


@dataclass
class ReadPage:
    """The links and forms of a page."""

    links: list[str]
    forms: list[PageForm]


def read_page(html: str, url: str) -> ReadPage:
    """Read a page that came from ``url``."""
    reader = _Reader(url)
    reader.feed(html)
    reader.close()
    return ReadPage(reader.links, reader.forms)


class _Reader(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self.links: list[str] = []
        self.forms: list[PageForm] = []
        self._by_id: dict[str, PageForm] = {}
        self._open: list[PageForm] = []
        self._disabled = 0
        self._fieldsets: list[bool] = []
        self._select: tuple[dict[str, Any], list[tuple[str, bool]]] | None = None
        self._text: tuple[dict[str, Any], list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        for name in ("href", "hx-get", "data-url"):
            if name in found and tag != "link":
                self.links.append(found[name])
        if tag == "img":
            self.links.append(found.get("src", ""))
        begin = getattr(self, f"_begin_{tag}", None)
        if begin is not None:
            begin(found)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._open:
            self._open.pop()
        elif tag == "fieldset" and self._fieldsets:
            self._disabled -= self._fieldsets.pop()
        elif tag == "select" and self._select is not None:
            self._end_select()
        elif tag == "textarea" and self._text is not None:
            found, parts = self._text
            self._add(found, "textarea", "".join(parts).removeprefix("\n"))
            self._text = None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text[1].append(data)

    def _begin_fieldset(self, found: dict[str, str]) -> None:
        self._fieldsets.append("disabled" in found)
        self._disabled += self._fieldsets[-1]

    def _begin_select(self, found: dict[str, str]) -> None:
        self._select = (found, [])

    def _begin_option(self, found: dict[str, str]) -> None:
        if self._select is not None and "disabled" not in found:
            self._select[1].append((found.get("value", ""), "selected" in found))

    def _begin_textarea(self, found: dict[str, str]) -> None:
        self._text = (found, [])

    def _begin_button(self, found: dict[str, str]) -> None:
        if found.get("type", "submit") == "submit":
            self._add_button(found)

    def _begin_form(self, found: dict[str, str]) -> None:
        form = PageForm(
            page=self._url,
            action=found.get("action", found.get("hx-post", "")),
            method=found.get("method", "post" if "hx-post" in found else "get").lower(),
            multipart=found.get("enctype") == "multipart/form-data",
        )
        self._open.append(form)
        self.forms.append(form)
        if found.get("id"):
            self._by_id[found["id"]] = form

    def _owner(self, found: dict[str, Any]) -> PageForm | None:
        if "disabled" in found or self._disabled:
            return None
        if found.get("form"):
            return self._by_id.get(found["form"])
        return self._open[-1] if self._open else None

    def _add(
        self, found: dict[str, Any], kind: str, value: str | None, options: tuple[str, ...] = ()
    ) -> None:
        form = self._owner(found)
        if form is None or not found.get("name"):
            return
        if kind == "radio":  # one of a group sends; the group is one control
            at = next((i for i, one in enumerate(form.controls) if one.name == found["name"]), None)
            if at is not None:
                old = form.controls[at]
                chosen = value if value is not None else old.value
                form.controls[at] = replace(old, value=chosen, options=(*old.options, *options))
                return
        form.controls.append(Control(found["name"], kind, value, options))

    def _add_button(self, found: dict[str, Any]) -> None:
        form = self._owner(found)
        if form is not None:
            form.buttons.append(Control(found.get("name", ""), "submit", found.get("value", "")))

    def _begin_input(self, found: dict[str, Any]) -> None:
        kind = found.get("type", "text").lower()
        if kind in _PRESSED:
            if kind in {"submit", "image"}:
                self._add_button(found)
        elif kind in {"checkbox", "radio"}:
            value = found.get("value", "on")
            self._add(found, kind, value if "checked" in found else None, (value,))
        else:
            self._add(found, kind, None if kind == "file" else found.get("value", ""))

    def _end_select(self) -> None:
        assert self._select is not None
        found, options = self._select
        values = tuple(value for value, _selected in options)
        chosen = [value for value, selected in options if selected]
        if "multiple" in found:
            for value in chosen:
                self._add(found, "select", value, values)
        else:
            first = values[0] if values else None
            self._add(found, "select", chosen[-1] if chosen else first, values)
        self._select = None
