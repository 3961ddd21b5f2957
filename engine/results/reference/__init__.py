"""Results that ship with the project, computed with this code by `make reference`.

Each file holds ``made`` (date, command, versions), ``epochs`` of the baseline's training and the
``sweep`` as the command line writes it. Those named ``federated-…`` hold ``federations`` instead,
as `tools.federated_study` keeps them; ``export`` holds the matrix of the default export.
``network.npz`` is a small trained network in float16. ``first`` is the beginning, to the last bit,
of the sweep's baseline or of a federation; where it needs data that do not ship, ``first`` or
``canaries`` are of the same settings on MNIST. Tests make them anew, so that a result of earlier
code is noticed.
"""

import json
from functools import cache
from importlib import resources
from typing import Any

from engine.checks import choice


def available() -> tuple[str, ...]:
    """Names of the reference results, such as ``mnist``."""
    files = resources.files(__name__).iterdir()
    return tuple(sorted(f.name.removesuffix(".json") for f in files if f.name.endswith(".json")))


@cache
def load(name: str) -> dict[str, Any]:
    """A reference result; callers must not change it.

    Raises:
        InvalidInput: there is none of that name.
    """
    checked = choice("reference", name, available())
    text = resources.files(__name__).joinpath(f"{checked}.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def network() -> bytes:
    """The small trained network, as the bytes of an .npz file."""
    return resources.files(__name__).joinpath("network.npz").read_bytes()
