"""The API is asked what nobody thought of, by its own description: no fault, all answers as described."""

from __future__ import annotations

from collections import Counter
from typing import Any, cast

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from portal.core.api import tokens
from portal.core.api.document import document
from portal.core.delays import Limit
from portal.core.web import Portal
from tests.support.api import token_of
from tests.support.country import mixed_country
from tests.support.world import World

pytestmark = pytest.mark.postgres
#: examples of each address: some seconds on either database
EXAMPLES = 6
NO_LIMIT = Limit(1_000_000, 0.001)


@pytest.mark.proof
@pytest.mark.timeout(300)
def test_nothing_that_is_thought_of_breaks_it(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mixed_country(app, world, 8)
    for name in ("ASKED", "WRONG"):
        monkeypatch.setattr(tokens, name, NO_LIMIT)
    with app.app_context():
        schema = schemathesis.openapi.from_dict(document(app))
    schema.app = app
    headers = {"Authorization": f"Bearer {token_of(app, world, 'nacc')}"}
    asked: Counter[int] = Counter()
    for found in schema.get_all_operations():
        operation = cast(Any, found).ok()

        @settings(
            max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck)
        )
        @given(case=operation.as_strategy())
        def ask(case: schemathesis.Case) -> None:
            if "round_id" in case.path_parameters and asked.total() % 2:
                case.path_parameters["round_id"] = world.round_id
            answer = case.call(headers=headers)
            asked[answer.status_code] += 1
            case.validate_response(answer, headers=headers)

        ask()
    assert asked[200] > 15 and asked[404], asked
