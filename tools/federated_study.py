"""The comparisons that ship with the project: their federations, and what is kept of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.federated.algorithms.fedavg import FedAvg, FineTuned
from engine.federated.algorithms.local import Local
from engine.federated.algorithms.sub_fedavg import SubFedAvg
from engine.federated.client_pruning import PRUNINGS, Hybrid
from engine.settings import FederateSettings, paper_federation

BASELINES = (Local.name, FedAvg.name, FineTuned.name)
CANARIES = (FedAvg.name, Hybrid.name)
ROUND = ("round", "mean_accuracy", "global_accuracy", "orphan_fraction", "bytes_up", "bytes_down")
FINAL = (
    "mean_accuracy",
    "worst_decile_accuracy",
    "global_accuracy",
    "validation_accuracy",
    "validation_images",
    "global_validation_accuracy",
    "bytes_total",
    "client_accuracy",
    "clients",
)


def comparison(dataset: str) -> tuple[FederateSettings, ...]:
    """20 clients of 2 labels, half of them a round, 30 rounds: baselines and each pruning.

    Batch, learning rate and local epochs are those of the quick preset, with one epoch more.
    """
    return _each_algorithm(
        FederateSettings.of(
            dataset=dataset,
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
    )


def published() -> tuple[FederateSettings, ...]:
    """The paper's set-up on MNIST over 50 rounds (arXiv 2105.00562): baselines, each pruning."""
    return _each_algorithm(replace(paper_federation(), rounds=50))


def _each_algorithm(settings: FederateSettings) -> tuple[FederateSettings, ...]:
    alone = (settings.but(algorithm=name) for name in BASELINES)
    pruned = (settings.but(algorithm=SubFedAvg.name, pruning=name) for name in PRUNINGS)
    return (*alone, *pruned)


def canaries(settings: Sequence[FederateSettings]) -> list[FederateSettings]:
    """Those whose first round on MNIST stands for all: without pruning, and with all of it.

    None of federations on MNIST itself, whose own first rounds can be made anew anywhere.
    """
    elsewhere = [each for each in settings if each.data.dataset != "mnist"]
    return [each for each in elsewhere if each.algorithm.variant in CANARIES]


def kept(result: Mapping[str, Any]) -> dict[str, Any]:
    """What is shipped of a result: means over clients in each round, and each client at the end."""
    rounds = []
    for each in result["rounds"]:
        densities = [float(client["density"]) for client in each["clients"]]
        density = sum(densities) / len(densities)
        rounds.append({name: each[name] for name in ROUND} | {"density": density})
    return {
        "run": result["run"],
        "settings": result["settings"],
        "rounds": rounds,
        "final": {name: result["final"][name] for name in FINAL},
    }
