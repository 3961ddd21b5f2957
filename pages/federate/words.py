"""What the page Federate says of its charts, tables and choices, and in full sentences."""

from collections.abc import Mapping

from pages.shared.chart import ChartText

INTRODUCTION = (
    "Clients own different images and show them to nobody. Each round some of them train the "
    "server's network on their own images, prune what they do not need, and send back what is "
    "left; the server averages every weight over the clients that kept it."
)

OVERVIEW = (
    "Clients that own different images need not share one network: with Sub-FedAvg each keeps a "
    "subnetwork of its own, and only what is kept travels. In each study all algorithms have the "
    "same clients, the same first network and the same draws."
)

REPLAYED = (
    "Computed from the bytes and images on record; nothing is trained again. What the clients "
    "learned stays as it was, also of those whom the deadline would have cut off."
)

CHARTS: Mapping[str, ChartText] = {
    "split": ChartText(
        "Number of training images of each label that each client owns.",
        "A column is a client; the more of its column is empty, the less it knows of the labels "
        "of the others.",
    ),
    "personal": ChartText(
        "Accuracy in percent on the clients' own labels by round.",
        "Each dot is a client of that round, measured on test images of its own labels with the "
        "network that it would use; lines are means. Low dots are clients left behind.",
    ),
    "study_personal": ChartText(
        "Mean accuracy in percent on the clients' own labels by round.",
        "Means over the clients of each round, each measured on test images of its own labels "
        "with the network that it would use.",
    ),
    "server": ChartText(
        "Accuracy in percent of the server's network on all labels by round.",
        "One network for all labels, on all test images: another question than the one beside "
        "it, so the two have axes of their own.",
    ),
    "tail": ChartText(
        "Mean accuracy in percent of the worst tenth of each round's clients.",
        "Means hide who is left behind: this is the mean of the worst tenth of each round's "
        "clients, of at least one.",
    ),
    "spread": ChartText(
        "Accuracy in percent of every client at the end, for each federation.",
        "A dot is a client with the network that it has at the end, measured on its own labels; "
        "a box holds the middle half of them.",
    ),
    "gains": ChartText(
        "Personal accuracy of each client minus the one alone, in points.",
        "Above zero, a client is better off than it would be alone; below, it pays for the others.",
    ),
    "traffic": ChartText(
        "Accuracy in percent on own labels against megabytes that have travelled.",
        "Up and to the left is better: more accuracy for fewer bytes, masks included and both "
        "ways. Clients that train alone send nothing: their end is the level to beat.",
    ),
    "forms": ChartText(
        "Megabytes of the whole run in each form, up and down, and the entropy bound.",
        "Each bar is the same run in another form; what reaches beyond the dotted line is more "
        "than theory asks for masks that nobody knew before, and what ends before it uses what "
        "both sides knew already.",
    ),
    "by_form": ChartText(
        "Accuracy in percent against megabytes, counted in several forms.",
        "The same rounds counted in several ways: between the line as papers count and the bound "
        "lies what the masks cost.",
    ),
    "timeline": ChartText(
        "Seconds of download, compute and upload of each client of a round.",
        "A bar is a client: the round ends with the longest bar, or at the deadline, and most "
        "links are slower up than down.",
    ),
    "against_time": ChartText(
        "Accuracy in percent on own labels against seconds over the chosen link.",
        "The same rounds, laid out by the time that they would take over this link: fewer bytes "
        "are an earlier answer only where the link is slow.",
    ),
    "densities": ChartText(
        "Kept share in percent of each layer of each client.",
        "A row is a client, a column a layer; pale means that the client does without most of it.",
    ),
    "label_overlap": ChartText(
        "Overlap in percent of the labels of each pair of clients.",
        "Which clients know the same labels: 100 % have the same ones, 0 % none in common.",
    ),
    "mask_excess": ChartText(
        "Overlap of the masks of each pair beyond that of the first weights, in points.",
        "Zero means no more alike than equal first weights make them: compare it with the square "
        "beside it.",
    ),
    "excess_by_layer": ChartText(
        "Mean overlap beyond the first weights by layer, in points, of pairs with and without "
        "labels in common.",
        "If labels shape the masks, the pairs that share labels lie higher, most of all in the "
        "last layer.",
    ),
    "keepers": ChartText(
        "Mean number of clients that keep each part of a layer.",
        "The bluer, the more clients of the round keep that part of the layer; pale columns are "
        "units that hardly anyone keeps.",
    ),
    "keeper_counts": ChartText(
        "Share in percent of a layer's entries that 0, 1, 2 and more clients keep.",
        "Weights that all or nobody keep are the rule, because all clients started from the same "
        "weights; the orange part is averaged by nobody.",
    ),
    "orphans": ChartText(
        "Share in percent of the parameters that nobody of the round's clients kept.",
        "Nobody of the round kept these, so no average reaches them: what the server does with "
        "them is the normal case, not a corner case.",
    ),
    "reasons": ChartText(
        "For each client and round: pruned, or why not.",
        "A sign is a client in a round, empty where it was not drawn: it pruned, or a gate was "
        "closed. At most 60 clients are drawn.",
    ),
    "distances": ChartText(
        "Distance of the candidate masks by round, with the thresholds.",
        "Only a client above the dashed line may prune; where all dots lie far above it, that "
        "gate never closes and decides nothing. 0 is drawn at 10⁻⁶.",
    ),
    "labels": ChartText(
        "Number of images of each label that the client owns.",
        "What this client has seen; it can know nothing of the other labels but from the server.",
    ),
    "course": ChartText(
        "Accuracy in percent of the client before and after its rounds, and what it keeps.",
        "From the dotted to the solid line is what a round of its own training adds; the dashed "
        "line is what it still keeps.",
    ),
    "mask": ChartText(
        "Kept share in percent of each part of a layer of the client.",
        "Blue parts of the layer are kept, pale ones pruned; in the first layer the rows are "
        "pixels, so the blank border goes first.",
    ),
    "client_confusion": ChartText(
        "Test images of the client by true label and by answer.",
        "Rows are its own labels, columns its answers: an answer off the diagonal is an error.",
    ),
}

TABLES: Mapping[str, str] = {
    "study": "Federations with accuracies and bytes.",
    "studies": "{study}: mean accuracy in percent on own labels, and share of the bytes.",
    "clients": "Clients with labels, accuracy, density and bytes.",
    "rounds": "Rounds with accuracies, bytes, orphans and seconds.",
}
"""What tables show, for those who do not see them."""

STUDIES = (
    "Accuracy is the mean over all clients at the end, on test images of their own labels; bytes "
    "are all that travelled, masks included, in percent of what FedAvg with fine-tuning sends. "
    "Of accuracies a few tenths of a point apart, another seed may turn the order."
)
"""How to read the tables of all studies."""

HELP: Mapping[str, str] = {
    "form": "How the bytes of the same messages are counted.",
    "link": "Of every client. Illustrative figures: 3G 1 Mbit/s down and 0.4 up, LTE 12 and 3, "
    "DSL 20 and 2, fibre 100 both ways.",
    "own_link": "Mbit/s, that is a million bits in a second.",
    "delay": "There and back, in milliseconds.",
    "speed": "Training images per second that a client's computer manages with the whole network; "
    "without its pruned units it is faster in proportion. Single zeros save nothing.",
    "slow": "Share of the clients, drawn by the run's seed, whose computer and link are slower.",
    "slower": "How many times slower these are.",
    "deadline": "After so many seconds the round goes on without the missing ones; 0 for none.",
    "round": "The round that is shown.",
    "layer": "The kernel that is shown; the last one is the output layer.",
    "model": "Made at the end for up to 20 clients, without the units that the client removed.",
    "client": "Any client that was drawn at least once, or measured at the end.",
    "preset": "Quick: 10 clients with 2 labels each, watched in a minute. Paper: 100 "
    "clients with 2 shards each, as published. Every field can be changed.",
}
