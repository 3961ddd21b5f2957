"""The copy: what pages say in full sentences. Words are those of the project's glossary."""

from collections.abc import Mapping

from engine.system import registry

TAGLINE = (
    "Prunescope shows what pruning a neural network costs and what it buys. Train a real network, "
    "set a share K of its weights or neurons to zero, and see accuracy, loss and file size answer."
)

PICTURE: Mapping[str, tuple[str, str]] = {
    "dense": ("Dense", "Every unit (a column) reads every input (a row)."),
    **{
        name: (f"{method.label} pruning", method.about)
        for name, method in registry.found("methods").items()
    },
}

READ: Mapping[str, str] = {
    "explore_classes": "Bars below the grey marks are classes that pruning made the network "
    "forget; thin lines are 95 % intervals until all test images have answered.",
    "histogram": "Weight pruning takes out the middle, between the dashed lines, where weights are "
    "too small to matter much; the other methods take from everywhere.",
    "norms": "A point is a unit; what stands left of the dashed line is weak and goes first. "
    "Click a point to prune its unit by hand, or to save it.",
    "kernel": "Columns are units, rows their inputs; blue adds, orange subtracts, empty places are "
    "pruned. Empty columns are units that can be removed.",
    "fields": "Each square is what one unit looks at, the weakest first; faded squares are dead "
    "units, and holes are pruned weights.",
    "pixels": "Pixels at the border are blank in nearly every image, so their weights stay as "
    "small as they began: when K passes them, the border is the first to go.",
    "sensitivity": "Only the layer of that row is pruned; a row that stays blue for long has "
    "weights to spare, one that turns orange early needs them.",
    "strip": "Read a row from left to right: where it turns orange, that network no longer "
    "answers as the unpruned one does.",
    "forgetting": "Flat means that pruning is free; where it bends, images are forgotten.",
    "polynomial": "Where both lines lie on each other, the term that was left out did not matter.",
    "one_weight": "Each dot is one weight of a network that reads digits: the further right, the "
    "larger the weight; the higher, the more its absence is felt.",
    "zeros": "Grey is the file, blue its zip; move K and see which of the six bars falls.",
    "guess": "Broken means: more than one point below the unpruned network.",
    "compare": "Up and to the left is better. The grey line joins what nothing else beats; a "
    "hollow mark stores its weights in fewer bits; the ring is the answer above.",
    "parallel": "One line is one network. Drag along an axis to keep only the lines that pass "
    "there; a line that is low everywhere and ends high is a good deal.",
    "seeds": "Dots are seeds, the dash their mean. Networks whose dots overlap cannot be told "
    "apart: the difference between them is luck.",
    "one_seed": "Another seed gives other numbers. Repeat with three seeds and see here how far "
    "they lie apart; a difference smaller than that is luck.",
    "accuracy": "The longer a curve stays at the dotted baseline, the more its method can prune "
    "for free; where it bends is the price.",
    "loss": "Loss rises before accuracy falls: a network that still answers right is already "
    "less sure of it.",
    "zipped": "Zeros take room in the file but vanish in the zip, so this is where weight pruning "
    "pays; lower is smaller.",
    "raw": "A zero is stored like any other number, so an unzipped file only shrinks where pruned "
    "units are removed.",
    "pareto": "Up and to the left is better; the grey line joins the points that no other point "
    "beats in both accuracy and size.",
    "classes": "Bars well below the baseline's marks are the classes that this network has "
    "forgotten first.",
    "confusion": "Rows are the true class, columns the answer; everything off the diagonal is an "
    "error, and a full column is the answer of a collapsed network.",
    "matrix": "Rows are networks, columns their files; the bluer, the better. * runs with LiteRT's "
    "built-in kernels only, ✕ does not run.",
    "waterfall": "From the top, each bar is a real file of the same network in its next form; only "
    "the last one of its kind is what ships.",
    "removal_bytes": "Hatched bars have zeros in place of the dead units, full ones have the units "
    "removed: equal answers, and only they are smaller files.",
    "removal_time": "Zeros are multiplied like any other number, so only removal is faster; the "
    "thin lines span half of the calls.",
    "learning_accuracy": "Validation images choose, test images only report; training far above "
    "both means that the network learns by heart.",
    "learning_loss": "A falling curve is learning; validation rising while training still falls "
    "is overfitting.",
    "preview": "The solid staircase is what the masks will really do: each tread is an update, and "
    "where it ends below the target, something is set wrongly.",
    "sparsity": "Dots are measured on the masks; they must lie on the planned staircase at the end "
    "of every epoch, which the thin lines mark.",
    "layers": "Each bar is a kernel's share of zeros now; its mark is what the plan says for this "
    "step.",
    "tuned_accuracy": "Left of 0 the network trains, right of it pruning takes weights away while "
    "training repairs; a dip that closes again is damage healed.",
    "tuned_loss": "Loss shows the damage of an update before accuracy does, and how far training "
    "has mended it.",
    "recovery": "The gap between the two curves is what fine-tuning recovers at that K; the lines "
    "across are what the same effort gives without pruning, and the baseline.",
}

ALT: Mapping[str, str] = {
    "explore_classes": "Accuracy of each class of the pruned network, with the unpruned one.",
    "histogram": "Weights of {layer} by value, kept and pruned.",
    "norms": "Norms of the units of {layer}, ranked, with the cut.",
    "kernel": "Kernel of {layer}: blue weights are positive, orange negative, pruned ones empty.",
    "fields": "What {count} units of the first layer look at, from the weakest to the strongest.",
    "pixels": "Share of its connections that each input pixel still has, in percent.",
    "sensitivity": "Accuracy in percent by pruned layer and K.",
    "strip": "What five networks answer to the image at every K.",
    "seen": "The image as the network reads it, {side} by {side} pixels.",
    "forgetting": "Accuracy on 1,000 test images in percent against K.",
    "forgotten": "Test image of class {label}.",
    "polynomial": "The function x plus 5 x squared, and what is left without one of its terms.",
    "one_weight": "Mean shift of a logit without a weight, against the magnitude of the weight.",
    "zeros": "Bytes of a kernel as a file and as a zip: whole, weights zeroed, units removed.",
    "guess": "The guessed K as a line, and the measured test accuracy once it is revealed.",
    "compare": "Test accuracy in percent of every network against {cost}, with the Pareto front.",
    "parallel": "Parallel coordinates: one line a network over its costs and its test accuracy.",
    "seeds": "Test accuracy in percent of each seed of the networks on the Pareto front.",
    "compared": "All networks that are compared, with accuracy and costs.",
    "accuracy": "Test accuracy in percent of each pruning method against {x}.",
    "loss": "Test loss in nats of each pruning method against {x}.",
    "zipped": "Size of the zipped {file} file in megabytes of each pruning method against {x}.",
    "raw": "Size of the {file} file in megabytes of each pruning method against {x}.",
    "pareto": "Test accuracy against file size of all points, with the Pareto front.",
    "classes": "Accuracy of each class after pruning, with the baseline.",
    "confusion": "Confusion matrix: test images by true class and by answer.",
    "matrix": "Matrix of networks by TFLite files, coloured by {measure}.",
    "waterfall": "Sizes in megabytes of one network from the training's file to {file}.",
    "removal_bytes": "Size in megabytes of each TFLite file, with zeros and with units removed.",
    "removal_time": "Median microseconds for one image, with zeros and with units removed.",
    "learning_accuracy": "Accuracy in percent of training, validation and test images by epoch.",
    "learning_loss": "Loss in nats of training, validation and test images by epoch.",
    "procedure_accuracy": "Accuracy in percent by epoch: a trained network that is pruned "
    "afterwards, and one that is pruned from scratch.",
    "procedure_loss": "Loss in nats by epoch: a trained network that is pruned afterwards, and one "
    "that is pruned from scratch.",
    "preview": "Share of zeros in the pruned kernels that the schedule will reach at each step.",
    "sparsity": "Planned and achieved share of zeros in the pruned kernels by optimizer step.",
    "layers": "Planned and achieved share of zeros in each pruned kernel.",
    "tuned_accuracy": "Accuracy in percent by epoch, before and while pruning.",
    "tuned_loss": "Loss in nats by epoch, before and while pruning.",
    "recovery": "Test accuracy against sparsity K, pruned at once and pruned while training.",
}

USAGE: Mapping[str, str] = {
    "reads": "For each image it reads {shape} numbers, `{scaled}` of the raw `x`, and writes "
    "{classes} logits; the largest is the answer.",
    "int8": "It reads int8: the scaled numbers in steps, rounded and clipped. A plain cast to int8 "
    "loses nearly everything.",
    "steps": "A step is {scale}, and {zero_point} stands for 0.",
    "kernels": "LiteRT's default kernels do not serve this file, so the built-in ones are chosen:",
    "only": "This asks all test images of the client's labels; the page asked a part of them, in "
    "the client's proportions.",
    "prints": "It prints the accuracy on this page, {accuracy} %.",
    "data": "A zipped file has to be unpacked first. `{data}` holds `x_test` and `y_test` as they "
    "came; Keras keeps MNIST so.",
}

HELP: Mapping[str, str] = {
    "hand": "A unit by its number. Pruned by hand it goes, saved it stays, whatever its rank.",
    "accuracy_figure": "Share of test images answered right. First from 1,000 fixed ones with a "
    "95 % interval (Wilson), then from all.",
    "size_figure": "The TFLite file, zipped. Estimated at once from some rows of every kernel; "
    "exact where a sweep has made the files.",
    "left_figure": "Parameters that are not zero; with pruned units removed, all that is left.",
    "macs_figure": "Multiplications for one image: by weights that are not zero, or, with pruned "
    "units removed, all that is left.",
    "compared": "Up to twelve. Runs that differ in the seed only are taken together.",
    "cost": "Files are counted as one would ship them: without the units that were pruned.",
    "seeds": "Accuracy is the mean over the seeds, the cost the largest of them, the file that of "
    "the lowest seed.",
    "repeat": "Starts what is missing of the same settings with the seeds 0, 1 and 2.",
    "own": "An .npz file with images and labels for training and test, such as x_train, y_train, "
    "x_test and y_test: uint8 or float images of any shape, labels as numbers, text or one-hot; "
    "x_val and y_val choose if they are there. At most 200 MB.",
    "balanced": "The mean of the classes' accuracies: each class counts alike, however few images "
    "it has.",
    "guide-cnn": "A convolution of 12 filters of 3 x 3, pooling of 2 x 2, and the output layer, "
    "which holds nearly all weights and is pruned too. Its units are the filters.",
    "subject": "Any finished training. The first one ships with Prunescope.",
    "how": "What is ranked and goes first: the smallest weights, the weakest units, units and then "
    "weights, or either by chance.",
    "each": "A slider for each layer: the layers do not stand pruning equally well.",
    "rank": "Rank inside each layer, or over all layers at once.",
    "out": "Count the network without its pruned units (the outputs are equal), or with zeros in "
    "their place.",
    "draw": "The classes of this data set are no digits, so a drawing may be nothing it knows.",
    "k": "The share of weights or units that is set to zero.",
    "format": "The same network as a Keras file, for LiteRT in float32, or in dynamic int8.",
    "removed": "Unit and hybrid pruning: count the files of the network without its pruned units "
    "(the outputs are equal), or with zeros in their place.",
    "way": "Where to start from; every field can be changed.",
    "returned": "Every update ranks all weights anew, and between two updates training moves the "
    "pruned ones too, so that one may overtake another.",
    "more": "Each K is a run of its own with the same settings otherwise.",
    "source": "A finished training, or a network that was pruned while it trained.",
    "measure": "What the colours and figures show.",
    "scale": "Equal K is not equal size: removing half of the units leaves a third of a "
    "dense network's parameters.",
}

COMPARE: Mapping[str, str] = {
    "reference": "No run is chosen yet: this is the sweep that ships along. Choose any sweeps, "
    "schedules, exports and federations above, yours or everyone's.",
    "nothing": "These runs have not measured anything yet.",
    "apart": "The clients' own networks are left out: each is measured on its client's labels "
    "only, so their accuracy cannot stand beside that of networks that answer all labels. Choose "
    "federations alone to see them.",
}

JUDGE = (
    "Validation images neither trained the network nor are reported; the accuracy shown is that of "
    "the test images, which chose nothing."
)
"""Which images chose the answer, and what that means."""

EMPTY_RUNS = "No run here yet. Start one and it stays on this page, also for everyone else."
NO_MATCH = "No run matches these filters."
FOOTER = "Each figure is of one test set with one seed: a demonstration, not a benchmark."
