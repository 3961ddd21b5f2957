"""The command that a result names makes the same run again."""

import json
import shlex

import pytest

from engine import client, commands, datasets, settings
from engine.compare.reproduce import command
from engine.errors import PrunescopeError
from engine.runs.service import open_runs
from tests.conftest import ROOT

# of data that is there, and read as it can be
PINNED = [
    each
    for each in json.loads((ROOT / "tests/engine/settings/ids.json").read_text())
    if not any(word in str(each["values"]) for word in ("npz-", "cifar", "fashion", "'first'"))
]


@pytest.fixture
def started(monkeypatch):
    """What a command would start: it ends there, and no worker is needed."""
    wanted = []

    def start(several, **_):
        wanted.extend(several)
        raise PrunescopeError("far enough")

    monkeypatch.setattr(client, "run_all", start)
    monkeypatch.setattr(client, "run", lambda one, **_: start([one]))
    return wanted


@pytest.mark.parametrize("pinned", PINNED, ids=lambda each: each["id"])
def test_the_command_makes_the_same_run(pinned, started, mnist, capsys):
    wanted = settings.from_json(pinned["kind"], pinned["values"])
    source = getattr(wanted, "source", None)
    if isinstance(source, settings.ScheduleSettings):
        open_runs().submit(source, owner="me")
    words = shlex.split(command(wanted))
    assert words[:3] == ["python", "-m", "engine"]
    code = commands.main(words[3:])
    said = capsys.readouterr().err
    if started:
        assert started[0] == datasets.settled(wanted)
    else:  # these random settings cannot be started: the schedule reaches nothing
        assert code == 2, said
        assert pinned["kind"] in {"schedule", "export"}
