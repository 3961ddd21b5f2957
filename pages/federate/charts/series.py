"""A federation as charts take it."""

from dataclasses import dataclass

from engine.federated.history import Rows
from engine.settings import FederateSettings
from pages.shared.palette import Look


@dataclass(frozen=True, slots=True)
class Series:
    """What a federation is called, how it looks, and what it recorded."""

    name: str
    look: Look
    settings: FederateSettings
    rounds: Rows
    finals: Rows

    @property
    def stamp(self) -> str:
        """Changes whenever the figures do."""
        return f"{self.name}-{len(self.rounds)}-{len(self.finals)}"
