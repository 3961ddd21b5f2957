"""Trainings."""

from engine.runs.model import Run
from engine.settings import TrainSettings
from pages.shared import cached
from pages.shared.kinds.base import KindOfRun
from pages.shared.words import network_line

SCRIPT = """\
from engine import client
from engine.settings import TrainSettings

settings = {settings}
result = client.run(settings)
for epoch in result["epochs"]:
    validation, test = epoch["validation"]["accuracy"], epoch["test"]["accuracy"]
    print(f"epoch {{epoch['epoch']:3}}  validation {{validation:7.2%}}  test {{test:7.2%}}")
"""


def _outcome(run: Run) -> str:
    epochs = cached.epochs(run)
    if not epochs:
        return "no epoch yet"
    return f"test accuracy {100 * epochs[-1]['test']['accuracy']:.2f} %"


KIND = KindOfRun(
    settings=TrainSettings,
    page="train/page.py",
    line=network_line,
    outcome=_outcome,
    script=SCRIPT,
)
