"""What the page Federate says in full sentences."""

from collections.abc import Mapping

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

READ: Mapping[str, str] = {
    "split": "A column is a client; the more of its column is empty, the less it knows of the "
    "labels of the others.",
    "personal": "Each dot is a client of that round, measured on test images of its own labels "
    "with the network that it would use; lines are means. Low dots are clients left behind.",
    "study_personal": "Means over the clients of each round, each measured on test images of its "
    "own labels with the network that it would use.",
    "studies": "Accuracy is the mean over all clients at the end, on test images of their own "
    "labels; bytes are all that travelled, masks included, in percent of what FedAvg with "
    "fine-tuning sends. Of accuracies a few tenths of a point apart, another seed may turn the "
    "order.",
    "server": "One network for all labels, on all test images: another question than the one "
    "beside it, so the two have axes of their own.",
    "tail": "Means hide who is left behind: this is the mean of the worst tenth of each round's "
    "clients, of at least one.",
    "spread": "A dot is a client with the network that it has at the end, measured on its own "
    "labels; a box holds the middle half of them.",
    "gains": "Above zero, a client is better off than it would be alone; below, it pays for the "
    "others.",
    "traffic": "Up and to the left is better: more accuracy for fewer bytes, masks included and "
    "both ways. Clients that train alone send nothing: their end is the level to beat.",
    "forms": "Each bar is the same run in another form; what reaches beyond the dotted line is "
    "more than theory asks for masks that nobody knew before, and what ends before it uses what "
    "both sides knew already.",
    "by_form": "The same rounds counted in several ways: between the line as papers count and the "
    "bound lies what the masks cost.",
    "timeline": "A bar is a client: the round ends with the longest bar, or at the deadline, and "
    "most links are slower up than down.",
    "against_time": "The same rounds, laid out by the time that they would take over this link: "
    "fewer bytes are an earlier answer only where the link is slow.",
    "densities": "A row is a client, a column a layer; pale means that the client does without "
    "most of it.",
    "label_overlap": "Which clients know the same labels: 100 % have the same ones, 0 % none in "
    "common.",
    "mask_excess": "Zero means no more alike than equal first weights make them: compare it with "
    "the square beside it.",
    "excess_by_layer": "If labels shape the masks, the pairs that share labels lie higher, most of "
    "all in the last layer.",
    "keepers": "The bluer, the more clients of the round keep that part of the layer; pale "
    "columns are units that hardly anyone keeps.",
    "keeper_counts": "Weights that all or nobody keep are the rule, because all clients started "
    "from the same weights; the orange part is averaged by nobody.",
    "orphans": "Nobody of the round kept these, so no average reaches them: what the server does "
    "with them is the normal case, not a corner case.",
    "reasons": "A sign is a client in a round, empty where it was not drawn: it pruned, or a gate "
    "was closed. At most 60 clients are drawn.",
    "distances": "Only a client above the dashed line may prune; where all dots lie far above it, "
    "that gate never closes and decides nothing. 0 is drawn at 10⁻⁶.",
    "labels": "What this client has seen; it can know nothing of the other labels but from the "
    "server.",
    "course": "From the dotted to the solid line is what a round of its own training adds; the "
    "dashed line is what it still keeps.",
    "mask": "Blue parts of the layer are kept, pale ones pruned; in the first layer the rows are "
    "pixels, so the blank border goes first.",
    "client_confusion": "Rows are its own labels, columns its answers: an answer off the diagonal "
    "is an error.",
}

ALT: Mapping[str, str] = {
    "split": "Number of training images of each label that each client owns.",
    "personal": "Accuracy in percent on the clients' own labels by round.",
    "study_personal": "Mean accuracy in percent on the clients' own labels by round.",
    "studies": "{study}: mean accuracy in percent on own labels, and share of the bytes.",
    "server": "Accuracy in percent of the server's network on all labels by round.",
    "tail": "Mean accuracy in percent of the worst tenth of each round's clients.",
    "spread": "Accuracy in percent of every client at the end, for each federation.",
    "gains": "Personal accuracy of each client minus the one alone, in points.",
    "traffic": "Accuracy in percent on own labels against megabytes that have travelled.",
    "forms": "Megabytes of the whole run in each form, up and down, and the entropy bound.",
    "by_form": "Accuracy in percent against megabytes, counted in several forms.",
    "timeline": "Seconds of download, compute and upload of each client of a round.",
    "against_time": "Accuracy in percent on own labels against seconds over the chosen link.",
    "densities": "Kept share in percent of each layer of each client.",
    "label_overlap": "Overlap in percent of the labels of each pair of clients.",
    "mask_excess": "Overlap of the masks of each pair beyond that of the first weights, in points.",
    "excess_by_layer": "Mean overlap beyond the first weights by layer, in points, of pairs with "
    "and without labels in common.",
    "keepers": "Mean number of clients that keep each part of a layer.",
    "keeper_counts": "Share in percent of a layer's entries that 0, 1, 2 and more clients keep.",
    "orphans": "Share in percent of the parameters that nobody of the round's clients kept.",
    "reasons": "For each client and round: pruned, or why not.",
    "distances": "Distance of the candidate masks by round, with the thresholds.",
    "labels": "Number of images of each label that the client owns.",
    "course": "Accuracy in percent of the client before and after its rounds, and what it keeps.",
    "mask": "Kept share in percent of each part of a layer of the client.",
    "client_confusion": "Test images of the client by true label and by answer.",
    "study": "Federations with accuracies and bytes.",
    "clients": "Clients with labels, accuracy, density and bytes.",
    "rounds": "Rounds with accuracies, bytes, orphans and seconds.",
}

HELP: Mapping[str, str] = {
    "form": "How the bytes of the same messages are counted.",
    "link": "Of every client. Illustrative figures: 3G 1 Mbit/s down and 0.4 up, LTE 12 and 3, DSL "
    "20 and 2, fibre 100 both ways.",
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
    "preset": "Quick: 10 clients with 2 labels each, watched in a minute. Paper: 100 clients with "
    "2 shards each, as published. Every field can be changed.",
}
