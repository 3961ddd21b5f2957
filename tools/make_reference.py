"""Compute what ships with the project: `make reference`.

`python -m tools.make_reference network` trains the small network of the page Explore alone, and
`python -m tools.make_reference results` runs the sweep of the overview alone.
"""

import datetime
import importlib.metadata
import io
import json
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from engine import client
from engine.commands import show
from engine.explore.shipped import SHIPPED
from engine.home import write_atomically
from engine.network import to_arrays
from engine.network_file import load_network
from engine.runs.service import open_runs
from engine.settings import SweepSettings, digest

FOLDER = Path(__file__).resolve().parents[1] / "engine" / "reference"
VERSIONS = ("tensorflow", "tf-keras", "ai-edge-litert", "numpy", "scipy", "deflate")
SWEEPS: Mapping[str, SweepSettings] = {"mnist": SweepSettings()}
DIGITS = 6


def main(parts: Sequence[str]) -> None:
    """Make the parts that are named, or all of them."""
    for part in parts or tuple(PARTS):
        PARTS[part]()


def results() -> None:
    """Run each reference sweep and write what it measured."""
    for name, settings in SWEEPS.items():
        with show.bar() as look:
            sweep = client.run(settings, on_look=look)
            train = client.run(settings.baseline, on_look=look)
        result = {"made": _made(), "epochs": train["epochs"], "sweep": sweep}
        text = json.dumps(_rounded(result), separators=(",", ":"))
        write_atomically(FOLDER / f"{name}.json", (text + "\n").encode())
        Console().print(f"{name}: {1 + len(sweep['points'])} points")


def network() -> None:
    """Train the network that ships with the project and write its weights in float16."""
    with show.bar() as look:
        client.run(SHIPPED, on_look=look)
    trained = load_network(open_runs().file(digest(SHIPPED), "weights.npz"))
    halved = [array.astype(np.float16) for array in to_arrays(trained)]
    file = io.BytesIO()
    np.savez_compressed(file, *halved)
    write_atomically(FOLDER / "network.npz", file.getvalue())
    Console().print(f"network: {len(file.getvalue()):,} bytes")


PARTS: Mapping[str, Callable[[], None]] = {"results": results, "network": network}


def _made() -> dict[str, Any]:
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "command": "make reference",
        "python": platform.python_version(),
        "versions": {name: importlib.metadata.version(name) for name in VERSIONS},
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DIGITS)
    if isinstance(value, Mapping):
        return {name: _rounded(inner) for name, inner in value.items()}
    return [_rounded(inner) for inner in value] if isinstance(value, list) else value


if __name__ == "__main__":
    main(sys.argv[1:])
