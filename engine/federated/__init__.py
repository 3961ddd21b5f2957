"""Federated rounds, one question a file. Pure functions on arrays: no I/O, no TensorFlow.

chance       the random stream of each purpose, round and client
splits       who owns which training images? IID, shards, labels, Dirichlet, unequal amounts
owned        a client's training, validation and test images, all of its own labels
masks        ClientMasks: the weights and units that a client keeps
steps        which go next? candidate masks, and how far apart two of them are
gates        may the client prune now? the reason, recorded
candidates   how a client's network answers its validation images, now and as a candidate
aggregation  the average of every parameter over the clients that keep it; orphans
servers      what the server does with that average: take it, or Adam, Yogi, Adagrad
screening    which uploads are refused, and why
wire         what travels: bytes of weights and masks, there and back
overlap      how alike are the masks of two clients, beyond what equal initial weights cause?
told         what a round tells about masks
views        small pictures of masks and of who keeps what
links        how long a finished run would take over other links
rounds       the course of it all
"""
