"""What the pieces of the page Learn say."""

from collections.abc import Mapping
from dataclasses import dataclass

from pages.shared.chart import ChartText


@dataclass(frozen=True, slots=True)
class Piece:
    """The question of a piece, the one thing to do, and what one then has seen."""

    question: str
    do: str
    seen: str


PIECES: Mapping[str, Piece] = {
    "significance": Piece(
        "Which number can go?",
        "leave out x, then 5x², and look how far the curve moves. Then let x go less far.",
        "over the whole range the smaller coefficient matters less, so it goes first. Close to "
        "zero it is the other way round: size is a good guess at significance, and only a guess.",
    ),
    "one_weight": Piece(
        "The same with a weight of a trained network",
        "move the slider from the smallest weight to the largest.",
        "most weights change no answer at all when they are gone, and the small ones hardly move "
        "the output. That is why pruning starts with them.",
    ),
    "by_hand": Piece(
        "How does one prune a kernel?",
        "go through the steps from left to right, by weight and then by unit.",
        "weight pruning leaves holes in an array of the same shape; unit pruning takes whole "
        "columns, and the array gets smaller.",
    ),
    "zeros": Piece(
        "What does a zero cost?",
        "raise K and watch the bars.",
        "a zero takes four bytes like any number, until a zip writes many equal bytes in a few. "
        "It takes its time too, because zeros are multiplied like all others. Faster is only a "
        "smaller array, or a program made for zeros.",
    ),
    "guess": Piece(
        "At which K does it break?",
        "guess at which K this network of 2.4 million parameters loses more than one point of "
        "accuracy, then reveal.",
        "most weights were never needed, fewer units can go, and the end comes suddenly.",
    ),
    "round": Piece(
        "How do clients with different data share one network?",
        "step through one round of Sub-FedAvg.",
        "each weight is averaged over those who keep it, so clients help each other only where "
        "their subnetworks meet. Nobody sees another's images, and what is pruned is not sent.",
    ),
}

CHARTS: Mapping[str, ChartText] = {
    "polynomial": ChartText(
        "The function x plus 5 x squared, and what is left without one of its terms.",
        "Where both lines lie on each other, the term that was left out did not matter.",
    ),
    "one_weight": ChartText(
        "Mean shift of a logit without a weight, against the magnitude of the weight.",
        "Each dot is one weight of a network that reads digits: the further right, the larger the "
        "weight; the higher, the more its absence is felt.",
    ),
    "zeros": ChartText(
        "Bytes of a kernel as a file and as a zip: whole, weights zeroed, units removed.",
        "Grey is the file, blue its zip; move K and see which of the six bars falls.",
    ),
    "guess": ChartText(
        "The guessed K as a line, and the measured test accuracy once it is revealed.",
        "Broken means: more than one point below the unpruned network.",
    ),
}

BY_HAND: Mapping[tuple[str, str], str] = {
    ("kernel", "weight"): "**A kernel**  \nFive inputs, four units: a column is a unit.",
    (
        "kernel",
        "unit",
    ): "**A kernel**  \nBelow each unit stands the L2 norm of its column: the root "
    "of the sum of its squares.",
    ("rank", "weight"): "**Rank**  \nThe small figures count from the smallest magnitude up; the "
    "sign does not matter.",
    ("rank", "unit"): "**Rank**  \nThe columns are ranked by their norms: 1 is the weakest unit.",
    ("cut", "weight"): "**Cut**  \nK of all weights is chosen, from rank 1 on: the framed ones.",
    ("cut", "unit"): "**Cut**  \nK of all units is chosen, from rank 1 on: the framed ones.",
    ("zero", "weight"): "**Zero**  \nThe chosen weights become zero. The shape is still five by "
    "four.",
    ("zero", "unit"): "**Zero**  \nAll weights of the chosen units become zero, and their biases: "
    "such a unit answers 0 whatever it reads.",
    ("remove", "weight"): "**Remove?**  \nNot possible: an array has no holes. The zeros stay "
    "until somebody zips the file.",
    ("remove", "unit"): "**Remove**  \nThe columns of zeros are taken out, and with them the rows "
    "of the next kernel that read them. The outputs are the same.",
}
"""By step and way."""

ROUND: Mapping[str, str] = {
    "start": "**Before the round**  \nThe server has six weights. Each client keeps only some of "
    "them: its own subnetwork.",
    "download": "**Download**  \nEach client takes the server's weights where it keeps them, and "
    "zero elsewhere.",
    "train": "**Train**  \nEach client learns from its own two labels: its weights move, "
    "differently from the others'.",
    "prune": "**Prune**  \nEach client drops its smallest weight (framed) and uploads what is "
    "left.",
    "average": "**Average**  \nThe server takes the mean of each weight over the clients that keep "
    "it (framed where it moved). What nobody keeps is an orphan and stays as it was.",
}
"""By step."""
