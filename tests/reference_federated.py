"""Sub-FedAvg loop by loop, in the paper's order: slow and obvious, for comparison only.

Vahidian, Morafah and Lin, arXiv 2105.00562, with the official code's mistakes mended: validation
images decide, and the last local epoch gives the second mask.
"""

import numpy as np

from engine.federated.learner import Learned
from engine.networks.network import forward, from_arrays, to_arrays


def train(arrays, masks, images, labels, orders, *, batch, rate, momentum, mu=0.0, anchor=None):
    """Weights after each epoch of masked SGD with momentum, a step at a time."""
    start = anchor or arrays
    weights = [a.copy() for a in arrays]
    velocity = [np.zeros_like(a) for a in arrays]
    after = []
    for order in orders:
        for begin in range(0, len(order), batch):
            rows = order[begin : begin + batch]
            steps = gradients(weights, images[rows], labels[rows])
            for i in range(len(weights)):
                gradient = (steps[i] + mu * (weights[i] - start[i])) * masks[i]
                velocity[i] = momentum * velocity[i] + gradient
                weights[i] = (weights[i] - rate * velocity[i]).astype(np.float32)
                assert not weights[i][~masks[i]].any()
        after.append([w.copy() for w in weights])
    return after


def gradients(weights, images, labels):
    """Of the mean cross-entropy of a ReLU network."""
    values = [images]
    for i in range(0, len(weights) - 2, 2):
        values.append(np.maximum(values[-1] @ weights[i] + weights[i + 1], 0))
    logits = values[-1] @ weights[-2] + weights[-1]
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    shares[np.arange(len(labels)), labels] -= 1
    gradient = shares / len(labels)
    found = [None] * len(weights)
    for i in range(len(weights) - 2, -1, -2):
        below = values[i // 2]
        found[i], found[i + 1] = below.T @ gradient, gradient.sum(axis=0)
        gradient = (gradient @ weights[i].T) * (below > 0)
    return found


def percentile_mask(kernel, mask, percent):
    """Zero what lies below a percentile of the magnitudes that are left."""
    alive = [abs(kernel[i]) for i in np.ndindex(kernel.shape) if mask[i]]
    threshold = np.percentile(np.array(alive, np.float64), percent)
    new = mask.copy()
    for i in np.ndindex(kernel.shape):
        if mask[i] and abs(kernel[i]) < threshold:
            new[i] = False
    return new


def distance(first, last):
    """Plain mean over layers of the share of entries that differ."""
    shares = []
    for a, b in zip(first, last, strict=True):
        differ = sum(1 for i in np.ndindex(a.shape) if a[i] != b[i])
        shares.append(differ / a.size)
    return sum(shares) / len(shares)


def average(uploads, server):
    """Every parameter averaged over the clients that keep it; an orphan keeps its value.

    Args:
        uploads: arrays, masks and weight of each client.
        server: the arrays before.
    """
    new = [a.copy() for a in server]
    for place, array in enumerate(server):
        for i in np.ndindex(array.shape):
            total = count = 0.0
            for arrays, masks, weight in uploads:
                if masks[place][i]:
                    total += weight * float(arrays[place][i])
                    count += weight
            if count:
                new[place][i] = np.float32(total / count)
    return new


def accuracy(arrays, images, labels):
    """Share of images answered right."""
    logits = forward(from_arrays(arrays), images)
    return float(np.mean(logits.argmax(axis=1) == labels))


def sub_fedavg(federation, images, labels):
    """Unstructured Sub-FedAvg: the server's arrays and every client's masks after the last round.

    Draws, splits and orders are the federation's; everything else is done here.
    """
    settings = federation.settings
    server = [a.copy() for a in to_arrays(federation.initial)]
    masks = {c: [np.ones(a.shape, bool) for a in server] for c in range(settings.clients)}
    for number in range(1, settings.rounds + 1):
        uploads = []
        for client in federation.cohort(number).tolist():
            owned = federation.owners.of(client)
            mine = masks[client]
            downloaded = [w * m for w, m in zip(server, mine, strict=True)]
            orders = federation.orders(number, client, owned.train)
            epochs = train(
                downloaded,
                mine,
                images,
                labels,
                orders,
                batch=settings.local.batch_size,
                rate=settings.local.learning_rate,
                momentum=settings.local.momentum,
            )
            last = epochs[-1]
            first = epochs[0] if len(epochs) > 1 else downloaded
            masks[client] = _pruned(settings, first, last, mine, images, labels, owned)
            last = [w * m for w, m in zip(last, masks[client], strict=True)]
            uploads.append((last, masks[client], len(owned.train)))
        server = average(uploads, server)
    return server, masks


def _pruned(settings, first, last, mine, images, labels, owned):
    """The client's masks after its three gates."""
    pruning = settings.algorithm.pruning
    zeros = sum(int((~m).sum()) for m in mine) / sum(m.size for m in mine)
    if zeros >= pruning.target:
        return mine
    step = pruning.step
    if pruning.target - zeros < step:
        step = min((pruning.target - zeros) / (1 - zeros), 0.05)
    percent = 100 * pruning.step
    then = [percentile_mask(first[i], mine[i], percent) for i in range(0, len(mine), 2)]
    now = [percentile_mask(last[i], mine[i], percent) for i in range(0, len(mine), 2)]
    if distance(then, now) <= pruning.distance_threshold:
        return mine
    if step < pruning.step:
        now = [percentile_mask(last[i], mine[i], 100 * step) for i in range(0, len(mine), 2)]
    new = [now[i // 2] if i % 2 == 0 else mine[i] for i in range(len(mine))]
    pruned = [w * m for w, m in zip(last, new, strict=True)]
    rows = owned.validation
    if accuracy(pruned, images[rows], labels[rows]) < pruning.accuracy_threshold:
        return mine
    return new


class SlowLearner:
    """A learner of these loops, for tests that need no TensorFlow."""

    def __init__(self, images, labels, settings):
        self.images, self.labels, self.settings = images, labels, settings

    def prepare(self):
        pass

    def train(self, network, masks, orders, proximal=None):
        epochs = train(
            to_arrays(network),
            masks.arrays(),
            self.images,
            self.labels,
            orders,
            batch=self.settings.local.batch_size,
            rate=self.settings.local.learning_rate,
            momentum=self.settings.local.momentum,
            mu=proximal.mu if proximal else 0.0,
            anchor=to_arrays(proximal.anchor) if proximal else None,
        )
        first = from_arrays(epochs[0]) if len(epochs) > 1 else network
        return Learned(first, from_arrays(epochs[-1]), 0.0)

    def answer(self, network, images):
        return forward(network, images)
