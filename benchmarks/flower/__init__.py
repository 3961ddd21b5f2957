"""The rival of a federated round: Flower, in an environment of its own and never in ours."""
