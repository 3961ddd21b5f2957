"""Settings of a training."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from engine import checks
from engine.settings import fields

BUILT_IN_DATASETS = ("mnist", "fashion-mnist", "cifar-10")
CUSTOM_DATASET = re.compile(r"npz-[0-9a-f]{24}")
"""How a person's own .npz is named: by its content, so the same file is the same data set."""

NETWORKS = ("dense", "guide-cnn")
HIDDEN = (1000, 1000, 500, 200)
OPTIMIZERS = ("adam", "sgd", "momentum", "rmsprop")
DECAYS = ("cosine", "constant")
PAPER_EPOCHS = 50

AUTO = "auto"
SCALES = (AUTO, "1", "255", "max", "standardise")
CHANNELS = (AUTO, "last", "first")


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainSettings:
    """A baseline: data, network and how it is trained.

    Attributes:
        dataset: mnist, fashion-mnist, cifar-10, or ``npz-`` and the digest of an imported file.
        network: the architecture; ``dense`` is ReLU layers and a layer of logits, ``guide-cnn``
            the convolution of 12 filters of TensorFlow Model Optimization's pruning guide.
        hidden: units of each hidden layer; of ``dense`` only.
        epochs: passes over the training images (quick 3, paper 50).
        batch_size: images per optimizer step.
        optimizer: adam, sgd, momentum (SGD with 0.9) or rmsprop.
        learning_rate: of the first step.
        decay: how the learning rate falls: cosine to zero over all steps, or constant.
        seed: of the split, the initial weights and the order of the images.
        scale: what the stored numbers are divided by: ``1``, ``255``, their ``max``, or
            ``standardise``: less their mean, by their standard deviation; ``auto`` looks.
        channels: where images ``(a, b, c)`` have their channels: ``last``, ``first``, or ``auto``.
    """

    kind: ClassVar[str] = "train"

    dataset: str = "mnist"
    network: str = "dense"
    hidden: tuple[int, ...] = HIDDEN
    epochs: int = 3
    batch_size: int = 128
    optimizer: str = "adam"
    learning_rate: float = 0.001
    decay: str = "cosine"
    seed: int = 0
    scale: str = AUTO
    channels: str = AUTO

    def __post_init__(self) -> None:
        """Check every field; raise InvalidInput that names the first bad one."""
        _check_dataset(self.dataset)
        checks.choice("network", self.network, NETWORKS)
        fields.freeze(self, "hidden", _hidden(self.hidden, self.network))
        checks.whole("epochs", self.epochs, 1, 200)
        checks.whole("batch size", self.batch_size, 1, 8192)
        checks.choice("optimizer", self.optimizer, OPTIMIZERS)
        rate = fields.positive("learning rate", self.learning_rate, 10)
        fields.freeze(self, "learning_rate", rate)
        checks.choice("decay", self.decay, DECAYS)
        fields.seed(self.seed)
        checks.choice("scale", self.scale, SCALES)
        checks.choice("channels", self.channels, CHANNELS)

    @property
    def needs(self) -> None:
        """No other run has to be done first."""
        return


def _check_dataset(name: object) -> None:
    if isinstance(name, str) and CUSTOM_DATASET.fullmatch(name):
        return
    if not isinstance(name, str) or name not in BUILT_IN_DATASETS:
        raise checks.refuse("dataset", "mnist, fashion-mnist, cifar-10 or an .npz file", name)


def _hidden(units: object, network: str) -> tuple[int, ...]:
    widths = _widths(units)
    if network != "dense" and widths != HIDDEN:
        raise checks.refuse("hidden", f"left out for {network}", units)
    return widths


def _widths(units: object) -> tuple[int, ...]:
    allowed = "1 to 8 layers of 1 to 4,096 units, such as 1000,1000,500,200"
    if isinstance(units, str) or not isinstance(units, Sequence) or not 1 <= len(units) <= 8:
        raise checks.refuse("hidden", allowed, units)
    return tuple(checks.whole("hidden layer", u, 1, 4096) for u in units)
