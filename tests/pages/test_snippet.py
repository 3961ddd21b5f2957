import pytest

from engine import client
from engine.settings import SweepSettings, TrainSettings, paper_sweep
from pages.components import snippet
from tests.pages import fabricated

CASES = [
    SweepSettings(),
    SweepSettings(methods=("weight",), sparsities=(0.5, 0.9375), scope="global", unit_share=0.25),
    paper_sweep(dataset="fashion-mnist", seed=7),
    TrainSettings(),
    TrainSettings(hidden=(30,), learning_rate=0.0005, optimizer="sgd"),
]


@pytest.mark.parametrize("settings", CASES)
def test_the_expression_gives_the_settings_back(settings):
    names = {"SweepSettings": SweepSettings, "TrainSettings": TrainSettings}
    assert eval(snippet.expression(settings), names) == settings  # noqa: S307  # our own text


def test_the_script_also_prints_a_network_that_diverged(monkeypatch, capsys):
    result = fabricated.reference()["sweep"]
    result["points"][0]["loss"] = None
    monkeypatch.setattr(client, "run", lambda _: result)
    exec(compile(snippet.code(SweepSettings()), "snippet.py", "exec"), {})  # noqa: S102  # our own
    assert "loss diverged  zip" in capsys.readouterr().out.splitlines()[1]


@pytest.mark.parametrize("settings", CASES)
def test_the_script_runs_these_settings_and_prints_a_row_for_each_result(
    settings, monkeypatch, capsys
):
    asked = []

    def answer(given):
        asked.append(given)
        if isinstance(given, TrainSettings):
            return {"epochs": [fabricated.epoch(number)[1] for number in (1, 2)]}
        return fabricated.reference()["sweep"]

    monkeypatch.setattr(client, "run", answer)
    exec(compile(snippet.code(settings), "snippet.py", "exec"), {})  # noqa: S102  # our own text
    assert asked == [settings]
    rows = 2 if isinstance(settings, TrainSettings) else 28
    assert len(capsys.readouterr().out.splitlines()) == rows
