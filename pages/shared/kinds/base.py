"""What pages know of a kind of run."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.runs.model import Run


@dataclass(frozen=True, kw_only=True, slots=True)
class KindOfRun:
    """A kind of run on the pages: a file of this folder holds it.

    Attributes:
        settings: the class of its settings, which also names it.
        page: the page that shows such runs, for `st.switch_page`.
        line: settings in a line: data, network, what is done with it.
        outcome: what a finished run came to, in a line.
        script: a Python program that reproduces a run; ``{settings}`` is filled in, other braces
            are doubled.
    """

    settings: type[Any]
    page: str
    line: Callable[[Any], str]
    outcome: Callable[[Run], str]
    script: str

    @property
    def name(self) -> str:
        """As in addresses, files and the store."""
        return str(self.settings.kind)

    @property
    def title(self) -> str:
        """Its name for people."""
        return str(self.settings.title)
