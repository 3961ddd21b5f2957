"""The form of a sweep: fields in, settings out."""

from dataclasses import replace

import streamlit as st

from engine.settings import SweepSettings
from pages.shared import forms, palette
from pages.shared.fields import Fields


def sweep(base: SweepSettings, *, prefix: str) -> SweepSettings:
    """Fields for a sweep and its baseline, filled from `base`; keys start with `prefix`."""
    st.subheader("What to prune", icon=":material/content_cut:")
    fields = Fields(base, prefix)
    titles = {name: style.label for name, style in palette.METHODS.items()}
    methods = fields.one("methods", titles=titles)
    sparsities = fields.one("sparsities")
    tried = replace(base, methods=methods or base.methods)
    with st.expander("Options", icon=":material/tune:"):
        chosen = Fields(base, prefix, [tried]).those("scope", "bias", "norm", "unit_share")
    st.subheader("The network to prune", icon=":material/hub:")
    baseline = forms.training(base.baseline, prefix=prefix)
    return SweepSettings(baseline=baseline, methods=methods, sparsities=sparsities, **chosen)
