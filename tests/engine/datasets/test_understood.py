"""What is understood of a person's file is right, and said; and what is not right is said too."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.datasets import (
    class_names,
    content_of,
    describe,
    import_npz,
    learnt,
    load,
    load_for,
    normalised,
    notices,
    settled,
    split,
    written,
)
from engine.datasets.reading import Reading, Scaling
from engine.errors import DatasetError, InvalidInput
from engine.settings import (
    SCALES,
    DataSettings,
    FederateSettings,
    SweepSettings,
    TrainSettings,
    digest,
)
from tests.engine.datasets.cases import blobs, changed, packed


def training(arrays, **chosen):
    return settled(DataSettings(dataset=import_npz(packed(arrays)), **chosen))


def codes(read):
    """What is said, but for the one thing that all these small sets have in common."""
    found = [notice.code for notice in notices(read)]
    assert found.count("few-validation-images") == 1
    return [code for code in found if code != "few-validation-images"]


def text_of(read, code):
    return next(notice.text for notice in notices(read) if notice.code == code)


WRITTEN = {
    "bytes": (lambda x: x, "auto"),
    "floats from 0 to 1": (lambda x: (x / 255).astype("f4"), "auto"),
    "floats from 0 to 255": (lambda x: x.astype("f4"), "255"),
    "doubles from 0 to 255": (lambda x: x.astype("f8"), "255"),
}


@pytest.mark.parametrize(("write", "scale"), WRITTEN.values(), ids=WRITTEN)
def test_the_same_pixels_are_the_same_input_however_they_are_written(write, scale):
    read = training(changed(blobs(), write))
    plain = normalised(load(import_npz(packed(blobs()))).x_test)
    assert read.scale == scale
    np.testing.assert_allclose(normalised(load_for(read).x_test), plain, atol=1e-7)
    assert codes(read) == ["scale"]


SCALED = {
    "bitmaps as bytes": (lambda x: (x > 127).astype("u1"), "1", 1.0),
    "16 grey levels as bytes": (lambda x: (x // 16).astype("u1"), "1", 15.0),
    "100 levels as bytes": (lambda x: (x * (100 / 255)).astype("u1"), "max", 1.0),
    "16 bits as floats": (lambda x: x * np.float32(257), "max", 1.0),
    "around zero, wide": (lambda x: (x - np.float32(128)) * 4, "standardise", None),
}


@pytest.mark.parametrize(("write", "scale", "high"), SCALED.values(), ids=SCALED)
def test_a_scaling_is_proposed_by_what_the_training_images_hold(write, scale, high):
    read = training(changed(blobs(), write))
    assert (read.scale, codes(read)) == (scale, ["scale"])
    images = normalised(load_for(read).x_train)
    if high is None:
        assert abs(images.mean()) < 1e-3
        assert images.std() == pytest.approx(1, abs=1e-3)
    else:
        assert images.max() == pytest.approx(high)


def test_standardised_floats_are_taken_as_they_are():
    arrays = blobs()
    mean, spread = arrays["x_train"].mean(), arrays["x_train"].std()
    read = training(changed(arrays, lambda x: ((x - mean) / spread).astype("f4")))
    assert (read.scale, codes(read)) == ("auto", ["scale"])


@pytest.mark.parametrize("scale", SCALES)
def test_who_names_a_scaling_gets_it_and_a_word_where_the_images_ask_for_another(scale):
    read = training(changed(blobs(), lambda x: x.astype("f4")), scale=scale)
    high = {"1": 255, "255": 1, "max": 1, "auto": 1}
    if scale in high:
        assert normalised(load_for(read).x_train).max() == pytest.approx(high[scale])
    asked = "such numbers ask for scale 255" in text_of(read, "scale")
    assert asked == (scale not in {"auto", "255", "max"})  # their maximum is 255


def test_ids_of_runs_that_read_as_before_stay_and_equal_work_is_one_run():
    name = import_npz(packed(blobs()))
    before = TrainSettings.of(dataset=name)
    for scale in ("auto", "255"):
        for channels in ("auto", "last"):
            said = TrainSettings.of(dataset=name, scale=scale, channels=channels)
            assert digest(settled(said)) == digest(before)
    assert digest(settled(TrainSettings.of(dataset=name, scale="max"))) == digest(before)  # 255
    assert digest(settled(TrainSettings.of(dataset=name, scale="standardise"))) != digest(before)
    for kind in (SweepSettings(baseline=before), FederateSettings.of(dataset=name)):
        assert digest(settled(kind)) == digest(kind)
    floats = TrainSettings.of(
        dataset=import_npz(packed(changed(blobs(), lambda x: x.astype("f4"))))
    )
    assert settled(SweepSettings(baseline=floats)).baseline.data.scale == "255"
    assert settled(FederateSettings.of(dataset=floats.data.dataset)).data.scale == "255"
    assert settled(settled(floats)) == settled(floats)


def test_built_in_data_are_read_as_ever_and_nothing_is_said():
    assert settled(TrainSettings.of(scale="255", channels="last")) == TrainSettings()
    assert notices(DataSettings()) == ()
    with pytest.raises(InvalidInput, match="channels must be auto or last for mnist, not 'first'"):
        settled(TrainSettings.of(channels="first"))


DIFFERS = {
    "not divided": (lambda x: x * np.float32(255), "test images hold 0 to 255"),
    "standardised": (lambda x: (x - np.float32(0.1307)) / np.float32(0.3081), "scale both alike"),
    "inverted": (lambda x: 1 - x, "look like negatives"),
    "shifted": (lambda x: x + np.float32(0.5), "scale both alike"),
}


@pytest.mark.parametrize(("write", "line"), DIFFERS.values(), ids=DIFFERS)
def test_test_images_that_are_scaled_otherwise_are_noticed_before_anything_runs(write, line):
    plain = changed(blobs(shape=(8, 8)), lambda x: (x / 255).astype("f4"))
    dark = changed(plain, lambda x: x**3)  # as most pictures are, mostly background
    read = training(changed(dark, write, "x_test"))
    assert line in text_of(read, "scale-differs")


def test_constant_images_are_noticed():
    read = training(changed(blobs(), lambda x: x * 0, "x_test"))
    assert text_of(read, "constant-images") == "all test images hold nothing but 0"


@given(seed=st.integers(0, 1000), shape=st.sampled_from([(3, 3), (4, 4), (20,), (5, 5, 3)]))
@settings(max_examples=15)
def test_good_data_of_any_shape_raise_no_alarm(seed, shape):
    rng = np.random.default_rng(seed)
    arrays = {
        "x_train": rng.random((60, *shape), np.float32),
        "y_train": np.arange(60) % 3,
        "x_test": rng.random((30, *shape), np.float32),
        "y_test": np.arange(30) % 3,
    }
    assert codes(training(arrays)) == ["scale"]


labels = st.one_of(
    st.lists(st.integers(-50, 300), min_size=2, max_size=6, unique=True),
    st.lists(st.text("abcäß ", min_size=1, max_size=5).filter(str.strip), min_size=2, max_size=6,
             unique_by=str.strip),
)  # fmt: skip


@given(names=labels, seed=st.integers(0, 99), kind=st.sampled_from(["plain", "column", "float"]))
@settings(max_examples=40)
def test_the_labels_that_occur_are_the_classes_and_keep_their_names(names, seed, kind):
    rng = np.random.default_rng(seed)
    values = np.array(names)
    if values.dtype.kind == "i" and kind == "float":
        values = values.astype(float)
    y_train = rng.permutation(np.arange(40) % len(names))
    y_test = rng.integers(0, len(names), 20)
    arrays = {"x_train": rng.random((40, 5)), "x_test": rng.random((20, 5))}
    for part, y in (("train", y_train), ("test", y_test)):
        arrays[f"y_{part}"] = values[y].reshape(-1, 1) if kind == "column" else values[y]
    name = import_npz(packed(arrays))
    data = load(name)
    expected = [str(n).strip() for n in sorted(names, key=lambda n: n.strip() if isinstance(n, str)
                                               else n)]  # fmt: skip
    assert list(class_names(name)) == expected
    assert data.classes == len(names)
    stored = [class_names(name)[label] for label in data.y_train]
    assert stored == [str(names[label]).strip() for label in y_train]


def test_labels_from_1_make_no_class_0():
    read = training(changed(blobs(), lambda y: y + 1, "y_train", "y_test"))
    assert class_names(read.dataset) == ("1", "2", "3", "4")
    assert describe(read.dataset).classes == 4
    assert codes(read) == ["scale", "labels-renumbered"]


def test_gaps_make_no_outputs_and_are_told():
    read = training(changed(blobs(), lambda y: y * 30, "y_train", "y_test"))
    assert describe(read.dataset).classes == 4
    assert "labels 1, 2, 3, 4, 5 and 82 more" not in text_of(read, "labels-unused")
    assert text_of(read, "labels-unused").startswith("no image has label 1, 2, 3, 4, 5 and 82 more")


def test_one_hot_labels_are_their_argmax_and_said():
    arrays = blobs()
    read = training(changed(arrays, lambda y: np.eye(4)[y], "y_train", "y_test"))
    assert codes(read) == ["scale", "one-hot"]
    np.testing.assert_array_equal(load_for(read).y_train, arrays["y_train"])


def test_classes_without_images_or_with_few_are_named():
    arrays = blobs()
    keep = arrays["y_test"] != 1
    arrays |= {"x_test": arrays["x_test"][keep], "y_test": arrays["y_test"][keep]}
    few = np.flatnonzero((arrays["y_train"] != 3) | (np.cumsum(arrays["y_train"] == 3) <= 4))
    arrays |= {"x_train": arrays["x_train"][few], "y_train": arrays["y_train"][few]}
    arrays["y_test"] = np.where(np.arange(len(arrays["y_test"])) < 5, 4, arrays["y_test"])
    read = training(arrays)
    assert text_of(read, "no-test-images").startswith("class 1 has no test images")
    assert text_of(read, "no-training-images").startswith("class 4 has no training images")
    assert text_of(read, "few-images").startswith("class 3 has fewer than 10 training images")
    assert "4 to 60 training images" in text_of(read, "unequal-classes")
    assert load_for(read).classes == 5


def test_few_validation_images_are_told_with_what_one_is_worth():
    assert "20 validation images: one is worth 5 points" in text_of(
        training(blobs()), "few-validation-images"
    )


NAMES = {
    "capitals": {"x_train": "X_train", "x_test": "X_test"},
    "words": {
        "x_train": "train_images",
        "y_train": "train_labels",
        "x_test": "test_images",
        "y_test": "test_labels",
    },
    "camels": {"x_train": "trainData", "y_train": "trainTargets"},
    "in order": {"x_train": "arr_0", "y_train": "arr_1", "x_test": "arr_2", "y_test": "arr_3"},
    "images first": {"x_train": "arr_0", "x_test": "arr_1", "y_train": "arr_2", "y_test": "arr_3"},
}


@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES)
def test_arrays_of_other_names_are_mapped_and_that_is_said(names):
    arrays = {names.get(name, name): array for name, array in blobs().items()}
    read = training(arrays)
    assert read.dataset == training(blobs()).dataset
    import_npz(packed(arrays))
    told = text_of(read, "keys-mapped")
    assert all(f"{name} as {role}" in told for role, name in names.items())
    import_npz(packed(blobs()))
    assert "keys-mapped" not in codes(read)


def test_a_persons_own_validation_images_choose():
    arrays = blobs()
    arrays |= {"x_val": arrays["x_test"][:40], "y_val": arrays["y_test"][:40]}
    read = training(arrays)
    data = load_for(read)
    parts = split(data, seed=3)
    np.testing.assert_array_equal(data.x_train[parts.validation], arrays["x_val"])
    np.testing.assert_array_equal(data.x_train[parts.train], arrays["x_train"])
    assert (describe(read.dataset).train, describe(read.dataset).learnt) == (280, 240)
    assert "40 images of x_val choose" in text_of(read, "keys-mapped")
    assert read.dataset != training(blobs()).dataset


def test_channels_first_is_recognised_said_and_turned():
    last = blobs(shape=(8, 6, 3))
    first = changed(last, lambda x: np.moveaxis(x, -1, 1))
    read = training(first)
    assert (read.channels, codes(read)) == ("first", ["scale", "channels-first"])
    assert describe(read.dataset, channels=read.channels).image_shape == (8, 6, 3)
    np.testing.assert_array_equal(load_for(read).x_train, last["x_train"])
    assert load_for(read).x_train.dtype == np.uint8
    as_stored = training(first, channels="last")
    assert (as_stored.channels, load_for(as_stored).image_shape) == ("last", (3, 8, 6))
    assert training(last).channels == "auto"


@pytest.mark.parametrize("shape", [(20,), (20, 1), (6, 6), (8, 6, 2), (8, 6, 5), (3, 4, 4, 2)])
def test_other_shapes_are_taken_as_they_are(shape):
    read = training(blobs(shape=shape))
    assert (read.channels, load_for(read).image_shape) == ("auto", shape)
    if len(shape) != 3:
        with pytest.raises(InvalidInput, match="channels must be auto or last for images of"):
            settled(dataclasses.replace(read, channels="first"))


def test_prepared_arrays_are_written_once_and_shared(home):
    read = training(changed(blobs(), lambda x: x.astype("f4")))
    once, again = load_for(read), load_for(read)
    assert isinstance(once.x_train, np.memmap)
    assert isinstance(again.x_train, np.memmap)
    assert once.x_train.filename == again.x_train.filename
    assert not once.x_train.flags.writeable
    folders = sorted(path.name for path in (home / "datasets").iterdir() if path.is_dir())
    assert folders == [read.dataset, f"{read.dataset}.255"]


def test_data_that_were_stored_before_anyone_looked_are_looked_at_now(home):
    read = training(blobs())
    (home / "datasets" / read.dataset / "content.json").unlink()
    assert content_of(read.dataset).labels == ("0", "1", "2", "3")
    assert (home / "datasets" / read.dataset / "content.json").exists()
    assert not load(read.dataset).by_class  # cut as it was when it was imported
    import_npz(packed(blobs()))
    assert not load(read.dataset).by_class  # its runs stay true
    assert load(training(blobs(seed=1)).dataset).by_class


def test_damage_of_what_is_known_is_no_reason_to_guess(home):
    read = training(changed(blobs(), lambda y: y + 1, "y_train", "y_test"))
    (home / "datasets" / read.dataset / "content.json").write_text("{")
    with pytest.raises(DatasetError, match=r"is damaged: import its \.npz file again"):
        load_for(read)
    assert training(changed(blobs(), lambda y: y + 1, "y_train", "y_test")) == read
    assert class_names(read.dataset) == ("1", "2", "3", "4")


def test_runs_of_earlier_versions_read_their_data_as_they_did():
    before = DataSettings(dataset=training(changed(blobs(), lambda x: x.astype("f4"))).dataset)
    assert normalised(load_for(before).x_train).max() == 255  # auto, but never settled
    assert "such numbers ask for scale 255" in text_of(before, "scale")


def test_validation_images_on_another_scale_are_noticed():
    arrays = changed(blobs(), lambda x: (x / 255).astype("f4"))
    arrays |= {"x_val": 255 * arrays["x_test"][:40], "y_val": arrays["y_test"][:40]}
    assert text_of(training(arrays), "scale-differs").startswith("validation images hold 0 to 255")


def test_validation_images_without_labels_are_left_aside_and_named():
    arrays = blobs()
    read = training(arrays | {"x_val": arrays["x_test"][:40]})
    assert text_of(read, "keys-mapped") == "x_val is left aside without its y_val"


def test_whole_numbers_and_truth_values_are_images_too():
    plain = training(changed(blobs(), lambda x: x.astype("i8")))
    assert plain.scale == "255"
    bitmaps = training(changed(blobs(), lambda x: x > 127))
    assert (bitmaps.scale, normalised(load_for(bitmaps).x_train).max()) == ("1", 1)


def test_one_image_a_class_still_leaves_one_to_choose_by():
    arrays = {"x_train": np.random.default_rng(0).random((12, 5)), "y_train": np.arange(12)}
    arrays |= {"x_test": arrays["x_train"], "y_test": arrays["y_train"]}
    read = training(arrays)
    data = load_for(read)
    parts = split(data, seed=0)
    assert (len(parts.train), len(parts.validation)) == (learnt(data), 1)
    assert "1 validation image: one is worth 100 points" in text_of(read, "few-validation-images")


@given(
    offset=st.sampled_from([0.0, 0.1307, 33.25, -7.5]),
    divisor=st.sampled_from([1.0, 255.0, 16.0, 0.3081]),
    first=st.booleans(),
)
def test_the_expression_beside_a_download_computes_the_same_bits(*, offset, divisor, first):
    x = np.random.default_rng(0).integers(0, 256, (5, 3, 4, 6)).astype("u1")
    reading = Reading(Scaling("max", offset, divisor), channels_first=first)
    given_to_the_network = np.concatenate(list(reading.blocks(x).blocks))
    found = eval(reading.expression("x"), {"x": x, "np": np})  # noqa: S307  # our own text
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, given_to_the_network)


LABELLED = {
    "numbers": lambda y: y,
    "a column": lambda y: y[:, np.newaxis],
    "whole floats": lambda y: y * 2.0,
    "one-hot": lambda y: np.eye(4, dtype=int)[y],
    "text": lambda y: np.array([" ant", "bee", "cat", "dog"])[y],
    "bytes": lambda y: np.char.encode(np.array(["ant", "bée", "cat", "dog"]), "utf-8")[y],
    "digits as text": lambda y: y.astype(str),
}


@pytest.mark.parametrize("write", LABELLED.values(), ids=LABELLED)
def test_the_labels_beside_a_download_are_those_of_the_classes(write):
    arrays = blobs()
    own = changed(arrays, write, "y_train", "y_test")
    own = {name.replace("x_test", "test_images"): array for name, array in own.items()}
    name = import_npz(packed(own))
    images, labels = written(name)
    assert images == "test_images"
    found = eval(labels, {"data": own, "np": np}).astype(str)  # noqa: S307  # our own text
    assert found.tolist() == [class_names(name)[label] for label in arrays["y_test"]]
