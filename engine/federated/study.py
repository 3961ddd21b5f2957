"""The comparison that ships with the project: its federations, and what is kept of them."""

from collections.abc import Mapping
from typing import Any

from engine.settings import PRUNINGS, FederateSettings

BASELINES = ("local", "fedavg", "fedavg-finetune")
ROUND = ("round", "mean_accuracy", "global_accuracy", "orphan_fraction", "bytes_up", "bytes_down")
FINAL = (
    "mean_accuracy",
    "worst_decile_accuracy",
    "global_accuracy",
    "bytes_total",
    "client_accuracy",
    "clients",
)


def comparison(dataset: str) -> tuple[FederateSettings, ...]:
    """20 clients of 2 labels, half of them a round, 30 rounds: baselines and each pruning.

    Batch, learning rate and local epochs are those of the quick preset, with one epoch more.
    """

    def made(algorithm: str, pruning: str = "unstructured") -> FederateSettings:
        return FederateSettings(
            dataset=dataset,
            algorithm=algorithm,
            pruning=pruning,
            clients=20,
            fraction=0.5,
            rounds=30,
            local_epochs=3,
            batch_size=20,
            learning_rate=0.02,
            split="labels",
            samples=500,
            step=0.2,
        )

    pruned = (made("sub-fedavg", pruning) for pruning in PRUNINGS)
    return (*map(made, BASELINES), *pruned)


def kept(result: Mapping[str, Any]) -> dict[str, Any]:
    """What is shipped of a result: means over clients in each round, and each client at the end."""
    rounds = [
        {name: each[name] for name in ROUND} | {"density": _density(each["clients"])}
        for each in result["rounds"]
    ]
    final = {name: result["final"][name] for name in FINAL}
    return {
        "run": result["run"],
        "settings": result["settings"],
        "rounds": rounds,
        "final": final,
    }


def _density(clients: list[dict[str, Any]]) -> float:
    return sum(float(client["density"]) for client in clients) / len(clients)
