"""The application of both doors: what every answer carries, and whom it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from portal.core.web import LARGEST_BODY, Portal
from tests.support.client import PortalClient, client_of
from tests.support.connections import AnotherApp

PAGE = "/sign-in"


def test_every_page_says_what_a_browser_may_do_with_it(app: Portal) -> None:
    headers = client_of(app).get(PAGE).headers
    assert "script-src 'self';" in headers["Content-Security-Policy"], "no script in a page"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "same-origin")
    assert "Strict-Transport-Security" not in headers, "not asked over https"


def test_a_site_of_its_own_name_over_https_keeps_its_cookie_to_itself(
    app: Portal, another_app: AnotherApp
) -> None:
    """Behind a proxy that says so; a proxy in front of none is not believed."""
    secure = replace(
        app.settings, https=True, proxies=1, trusted_hosts=("ita.example.go.th",), public_url="https://x"
    )
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "ita.example.go.th"}
    answer = client_of(another_app(secure)).get(PAGE, headers=forwarded)
    assert answer.status_code == 200
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-portal=") and "Secure" in cookie and "HttpOnly" in cookie
    assert "Strict-Transport-Security" not in client_of(app).get(PAGE, headers=forwarded).headers


def test_the_session_s_cookie_is_signed_with_sha_256(client_as: Callable[[str], PortalClient]) -> None:
    client = client_as("dla")
    cookie = client.get_cookie("portal")
    assert cookie is not None and len(cookie.value.rpartition(".")[2]) == 43, "32 bytes in base 64"


def test_nothing_is_answered_but_what_is_named_and_each_answer_says_what_it_is(app: Portal) -> None:
    client = client_of(app)
    for page in ("/static/", "/static/vendor", "/static/%2e%2e/config.py", "/.git/config", "/config.py"):
        assert client.get(page).status_code == 404, page
    for method in ("TRACE", "PUT", "DELETE", "PATCH"):
        assert client.open(PAGE, method=method).status_code == 405
    for page, kind in (
        (PAGE, "text/html; charset=utf-8"),
        ("/nowhere", "text/html; charset=utf-8"),
        ("/static/js/send.js", "text/javascript; charset=utf-8"),
        ("/static/look.css", "text/css; charset=utf-8"),
        ("/static/icons.svg", "image/svg+xml; charset=utf-8"),
        ("/health", "application/json"),
    ):
        answer = client.get(page)
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert "Server" not in answer.headers and "Access-Control-Allow-Origin" not in answer.headers


def test_a_name_that_is_not_ours_is_refused(app: Portal, another_app: AnotherApp) -> None:
    secure = replace(app.settings, trusted_hosts=("ita.example.go.th",))
    answer = client_of(another_app(secure)).get(PAGE, headers={"Host": "evil.example"})
    assert (answer.status_code, answer.mimetype) == (400, "text/plain")


def test_a_body_larger_than_any_form_is_refused_in_words(app: Portal) -> None:
    answer = client_of(app).post(PAGE, data=b"x" * (LARGEST_BODY + 1))
    assert answer.status_code == 413 and "12 MB" in answer.text


def test_more_text_than_a_form_takes_is_not_called_a_file(app: Portal) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n' + b"x" * 3_000_000 + b"\r\n--x--\r\n"
    answer = client_of(app).post(PAGE, data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413
    assert "ไม่เกิน 2 MB" in answer.text and "12 MB" not in answer.text
