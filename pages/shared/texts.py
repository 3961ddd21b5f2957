"""What fields say when they are asked beside their settings' own words, and every page's foot."""

from collections.abc import Mapping

FOOTER = "Each figure is of one test set with one seed: a demonstration, not a benchmark."

HELP: Mapping[str, str] = {
    "own": "An .npz file with images and labels for training and test, such as x_train, y_train, "
    "x_test and y_test: uint8 or float images of any shape, labels as numbers, text or one-hot; "
    "x_val and y_val choose if they are there. At most 200 MB.",
    "guide-cnn": "A convolution of 12 filters of 3 x 3, pooling of 2 x 2, and the output layer, "
    "which holds nearly all weights and is pruned too. Its units are the filters.",
    "source": "A finished training, or a network that was pruned while it trained.",
}
