"""What the rooms of the house hold: one file each, found by looking, so adding one is one file.

A module of a room names what it holds in a tuple that is called like the room, in capitals:
`engine/pruning/methods/weight.py` has ``METHODS = (Weight(),)``. What it holds has a `name`, and
an `order` that says where it stands in a list.

An installation can have rooms of its own: `EXTENSIONS` names importable packages, with commas; what
their subpackages of the same names hold joins what is here, in every process.
"""

import importlib
import os
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from engine.errors import InvalidInput

EXTENSIONS = "PRUNESCOPE_EXTENSIONS"

ROOMS: Mapping[str, str] = {
    "methods": "engine.pruning.methods",
    "algorithms": "engine.federated.algorithms",
    "splits": "engine.federated.splits",
    "sources": "engine.datasets.sources",
}
"""The package of each room. They are imported when somebody asks, not before: settings know their
names, and stand below them."""


@cache
def found(room: str) -> Mapping[str, Any]:
    """What a room holds, by name, in order.

    Raises:
        InvalidInput: two things have one name, or an extension cannot be imported.
    """
    held: list[Any] = []
    for package in (ROOMS[room], *_extensions(room)):
        for module in pkgutil.iter_modules(importlib.import_module(package).__path__):
            holder = importlib.import_module(f"{package}.{module.name}")
            held += getattr(holder, room.upper(), ())
    names = [each.name for each in held]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InvalidInput(f"{room} must have names of their own, not {twice[0]!r} twice")
    return {each.name: each for each in sorted(held, key=lambda each: (each.order, each.name))}


def names(room: str) -> tuple[str, ...]:
    """The names of what a room holds, in order; raises InvalidInput as `found`."""
    return tuple(found(room))


def _extensions(room: str) -> Iterator[str]:
    """Packages of the same room in the extensions; who has none of it, adds none."""
    for name in filter(None, map(str.strip, os.environ.get(EXTENSIONS, "").split(","))):
        try:
            package = importlib.import_module(name)
        except ImportError as error:
            raise InvalidInput(f"{EXTENSIONS} must name packages, not {name!r}: {error}") from None
        if any(each.name == room for each in pkgutil.iter_modules(package.__path__)):
            yield f"{name}.{room}"
