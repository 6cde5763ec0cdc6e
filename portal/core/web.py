"""The Flask application of both doors: one commit per request, headers, cookies, error pages."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from typing import Any

from flask import Flask, Request, Response, request, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Settings
from portal.core import again, assets, corrected, error_pages, forms, gate, kinds, once, proxies, texts
from portal.core.api.path import at_api, is_of_the_api
from portal.core.database import fitting, pinging, rules
from portal.core.database.session import db, writing
from portal.core.lines import request_id
from portal.core.outside import KeyConverter, has_control
from portal.core.respondents import SURVEYS
from portal.core.sent import sent_from, versions
from portal.core.sent.typed import TypedRequest

log = logging.getLogger(__name__)
csrf = CSRFProtect()
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
#: the largest body of any form; a workbook of a roster or of the register is smaller
LARGEST_BODY = 12 * 1024 * 1024
#: the policy of every page that has none of its own: no script or style stands in a page
ONLY_OUR_FILES = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


#: headers of every answer that does not say otherwise
SEALED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Content-Security-Policy": ONLY_OUR_FILES,
}
#: and of those over TLS
TRANSPORT = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
#: what answers a WSGI request at once, with headers and page, or gives None
Ahead = Callable[[dict[str, Any]], "tuple[list[tuple[str, str]], bytes] | None"]


class _Sessions(SecureCookieSessionInterface):
    """Sessions in a signed cookie, which is not even read at the respondents' door and by the API."""

    digest_method = staticmethod(hashlib.sha256)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if request.path.startswith(SURVEYS) or is_of_the_api(request.path):
            return self.session_class()
        return super().open_session(app, request)


class Portal(Flask):
    """Flask, with the door's duty: a request that acts commits once, at its end, or not at all."""

    settings: Settings
    request_class = TypedRequest
    session_interface = _Sessions()
    #: asked before a request begins
    ahead: Ahead | None = None

    def wsgi_app(self, environ: dict[str, Any], start_response: Any) -> Any:
        """As Flask; what is answered ahead is no request."""
        found = self.ahead(environ) if self.ahead is not None else None
        if found is None:
            return super().wsgi_app(environ, start_response)
        headers, page = found
        start_response("200 OK", headers)
        return [page]

    def redirect(self, location: str, code: int = 302) -> Any:
        """As Flask; an address with a line break in it is none, and leads home."""
        return super().redirect(url_for("home.index") if has_control(location) else location, code)

    def log_exception(self, exc_info: Any) -> None:
        """A fault that no error page took. Flask's own words would name the address, and with it a link."""
        log.error("fault %s at %s", request_id(), request.endpoint, exc_info=exc_info)

    def dispatch_request(self) -> Any:
        if request.method in SAFE_METHODS or request.endpoint is None or self._without_session():
            return super().dispatch_request()
        db.session.rollback()  # what was read on the way here began no act: on SQLite it could not write
        with writing():
            sending = once.begin()
            if sending is not None and sending.answer is not None:
                return sending.answer
            answer = self.make_response(super().dispatch_request())
            if sending is not None:
                sending.keep(answer)
            db.session.commit()
        return answer

    def _without_session(self) -> bool:
        marked: bool = getattr(self.view_functions[str(request.endpoint)], "without_session", False)
        return marked


def make_app(settings: Settings) -> Portal:
    """The application without its doors."""
    app = Portal("portal", static_folder="static", template_folder="templates")
    app.settings = settings
    app.config.update(_configuration(settings))
    app.url_map.converters["int"] = KeyConverter
    if settings.proxies:
        ahead = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=ahead, x_proto=ahead, x_host=ahead)  # type: ignore[method-assign]
    db.init_app(app)
    with app.app_context():
        pinging.listen(db.engine)
    kinds.install()
    rules.init_app(app)
    fitting.listen()
    texts.init_app(app)
    assets.init_app(app)
    forms.init_app(app)
    sent_from.init_app(app)
    csrf.init_app(app)
    proxies.init_app(app)
    gate.init_app(app)
    versions.init_app(app)
    corrected.init_app(app)
    error_pages.init_app(app)
    again.init_app(app)
    app.after_request(_seal_response)
    return app


def _configuration(settings: Settings) -> dict[str, Any]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        # parameters hold what people typed: they never reach a log
        "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True},
        "MAX_CONTENT_LENGTH": LARGEST_BODY,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "MAX_FORM_PARTS": 5000,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
        "SESSION_COOKIE_NAME": "__Host-portal" if settings.https else "portal",
        "SESSION_COOKIE_SECURE": settings.https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "TESTING": settings.testing,
        "PROPAGATE_EXCEPTIONS": False,
        "TRUSTED_HOSTS": settings.trusted_hosts or None,
    }


def _seal_response(response: Response) -> Response:
    headers = response.headers
    for name, value in SEALED.items():
        headers.setdefault(name, value)
    if request.endpoint != "static":  # whatever the view or a sender of files says
        # figures may be kept by the programme that asked, and are asked about again by their tag
        kept = at_api() and "ETag" in headers
        headers["Cache-Control"] = "private, no-cache" if kept else "private, no-store"
    if request.is_secure:
        for name, value in TRANSPORT.items():
            headers.setdefault(name, value)
    return response
