"""No function, class, method or value of the product is there for nothing, or for tests only."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from jinja2 import Environment

from config import ROOT
from models.base import Base
from tests.fences.test_whole_app import tracked
from tests.support.dead_code import Found, unasked, unused

FLOORS = ("models", "portal", "reports", "survey_forms", "views")
#: used where no finder looks, and by whom
BY_NAME = {
    "agency_result": "an address of the API, registered by figures()",
    "openapi": "an address of the API, registered by figures()",
    "round_with_stages": "an address of the API, registered by figures()",
    "bare_application": "named to granian by portal/tools/commands/bench.py",
    "create_served_app": "named to granian by portal/core/serving/web.py",
    "SAO": "a kind of one scheme, beside those that its demonstration names",
    "SPECIAL": "a kind of one scheme, beside those that its demonstration names",
    "M": "a size of one scheme, for its tests",
    "L": "a size of one scheme, for its tests",
    "is_authenticated": "asked by Flask-Login",
    "is_anonymous": "asked by Flask-Login",
    "get_id": "asked by Flask-Login",
    "session_protection": "read by Flask-Login",
    "_login_user": "where Flask-Login keeps who it is",
    "colspan": "read by WeasyPrint",
    "margin_left": "read by WeasyPrint",
    "position_x": "read by WeasyPrint",
    "isolation_level": "read by sqlite3",
    "text_factory": "read by sqlite3",
    "read_only": "read by psycopg",
    "itersize": "read by psycopg",
    "daemon": "read by threading",
    "__mapper_args__": "read by SQLAlchemy",
    "impl": "read by SQLAlchemy",
    "compress_type": "read by zipfile",
    "create_system": "read by zipfile",
    "external_attr": "read by zipfile",
    "restype": "read by ctypes",
    "argtypes": "read by ctypes",
    "_actions_data": "read by Flask-Admin",
    "system_time": "read by pyHanko",
    "do_GET": "called by http.server",
    "CALLED": "chosen on the form of a note",
    "MET": "chosen on the form of a note",
    "IN_PERSON": "chosen on the form of a request",
    "NOT_PROVEN": "chosen on the form of a refusal",
    "OTHERS_HARMED": "chosen on the form of a refusal",
    "LAW_FORBIDS": "chosen on the form of a refusal",
    "NOTHING_WRONG": "chosen on the form of a refusal",
    "propagate": "read by logging",
    "start_index": "read by WeasyPrint",
    "end_index": "read by WeasyPrint",
    "Lang": "written into a PDF by pikepdf",
    "ViewerPreferences": "written into a PDF by pikepdf",
    "stale_row": "read by g.get()",
    "link_open": "called by markdown-it",
    "table_open": "called by markdown-it",
    "table_close": "called by markdown-it",
    "_init_shared_socket": "called by granian",
    "_shd": "read by granian",
    "_sso": "read by granian",
    "clear": "survey_forms/context.py: the one thing tests need, which give one application many databases",
}


@cache
def sources() -> dict[Path, str]:
    """Every Python file that is not a test."""
    paths = (path for path in tracked("*.py") if path.relative_to(ROOT).parts[0] != "tests")
    return {path: path.read_text() for path in paths}


@cache
def words_of_templates() -> frozenset[str]:
    """Every name that a template's expressions hold."""
    tokens = (one for path in tracked("*.html") for one in Environment().lex(path.read_text()))
    return frozenset(text for _line, kind, text in tokens if kind == "name")


def classes() -> Iterator[type]:
    """Every class of the product."""
    for path in sources():
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if name.partition(".")[0] in FLOORS:
            found = vars(importlib.import_module(name)).values()
            yield from (one for one in found if isinstance(one, type) and one.__module__ == name)


def of_libraries(kind: type) -> set[str]:
    """What a library calls on a class: what it overrides, checks of a form's field, a table's columns."""
    foreign = [base for base in kind.__mro__ if base.__module__.partition(".")[0] not in FLOORS]
    own = set(vars(kind))
    overridden = {name for name in own if any(name in vars(base) for base in foreign)}
    checks = own & {f"validate_{name}" for name in dir(kind)}
    table = {kind.__name__, *inspect.get_annotations(kind)} if issubclass(kind, Base) else set()
    return overridden | checks | table


@cache
def called_by_libraries() -> frozenset[tuple[Path, str]]:
    """(file, name) of what only a library calls."""
    return frozenset((Path(inspect.getfile(kind)), name) for kind in classes() for name in of_libraries(kind))


@cache
def found_by(finder: Callable[..., list[Found]]) -> list[Found]:
    """What a finder finds in the product, before anything is excepted."""
    return finder(sources())


def left(found: list[Found]) -> list[str]:
    """Without migrations, which Alembic calls, scripts, and what libraries, templates and the table name."""
    named = words_of_templates() | BY_NAME.keys() | {"__all__"}
    return [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path, line, name in found
        if path.relative_to(ROOT).parts[0] not in {"migrations", "scripts"}
        and name not in named
        and (path, name) not in called_by_libraries()
    ]


@pytest.mark.parametrize("finder", [unused, unasked])
def test_nothing_of_the_product_is_there_for_tests_only(finder: Callable[..., list[Found]]) -> None:
    found = left(found_by(finder))
    assert not found, "remove it, or name in BY_NAME whom it serves:\n" + "\n".join(found)


@pytest.mark.long
def test_the_exceptions_are_what_would_be_found() -> None:
    found = {name for _path, _line, name in found_by(unused) + found_by(unasked)}
    assert found >= BY_NAME.keys(), BY_NAME.keys() - found


@pytest.mark.parametrize("finder", [unused, unasked])
def test_a_planted_function_that_nobody_calls_is_found(finder: Callable[..., list[Found]]) -> None:
    asked, asking = ROOT / "portal" / "asked.py", ROOT / "portal" / "asking.py"
    files = {
        asked: "def wanted():\n    return 1\n\n\ndef forgotten():\n    return 2\n",
        asking: "from portal.asked import wanted\n\nprint(wanted())\n",
    }
    assert finder(files) == [(asked, 5, "forgotten")]


def test_a_method_of_the_same_name_hides_nothing() -> None:
    ours, other = ROOT / "models" / "ours.py", ROOT / "portal" / "other.py"
    files = {ours: "def decode(text):\n    return text\n", other: "print(b'x'.decode())\n"}
    assert unasked(files) == [(ours, 1, "decode")]
