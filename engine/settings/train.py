"""Settings of a training."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from engine import checks
from engine.settings.declare import Declared, RunSettings, group, option
from engine.settings.values import Choice, Real, Value, Whole, number, words
from engine.system import registry

CUSTOM_DATASET = re.compile(r"npz-[0-9a-f]{24}")
"""How a person's own .npz is named: by its content, so the same file is the same data set."""

HIDDEN = (1000, 1000, 500, 200)
PAPER_EPOCHS = 50
AUTO = "auto"
NETWORKS = ("dense", "guide-cnn")
OPTIMIZERS = Choice(
    ("adam", "sgd", "momentum", "rmsprop"),
    (("sgd", "SGD"), ("momentum", "SGD with momentum"), ("rmsprop", "RMSprop")),
    listed=True,
)
DECAYS = Choice(("cosine", "constant"))
SCALES = (AUTO, "1", "255", "max", "standardise")
CHANNELS = (AUTO, "last", "first")
RATE = Real(0, 10, above=True, step=0.0005)
SEED = Whole(0, 2**31 - 1)
BATCH = Whole(1, 8192)


def built_in_datasets() -> tuple[str, ...]:
    """Names of the data sets that are not a person's own."""
    return registry.names("sources")


@dataclass(frozen=True, slots=True)
class _DataSet(Value):
    """A data set that is known, or a person's own."""

    @property
    def allowed(self) -> str:
        return f"{', '.join(built_in_datasets())} or an .npz file"

    def check(self, name: str, value: Any) -> str:
        if not isinstance(value, str) or not (
            value in built_in_datasets() or CUSTOM_DATASET.fullmatch(value)
        ):
            raise checks.refuse(name, self.allowed, value)
        return value

    def read(self, text: str) -> str:
        return text


@dataclass(frozen=True, slots=True)
class _Widths(Value):
    """Units of hidden layers, from the input on."""

    @property
    def allowed(self) -> str:
        return "1 to 8 layers of 1 to 4,096 units, such as 1000,1000,500,200"

    def check(self, name: str, value: Any) -> tuple[int, ...]:
        if isinstance(value, str) or not isinstance(value, Sequence) or not 1 <= len(value) <= 8:
            raise checks.refuse(name, self.allowed, value)
        return tuple(checks.whole("hidden layer", units, 1, 4096) for units in value)

    def read(self, text: str) -> tuple[Any, ...]:
        return tuple(number(word) for word in words(text))

    def write(self, value: Sequence[int]) -> str:
        return ",".join(map(str, value))


WIDTHS = option(
    HIDDEN,
    _Widths(),
    label="Hidden layers, units",
    help="Dense only: units of each hidden ReLU layer, from the input on.",
)
BATCH_SIZE = option(
    128, BATCH, label="Batch size, images", help="Images per step of the optimizer."
)
OPTIMIZER = option("adam", OPTIMIZERS, label="Optimizer", help="How a step follows the gradient.")
LEARNING_RATE = option(0.001, RATE, label="Learning rate", help="Size of the first step.")
DECAY = option(
    "cosine",
    DECAYS,
    label="Decay",
    help="How the learning rate falls: along a cosine to zero, or not at all.",
)
"""Declarations that several kinds share."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DataSettings(Declared):
    """A data set, and how its images are read."""

    dataset: str = option(
        "mnist",
        _DataSet(),
        label="Data set",
        help="MNIST ships with Prunescope; the others are downloaded on first use.",
    )
    scale: str = option(
        AUTO,
        Choice(
            SCALES,
            (
                (AUTO, "As the images ask for"),
                ("1", "Take as they are"),
                ("255", "Divide by 255"),
                ("max", "Divide by their maximum"),
                ("standardise", "Standardise: less the mean, by the spread"),
            ),
            listed=True,
        ),
        label="Scale of the numbers",
        help="What the stored numbers become before a network reads them. Training and test images "
        "are read alike.",
    )
    channels: str = option(
        AUTO,
        Choice(CHANNELS, ((AUTO, "As the shape looks"),)),
        label="Channels",
        help="Where an image has its colours: (height, width, channels) or (channels, height, "
        "width). Networks read channels last.",
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainSettings(RunSettings):
    """A baseline: data, network and how it is trained; each field says what it is."""

    kind: ClassVar[str] = "train"
    title: ClassVar[str] = "Training"
    first_guess: ClassVar[float] = 30.0
    done_first: ClassVar[str] = "trains its baseline"

    data: DataSettings = group(DataSettings)
    network: str = option(
        "dense",
        Choice(NETWORKS, (("guide-cnn", "Guide CNN"),)),
        label="Network",
        help="Dense: hidden ReLU layers. Guide CNN: the small convolutional network of "
        "TensorFlow's pruning guide.",
    )
    hidden: tuple[int, ...] = WIDTHS
    epochs: int = option(
        3,
        Whole(1, 200),
        label="Number of epochs",
        help="Passes over the training images. Three are enough to see everything; the paper "
        "trains for 50.",
    )
    batch_size: int = BATCH_SIZE
    optimizer: str = OPTIMIZER
    learning_rate: float = LEARNING_RATE
    decay: str = DECAY
    seed: int = option(
        0,
        SEED,
        label="Seed",
        help="The same seed gives the same numbers: split, first weights, order of the images.",
    )

    def _together(self) -> None:
        if self.network != "dense" and self.hidden != HIDDEN:
            raise checks.refuse("hidden", f"left out for {self.network}", self.hidden)

    @property
    def needs(self) -> None:
        """No other run has to be done first."""
        return
