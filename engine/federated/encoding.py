"""How a message carries weights, as a setting."""

from dataclasses import dataclass

from engine.settings.declare import Declared, option
from engine.settings.values import Choice

VALUES = ("float32", "float16", "int8")


@dataclass(frozen=True, kw_only=True, slots=True)
class Encoding(Declared):
    """How a network is written into a message."""

    values: str = option(
        "float32",
        Choice(VALUES, tuple((name, name) for name in VALUES)),
        label="Weights travel as",
        help="How weights travel: in 4, 2 or 1 bytes each.",
    )
