"""What fields of settings say when they are asked, and the foot of every page."""

from collections.abc import Mapping

FOOTER = "Each figure is of one test set with one seed: a demonstration, not a benchmark."

HELP: Mapping[str, str] = {
    "dataset": "MNIST ships with Prunescope; the others are downloaded on first use.",
    "own": "An .npz file with images and labels for training and test, such as x_train, y_train, "
    "x_test and y_test: uint8 or float images of any shape, labels as numbers, text or one-hot; "
    "x_val and y_val choose if they are there. At most 200 MB.",
    "numbers": "What the stored numbers become before a network reads them. Training and test "
    "images are read alike.",
    "channels": "Where an image has its colours: (height, width, channels) or (channels, height, "
    "width). Networks read channels last.",
    "network": "Dense: hidden ReLU layers. Guide CNN: the small convolutional network of "
    "TensorFlow's pruning guide.",
    "guide-cnn": "A convolution of 12 filters of 3 x 3, pooling of 2 x 2, and the output layer, "
    "which holds nearly all weights and is pruned too. Its units are the filters.",
    "hidden": "Units of each hidden ReLU layer, from the input on: 1 to 8 layers of 1 to 4,096.",
    "epochs": "Passes over the training images. Three are enough to see everything; the paper "
    "trains for 50.",
    "batch": "Images per step of the optimizer.",
    "optimizer": "How a step follows the gradient.",
    "rate": "Size of the first step.",
    "decay": "How the learning rate falls: along a cosine to zero, or not at all.",
    "seed": "The same seed gives the same numbers: split, first weights, order of the images.",
    "methods": "Weight: single weights. Unit: whole neurons or filters. Hybrid: units, then "
    "weights. The random ones show what ranking is worth.",
    "sparsities": "Shares of weights or units to zero, in percent from 0 to 99, with commas.",
    "scope": "Rank inside each layer (as the paper does), or over all hidden layers at once.",
    "bias": "Keep biases, or prune them too (as the paper does).",
    "norm": "What makes a unit weak: the L2 norm of its weights (as the paper does), or L1.",
    "share": "Hybrid only: the part of K that is reached by removing units, in percent.",
    "rule": "Prune; or train an honest baseline: as long without pruning, or a small dense network "
    "with as many parameters as the pruned one keeps.",
    "start": "Prune a trained network further, or a random one while it learns.",
    "schedule": "Polynomial: much at first, then ever less, up to the target. Constant: to the "
    "target at the first update.",
    "target": "Share of zeros in each pruned kernel at the end, in percent, above 0 to 99.",
    "targets": "Layers whose kernel gets another target, each with its K in percent, such as "
    "1:90, 2:50; the others get the target sparsity.",
    "tune_epochs": "Passes over the training images while pruning.",
    "initial": "Polynomial only: share of zeros at the first update, in percent.",
    "power": "Polynomial only: 3 prunes most at first, 1 evenly.",
    "begin_step": "The first optimizer step that may prune.",
    "end_step": "The last step that prunes. 0 is automatic: three quarters of the way for the "
    "polynomial, the last step for the constant schedule.",
    "frequency": "Steps between two updates of the masks. 0 is automatic: about twenty updates, "
    "the last one exactly at the end step.",
    "pattern": "Free: any weight may go. 2:4: two of every four neighbouring inputs, which some "
    "hardware skips; once, at the first step, so 50 % and no schedule.",
    "block": "Weights are zeroed in blocks of so many inputs by so many units; 1 by 1 is single "
    "weights.",
    "pooling": "A block is ranked by the average or by the largest of its magnitudes.",
    "layers": "Which kernels are pruned; none chosen means the network's own choice: all hidden "
    "layers of the dense network, both layers of the guide CNN.",
    "unit_sparsity": "Hybrid: this share of each hidden layer's units is removed first, in "
    "percent; K then counts inside what is left.",
    "tune_seed": "Of the order of the images, and of the first weights from scratch.",
    "source": "A finished training, or a network that was pruned while it trained.",
    "prunings": "One-shot prunings of this network, such as weight:80, unit:50; the network itself "
    "always comes along. Units that die are also removed, in a row of their own.",
    "variants": "float16 halves the weights. Dynamic int8 stores weights in a byte, full int8 "
    "computes in bytes too. Sparse leaves zeros out and stores their places.",
    "calibration": "Training images, of each class alike, that show full int8 which values pass "
    "between the layers. Neither validation nor test images are used.",
    "repetitions": "The median of so many calls is reported, after 20 that do not count.",
}
