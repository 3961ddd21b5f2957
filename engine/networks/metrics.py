"""How well a network answers: accuracy, loss, per class, confusion. Functions of logits."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.arrays import FloatArray, IntArray, LabelArray


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A network's answers on a set of images, summed up.

    Attributes:
        accuracy: share of images answered right.
        loss: mean cross-entropy in nats; NaN if a logit is NaN.
        balanced_accuracy: mean of the classes' accuracies, each class counting alike.
        class_accuracy: accuracy of each class; None for a class without images.
        confusion: images of class row answered as class column.
    """

    accuracy: float
    loss: float
    balanced_accuracy: float
    class_accuracy: tuple[float | None, ...]
    confusion: tuple[tuple[int, ...], ...]


def evaluate_logits(logits: FloatArray, labels: LabelArray, classes: int) -> Evaluation:
    """Sum up logits ``(n, classes)`` against labels ``(n,)``.

    Raises:
        ValueError: there are no images.
    """
    if labels.size == 0:
        raise ValueError("no images to evaluate")
    table = confusion(logits, labels, classes)
    right, images = table.diagonal(), table.sum(axis=1)
    pairs = zip(right.tolist(), images.tolist(), strict=True)
    shares = tuple(hits / count if count else None for hits, count in pairs)
    known = [share for share in shares if share is not None]
    return Evaluation(
        accuracy=int(right.sum()) / labels.size,
        loss=float(softmax_cross_entropy(logits, labels).mean()),
        balanced_accuracy=sum(known) / len(known),
        class_accuracy=shares,
        confusion=tuple(tuple(row) for row in table.tolist()),
    )


def softmax_cross_entropy(logits: FloatArray, labels: LabelArray) -> npt.NDArray[np.float64]:
    """Loss of each image in nats, ``(n,)``; computed in float64 with the largest logit at zero."""
    with np.errstate(invalid="ignore"):  # a diverged network has NaN or infinite logits
        shifted = logits.astype(np.float64) - logits.max(axis=1, keepdims=True)
        right = np.take_along_axis(shifted, labels[:, np.newaxis].astype(np.int64), axis=1)
        losses: npt.NDArray[np.float64] = np.log(np.exp(shifted).sum(axis=1)) - right[:, 0]
    return losses


def confusion(logits: FloatArray, labels: LabelArray, classes: int) -> IntArray:
    """Counts ``(classes, classes)``: row the true class, column the answer (first of equals)."""
    answers = logits.argmax(axis=1)
    pairs = np.bincount(labels.astype(np.int64) * classes + answers, minlength=classes**2)
    return pairs.reshape(classes, classes)
