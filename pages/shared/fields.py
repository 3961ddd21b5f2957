"""Fields for settings, drawn from their declarations: label, help, bounds, unit, choices.

A field keeps what it says in the session, where it is filled first with the value of `base`; so
a press elsewhere can fill it anew. What a field says is checked by the settings themselves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from engine.settings import Declared, chosen, flat, options
from engine.settings.values import Choice, Maybe, Real, Several, Sparsity, Value, Whole

LONGEST = 400
"""Characters of a text."""


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of settings.

    Attributes:
        base: what they are filled from.
        prefix: what their keys start with.
        tried: what would be started, as far as it is known: a setting that matters to none of
            these needs no field.
    """

    base: Declared
    prefix: str
    tried: Sequence[Declared] = ()

    def key(self, name: str) -> str:
        """The key of a field."""
        return f"{self.prefix}-{name.replace('_', '-')}"

    def matter(self, name: str) -> bool:
        """Whether the setting makes a difference."""
        return any(name in flat(each) for each in self.tried or [self.base])

    def now(self, name: str) -> Any:
        """What the field of a choice says, also before it is drawn in this turn."""
        return st.session_state.get(self.key(name), self._held(name))

    def fill(self, settings: Declared) -> None:
        """Put settings into the fields; for a callback, which runs before they are drawn."""
        for name, each in options(type(settings)).items():
            held = flat(settings).get(name, each.default)
            st.session_state[self.key(name)] = _shown(each.value, held)

    def those(self, *names: str) -> dict[str, Any]:
        """The fields of those settings that matter, one below the other."""
        return {name: self.one(name) for name in names if self.matter(name)}

    def one(
        self, name: str, *, titles: Mapping[str, str] | None = None, disabled: bool = False
    ) -> Any:
        """The field of a setting, and what it says.

        `titles` are how people read choices, where the declaration does not know.
        """
        declared = options(type(self.base))[name]
        key = self.key(name)
        st.session_state.setdefault(key, _shown(declared.value, self._held(name)))
        common = {"label": declared.label, "key": key, "help": declared.help, "disabled": disabled}
        return _draw(declared.value, titles or {}, common)

    def _held(self, name: str) -> Any:
        """What was chosen in the base; else the default, which leaves a kind its own."""
        return chosen(self.base).get(name, options(type(self.base))[name].default)


def _shown(value: Value, held: Any) -> Any:
    """What the session holds of a field that shows a value."""
    match value:
        case Sparsity() | Real(percent=True):
            return round(100 * held, 3)
        case Several(each=Choice()):
            return list(held)
        case Whole() | Real() | Choice() | Maybe():
            return held
        case _:
            return value.write(held).replace(",", ", ")


def _draw(value: Value, titles: Mapping[str, str], common: dict[str, Any]) -> Any:
    """Draw the widget for a kind of value, and read it."""
    said: Any
    match value:
        case Whole(low, high):
            said = int(st.number_input(min_value=low, max_value=high, step=1, **common))
        case Sparsity():
            said = _number(0, value.most, 0.01, 100, common)
        case Real():
            scale = 100 if value.percent else 1
            said = _number(value.low, value.high, value.step, scale, common)
        case Maybe(Real() as real):
            automatic = {"value": None, "placeholder": "automatic"}
            said = _number(real.low, real.high, real.step, 1, common | automatic)
        case Choice():
            common |= {"options": value.options}
            common |= {"format_func": lambda name: titles.get(name, value.title(name))}
            if value.listed:
                said = st.selectbox(**common)
            else:
                said = st.segmented_control(required=True, **common)
        case Several(each=Choice() as each):
            chosen = st.pills(
                options=each.options,
                selection_mode="multi",
                format_func=lambda name: titles.get(name, each.title(name)),
                **common,
            )
            said = tuple(name for name in each.options if name in chosen)
        case _:
            said = value.read(st.text_input(max_chars=LONGEST, **common) or "")
    return said


def _number(
    low: float, high: float, step: float, scale: int, common: dict[str, Any]
) -> float | None:
    """A field of a number that is shown `scale` times as large as it is."""
    low, high, step = (float(scale * each) for each in (low, high, step))
    said = st.number_input(min_value=low, max_value=high, step=step, format="%g", **common)
    return None if said is None else float(said) / scale
