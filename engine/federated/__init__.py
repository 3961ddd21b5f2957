"""Federated rounds, one question a file. No TensorFlow and no Numba: a `learner` trains.

algorithms         what clients do, what the server does: one file each
splits             who owns which training images: one file each
owned              a client's training, validation and test images, all of its own labels
rng                the random generator of each purpose, round and client
federation         what does not change from round to round
rounds             the course of it all
client_update      a client in a round: download, train, perhaps prune, upload
learner            what rounds ask of whoever trains
client_pruning     what a client may prune, and the gates before it does
candidate_masks    which weights and units go next, and how far apart two candidates are
messages           what travels, there and back: masks, and the values of what lives
coding             flags and values as bytes
message_costs      what a message weighs, and what it would weigh in other forms
aggregation        the average of every parameter over the clients that keep it; orphans
server_optimizers  what the server does with that average: take it, or Adam, Yogi, Adagrad
state              what is stored between two rounds, of the server and of clients
reports            what is on record of a round and of the end, as JSON
mask_statistics    figures and pictures of a round's masks
history            what pages read from the records
links              how long a finished run would take over other links
"""
