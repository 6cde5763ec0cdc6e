"""The description of the API (OpenAPI 3.1), made from what its addresses declare."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask

from portal.core.api.operations import Operation, operations
from portal.core.api.problems import MEDIA
from portal.core.api.shapes import KEY, Schema

_ID = re.compile(r"<(?:int:)?(\w+)>")
#: what every address may answer instead of figures
REFUSALS = {
    "401": "No token, or one that opens nothing",
    "403": "The token's desk demands a second factor",
    "404": "Not there, or not for this desk",
    "409": "Not possible now: the detail says why",
    "422": "A word of the address does not fit",
    "429": "Too many requests: wait as Retry-After says",
    "503": "Away for a moment: wait as Retry-After says",
}
PROBLEM: Schema = {
    "type": "object",
    "description": "What went wrong (RFC 9457), in English and in Thai",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "title_th": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "detail_th": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "why": {"type": "string"}},
                "required": ["name", "why"],
            },
        },
    },
    "required": ["type", "title", "title_th", "status", "request_id"],
}


def document(app: Flask) -> dict[str, Any]:
    """The description of every operation that the application serves."""
    served = operations(app)
    shapes = {one.name: one.schema() for found in served.values() for one in found.answer.within()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "ITA Portal: figures of the assessment",
            "version": "1",
            "description": "Read-only. A token acts for one desk of its person: the same rows, counts and "
            "withholding as on its screens. Figures carry no telephone and no e-mail address.",
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": {
            _ID.sub(r"{\1}", one.path): {"get": _operation(endpoint, one)}
            for endpoint, one in sorted(served.items(), key=lambda item: item[1].path)
        },
        "components": {
            "schemas": {**dict(sorted(shapes.items())), "Problem": PROBLEM},
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token that its person made under “My data”",
                }
            },
        },
    }


def _operation(endpoint: str, one: Operation) -> dict[str, Any]:
    ids = [{"name": name, "in": "path", "required": True, "schema": KEY} for name in _ID.findall(one.path)]
    words = [
        {"name": word.name, "in": "query", "schema": word.schema, "description": word.about}
        for word in one.words
    ]
    figures = {"application/json": {"schema": {"$ref": f"#/components/schemas/{one.answer.name}"}}}
    problem = {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        "operationId": endpoint,
        "summary": str(one.summary),
        "description": one.about,
        "parameters": [*ids, *words],
        "responses": {
            "200": {"description": "The figures", "content": figures},
            "304": {"description": "As the ETag that was sent says"},
            **{code: {"description": why, "content": problem} for code, why in REFUSALS.items()},
        },
    }
