"""The study: the settings of its runs, as published, for each seed, and their report."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine import checks
from engine.paper import claims, tables
from engine.results.export_report import export_report
from engine.settings import ExportSettings, ScheduleSettings, Settings, TrainSettings, digest
from engine.settings.train import SEED

SEEDS = (0, 1, 2)
MOST_SEEDS = 10

EPOCHS = 4
FINE_TUNE_EPOCHS = 2
SCRATCH_EPOCHS = (2, 3, 4)
"""The paper does not print this one: the best on validation images is taken, and stated."""

BATCH_SIZE = 32
TARGET = 0.5

Outcomes = Mapping[str, Mapping[str, Any]]
"""What each run measured, by its id."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """The runs of one seed.

    Attributes:
        baseline: the network of `guide-cnn`, trained.
        trained: that network, pruned and fine-tuned.
        scratch: a random network, pruned while it trains, by its number of epochs.
    """

    seed: int
    baseline: TrainSettings
    trained: ScheduleSettings
    scratch: tuple[tuple[int, ScheduleSettings], ...]


def check_seeds(seeds: Sequence[object]) -> tuple[int, ...]:
    """Seeds without repetition.

    Raises:
        InvalidInput: the list is empty or too long, or an entry is no seed.
    """
    given = checks.distinct("seeds", seeds, of="seeds", most=MOST_SEEDS)
    return tuple(SEED.check("seed", seed) for seed in given)


def seeded(seed: int) -> Seeded:
    """The runs of that seed, as published."""
    baseline = TrainSettings.of(
        dataset="mnist",
        network="guide-cnn",
        epochs=EPOCHS,
        batch_size=BATCH_SIZE,
        decay="constant",
        seed=seed,
    )
    scratch = tuple((epochs, _pruned(baseline, "scratch", epochs)) for epochs in SCRATCH_EPOCHS)
    return Seeded(seed, baseline, _pruned(baseline, "trained", FINE_TUNE_EPOCHS), scratch)


def claimed() -> ExportSettings:
    """The matrix behind the claims: the dense network on MNIST, half of it pruned, quantized."""
    return ExportSettings(
        source=TrainSettings(),
        prunings=(("weight", 0.5), ("unit", 0.5), ("weight", 0.8)),
        variants=("float32", "dynamic"),
    )


def runs(seeds: Sequence[int]) -> Iterator[Settings]:
    """Every run of the study, those that others need first."""
    for seed in seeds:
        each = seeded(seed)
        yield each.baseline
        yield each.trained
        yield from (settings for _, settings in each.scratch)
    yield claimed()


def ids(seeds: Sequence[int]) -> tuple[str, ...]:
    """The ids of the study's runs, in the order in which they are made."""
    return tuple(digest(settings) for settings in runs(seeds))


def report(seeds: Sequence[int], outcomes: Outcomes) -> dict[str, Any]:
    """The two tables, the claims, and the curves of both procedures for the first seed, as JSON.

    Raises:
        KeyError: a run of the study is not among the outcomes.
    """
    measured = [
        tables.SeedOutcomes(
            one.seed,
            outcomes[digest(one.trained)],
            {epochs: outcomes[digest(settings)] for epochs, settings in one.scratch},
        )
        for one in map(seeded, seeds)
    ]
    table = tables.table(measured)
    exported = outcomes[digest(claimed())]
    found = claims.claims(export_report(exported["networks"], exported["files"]))
    return tables.to_json(table) | {
        "claims": [claims.to_json(claim) for claim in found],
        "curves": {
            "trained": measured[0].trained["history"],
            "scratch": measured[0].scratch[table.epochs]["history"],
        },
        "runs": list(ids(seeds)),
    }


def _pruned(baseline: TrainSettings, start: str, epochs: int) -> ScheduleSettings:
    return ScheduleSettings(
        baseline=baseline,
        start=start,
        schedule="constant",
        target=TARGET,
        fine_tune_epochs=epochs,
        batch_size=BATCH_SIZE,
        decay="constant",
        seed=baseline.seed,
    )
