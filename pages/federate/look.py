"""What is looked at: the federation, those beside it, and how a chart of them is shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
import streamlit as st

from engine.federated.history import Rows
from engine.runs.model import Run, State
from pages.federate.charts.series import Series
from pages.federate.texts import ALT, HELP, READ
from pages.shared import cached
from pages.shared.charts.base import toolbar


@dataclass(frozen=True, slots=True)
class Look:
    """A federation, and all that are drawn with it: itself first."""

    run: Run
    series: Sequence[Series]

    @property
    def own(self) -> Series:
        """The federation that the page is about."""
        return self.series[0]

    @property
    def rounds(self) -> Rows:
        """Its rounds."""
        return self.own.rounds

    @property
    def done(self) -> bool:
        """Whether it has ended well."""
        return self.run.state is State.DONE

    @property
    def stamp(self) -> str:
        """Changes whenever a figure does."""
        return "-".join([self.run.id, *(each.stamp for each in self.series)])

    def chart(self, topic: str, title: str, draw: Callable[[], go.Figure], mark: str = "") -> None:
        """A chart in a box with its title and how to read it, drawn once for all who look.

        `mark` names the choices that the chart depends on beside the federations.
        """
        with st.container(border=True, height="stretch"):
            st.markdown(f"**{title}**")
            st.plotly_chart(
                cached.drawn(f"federated-{topic}-{mark}-{self.stamp}", draw),
                key=topic,
                config=toolbar(f"prunescope-{topic}"),
                alt=ALT[topic],
            )
            st.caption(READ[topic])

    def later(self, title: str, text: str) -> None:
        """A box in the place of a chart that is not there yet."""
        with st.container(border=True, height="stretch"):
            st.markdown(f"**{title}**")
            st.caption(text)

    def choose_round(self) -> int:
        """A slider over the rounds, at the last one, from 0 on; the URL holds it after the end."""
        last, topic = len(self.rounds), HELP["round"]
        if last < 2:
            return 0
        if self.run.state.active:  # a key of its own for each end, so that the last round is shown
            return int(st.slider("Round", 1, last, last, key=f"at-{last}", help=topic)) - 1
        chosen = st.slider("Round", 1, last, last, key="at", bind="query-params", help=topic)
        return int(chosen) - 1

    def choose_layer(self, key: str) -> int:
        """The kernel to show, from 0 on; the output layer unless another is chosen."""
        count = len(self.rounds[-1]["clients"][0]["layers"])
        chosen = st.segmented_control(
            "Layer",
            list(range(1, count + 1)),
            default=count,
            required=True,
            format_func=lambda number: f"{number}, output" if number == count else str(number),
            key=key,
            bind="query-params",
            help=HELP["layer"],
        )
        return int(chosen or count) - 1
