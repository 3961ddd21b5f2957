"""A federation: the server's network, and the clients' own ones as one candidate.

The two are measured on different images: the server's on all test images, a client's on those of
its own labels, where even training alone is nearly perfect. `separable` keeps them apart.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.compare.candidate import Candidate
from engine.compare.seeds import family
from engine.results.paired import Paired
from engine.settings import FederateSettings

PERSONAL, SERVER = "personal", "server"


def candidates(settings: FederateSettings, result: Mapping[str, Any]) -> list[Candidate]:
    """What a finished federation offers; nothing before its end.

    There is no network without federation in a run, so nothing counts as lost.
    """
    final = result["final"]
    if final is None:
        return []
    scores = {PERSONAL: final["mean_accuracy"], SERVER: final["global_accuracy"]}
    return [
        _candidate(settings, result, key, accuracy)
        for key, accuracy in scores.items()
        if accuracy is not None
    ]


def separable(found: Sequence[Candidate]) -> list[Candidate]:
    """Without the clients' own networks where others are among them: they answer other images."""
    others = [each for each in found if each.key != PERSONAL]
    return list(found) if all(each.key == SERVER for each in others) else others


def _candidate(
    settings: FederateSettings, result: Mapping[str, Any], key: str, accuracy: float
) -> Candidate:
    final, algorithm = result["final"], settings.algorithm
    name = f"{algorithm.name} ({algorithm.variant})" if algorithm.prunes else algorithm.name
    share, images = final.get(_VALIDATED[key]), final.get("validation_images")
    validation = None  # in results of earlier versions
    if share is not None and images:
        validation = Paired(images=images, right=round(share * images), lost=0, gained=0)
    return Candidate(
        run=result["run"],
        family=family(settings),
        seed=settings.seed,
        key=key,
        label=f"{name}, {_OWNERS[key]}",
        method=algorithm.name,
        accuracy=accuracy,
        baseline=accuracy,
        alone=True,
        images=0,
        validation=validation,
        costs={"traffic": final["bytes_total"]},
    )


_VALIDATED = {PERSONAL: "validation_accuracy", SERVER: "global_validation_accuracy"}

_OWNERS = {PERSONAL: "mean of the clients' own networks", SERVER: "the server's network"}
