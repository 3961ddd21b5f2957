"""A schedule before it runs: what TFMOT will do, what is wrong, and a button for each remedy."""

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from engine.pruning.plan.planning import Plan
from engine.pruning.plan.problems import notices, problems
from engine.settings import ScheduleSettings, digest, percent
from pages.schedule import charts
from pages.schedule.words import CHARTS
from pages.shared import chart, tables
from pages.shared.notices import plain
from pages.shared.words import plural


def show(plan: Plan, mend: Callable[[ScheduleSettings], None]) -> bool:
    """The preview; `mend` is called with the settings of a remedy that was pressed.

    Returns:
        Whether the plan works.
    """
    if not plan.pruned:
        st.caption(f"{plan.steps:,} optimizer steps; nothing is pruned.")
        return True
    found = problems(plan)
    say, icon = (st.error, "error") if found else (st.warning, "warning")
    for number, problem in enumerate(found or notices(plan)):
        with st.container(horizontal=True, vertical_alignment="center", key=f"problem-{number}"):
            say(plain(problem.text[0].upper() + problem.text[1:] + "."), icon=f":material/{icon}:")
            st.button(
                problem.remedy[0].upper() + problem.remedy[1:],
                icon=":material/build:",
                key=f"mend-{number}",
                on_click=mend,
                args=(problem.mended,),
                type="primary" if found else "secondary",
            )
    st.markdown(f"**What will happen** · {sentence(plan)}")
    draw, stamp = partial(charts.preview, plan), digest(plan.settings)
    chart.show(draw, CHARTS["preview"], key="preview", stamp=stamp, file="plan")
    with st.expander("Every pruned kernel", icon=":material/table_rows:"):
        tables.show(rows(plan), alt="Pruned kernels with the zeros that are planned.")
    return not found


def rows(plan: Plan) -> pd.DataFrame:
    """The pruned kernels, with what is left of each at the end."""
    return pd.DataFrame(
        {
            "Layer": kernel.layer,
            "Kernel": shape_of(kernel.shape),
            "Weights": kernel.size,
            "Kept at the end": round(plan.kept(kernel, plan.steps).expected),
            "Target (%)": round(100 * plan.settings.target_of(kernel.layer), 3),
            "Zeros (%)": round(100 * plan.layer_sparsity(kernel, plan.steps), 3),
            "At least (%)": round(100 * plan.bounds(kernel)[0], 3),
            "At most (%)": round(100 * plan.bounds(kernel)[1], 3),
        }
        for kernel in plan.pruned
    )


def shape_of(shape: tuple[int, ...]) -> str:
    """Such as 784 x 1000."""
    return " x ".join(str(side) for side in shape)


def sentence(plan: Plan) -> str:
    """When masks are updated, and what is reached."""
    updates, steps = plan.staircase.update_steps(), f"{plan.steps:,} optimizer steps"
    if not updates:
        return f"{steps}, and no update of the masks in any of them."
    reached = percent(round(plan.sparsity(plan.steps), 4))
    kernels = plural(len(plan.pruned), "kernel")
    if len(updates) == 1:
        when = f"one update of the masks, at step {updates[0]:,}"
    else:
        when = f"{len(updates)} updates, every {updates.step:,} steps"
        when += f" from {updates[0]:,} to {updates[-1]:,}"
    return f"{steps}; {when}; reaches {reached} % zeros in {kernels}."
