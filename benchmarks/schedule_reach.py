"""What fine-tuning reaches: K = 90 and K = 97 from a 3-epoch baseline, and the worker's memory.

One-shot pruning of the same network stands beside it, and so do the masks beside their plan.
"""

import psutil

from benchmarks.baseline import home
from benchmarks.memory import Peak
from benchmarks.table import row, title, verdict
from engine import client
from engine.settings import ScheduleSettings, percent

REACH = {0.9: 97.0, 0.97: 95.5}
"""Test accuracy in percent that has to be reached at a target."""


def family() -> list[psutil.Process]:
    """The worker that works for this process, and what it starts."""
    return psutil.Process().children(recursive=True)


def main() -> None:
    title("Schedule: reach of 2 epochs of PolynomialDecay after 3 epochs of training, MNIST")
    with home(), Peak(family).watched() as peak:
        for target, wanted in REACH.items():
            result = client.run(ScheduleSettings(target=target))
            before, after = (100 * result[name]["accuracy"] for name in ("before", "after"))
            name = f"K = {percent(target)} %"
            row(f"{name}, pruned at once", f"{before:.2f} %")
            verdict(f"{name}, pruned while training", after, wanted, unit="%", at_least=True)
            apart = max(
                abs(planned["achieved"] - planned["planned"]) for planned in result["layers"]
            )
            verdict(f"{name}, planned and achieved apart", 100 * apart, 0.5, unit="points")
    verdict("worker, peak memory", peak.megabytes, 3000, unit="MB")


if __name__ == "__main__":
    main()
