"""What the page Compare says of its charts and choices, and in full sentences."""

from collections.abc import Mapping

from pages.shared.chart import ChartText

CHARTS: Mapping[str, ChartText] = {
    "compare": ChartText(
        "Test accuracy in percent of every network against {cost}, with the Pareto front.",
        "Up and to the left is better. The grey line joins what nothing else beats; a hollow mark "
        "stores its weights in fewer bits; the ring is the answer above.",
    ),
    "parallel": ChartText(
        "Parallel coordinates: one line a network over its costs and its test accuracy.",
        "One line is one network. Drag along an axis to keep only the lines that pass there; a "
        "line that is low everywhere and ends high is a good deal.",
    ),
    "seeds": ChartText(
        "Test accuracy in percent of each seed of the networks on the Pareto front.",
        "Dots are seeds, the dash their mean. Networks whose dots overlap cannot be told apart: "
        "the difference between them is luck.",
    ),
}
TABLE = "All networks that are compared, with accuracy and costs."
ONE_SEED = (
    "Another seed gives other numbers. Repeat with three seeds and see here how far they lie "
    "apart; a difference smaller than that is luck."
)
HELP: Mapping[str, str] = {
    "compared": "Up to twelve. Runs that differ in the seed only are taken together.",
    "cost": "Files are counted as one would ship them: without the units that were pruned.",
    "seeds": "Accuracy is the mean over the seeds, the cost the largest of them, the file that of "
    "the lowest seed.",
    "repeat": "Starts what is missing of the same settings with the seeds 0, 1 and 2.",
}
REFERENCE = (
    "No run is chosen yet: this is the sweep that ships along. Choose any sweeps, schedules, "
    "exports and federations above, yours or everyone's."
)
NOTHING = "These runs have not measured anything yet."
APART = (
    "The clients' own networks are left out: each is measured on its client's labels only, so "
    "their accuracy cannot stand beside that of networks that answer all labels. Choose "
    "federations alone to see them."
)
JUDGE = (
    "Validation images neither trained the network nor are reported; the accuracy shown is that of "
    "the test images, which chose nothing."
)
"""Which images chose the answer, and what that means."""
