"""Fields for single settings of a federation, by the name of the setting."""

import streamlit as st

from engine.settings import FederateSettings
from pages.federate.texts import HELP


class Fields:
    """Fields that are filled from `base`; their keys start with `prefix`."""

    def __init__(self, base: FederateSettings, prefix: str) -> None:
        self.base = base
        self._prefix = prefix

    def key(self, name: str) -> str:
        """The key of a field."""
        return f"{self._prefix}-{name.replace('_', '-')}"

    def whole(self, label: str, name: str, low: int, high: int) -> int:
        """A whole number."""
        base = int(getattr(self.base, name))
        value = st.number_input(label, low, high, base, step=1, key=self.key(name), help=HELP[name])
        return int(value)

    def real(self, label: str, name: str, high: float, *, step: float = 0.01) -> float:
        """A number from 0 on."""
        value = st.number_input(
            label,
            0.0,
            high,
            float(getattr(self.base, name)),
            step=step,
            format="%g",
            key=self.key(name),
            help=HELP[name],
        )
        return float(value)

    def percent(self, label: str, name: str) -> float:
        """A share, shown in percent."""
        value = st.number_input(
            label,
            0.0,
            100.0,
            round(100 * float(getattr(self.base, name)), 3),
            step=5.0,
            format="%g",
            key=self.key(name),
            help=HELP[name],
        )
        return float(value) / 100

    def choice(self, label: str, name: str, options: tuple[str, ...]) -> str:
        """One of a few."""
        base = str(getattr(self.base, name))
        chosen = st.segmented_control(
            label,
            options,
            default=base,
            required=True,
            format_func=lambda option: "IID" if option == "iid" else option.capitalize(),
            key=self.key(name),
            help=HELP[name],
        )
        return chosen or base
