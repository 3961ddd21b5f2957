"""Compute the results that ship with the project: `make reference`."""

import datetime
import importlib.metadata
import json
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from engine import client
from engine.commands import show
from engine.home import write_atomically
from engine.settings import SweepSettings

FOLDER = Path(__file__).resolve().parents[1] / "engine" / "reference"
VERSIONS = ("tensorflow", "tf-keras", "ai-edge-litert", "numpy", "scipy", "deflate")
SWEEPS: Mapping[str, SweepSettings] = {"mnist": SweepSettings()}
DIGITS = 6


def main() -> None:
    """Run each reference sweep and write what it measured."""
    for name, settings in SWEEPS.items():
        with show.bar() as look:
            sweep = client.run(settings, on_look=look)
            train = client.run(settings.baseline, on_look=look)
        result = {"made": _made(), "epochs": train["epochs"], "sweep": sweep}
        text = json.dumps(_rounded(result), separators=(",", ":"))
        write_atomically(FOLDER / f"{name}.json", (text + "\n").encode())
        Console().print(f"{name}: {1 + len(sweep['points'])} points")


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
    main()
