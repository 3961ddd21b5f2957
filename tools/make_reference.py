"""Compute the results that ship with the project: `make reference`, or some of them by name.

`python -m tools.make_reference network` trains the small network of the page Explore.

The official CIFAR-10 archive is fetched; `--cifar-10 PATH.npz` uses a copy instead, and the
results say so.
"""

import datetime
import importlib.metadata
import io
import json
import platform
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console

from engine import client
from engine.checks import choice
from engine.commands import show
from engine.datasets import import_npz
from engine.errors import PrunescopeError
from engine.explore.service import SHIPPED
from engine.networks.file import load_network
from engine.networks.network import to_arrays
from engine.paper import study
from engine.runs.service import open_runs
from engine.settings import ExportSettings, FederateSettings, SweepSettings, digest, paper_sweep
from engine.system.home import write_atomically
from tools import first
from tools.federated_study import canaries, comparison, kept, published

FOLDER = Path(__file__).resolve().parents[1] / "engine" / "results" / "reference"
VERSIONS = ("tensorflow", "tf-keras", "ai-edge-litert", "numpy", "numba", "scipy", "deflate")
CIFAR = "cifar-10"
NETWORK = "network"
DIGITS = 6
EXACT = ("first", "canaries")
"""What is compared to the last bit, and so never rounded."""

Recipe = Callable[[client.OnLook, str], dict[str, Any]]


def sweep_of(settings: SweepSettings, look: client.OnLook) -> dict[str, Any]:
    """A sweep and the epochs of its baseline."""
    sweep, train = client.run_all((settings, settings.baseline), on_look=look)
    begun = first.first_epoch(settings.baseline, settings)
    return {"epochs": train["epochs"], "sweep": sweep, "first": begun}


def export_of(settings: ExportSettings, look: client.OnLook) -> dict[str, Any]:
    """The figures of an export; its files stay where they were made."""
    return {"export": client.run(settings, on_look=look)}


def paper_study(look: client.OnLook) -> dict[str, Any]:
    """The published tables, reproduced."""
    outcomes = client.run_all(tuple(study.runs(study.SEEDS)), on_look=look)
    ids = study.ids(study.SEEDS)
    made = study.report(study.SEEDS, dict(zip(ids, outcomes, strict=True)))
    return made | {"first": first.first_epoch(study.seeded(0).baseline)}


def federations(settings: Sequence[FederateSettings], look: client.OnLook) -> dict[str, Any]:
    """Federated algorithms, compared."""
    outcomes = client.run_all(tuple(settings), on_look=look)
    pairs = zip(settings, outcomes, strict=True)
    return {
        "federations": [
            kept(outcome) | {"first": _begun(each, outcome)} for each, outcome in pairs
        ],
        "canaries": [first.first_round(each, dataset=first.MNIST) for each in canaries(settings)],
    }


def _begun(settings: FederateSettings, outcome: Mapping[str, Any]) -> dict[str, Any]:
    """The first round, which has to be that of the run: one that was stored may be an old one.

    Raises:
        PrunescopeError: it is not.
    """
    begun, stored = first.first_round(settings), first.told_round(outcome["rounds"][0])
    measured = outcome["final"]["validation_images"]  # not by the code of earlier versions
    if not measured or any(begun[name] != value for name, value in stored.items()):
        run = outcome["run"]
        raise PrunescopeError(f"run {run} was made by other code or elsewhere: delete it first")
    return begun


RECIPES: Mapping[str, Recipe] = {
    "mnist": lambda look, _: sweep_of(SweepSettings(), look),
    "export": lambda look, _: export_of(ExportSettings(), look),
    "paper": lambda look, _: paper_study(look),
    "paper-mnist": lambda look, _: sweep_of(paper_sweep(), look),
    "paper-fashion-mnist": lambda look, _: sweep_of(paper_sweep(dataset="fashion-mnist"), look),
    "paper-cifar-10": lambda look, cifar: sweep_of(paper_sweep(dataset=cifar), look),
    "federated-mnist": lambda look, _: federations(comparison("mnist"), look),
    "federated-fashion-mnist": lambda look, _: federations(comparison("fashion-mnist"), look),
    "federated-cifar-10": lambda look, cifar: federations(comparison(cifar), look),
    "federated-mnist-published": lambda look, _: federations(published(), look),
}
"""What ships, by the name of its file; each is given the data set to use as CIFAR-10."""

ALL = (NETWORK, *RECIPES)
Names = Annotated[list[str] | None, typer.Argument(help="; ".join(ALL))]
Copy = Annotated[Path | None, typer.Option("--cifar-10", help="an .npz to use as CIFAR-10")]


def main(names: Names = None, copy: Copy = None) -> None:
    """Run each recipe and write what it measured, or the network that it trained."""
    cifar = import_npz(copy) if copy else CIFAR
    for name in [choice("reference", name, ALL) for name in names or ALL]:
        with show.bar() as look:
            if name == NETWORK:
                trained_network(look)
                continue
            result = {"made": _made(name, recompressed=bool(copy) and CIFAR in name)}
            result |= RECIPES[name](look, cifar)
        text = json.dumps(_rounded(result), separators=(",", ":"))
        write_atomically(FOLDER / f"{name}.json", (text + "\n").encode())
        Console().print(f"{name}: {len(text):,} bytes")


def trained_network(look: client.OnLook) -> None:
    """Train the network that ships with the project and write its weights in float16."""
    client.run(SHIPPED, on_look=look)
    trained = load_network(open_runs().file(digest(SHIPPED), "weights.npz"))
    file = io.BytesIO()
    np.savez_compressed(file, *(array.astype(np.float16) for array in to_arrays(trained)))
    write_atomically(FOLDER / f"{NETWORK}.npz", file.getvalue())


def _made(name: str, *, recompressed: bool) -> dict[str, Any]:
    copy = " --cifar-10 cifar10.npz" if recompressed else ""
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "command": f"python -m tools.make_reference {name}{copy}",
        "recompressed": recompressed,
        "machine": first.machine(),
        "python": platform.python_version(),
        "versions": {name: importlib.metadata.version(name) for name in VERSIONS},
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DIGITS)
    if isinstance(value, Mapping):
        return {n: inner if n in EXACT else _rounded(inner) for n, inner in value.items()}
    return [_rounded(inner) for inner in value] if isinstance(value, list) else value


if __name__ == "__main__":
    typer.run(main)
