"""CIFAR-10: small colour photographs.

Reference: A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009.
"""

from engine.datasets.cifar import CifarBinary
from engine.datasets.download import RemoteFile

CIFAR_10 = CifarBinary(
    name="cifar-10",
    order=30,
    title="CIFAR-10",
    origin="Alex Krizhevsky, Vinod Nair, Geoffrey Hinton; downloaded on first use",
    license="none stated by its authors, who ask to be cited (Krizhevsky 2009)",
    class_names=(
        "airplane",
        "automobile",
        "bird",
        "cat",
        "deer",
        "dog",
        "frog",
        "horse",
        "ship",
        "truck",
    ),
    file=RemoteFile(filename="cifar-10-binary.tar.gz", packed=170_052_171),
    md5="c32a1d4ab5d03f1284b67883e8d87530",
    batch_images=10_000,
    mirrors=("https://www.cs.toronto.edu/~kriz",),
)

SOURCES = (CIFAR_10,)
