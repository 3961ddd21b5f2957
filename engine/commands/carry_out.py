"""What every command that starts a run does: say what is known of the data, wait, write, show."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from engine import client
from engine.commands import show, tables
from engine.notices import Notice
from engine.settings import Settings


def carried_out(settings: Settings, notices: Iterable[Notice], json: Path | None) -> dict[str, Any]:
    """The result of the run, written to a file if one is named, and printed as a table.

    Raises:
        PrunescopeError: the run failed; see `client.run`.
    """
    show.notices(notices)
    with show.bar() as look:
        result = client.run(settings, on_look=look)
    show.write_json(json, result)
    tables.show(settings.kind, result)
    return result
