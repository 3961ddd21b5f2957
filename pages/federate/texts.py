"""What the fields of a federation say when they are asked."""

from collections.abc import Mapping

HELP: Mapping[str, str] = {
    "algorithms": "Each one becomes a run of its own on the same clients, the same first network "
    "and the same draws, so that their curves can be compared.",
    "split": "IID: alike. Shards: sorted by label, cut in pieces, dealt out. Labels: exactly so "
    "many labels each. Dirichlet: shares drawn by chance, unequal where alpha is small.",
    "clients": "From 2 to 10,000; of more than 100, so many are measured at the end.",
    "samples": "The most training images of a client, 0 for no limit.",
    "labels_per_client": "Labels, or shards, of each client.",
    "alpha": "Of the Dirichlet distribution: 0.1 is very unequal, 100 nearly equal.",
    "poor": "Chance may give a client fewer images than it takes to train and to validate: fill it "
    "up with some of the others', drawn by chance, or leave it out of all rounds.",
    "skew": "How unequal the amounts are: 0 is equal, at 1 the richest have several times as many.",
    "shard_size": "Images of a shard; the published set-up takes 250.",
    "rounds": "How often the server draws clients and averages.",
    "local_epochs": "Passes of a client over its own images in a round.",
    "fraction": "Share of the clients that is drawn for each round, in percent; at least one.",
    "seed": "The same seed gives the same split, first network, draws and orders.",
    "hidden": "Units of each hidden ReLU layer, from the input on: 1 to 8 layers of 1 to 4,096.",
    "batch_size": "Images per step.",
    "learning_rate": "Size of a client's steps.",
    "momentum": "Of a client's steps; it starts anew in each round.",
    "mu": "How strongly FedProx pulls a client back to the server's network.",
    "target": "Share of the weights, or of the hidden units, at which a client stops pruning.",
    "step": "Share of what is left that one pruning takes.",
    "unit_target": "Share of the hidden units at which a client stops removing them.",
    "unit_step": "Share of the units that are left which one pruning takes.",
    "distance_threshold": "A client prunes weights only where its choice after the first and after "
    "the last local epoch differs by more than this share.",
    "unit_distance_threshold": "The same for units.",
    "accuracy_threshold": "Validation accuracy that the pruned network has to reach.",
    "most_loss": "Validation accuracy that pruning may cost; 100 allows everything.",
    "weighting": "Clients count by their samples, or all alike (as published).",
    "values": "How weights travel: 4, 2 or 1 bytes each.",
    "dropout": "How probable it is that a drawn client never answers, in percent.",
    "orphans": "What the server does with weights that nobody of the round kept: keep them (as "
    "published), set them to zero, or let them decay.",
    "orphan_decay": "What an orphan is multiplied by in each round.",
    "server": "What the server does with the average: take it, or step towards it.",
    "server_rate": "Step of an adaptive server.",
}
