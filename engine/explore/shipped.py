"""The small trained network that ships with the project, so that nobody has to train first."""

from engine.networks.file import load_network
from engine.networks.network import Network
from engine.results import reference
from engine.settings import TrainSettings

SHIPPED = TrainSettings(hidden=(200, 100, 50))
"""How it was trained; its weights are rounded to float16, which `make reference` does."""


def shipped() -> Network:
    """The network that ships with the project, in float32."""
    return load_network(reference.network())
