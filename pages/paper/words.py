"""What the page Paper says of its charts and tables, and in full sentences."""

from collections.abc import Mapping

from pages.shared.chart import ChartText

INTRODUCTION = (
    "A small convolutional network, `guide-cnn` with 20,410 parameters, learns MNIST. Half of its "
    "weights are pruned, once after training and once while it trains from scratch; then the "
    "files are zipped and quantized. Here are the printed figures and ours."
)

FIGURES: Mapping[str, str] = {
    "zipped": "Table 1 · zipped Keras file",
    "accuracy": "Table 1 · accuracy",
    "tflite_zipped": "Table 2 · quantized TFLite file, zipped",
    "tflite_accuracy": "Table 2 · its accuracy",
}

CHARTS: Mapping[str, ChartText] = {
    "accuracy": ChartText(
        "Accuracy in percent by epoch: a trained network that is pruned afterwards, and one that "
        "is pruned from scratch."
    ),
    "loss": ChartText(
        "Loss in nats by epoch: a trained network that is pruned afterwards, and one that is "
        "pruned from scratch."
    ),
}

READ: Mapping[str, str] = {
    "tables": "Each row is one printed figure beside the mean of our seeds and the lowest and "
    "highest of them; the tick says that the mean is as close as we ask: 3 % for zipped sizes, "
    "20 % for TFLite sizes, one point (pt) for accuracies.",
    "claims": "A ratio says nothing without what was compared with what: all of these are compared "
    "with the zipped Keras file of the unpruned dense network on MNIST.",
    "curves": "Read from left to right: four epochs of baseline, then two of pruning on the left; "
    "on the right the network that is pruned from its first step on.",
    "dense": "The dense network of 50 epochs with everything as published (biases pruned, each "
    "layer on its own): the curves stay flat until the network breaks.",
}

RECOMPRESSED = (
    "The CIFAR-10 images behind these results are a copy that was compressed again as JPEG, not "
    "the official pixels; expect small differences."
)
NOT_SHIPPED = "No results for this data set ship along; the command below makes them."
