"""What was published, as printed: tables 1 and 2, and how close a reproduction is to come."""

from collections.abc import Mapping
from dataclasses import dataclass

BASELINE, TRAINED, SCRATCH = "baseline", "trained", "scratch"

TITLES: Mapping[str, str] = {
    BASELINE: "Not pruned",
    TRAINED: "Trained, then pruned",
    SCRATCH: "Pruned from scratch",
}
"""The rows of both tables, in their order."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One row of both tables.

    Attributes:
        zipped: bytes of the zipped Keras file (table 1).
        accuracy: share of the images that the paper calls validation images; they are MNIST's
            test images (table 1).
        tflite_zipped: bytes of the zipped, quantized TFLite file (table 2).
        tflite_accuracy: of that file, over the same images (table 2).
    """

    zipped: float
    accuracy: float
    tflite_zipped: float
    tflite_accuracy: float


PUBLISHED: Mapping[str, Row] = {
    BASELINE: Row(zipped=78_039, accuracy=0.9802, tflite_zipped=17_820, tflite_accuracy=0.9807),
    TRAINED: Row(zipped=48_338, accuracy=0.9802, tflite_zipped=13_430, tflite_accuracy=0.9806),
    SCRATCH: Row(zipped=48_883, accuracy=0.9700, tflite_zipped=13_224, tflite_accuracy=0.9704),
}

REACH: Mapping[str, float] = {
    "zipped": 0.03,
    "accuracy": 0.01,
    "tflite_zipped": 0.20,
    "tflite_accuracy": 0.01,
}
"""How far a mean may be from the published figure: sizes as a share of it, accuracies in shares."""

DIFFERS = (
    "TFLite files are about 1.5 kB larger than the published ones. What today's converter writes "
    "beside the weights: a signature, two entries of metadata, and the operators Shape, "
    "StridedSlice and Pack, since it leaves the number of images open; the converter of the paper "
    "is not known. Nor does the paper say how long it trained from scratch, with which seed or "
    "learning rate: here they are 2 to 4 epochs, the best by validation accuracy, three seeds, and "
    "Keras' default of 0.001."
)
"""Why measured and published figures differ, in sentences for people."""
