"""What the page Explore says of its charts, pictures, figures and choices."""

from collections.abc import Mapping

from pages.shared.chart import CONFUSION, ChartText

CHARTS: Mapping[str, ChartText] = {
    "explore_classes": ChartText(
        "Accuracy of each class of the pruned network, with the unpruned one.",
        "Bars below the grey marks are classes that pruning made the network forget; thin lines "
        "are 95 % intervals until all test images have answered.",
    ),
    "confusion": CONFUSION,
    "histogram": ChartText(
        "Weights of {layer} by value, kept and pruned.",
        "Weight pruning takes out the middle, between the dashed lines, where weights are too "
        "small to matter much; the other methods take from everywhere.",
    ),
    "norms": ChartText(
        "Norms of the units of {layer}, ranked, with the cut.",
        "A point is a unit; what stands left of the dashed line is weak and goes first. Click a "
        "point to prune its unit by hand, or to save it.",
    ),
    "kernel": ChartText(
        "Kernel of {layer}: blue weights are positive, orange negative, pruned ones empty.",
        "Columns are units, rows their inputs; blue adds, orange subtracts, empty places are "
        "pruned. Empty columns are units that can be removed.",
    ),
    "fields": ChartText(
        "What {count} units of the first layer look at, from the weakest to the strongest.",
        "Each square is what one unit looks at, the weakest first; faded squares are dead units, "
        "and holes are pruned weights.",
    ),
    "pixels": ChartText(
        "Share of its connections that each input pixel still has, in percent.",
        "Pixels at the border are blank in nearly every image, so their weights stay as small as "
        "they began: when K passes them, the border is the first to go.",
    ),
    "sensitivity": ChartText(
        "Accuracy in percent by pruned layer and K.",
        "Only the layer of that row is pruned; a row that stays blue for long has weights to "
        "spare, one that turns orange early needs them.",
    ),
    "strip": ChartText(
        "What five networks answer to the image at every K.",
        "Read a row from left to right: where it turns orange, that network no longer answers as "
        "the unpruned one does.",
    ),
    "forgetting": ChartText(
        "Accuracy on 1,000 test images in percent against K.",
        "Flat means that pruning is free; where it bends, images are forgotten.",
    ),
}
"""Of charts, and of pictures of kernels."""

SEEN = "The image as the network reads it, {side} by {side} pixels."
TEST_IMAGE = "Test image of class {label}."
"""What images show, for those who do not see them."""

SIMULATED = (
    "Dynamic int8 is simulated: weights are rounded as in the TFLite file, activations stay float."
)
HELP: Mapping[str, str] = {
    "edits": "A unit by its number. Pruned by hand it goes, saved it stays, whatever its rank.",
    "accuracy": "Share of test images answered right. First from 1,000 fixed ones with a 95 % "
    "interval (Wilson), then from all.",
    "size": "The TFLite file, zipped. Estimated at once from some rows of every kernel; exact "
    "where a sweep has made the files.",
    "left": "Parameters that are not zero; with pruned units removed, all that is left.",
    "macs": "Multiplications for one image: by weights that are not zero, or, with pruned units "
    "removed, all that is left.",
    "subject": "Any finished training. The first one ships with Prunescope.",
    "how": "What is ranked and goes first: the smallest weights, the weakest units, units and then "
    "weights, or either by chance.",
    "each": "A slider for each layer: the layers do not stand pruning equally well.",
    "rank": "Rank inside each layer, or over all layers at once.",
    "out": "Count the network without its pruned units (the outputs are equal), or with zeros in "
    "their place.",
    "draw": "The classes of this data set are no digits, so a drawing may be nothing it knows.",
    "k": "The share of weights or units that is set to zero.",
}
