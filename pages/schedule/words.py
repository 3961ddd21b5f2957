"""What the page Schedule says of its charts and choices."""

from collections.abc import Mapping

from pages.shared.chart import ChartText

CHARTS: Mapping[str, ChartText] = {
    "preview": ChartText(
        "Share of zeros in the pruned kernels that the schedule will reach at each step.",
        "The solid staircase is what the masks will really do: each tread is an update, and where "
        "it ends below the target, something is set wrongly.",
    ),
    "sparsity": ChartText(
        "Planned and achieved share of zeros in the pruned kernels by optimizer step.",
        "Dots are measured on the masks; they must lie on the planned staircase at the end of "
        "every epoch, which the thin lines mark.",
    ),
    "layers": ChartText(
        "Planned and achieved share of zeros in each pruned kernel.",
        "Each bar is a kernel's share of zeros now; its mark is what the plan says for this step.",
    ),
    "accuracy": ChartText(
        "Accuracy in percent by epoch, before and while pruning.",
        "Left of 0 the network trains, right of it pruning takes weights away while training "
        "repairs; a dip that closes again is damage healed.",
    ),
    "loss": ChartText(
        "Loss in nats by epoch, before and while pruning.",
        "Loss shows the damage of an update before accuracy does, and how far training has mended "
        "it.",
    ),
    "recovery": ChartText(
        "Test accuracy against sparsity K, pruned at once and pruned while training.",
        "The gap between the two curves is what fine-tuning recovers at that K; the lines across "
        "are what the same effort gives without pruning, and the baseline.",
    ),
}
HELP: Mapping[str, str] = {
    "way": "Where to start from; every field can be changed.",
    "returned": "Every update ranks all weights anew, and between two updates training moves the "
    "pruned ones too, so that one may overtake another.",
    "more": "Each K is a run of its own with the same settings otherwise.",
}
