"""The beginning of each result that ships, to the last bit, so that a stale one is noticed.

A result of hours is compared by its first round, or by the first epoch of its baseline's training
and the first point of a sweep after it: a test computes them anew. Where the data do not ship with
the project, a canary stands in: the same settings on MNIST, computed when the result was made.
Bits depend on the kind of processor, which is kept beside them.
"""

import hashlib
import json
import os
import platform
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import llvmlite.binding  # type: ignore[import-untyped]
import numpy as np
from threadpoolctl import threadpool_info

from engine.datasets import Dataset, load, normalised
from engine.federated import rounds
from engine.federated.federation import Federation
from engine.federated.reports import RoundReport, round_to_json
from engine.networks.architecture import architecture_of
from engine.networks.forward import evaluation_set
from engine.networks.network import Network, to_arrays
from engine.pruning.sweep import sweep
from engine.results import points
from engine.settings import FederateSettings, SweepSettings, TrainSettings, digest
from engine.training.baseline import EpochReport, network_of, train
from engine.training.clients import LocalTrainer
from engine.training.forward import tensor_forward

MNIST = "mnist"
FEW, FEW_TESTED = 6000, 1000
"""Images of a canary that trains a whole network."""

CLIENT = ("client", "samples", "gate", "density", "loss", "accuracy_before", "accuracy_after")
ROUND = ("global_accuracy", "mean_accuracy", "orphan_fraction", "bytes_up", "bytes_down")
POINT = ("method", "sparsity", "nonzero_parameters", "effective_parameters", "accuracy", "loss")


def machine() -> dict[str, Any]:
    """The kind of this processor: what the bits of a result depend on besides the versions."""
    kinds = (each.get("architecture") for each in threadpool_info() if each["user_api"] == "blas")
    return {
        "system": platform.machine(),
        "processor": llvmlite.binding.get_host_cpu_name(),
        "blas": sorted({str(kind) for kind in kinds}),
        "cores": os.cpu_count(),
    }


def first_round(settings: FederateSettings, *, dataset: str | None = None) -> dict[str, Any]:
    """The first round of a federation, made in this process; on another data set if one is said."""
    chosen = settings.but(dataset=dataset or settings.data.dataset)
    data = load(chosen.data.dataset)
    learner = LocalTrainer(data, chosen)
    made = Federation(chosen, data, learner, {})
    report = next(each for each in rounds.run(made) if isinstance(each, RoundReport))
    told = told_round(json.loads(json.dumps(round_to_json(report))))
    return {"run": digest(chosen), **told, "network": sha256(report.state.network)}


def told_round(row: Mapping[str, Any]) -> dict[str, Any]:
    """Of a round as JSON: figures to compare, and a SHA-256 of all of it but the seconds."""
    clients = [without_seconds(client) for client in row["clients"]]
    text = json.dumps(without_seconds(row) | {"clients": clients}, sort_keys=True)
    return {
        **{name: row[name] for name in ROUND},
        "clients": [{name: client[name] for name in CLIENT} for client in clients],
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
    }


def first_epoch(
    settings: TrainSettings, sweeping: SweepSettings | None = None, *, whole: bool | None = None
) -> dict[str, Any]:
    """The first epoch of a training on MNIST, and the first point of a sweep of what it has left.

    Args:
        settings: of the training.
        sweeping: what to prune of it; nothing where it is None.
        whole: on all images; unless it is said, where the settings are for MNIST.
    """
    all_of_them = settings.data.dataset == MNIST if whole is None else whole
    chosen, data = settings.but(dataset=MNIST), load(MNIST)
    return _first_epoch(chosen, data if all_of_them else _some(data), sweeping)


def _some(data: Dataset) -> Dataset:
    return replace(
        data,
        x_train=data.x_train[:FEW],
        y_train=data.y_train[:FEW],
        x_test=data.x_test[:FEW_TESTED],
        y_test=data.y_test[:FEW_TESTED],
    )


def _first_epoch(
    settings: TrainSettings, data: Dataset, sweeping: SweepSettings | None
) -> dict[str, Any]:
    report = next(each for each in train(settings, data) if isinstance(each, EpochReport))
    network = network_of(report.state, architecture_of(settings, data.image_shape, data.classes))
    scores = {name: getattr(report, name) for name in ("train", "validation", "test")}
    told: dict[str, Any] = {
        "epoch": {n: {"accuracy": s.accuracy, "loss": s.loss} for n, s in scores.items()},
        "images": len(data.y_train),
        "network": sha256(network),
    }
    return told if sweeping is None else told | {"point": _first_point(network, data, sweeping)}


def _first_point(network: Network, data: Dataset, sweeping: SweepSettings) -> dict[str, Any]:
    first = replace(sweeping, methods=sweeping.methods[:1], sparsities=sweeping.sparsities[:1])
    inputs = evaluation_set(normalised(data.x_test), data.y_test)
    *_, (point, pruned) = sweep(network, first, inputs, answer=tensor_forward)
    values = points.to_json(point)
    return {name: values[name] for name in POINT} | {"network": sha256(pruned.network)}


def sha256(network: Network) -> str:
    """Of all weights, bit for bit."""
    body = b"".join(np.ascontiguousarray(array).tobytes() for array in to_arrays(network))
    return hashlib.sha256(body).hexdigest()


def without_seconds(row: Mapping[str, Any]) -> dict[str, Any]:
    """What does not depend on how busy the machine was."""
    return {name: value for name, value in row.items() if name != "seconds"}
