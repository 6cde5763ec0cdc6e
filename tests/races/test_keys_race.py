"""The first requests of a new demonstration come at once: its keys are made once, each gets its answer."""

from __future__ import annotations

import shutil

from portal.core import vault
from portal.core.web import Portal
from tests.support.races import AT_ONCE, at_once

RACES = 10


def test_requests_at_once_agree_on_one_key(app: Portal) -> None:
    folder = app.settings.key_dir

    def seal() -> bytes:
        with app.app_context():
            return vault.seal("นางสาวทดลอง", row_context=b"a test")

    for _race in range(RACES):
        shutil.rmtree(folder, ignore_errors=True)
        app.extensions.pop("vault", None)
        sealed = at_once([seal] * AT_ONCE)
        with app.app_context():
            opened = {vault.open_(one, row_context=b"a test") for one in sealed}
        assert opened == {"นางสาวทดลอง"}
        assert {file.name for file in folder.iterdir()} == {vault.FIELD_KEY, vault.FINGERPRINT_KEY}
