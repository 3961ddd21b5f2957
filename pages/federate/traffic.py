"""What travels: bytes against accuracy, and the same messages in other forms."""

from functools import partial

import streamlit as st

from engine.federated.history import FLOATS, FORMS, travelled
from pages.federate.charts import traffic
from pages.federate.look import Look
from pages.federate.texts import HELP
from pages.shared.palette import FORMS_SENT

LINES = ("dense", "bitmap", "sent", "values_only", "bound")
"""The ways to count that are drawn as lines: more would lie on each other."""


def show(look: Look) -> None:
    """Bytes against accuracy for all federations, then the forms of this one."""
    if not travelled(look.rounds)[-1]:
        st.caption("Nothing travels: each client trains alone. Those beside it are drawn here.")
    form = st.selectbox(
        "Counted as",
        [*FORMS, *FLOATS],
        format_func=lambda name: FORMS_SENT[name].label,
        key="form",
        bind="query-params",
        help=HELP["form"],
        width=300,
    )
    form = form or FORMS[0]
    left, right = st.columns(2)
    with left:
        draw = partial(traffic.by_federation, look.series, form)
        look.chart("traffic", f"What accuracy costs · {FORMS_SENT[form].label}", draw, form)
    if not travelled(look.rounds)[-1]:
        return
    with right:
        draw = partial(traffic.by_form, look.own, LINES)
        look.chart("by_form", f"{look.own.name}, counted in several ways", draw)
    names = {name: FORMS_SENT[name].label for name in (*FORMS, *FLOATS)}
    draw = partial(traffic.forms, look.rounds, names)
    look.chart("forms", f"The whole run in every form · {look.own.name}", draw)
