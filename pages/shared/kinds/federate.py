"""Federations."""

from engine.federated.history import mean_accuracy
from engine.runs.model import Run
from engine.settings import FederateSettings, flat, percent
from pages.shared import cached
from pages.shared.charts.sizes import human
from pages.shared.kinds.base import KindOfRun
from pages.shared.palette import algorithm_style
from pages.shared.words import seeded, title_of

SCRIPT = """\
from engine import client
from engine.settings import FederateSettings

settings = {settings}
result = client.run(settings)
for each in result["rounds"]:
    own, whole = ("" if each[name] is None else f"{{each[name]:.2%}}"
                  for name in ("mean_accuracy", "global_accuracy"))
    travelled = each["bytes_up"] + each["bytes_down"]
    print(f"round {{each['round']:3}}  own labels {{own:>7}}  all labels {{whole:>7}}  "
          f"travelled {{travelled:>13,}} bytes")
"""


def split_words(settings: FederateSettings) -> str:
    """Who owns what, in a few words."""
    return settings.split.words


def _line(settings: FederateSettings) -> str:
    name = algorithm_style(settings.algorithm).label
    values = flat(settings)
    target = f" to {percent(values['target'])} %" if "target" in values else ""
    return (
        f"{title_of(settings.data.dataset)}, {settings.clients:,} clients with "
        f"{split_words(settings)}; {name}{target}, {settings.rounds} rounds of "
        f"{settings.cohort:,}{seeded(settings.seed)}"
    )


def _outcome(run: Run) -> str:
    rounds = cached.rows(run, "round")
    if not rounds:
        return "no round yet"
    traffic = sum(row["bytes_up"] + row["bytes_down"] for row in rounds)
    mean = mean_accuracy(cached.rows(run, "final")) or rounds[-1]["mean_accuracy"]
    own = "" if mean is None else f"own labels {100 * mean:.2f} % · "
    return f"{own}{len(rounds)} rounds · {human(traffic)} travelled"


KIND = KindOfRun(
    settings=FederateSettings,
    page="federate/page.py",
    line=_line,
    outcome=_outcome,
    script=SCRIPT,
)
