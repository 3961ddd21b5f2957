"""Everything that the study found, as one value that is written, shipped and shown."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.paper import claims, study, tables
from engine.results.export_report import export_report
from engine.settings import Settings, digest

Outcomes = Mapping[str, Mapping[str, Any]]
"""What each run measured, by its id."""


def ids(seeds: Sequence[int]) -> tuple[str, ...]:
    """The ids of the study's runs, in the order in which they are made."""
    return tuple(digest(settings) for settings in study.runs(seeds))


def report(seeds: Sequence[int], outcomes: Outcomes) -> dict[str, Any]:
    """The two tables, the claims, and the curves of both procedures for the first seed.

    Raises:
        KeyError: a run of the study is not among the outcomes.
    """
    each = [study.seeded(seed) for seed in seeds]
    table = tables.table([_outcomes(seeded, outcomes) for seeded in each])
    exported = outcomes[digest(study.claimed())]
    found = claims.claims(export_report(exported["networks"], exported["files"]))
    scratch = dict(each[0].scratch)[table.epochs]
    return tables.to_json(table) | {
        "claims": [claims.to_json(claim) for claim in found],
        "curves": {
            "trained": outcomes[digest(each[0].trained)]["history"],
            "scratch": outcomes[digest(scratch)]["history"],
        },
        "runs": list(ids(seeds)),
    }


def _outcomes(seeded: study.Seeded, outcomes: Outcomes) -> tables.SeedOutcomes:
    def of(settings: Settings) -> Mapping[str, Any]:
        return outcomes[digest(settings)]

    scratch = {epochs: of(settings) for epochs, settings in seeded.scratch}
    return tables.SeedOutcomes(seeded.seed, of(seeded.trained), scratch)
