"""What a schedule may end at is told before it runs."""

from engine.commands import main
from engine.runs.service import open_runs
from engine.settings import ScheduleSettings, TrainSettings
from tests.pages import fabricated


def test_blocks_that_leave_the_end_to_chance_are_told_on_standard_error(capsys):
    baseline = TrainSettings(hidden=(36, 36))
    settings = ScheduleSettings(baseline=baseline, block=(16, 1), target=0.5)
    fabricated.schedule(open_runs(), settings)
    command = ["schedule", "--hidden", "36,36", "--block", "16x1", "--target", "50"]
    assert main(command) == 0
    told = capsys.readouterr()
    assert "target-unsure: blocks of 16x1 do not tile the kernel of layer 2" in told.err
    assert "target-unsure" not in told.out
