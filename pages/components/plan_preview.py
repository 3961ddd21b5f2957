"""A schedule before it runs: what TFMOT will do, what is wrong, and a button for each remedy."""

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from engine.pruning.plan.planning import Plan
from engine.pruning.plan.problems import Problem, problems
from engine.settings import ScheduleSettings, digest, percent
from pages.components import cached, grid
from pages.components.charts import schedule
from pages.components.charts.base import toolbar
from pages.components.notices import plain
from pages.components.texts import ALT, READ

Mend = Callable[[ScheduleSettings], None]


def show(plan: Plan, mend: Mend) -> bool:
    """The preview; `mend` is called with the settings of a remedy that was pressed.

    Returns:
        Whether the plan works.
    """
    if not plan.pruned:
        st.caption(f"{plan.steps:,} optimizer steps; nothing is pruned.")
        return True
    found = problems(plan)
    for number, problem in enumerate(found):
        _problem(problem, number, mend)
    st.markdown(f"**What will happen** · {_sentence(plan)}")
    chart = cached.drawn(f"preview-{digest(plan.settings)}", partial(schedule.preview, plan))
    st.plotly_chart(chart, key="preview", config=toolbar("prunescope-plan"), alt=ALT["preview"])
    st.caption(READ["preview"])
    with st.expander("Every pruned kernel", icon=":material/table_rows:"):
        grid.table(rows(plan), alt="Pruned kernels with the zeros that are planned.")
    return not found


def rows(plan: Plan) -> pd.DataFrame:
    """The pruned kernels, with what is left of each at the end."""
    return pd.DataFrame(
        {
            "Layer": kernel.layer,
            "Kernel": shape_of(kernel.shape),
            "Weights": kernel.size,
            "Kept at the end": round(plan.kept(kernel, plan.steps).expected),
            "Zeros (%)": round(100 * plan.layer_sparsity(kernel, plan.steps), 3),
        }
        for kernel in plan.pruned
    )


def shape_of(shape: tuple[int, ...]) -> str:
    """Such as 784 x 1000."""
    return " x ".join(str(side) for side in shape)


def _problem(problem: Problem, number: int, mend: Mend) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"problem-{number}"):
        st.error(plain(problem.text[0].upper() + problem.text[1:] + "."), icon=":material/error:")
        st.button(
            problem.remedy[0].upper() + problem.remedy[1:],
            icon=":material/build:",
            key=f"mend-{number}",
            on_click=mend,
            args=(problem.mended,),
            type="primary",
        )


def _sentence(plan: Plan) -> str:
    updates, steps = plan.staircase.update_steps(), f"{plan.steps:,} optimizer steps"
    if not updates:
        return f"{steps}, and no update of the masks in any of them."
    reached = percent(round(plan.sparsity(plan.steps), 4))
    kernels = f"{len(plan.pruned)} kernel{'s' if len(plan.pruned) > 1 else ''}"
    if len(updates) == 1:
        when = f"one update of the masks, at step {updates[0]:,}"
    else:
        when = f"{len(updates)} updates, every {updates.step:,} steps"
        when += f" from {updates[0]:,} to {updates[-1]:,}"
    return f"{steps}; {when}; reaches {reached} % zeros in {kernels}."
