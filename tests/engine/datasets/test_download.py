import gzip
import multiprocessing
import resource
import threading
import time
from collections import Counter
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path

import numpy as np
import pytest

from engine.datasets import cifar, download, idx
from engine.datasets.library import obtain
from engine.datasets.source import Source
from engine.errors import Cancelled, DatasetError, InvalidInput, StorageError
from tests.engine.datasets.loopback import Mirrors
from tests.engine.datasets.tiny_sources import (
    batch_bytes,
    tar_gz,
    tiny_arrays,
    tiny_cifar,
    tiny_idx,
)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of mirrors that are slow; to a busy machine every mirror would seem so."""
    monkeypatch.setattr(download, "SILENCE_SECONDS", 0.3)
    monkeypatch.setattr(download, "GRACE_SECONDS", 0.2)
    monkeypatch.setattr(download, "SLOWEST", (2000.0, 2000.0))


def silent(fraction: float, text: str) -> None:
    """Nobody watches."""


def read(source: Source, tmp_path: Path) -> dict[str, idx.Array]:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    arrays = source.read(scratch, silent)
    assert list(scratch.iterdir()) == []
    return arrays


def assert_tiny(arrays: dict[str, idx.Array]) -> None:
    for name, expected in tiny_arrays().items():
        np.testing.assert_array_equal(arrays[name], expected)


def test_files_come_from_the_first_mirror_that_has_them(tmp_path: Path, mirrors: Mirrors) -> None:
    empty, full, never = mirrors.start(), mirrors.start(), mirrors.start()
    source, full.files = tiny_idx(empty.url, full.url, never.url)
    assert_tiny(read(source, tmp_path))
    assert empty.asked == Counter({"/x_train.gz": 1}), "the mirror that worked goes first from then"
    assert full.asked == Counter(dict.fromkeys(full.files, 1))
    assert never.asked == Counter()


def test_a_body_that_ends_half_way_is_fetched_elsewhere(tmp_path: Path, mirrors: Mirrors) -> None:
    broken, whole = mirrors.start(), mirrors.start()
    source, whole.files = tiny_idx(broken.url, whole.url)
    broken.files, broken.cut = whole.files, {"/x_train.gz"}
    assert_tiny(read(source, tmp_path))
    assert whole.asked["/x_train.gz"] == 1


@pytest.mark.parametrize(
    "content",
    [
        gzip.compress(b"an error page"),
        b"<html>an error page</html>",
        gzip.compress(bytes(50_000_000)),
        b"",
    ],
    ids=["wrong digest", "not gzip", "bomb", "empty"],
)
def test_a_wrong_file_is_fetched_elsewhere(
    tmp_path: Path, mirrors: Mirrors, content: bytes
) -> None:
    wrong, right = mirrors.start(), mirrors.start()
    source, right.files = tiny_idx(wrong.url, right.url)
    wrong.files = right.files | {"/y_train.gz": content}
    assert_tiny(read(source, tmp_path))
    assert right.asked["/y_train.gz"] == 1


def test_a_truncated_gzip_is_fetched_elsewhere(tmp_path: Path, mirrors: Mirrors) -> None:
    wrong, right = mirrors.start(), mirrors.start()
    source, right.files = tiny_idx(wrong.url, right.url)
    wrong.files = {path: content[:-9] for path, content in right.files.items()}
    assert_tiny(read(source, tmp_path))


def test_a_recompressed_or_plain_file_is_as_good(tmp_path: Path, mirrors: Mirrors) -> None:
    mirror = mirrors.start()
    source, files = tiny_idx(mirror.url)
    plain = {path: gzip.decompress(content) for path, content in files.items()}
    mirror.files = plain | {"/x_train.gz": gzip.compress(plain["/x_train.gz"], 1)}
    assert_tiny(read(source, tmp_path))


@pytest.mark.usefixtures("hurried")
def test_a_silent_mirror_is_given_up(tmp_path: Path, mirrors: Mirrors) -> None:
    slow, fast = mirrors.start(), mirrors.start()
    source, fast.files = tiny_idx(slow.url, fast.url)
    slow.files, slow.delay = fast.files, 1.0
    assert_tiny(read(source, tmp_path))
    assert slow.asked == Counter({"/x_train.gz": 1})


@pytest.mark.usefixtures("hurried")
def test_a_trickling_mirror_is_given_up(tmp_path: Path, mirrors: Mirrors) -> None:
    slow, fast = mirrors.start(), mirrors.start()
    source, fast.files = tiny_idx(slow.url, fast.url)
    slow.files, slow.trickle = fast.files, {"/x_train.gz": 0.05}
    assert_tiny(read(source, tmp_path))


def test_a_mirror_that_failed_half_way_is_asked_once_more(tmp_path: Path, mirrors: Mirrors) -> None:
    mirror = mirrors.start()
    source, mirror.files = tiny_idx(mirror.url)
    mirror.cut = {"/x_test.gz"}

    def mend(fraction: float, text: str) -> None:
        if mirror.asked["/x_test.gz"] == 1:
            mirror.cut = set()

    (tmp_path / "scratch").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(download, "TELL_SECONDS", 0.0)
        assert_tiny(source.read(tmp_path / "scratch", mend))
    assert mirror.asked["/x_test.gz"] == 2


def test_a_file_that_is_far_too_long_is_given_up(tmp_path: Path, mirrors: Mirrors) -> None:
    mirror = mirrors.start()
    source, mirror.files = tiny_idx(mirror.url)
    mirror.files["/x_train.gz"] = bytes(5_000_000)
    with pytest.raises(DatasetError, match="far too long"):
        read(source, tmp_path)


def test_when_all_mirrors_fail_one_line_says_why_and_what_to_do(
    tmp_path: Path, mirrors: Mirrors
) -> None:
    empty = mirrors.start()
    source, _ = tiny_idx(empty.url, "http://someone:secret@127.0.0.1:1")
    with pytest.raises(DatasetError) as caught:
        read(source, tmp_path)
    line = str(caught.value)
    assert line == (
        f"x_train.gz could not be downloaded ({empty.url.removeprefix('http://')}: HTTP 404; "
        "127.0.0.1:1: no connection): check the network, or set PRUNESCOPE_DATA_MIRROR "
        "to an http, https or file address of a folder that holds the data"
    )


def test_the_persons_own_mirror_goes_first(
    tmp_path: Path, mirrors: Mirrors, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, public = mirrors.start(), mirrors.start()
    source, files = tiny_idx(public.url)
    own.files = {f"/data/tiny{path}": content for path, content in files.items()}
    monkeypatch.setenv("PRUNESCOPE_DATA_MIRROR", f"{own.url}/data/")
    assert_tiny(read(source, tmp_path))
    assert public.asked == Counter()


def test_a_folder_can_be_the_mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "my data"
    source, files = tiny_idx()
    (folder / "tiny").mkdir(parents=True)
    for path, content in files.items():
        (folder / f"tiny{path}").write_bytes(content)
    monkeypatch.setenv("PRUNESCOPE_DATA_MIRROR", folder.as_uri())
    assert_tiny(read(source, tmp_path))


def test_a_folder_without_the_file_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRUNESCOPE_DATA_MIRROR", (tmp_path / "nowhere").as_uri())
    with pytest.raises(DatasetError, match="nowhere/tiny: No such file"):
        read(tiny_idx()[0], tmp_path)


@pytest.mark.parametrize(
    "address",
    [
        "ftp://example.org",
        "data",
        "javascript:alert(1)",
        "/data",
        "http://",
        "https:///data",
        "http://someone@/data",
        "http://[::1/data",
        "file://",
        "file:data",
    ],
)
def test_a_mirror_that_is_no_address_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("PRUNESCOPE_DATA_MIRROR", address)
    with pytest.raises(InvalidInput, match="PRUNESCOPE_DATA_MIRROR must be an http, https or file"):
        read(tiny_idx()[0], tmp_path)


def test_progress_rises_to_the_whole(mirrors: Mirrors, monkeypatch: pytest.MonkeyPatch) -> None:
    mirror = mirrors.start()
    source, mirror.files = tiny_idx(mirror.url)
    told: list[tuple[float, str]] = []
    monkeypatch.setattr(download, "TELL_SECONDS", 0.0)
    obtain(source, lambda fraction, text: told.append((fraction, text)))
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert all(text.startswith("downloading tiny: ") for _, text in told)


def test_a_download_that_is_cancelled_leaves_nothing(home: Path, mirrors: Mirrors) -> None:
    mirror = mirrors.start()
    source, mirror.files = tiny_idx(mirror.url)

    def cancel(fraction: float, text: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        obtain(source, cancel)
    assert [path.name for path in (home / "datasets").iterdir()] == [".tiny.lock"]
    assert_tiny(obtain(source, silent))


def test_a_disk_that_takes_no_more_is_told_in_one_line(mirrors: Mirrors) -> None:
    mirror = mirrors.start()
    source, mirror.files = tiny_idx(mirror.url)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, hard))
    try:
        with pytest.raises(StorageError, match="cannot store tiny: File too large"):
            obtain(source, silent)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert_tiny(obtain(source, silent))


def test_cifar_is_read_from_its_binary_archive(mirrors: Mirrors) -> None:
    parts = {f"data_batch_{n}.bin": batch_bytes(2, n) for n in (1, 2)}
    parts["test_batch.bin"] = batch_bytes(2, 3)
    archive = tar_gz({f"cifar-10-batches-bin/{name}": data for name, data in parts.items()})
    damaged, right = mirrors.start(), mirrors.start({"/tiny.tar.gz": archive})
    damaged.files = {"/tiny.tar.gz": archive[:-20] + bytes(20)}
    arrays = obtain(tiny_cifar(archive, 2, damaged.url, right.url), silent)
    assert arrays["x_train"].shape == (4, 32, 32, 3)
    images, labels = cifar.parse(parts["data_batch_2.bin"])
    np.testing.assert_array_equal(arrays["x_train"][2:], images)
    np.testing.assert_array_equal(arrays["y_train"][2:], labels)
    np.testing.assert_array_equal(arrays["x_test"], cifar.parse(parts["test_batch.bin"])[0])
    assert isinstance(arrays["x_train"], np.memmap)


def obtain_in_process(source: Source, barrier: Barrier, results: "Queue[int]") -> None:
    barrier.wait()
    results.put(int(obtain(source, silent)["x_train"].sum()))


def test_two_processes_that_ask_at_once_share_one_download(mirrors: Mirrors) -> None:
    mirror = mirrors.start()
    source, mirror.files = tiny_idx(mirror.url)
    mirror.delay = 0.2
    context = multiprocessing.get_context("spawn")
    barrier, results = context.Barrier(2), context.Queue()
    both = [
        context.Process(target=obtain_in_process, args=(source, barrier, results)) for _ in range(2)
    ]
    for process in both:
        process.start()
    sums = [results.get(timeout=60) for _ in both]
    for process in both:
        process.join()
    assert sums == [int(tiny_arrays()["x_train"].sum())] * 2
    assert mirror.asked == Counter(dict.fromkeys(mirror.files, 1))


def test_whoever_waits_is_told_and_may_stop_waiting(mirrors: Mirrors) -> None:
    mirror = mirrors.start()
    source, mirror.files = tiny_idx(mirror.url)
    mirror.delay = 0.3
    first = threading.Thread(target=obtain, args=(source, silent))
    first.start()
    while not mirror.asked:
        time.sleep(0.01)

    def stop(fraction: float, text: str) -> None:
        assert text == "another process is preparing tiny"
        raise Cancelled

    with pytest.raises(Cancelled):
        obtain(source, stop)
    first.join()
    assert mirror.asked == Counter(dict.fromkeys(mirror.files, 1))
