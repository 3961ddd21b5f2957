"""Train the small network of the page Learn anew: `python -m tools.make_lesson`."""

import io
from pathlib import Path

import numpy as np

from engine import client
from engine.lessons.one_weight import SETTINGS
from engine.networks.file import load_network
from engine.networks.network import to_arrays
from engine.runs.service import open_runs

FILE = Path(__file__).resolve().parents[1] / "engine" / "lessons" / "small.npz"


def main() -> None:
    """Train it as any other run, and put its weights beside the lesson."""
    run = client.run(SETTINGS)["run"]
    network = load_network(open_runs().file(run, "weights.npz"))
    file = io.BytesIO()
    np.savez_compressed(file, *to_arrays(network))
    FILE.write_bytes(file.getvalue())


if __name__ == "__main__":
    main()
