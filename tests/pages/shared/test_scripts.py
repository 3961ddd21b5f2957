import pytest

from engine.results.export_report import ExportedFile, file_to_json
from engine.results.points import to_json
from engine.runs import records
from engine.settings import (
    KINDS,
    ExportSettings,
    FederateSettings,
    ScheduleSettings,
    SweepSettings,
    TrainSettings,
    paper_sweep,
)
from pages.shared import scripts
from tests.pages import fabricated, fabricated_export, fabricated_federation

CASES = [
    SweepSettings(),
    SweepSettings(methods=("weight",), sparsities=(0.5, 0.9375), scope="global", unit_share=0.25),
    paper_sweep(dataset="fashion-mnist", seed=7),
    TrainSettings(),
    TrainSettings(hidden=(30,), learning_rate=0.0005, optimizer="sgd"),
    ScheduleSettings(),
    ScheduleSettings(start="scratch", layers=(1, 5), block=(16, 1), target=0.5),
    FederateSettings(),
    FederateSettings.of(algorithm="fedprox", mu=0.1, hidden=(30,), split="dirichlet", alpha=0.1),
    FederateSettings.of(algorithm="local", rounds=3),
    ExportSettings(),
    ExportSettings(source=ScheduleSettings(target=0.8), prunings=(), variants=("int8",)),
]


@pytest.mark.parametrize("settings", CASES)
def test_the_expression_gives_the_settings_back(settings):
    names = {kind.__name__: kind for kind in KINDS.values()}
    assert eval(scripts.expression(settings), names) == settings  # noqa: S307  # our own text


def executed(settings, capsys):
    """The lines that the script prints, run here against the real store."""
    exec(compile(scripts.script(settings), "snippet.py", "exec"), {})  # noqa: S102  # our own text
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("settings", [case for case in CASES if isinstance(case, SweepSettings)])
def test_the_script_of_a_sweep_prints_a_row_for_each_point(settings, runs, capsys):
    fabricated.finished_sweep(runs, settings)
    assert len(executed(settings, capsys)) == 1 + len(settings.methods) * len(settings.sparsities)


@pytest.mark.parametrize("settings", [case for case in CASES if isinstance(case, TrainSettings)])
def test_the_script_of_a_training_prints_a_row_for_each_epoch(settings, runs, capsys):
    fabricated.training(runs, settings, epochs=settings.epochs)
    assert len(executed(settings, capsys)) == settings.epochs


@pytest.mark.parametrize("settings", [c for c in CASES if isinstance(c, ScheduleSettings)])
def test_the_script_of_a_schedule_prints_a_row_for_each_network(settings, runs, capsys):
    fabricated.schedule(runs, settings)
    assert len(executed(settings, capsys)) == (3 if settings.needs else 2)


@pytest.mark.parametrize("settings", [case for case in CASES if isinstance(case, ExportSettings)])
def test_the_script_of_an_export_prints_a_row_for_each_file(settings, runs, capsys):
    fabricated_export.finished_export(runs, settings)
    files = len(fabricated_export.cells(settings))
    assert len(executed(settings, capsys)) == files + 1


@pytest.mark.parametrize("settings", [c for c in CASES if isinstance(c, FederateSettings)])
def test_the_script_of_a_federation_prints_a_row_for_each_round(settings, runs, capsys):
    fabricated_federation.federation(runs, settings)
    assert len(executed(settings, capsys)) == settings.rounds


def test_the_script_of_an_export_prints_what_failed(runs, capsys):
    settings = ExportSettings(prunings=(), variants=("float32", "int8"))
    run = fabricated_export.finished_export(runs, settings)
    failed = ExportedFile(row="baseline", variant="int8", error="no int8 file")
    records.write(runs.database, run.id, "cell", {failed.key: file_to_json(failed)})
    assert executed(settings, capsys)[1].split(maxsplit=1) == ["baseline.int8", "no int8 file"]


def test_the_script_also_prints_a_network_that_diverged(runs, capsys):
    settings = SweepSettings(sparsities=(0.5,))
    run = fabricated.finished_sweep(runs, settings)
    lost = fabricated.diverged(to_json(fabricated.point("weight", 0.5)))
    records.write(runs.database, run.id, "point", {"weight-0.5": lost})
    assert "loss diverged  zip" in executed(settings, capsys)[1]


@pytest.mark.tensorflow
def test_the_script_does_the_work_where_nothing_has_been_done(capsys):
    baseline = TrainSettings(hidden=(20,), epochs=1, batch_size=500)
    settings = SweepSettings(baseline=baseline, methods=("unit",), sparsities=(0.5,))
    assert [line.split()[0] for line in executed(settings, capsys)] == ["baseline", "unit"]
