"""Widgets in, validated settings out: the only place where defaults meet widgets.

Bounds of widgets are only a courtesy of the browser; the settings check everything again and
raise InvalidInput with the one line that the command line shows too.
"""

import streamlit as st

from engine.settings import (
    BIAS_RULES,
    DECAYS,
    METHODS,
    NORMS,
    OPTIMIZERS,
    PAPER_EPOCHS,
    SCOPES,
    PruningOptions,
    ScheduleSettings,
    SweepSettings,
    TrainSettings,
    percent,
    sparsity_from_percent,
)
from pages.shared import cached, data_fields, network_field, palette
from pages.shared.texts import HELP
from pages.shared.words import expected

QUICK_EPOCHS = 3


def training(base: TrainSettings, *, prefix: str) -> TrainSettings:
    """Fields for a training, filled from `base`; keys start with `prefix`."""
    first, second = st.columns(2)
    with first:
        data = data_fields.fields(base, prefix)
        network, hidden = network_field.fields(base, prefix)
    with second:
        epochs = _epochs(base.epochs, prefix)
        seed = _whole("Seed", base.seed, f"{prefix}-seed", "seed", low=0, high=2**31 - 1)
    with st.expander("Optimizer", icon=":material/tune:"):
        optimizer, rate, decay, batch = optimizer_fields(base, prefix)
    settings = data_fields.training_with(
        data,
        network=network,
        hidden=hidden,
        epochs=epochs,
        batch_size=batch,
        optimizer=optimizer,
        learning_rate=rate,
        decay=decay,
        seed=seed,
    )
    st.caption(expected(settings, cached.summary(data.dataset, settings.channels)))
    return settings


def sweep(base: SweepSettings, *, prefix: str) -> SweepSettings:
    """Fields for a sweep and its baseline, filled from `base`; keys start with `prefix`."""
    st.subheader("What to prune", icon=":material/content_cut:")
    methods = _methods(base.methods, prefix)
    levels = ", ".join(percent(level) for level in base.sparsities)
    written = _text("Sparsities K, %", levels, f"{prefix}-sparsities", "sparsities")
    with st.expander("Options", icon=":material/tune:"):
        scope, bias, norm, share = pruning_options(base, prefix)
    st.subheader("The network to prune", icon=":material/hub:")
    baseline = training(base.baseline, prefix=prefix)
    return SweepSettings(
        baseline=baseline,
        methods=methods,
        sparsities=percentages(written),
        scope=scope,
        bias=bias,
        norm=norm,
        unit_share=share,
    )


def percentages(written: str) -> tuple[float, ...]:
    """Fractions of a list of percentages with commas.

    Raises:
        InvalidInput: an entry is not a percentage K from 0 to 99.
    """
    return tuple(sparsity_from_percent(part.strip()) for part in written.split(",") if part.strip())


def _epochs(base: int, prefix: str) -> int:
    presets = {f"Quick, {QUICK_EPOCHS}": QUICK_EPOCHS, f"Paper, {PAPER_EPOCHS}": PAPER_EPOCHS}
    current = next((name for name, epochs in presets.items() if epochs == base), "Other")
    chosen = st.segmented_control(
        "Epochs",
        [*presets, "Other"],
        default=current,
        required=True,
        key=f"{prefix}-epochs-preset",
        help=HELP["epochs"],
    )
    if chosen in presets:
        return presets[chosen]
    return _whole("Number of epochs", base, f"{prefix}-epochs", "epochs", low=1, high=200)


def optimizer_fields(
    base: TrainSettings | ScheduleSettings, prefix: str
) -> tuple[str, float, str, int]:
    """Fields for how a training steps: optimizer, learning rate, decay, batch size."""
    first, second = st.columns(2)
    with first:
        optimizer = _choice("Optimizer", OPTIMIZERS, base.optimizer, f"{prefix}-optimizer")
        batch = _whole("Batch size, images", base.batch_size, f"{prefix}-batch", "batch", high=8192)
    with second:
        decay = _choice("Decay", DECAYS, base.decay, f"{prefix}-decay")
        rate = st.number_input(
            "Learning rate",
            min_value=0.0,
            max_value=10.0,
            value=base.learning_rate,
            step=0.0005,
            format="%.5f",
            key=f"{prefix}-rate",
            help=HELP["rate"],
        )
    return optimizer, rate, decay, batch


def _methods(base: tuple[str, ...], prefix: str) -> tuple[str, ...]:
    chosen = st.pills(
        "Methods",
        METHODS,
        selection_mode="multi",
        default=list(base),
        format_func=lambda name: palette.METHODS[name].label,
        key=f"{prefix}-methods",
        help=HELP["methods"],
    )
    return tuple(name for name in METHODS if name in chosen)


def pruning_options(base: PruningOptions, prefix: str) -> tuple[str, str, str, float]:
    """Scope, bias, norm and unit share."""
    first, second = st.columns(2)
    with first:
        scope = _choice("Scope", SCOPES, base.scope, f"{prefix}-scope")
        bias = _choice("Bias", BIAS_RULES, base.bias, f"{prefix}-bias")
    with second:
        norm = _choice("Norm", NORMS, base.norm, f"{prefix}-norm")
        share = st.slider(
            "Unit share of the hybrid, %",
            0,
            100,
            round(100 * base.unit_share),
            key=f"{prefix}-share",
            help=HELP["share"],
        )
    return scope, bias, norm, share / 100


def _choice(label: str, options: tuple[str, ...], base: str, key: str) -> str:
    chosen = st.segmented_control(
        label,
        options,
        default=base,
        required=True,
        format_func=lambda name: "L" + name[1:] if name in NORMS else str(name),
        key=key,
        help=HELP[label.lower()],
    )
    return chosen or base


def _text(label: str, base: str, key: str, topic: str) -> str:
    return st.text_input(label, base, key=key, help=HELP[topic], max_chars=400) or ""


def _whole(label: str, base: int, key: str, topic: str, *, low: int = 1, high: int) -> int:
    value = st.number_input(label, low, high, base, step=1, key=key, help=HELP[topic])
    return int(value)
