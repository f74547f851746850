"""Two trajectories: the same, apart by known amounts, turned, mirrored, scaled, renumbered."""

from __future__ import annotations

import dataclasses
import json
from itertools import permutations

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.errors import TrajectoryError, UsageError
from spiralcore.testing.excerpt import snapshot_of
from spiralcore.trajectory.compare.alignment import Turn
from spiralcore.trajectory.compare.comparison import INCIDENTAL, compare, describe
from spiralcore.trajectory.compare.deviation import figures
from spiralcore.trajectory.compare.note import ComparisonNote
from spiralcore.trajectory.compare.shared_epochs import part
from spiralcore.trajectory.moment import Fidelity
from spiralcore.trajectory.unrecorded import READOUT, unknown


def turned(degrees: float, mirrored: bool = False) -> np.ndarray:
    angle = np.radians(degrees)
    matrix = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return np.diag([1.0, -1.0]) @ matrix if mirrored else matrix


def whole(path: Trajectory, **changes: object) -> Trajectory:
    return dataclasses.replace(path, **changes)


def moved(path: Trajectory, matrix: np.ndarray, scale: float = 1.0) -> Trajectory:
    """The network that does the same, with its drawn layer in other coordinates."""
    return whole(
        path,
        hidden=(scale * path.hidden @ matrix).astype(np.float32),
        hidden_mean=(scale * path.hidden_mean @ matrix).astype(np.float32),
        readout_weight=(path.readout_weight @ matrix / scale).astype(np.float32),
    )


def renumbered(path: Trajectory, names: list[int]) -> Trajectory:
    """Class k is called names[k]."""
    rows = np.argsort(names)
    return whole(
        path,
        labels=np.array(names)[path.labels],
        readout_weight=path.readout_weight[:, rows],
        readout_bias=path.readout_bias[:, rows],
    )


def test_a_trajectory_is_the_same_as_itself(trajectory: Trajectory) -> None:
    found = compare(trajectory, trajectory, atol=0.0)
    assert found.same
    assert [d.array for d in found.deviations] == [
        "epochs", "inputs", "labels", "hidden", "readout_weight", "readout_bias",
        "cross_entropy", "loss", "accuracy", "hidden_mean", "parameters",
    ]  # fmt: skip
    assert all(d.worst == 0 for d in found.deviations)
    assert (found.first, found.worst, found.lost, found.left_out) == (None, None, [], {})
    assert found.shared.common == len(found.shared.epochs) == len(trajectory.epochs)


def test_one_point_moved_at_one_epoch_is_found(trajectory: Trajectory) -> None:
    hidden, at, point = trajectory.hidden.copy(), 7, 51
    hidden[at, point] += (0.12, -0.16)  # 0.2 of a square that is 2 wide
    found = compare(trajectory, whole(trajectory, hidden=hidden), atol=0.03)
    assert not found.same
    (layer,) = found.differing
    epoch = int(trajectory.epochs[at])
    assert layer.array == "hidden"
    assert layer.worst == pytest.approx(0.1, abs=1e-6)
    assert (layer.epoch, layer.first_epoch, layer.point) == (epoch, epoch, point)
    assert layer.label == trajectory.labels[point]
    assert describe(layer, atol=found.atol) == (
        f"hidden at epoch {epoch:,}, point 51 of class {layer.label}: off by 0.1 of the panel's "
        "width, 3.33 times the tolerance of 0.03"
    )
    assert compare(trajectory, whole(trajectory, hidden=hidden), atol=0.11).same


def test_widths_of_an_unbounded_space_are_those_of_the_first(relu_trajectory: Trajectory) -> None:
    hidden = relu_trajectory.hidden.copy()
    width = max(float(hidden[-1].max()), 0.5)
    hidden[-1, 3, 0] += 0.25 * width
    found = compare(relu_trajectory, whole(relu_trajectory, hidden=hidden))
    (layer,) = found.differing
    assert layer.worst == pytest.approx(0.25, rel=1e-5)


@pytest.mark.parametrize("array", ["inputs", "readout_weight", "readout_bias", "cross_entropy",
                                   "accuracy", "parameters"])  # fmt: skip
def test_other_arrays_have_measures_of_their_own(trajectory: Trajectory, array: str) -> None:
    values = getattr(trajectory, array).copy()
    longest = np.linalg.norm(trajectory.readout_weight[3], axis=1).max()
    classes = trajectory.classes
    amount = {
        "inputs": 2 * np.abs(trajectory.inputs).max(),
        "readout_weight": longest,
        "readout_bias": 2 * longest,  # over a panel 2 wide
        "cross_entropy": np.log(classes),
        "accuracy": 1.0,
        "parameters": np.abs(trajectory.parameters[3]).max(),
    }[array]
    unit = {
        "inputs": "of the width of the data",
        "readout_weight": "of the largest change of a logit over the panel",
        "readout_bias": "of the largest change of a logit over the panel",
        "cross_entropy": "of ln K",
        "accuracy": "of the points",
        "parameters": "of the largest parameter",
    }[array]
    place = {"inputs": (17, 1), "cross_entropy": (3,), "accuracy": (3,), "readout_bias": (3, 1),
             "parameters": (3, 20)}.get(array, (3, 1, 0))  # fmt: skip
    values[place] += 0.5 * amount
    found = compare(trajectory, whole(trajectory, **{array: values}))
    (deviation,) = found.differing
    assert deviation.array == array
    assert deviation.worst == pytest.approx(0.5, rel=1e-4)
    assert f"off by 0.5 {unit}, 50 times the tolerance of 0.01" in describe(deviation, atol=0.01)
    if array == "inputs":
        assert (deviation.epoch, deviation.point, deviation.first_epoch) == (None, 17, None)
    elif array.startswith("readout"):
        assert (deviation.epoch, deviation.label) == (trajectory.epochs[3], 1)
        assert deviation.point is None


def with_points_at_one_place(path: Trajectory, share: float, margin: float) -> Trajectory:
    """Points at the origin, where two logits differ by a part of what the read-out can do."""
    hidden, bias = path.hidden.copy(), path.readout_bias.copy()
    hidden[3, : round(share * path.points)] = 0.0
    longest = np.linalg.norm(path.readout_weight[3], axis=1).max()
    bias[3] = [0.0, -margin * 2 * longest, *[-9.0] * (path.classes - 2)]  # a panel 2 wide
    return whole(path, hidden=hidden, readout_bias=bias)


@pytest.mark.parametrize(
    ("margin", "off", "same"),
    [(0.0, 0.22, True), (0.005, 0.22, True), (0.05, 0.22, False), (0.0, 0.35, False)],
)
def test_points_on_a_border_may_get_either_class(
    trajectory: Trajectory, margin: float, off: float, same: bool
) -> None:
    """A fifth of them: the last bit of a bias decides, and nothing else differs."""
    one = with_points_at_one_place(trajectory, 0.2, margin)
    epoch = int(one.epochs[3])
    accuracy = one.accuracy.copy()
    accuracy[epoch] = 0.5
    one = whole(one, accuracy=accuracy.copy())
    accuracy[epoch] += off
    found = compare(one, whole(one, accuracy=accuracy), atol=0.03)
    assert found.same == same
    deviation = found.of("accuracy")
    assert deviation is not None
    if same:
        assert deviation.tolerances[epoch] == pytest.approx(0.23, abs=0.06)
        alone = dataclasses.replace(deviation, tolerances=np.where(
            np.arange(len(accuracy)) == epoch, deviation.tolerances, 1.0))  # fmt: skip
        assert describe(alone, atol=0.03).endswith(" (wider, as points lie on a border)")
    else:
        assert deviation.tolerance == 0.03
        assert deviation.first_epoch == epoch


def test_the_borders_of_an_epoch_that_was_not_kept_are_those_beside_it(
    trajectory: Trajectory,
) -> None:
    one = with_points_at_one_place(trajectory, 0.2, 0.0)
    kept = np.r_[0:2, 3, 5 : len(one.epochs)]
    one = whole(
        one, epochs=one.epochs[kept], hidden=one.hidden[kept], hidden_mean=None,
        readout_weight=one.readout_weight[kept], readout_bias=one.readout_bias[kept],
    )  # fmt: skip
    before, at, after = (int(epoch) for epoch in one.epochs[1:4])
    assert after - at > 1
    accuracy = one.accuracy.copy()
    accuracy[[before, at, at + 1, after]] = 0.5
    one = whole(one, accuracy=accuracy.copy())
    accuracy[at + 1] += 0.2
    assert compare(one, whole(one, accuracy=accuracy)).same
    accuracy[before] += 0.2
    (deviation,) = compare(one, whole(one, accuracy=accuracy)).differing
    assert (deviation.array, deviation.first_epoch) == ("accuracy", before)


def test_without_a_read_out_there_are_no_borders(trajectory: Trajectory) -> None:
    one = with_points_at_one_place(trajectory, 0.2, 0.0)
    none = {name: unknown(*getattr(one, name).shape) for name in READOUT}
    accuracy = one.accuracy.copy()
    accuracy[one.epochs[3]] -= 0.2 if accuracy[one.epochs[3]] > 0.5 else -0.2
    found = compare(whole(one, **none), whole(one, accuracy=accuracy, **none))
    assert [deviation.array for deviation in found.differing] == ["accuracy"]


def test_facts_are_plain_values_with_all_that_was_found(trajectory: Trajectory) -> None:
    hidden = moved(trajectory, turned(90)).hidden.copy()
    hidden[7, 51] += (0.2, 0)
    epoch, label = int(trajectory.epochs[7]), int(trajectory.labels[51])
    other = whole(moved(trajectory, turned(90)), hidden=hidden, hidden_mean=None, fidelity=None)
    found = compare(whole(trajectory, source="one"), whole(other, source="other"), atol=0.05,
                    ways=["rotation"], arrays=["labels", "hidden", "hidden_mean"])  # fmt: skip
    facts = found.facts()
    assert json.loads(json.dumps(facts)) == facts
    (turn,) = facts["alignment"].pop("layers").values()
    assert turn.keys() == {"matrix", "scale", "middle"}
    np.testing.assert_allclose(turn["matrix"], [[0, -1], [1, 0]], atol=1e-3)
    assert (turn["scale"], turn["middle"]) == (1.0, 0.0)
    layer = {
        "array": "hidden", "same": False, "deviation": pytest.approx(0.1, abs=1e-3),
        "tolerance": 0.05, "unit": "of the panel's width", "epoch": epoch, "point": 51,
        "class": label, "first_epoch": epoch,
    }  # fmt: skip
    labels = {
        "array": "labels", "same": True, "deviation": 0.0, "tolerance": 0.0,
        "unit": "of the points", "epoch": None, "point": 0, "class": 0, "first_epoch": None,
    }  # fmt: skip
    count = len(trajectory.epochs)
    assert facts == {
        "same": False, "a": "one", "b": "other", "atol": 0.05, "epochs_compared": count,
        "epochs_in_common": count, "alignment": {"classes": None}, "first": layer, "worst": layer,
        "arrays": [labels, layer], "lost": [], "not_compared": {"hidden_mean": "only one has it"},
    }  # fmt: skip
    renamed = compare(trajectory, renumbered(trajectory, [2, 0, 1]), ways=["classes"])
    assert renamed.facts()["alignment"] == {"layers": {}, "classes": [2, 0, 1]}
    bare = whole(trajectory, layers={1: trajectory.hidden})
    assert compare(bare, trajectory).facts()["lost"] == ["layer_1"]


def test_networks_of_other_sizes_are_told_by_how_many_parameters(trajectory: Trajectory) -> None:
    fewer = whole(trajectory, parameters=trajectory.parameters[:, :-30])
    (deviation,) = compare(trajectory, fewer).differing
    assert describe(deviation, atol=0.01) == (
        "parameters: one of the networks has 30 more than the other"
    )


@pytest.mark.parametrize(("value", "text"), [(0.012345, "0.0123"), (24.54, "24.5"), (999.4, "999"),
                                             (1000, "1,000"), (-1190.4, "-1,190")])  # fmt: skip
def test_three_figures_are_enough_for_people(value: float, text: str) -> None:
    assert figures(value) == text


def test_a_snapshot_keeps_few_epochs_and_what_is_tested(stacked_trajectory: Trajectory) -> None:
    path = whole(stacked_trajectory, recipe={**stacked_trajectory.recipe, "made": {"torch": "2"}})
    for most, count in ((2, 2), (5, 5), (0, 2), (10**6, len(path.epochs))):
        kept = snapshot_of(path, most)
        assert len(kept.epochs) == count
        assert {kept.epochs[0], kept.epochs[-1]} == {path.epochs[0], path.epochs[-1]}
        assert compare(kept, path, atol=1e-6, arrays=["hidden", "layer", "loss"]).same
    assert kept.recipe == {n: v for n, v in path.recipe.items() if n != "made"}
    assert kept.arrays().keys() == path.arrays().keys() - set(INCIDENTAL)
    spread = np.flatnonzero(np.isin(path.epochs, snapshot_of(path, 5).epochs))
    np.testing.assert_allclose(spread, np.linspace(0, len(path.epochs) - 1, 5), atol=0.5)
    assert len(snapshot_of(path).epochs) == 16


def test_labels_and_lengths_have_no_tolerance(trajectory: Trajectory) -> None:
    labels = trajectory.labels.copy()
    labels[[5, 9]] = (labels[[5, 9]] + 1) % 3
    found = compare(trajectory, whole(trajectory, labels=labels), atol=1.0)
    assert describe(found.worst, atol=1.0) == (
        f"labels at point 5 of class {trajectory.labels[5]}: off by 0.0167 of the points, where "
        "none is allowed"
    )
    curves = {n: getattr(trajectory, n)[:201] for n in ("cross_entropy", "loss", "accuracy")}
    kept = trajectory.epochs <= 200
    short = Trajectory.from_arrays(
        trajectory.recipe, epochs=trajectory.epochs[kept], inputs=trajectory.inputs,
        labels=trajectory.labels, hidden=trajectory.hidden[kept], **curves,
    )  # fmt: skip
    found = compare(trajectory, short)
    assert [d.array for d in found.differing] == ["epochs"]
    assert describe(found.worst, atol=0.01) == (
        "epochs: one of the runs is 100 epochs longer than the other"
    )
    assert found.first.first_epoch == 201
    assert found.lost == ["readout_weight", "readout_bias"]
    assert found.left_out == {
        "hidden_mean": "only the given arrays has it",
        "parameters": "only the given arrays has it",
    }


def sampled(epochs: list[int], fidelity: float | None, bump: float = 0.0) -> Trajectory:
    """A point that moves evenly, kept at some epochs; with a bump at epoch 5."""
    at = np.array(epochs)
    hidden = np.zeros((len(at), 4, 2))
    hidden[:, :, 0] = at[:, None] / 20
    hidden[at == 5, 2, 1] = 2 * bump
    return Trajectory.from_arrays(
        {"activation": "tanh"}, epochs=at, inputs=np.zeros((4, 2)), labels=[0, 1, 0, 1],
        hidden=hidden, **({} if fidelity is None else {"fidelity": [0.0, 0.0, fidelity]}),
    )  # fmt: skip


def test_different_kept_epochs_are_compared_on_straight_lines() -> None:
    one, other = sampled([0, 4, 10], 0.0), sampled([0, 5, 10], 0.0, bump=0.02)
    found = compare(one, other)
    assert found.shared.epochs.tolist() == [0, 4, 5, 10]
    assert found.shared.common == 2
    layer = found.of("hidden")
    np.testing.assert_allclose(layer.peaks, [0, 0.016, 0.02, 0], atol=1e-7)
    assert layer.first_epoch == 4


def test_where_a_file_has_no_epoch_its_own_error_is_allowed_for() -> None:
    one, other = sampled([0, 4, 10], 0.015), sampled([0, 5, 10], 0.008, bump=0.02)
    found = compare(one, other)
    assert found.same
    np.testing.assert_allclose(found.of("hidden").tolerances, [0.01, 0.018, 0.025, 0.01])
    found = compare(one, sampled([0, 5, 10], 0.02, bump=0.026))
    assert found.first.first_epoch == 5


def test_a_file_that_states_no_error_is_compared_where_it_was_kept() -> None:
    found = compare(sampled([0, 4, 10], None), sampled([0, 5, 10], None, bump=0.5))
    assert found.shared.epochs.tolist() == [0, 10]
    assert found.same
    found = compare(sampled([0, 4, 10], None), sampled([0, 5, 10], 0.0, bump=0.5))
    assert found.shared.epochs.tolist() == [0, 4, 10]
    assert found.first.first_epoch == 4


@pytest.mark.parametrize("ways", [["rotation"], ["rotation", "classes"]])
@pytest.mark.parametrize(("degrees", "mirrored"), [(37.0, False), (-120.0, True)])
def test_a_turned_copy_is_the_same_up_to_rotation(
    trajectory: Trajectory, degrees: float, mirrored: bool, ways: list[str]
) -> None:
    copy = moved(trajectory, turned(degrees, mirrored))
    assert {d.array for d in compare(trajectory, copy).differing} == {
        "hidden", "readout_weight", "hidden_mean",
    }  # fmt: skip
    found = compare(trajectory, copy, atol=1e-5, ways=ways)
    assert found.same
    turn = found.alignment.turns["hidden"]
    np.testing.assert_allclose(turn.matrix, turned(degrees, mirrored).T, atol=1e-6)
    back = degrees if mirrored else -degrees
    expected = ["mirrored at the horizontal axis"] * mirrored + [f"turned by {back:.1f}°"]
    assert str(turn) == ", ".join(expected)
    assert found.left_out == {"parameters": "an alignment does not move the whole network"}


def test_a_rotation_is_one_for_the_whole_file(trajectory: Trajectory) -> None:
    hidden = trajectory.hidden.copy()
    hidden[-1] = hidden[-1] @ turned(90)
    found = compare(trajectory, whole(trajectory, hidden=hidden), ways=["rotation"])
    assert not found.same
    assert found.of("hidden").epoch == trajectory.epochs[-1]


def test_a_scaled_copy_is_the_same_up_to_scale(relu_trajectory: Trajectory) -> None:
    copy = moved(relu_trajectory, turned(20), 2.5)
    assert not compare(relu_trajectory, copy, atol=1e-3, ways=["rotation"]).same
    found = compare(relu_trajectory, copy, atol=1e-5, ways=["rotation", "scale"])
    assert found.same
    assert found.alignment.turns["hidden"].scale == pytest.approx(0.4, rel=1e-5)
    assert str(found.alignment) == "turned by -20.0°, scaled by 0.400"


def test_unit_squares_turn_about_their_middle() -> None:
    rng = np.random.default_rng(3)
    hidden = rng.uniform(0, 1, size=(5, 30, 2)).astype(np.float32)
    readout = rng.normal(size=(5, 3, 2)).astype(np.float32), np.ones((5, 3), np.float32)

    def made(hidden: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> Trajectory:
        return Trajectory.from_arrays(
            {"activation": "sigmoid"}, epochs=range(5), inputs=np.ones((30, 2)),
            labels=np.arange(30) % 3, hidden=hidden, readout_weight=weight, readout_bias=bias,
        )  # fmt: skip

    # Both units the other way round: 1 - h, and a read-out that gives the same logits.
    weight, bias = readout
    flipped = made(1 - hidden, -weight, bias + weight.sum(axis=2))
    found = compare(made(hidden, weight, bias), flipped, atol=1e-5, ways=["rotation"])
    assert found.same
    assert found.alignment.turns["hidden"].middle == 0.5


@pytest.mark.parametrize("ways", [["classes"], ["classes", "rotation"]])
@pytest.mark.parametrize("names", [list(names) for names in permutations(range(3))])
def test_renumbered_classes_are_the_same_up_to_classes(
    trajectory: Trajectory, names: list[int], ways: list[str]
) -> None:
    copy = renumbered(trajectory, names)
    if "rotation" in ways:
        copy = moved(copy, turned(71, mirrored=True))
    assert names == [0, 1, 2] or not compare(trajectory, copy, ways=["rotation"]).same
    found = compare(trajectory, copy, atol=1e-5, ways=ways)
    assert found.same
    assert found.alignment.classes.tolist() == names
    said = ", ".join(f"{k}→{c}" for k, c in enumerate(names) if k != c)
    assert str(found.alignment).endswith(f"classes {said}" if said else "classes as they are")


def test_many_classes_are_turned_and_renumbered_too() -> None:
    rng = np.random.default_rng(5)
    count, each = 12, 9
    labels = np.repeat(np.arange(count), each)
    centres = rng.normal(size=(6, count, 3))
    hidden = centres[:, labels] + 0.2 * rng.normal(size=(6, count * each, 3))
    matrix = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    names = rng.permutation(count)

    def made(hidden: np.ndarray, labels: np.ndarray) -> Trajectory:
        return Trajectory.from_arrays(epochs=range(6), inputs=np.ones((len(labels), 2)),
                                      labels=labels, hidden=hidden)  # fmt: skip

    found = compare(made(hidden, labels), made(hidden @ matrix, names[labels]), atol=1e-5,
                    ways=["rotation", "classes"])  # fmt: skip
    assert found.same
    assert found.alignment.classes.tolist() == names.tolist()
    mirrored = " and mirrored" if np.linalg.det(matrix) < 0 else ""
    assert str(found.alignment.turns["hidden"]) == f"turned{mirrored}"
    assert str(Turn(np.diag([1.0, 1.0, -1.0]))) == "turned and mirrored"
    assert str(Turn(np.diag([1.0, -1.0, -1.0]))) == "turned"
    assert str(Turn(np.eye(3), scale=2.0)) == "scaled by 2.000"
    assert str(Turn(np.eye(3))) == "not moved"


def test_further_layers_are_compared_and_turned_by_themselves(
    stacked_trajectory: Trajectory,
) -> None:
    ((number, values),) = stacked_trajectory.layers.items()
    other = whole(stacked_trajectory, layers={number: (values @ turned(50)).astype(np.float32)})
    name = f"layer_{number}"
    assert [d.array for d in compare(stacked_trajectory, other).differing] == [name]
    found = compare(stacked_trajectory, other, atol=1e-5, ways=["rotation"])
    assert found.same
    assert str(found.alignment) == f"not moved; {name} turned by -50.0°"
    assert compare(stacked_trajectory, whole(other, layers={})).lost == [name]


def test_what_cannot_be_compared_says_why(
    trajectory: Trajectory, wide_trajectory: Trajectory
) -> None:
    with pytest.raises(TrajectoryError) as caught:
        compare(trajectory, wide_trajectory)
    assert str(caught.value) == (
        "the given arrays and the given arrays cannot be compared: 2 and 5 units in the drawn "
        "layer.\nexpected: trajectories of the same points in the same classes, in layers of one "
        "width."
    )
    with pytest.raises(TrajectoryError) as caught:
        compare(sampled([0, 4], None), sampled([1, 3], None))
    assert str(caught.value) == (
        "the given arrays and the given arrays cannot be compared: they have no kept epoch in "
        "common, 0 to 4 and 1 to 3.\nexpected: a common epoch, or files that state their "
        "'fidelity' and overlap."
    )
    labels = trajectory.labels.copy()
    labels[0] = 1
    with pytest.raises(TrajectoryError) as caught:
        compare(trajectory, whole(trajectory, labels=labels), ways=["classes"])
    assert str(caught.value) == (
        "The classes of the given arrays cannot be renumbered as those of the given arrays: they "
        "have 39, 41, 40 points, and not 40, 40, 40.\nexpected: as many points in each class, in "
        "whatever order.\nnext: compare them without the alignment 'classes'"
    )
    with pytest.raises(UsageError) as caught:
        compare(trajectory, trajectory, ways=["rotatoin"])
    assert str(caught.value) == (
        "There is no alignment 'rotatoin'. Did you mean 'rotation'?\n"
        "expected: one of rotation, scale, classes."
    )
    with pytest.raises(UsageError, match="The tolerance is -1"):
        compare(trajectory, trajectory, atol=-1)
    with pytest.raises(UsageError, match=r"There is no array to compare 'hiden'. Did you mean 'h"):
        compare(trajectory, trajectory, arrays=["hiden"])


def test_only_some_arrays_are_compared_where_that_is_asked(trajectory: Trajectory) -> None:
    other = whole(trajectory, inputs=trajectory.inputs + 1)
    assert compare(trajectory, other, arrays=["hidden", "labels"]).same
    assert not compare(trajectory, other, arrays=["inputs"]).same


def test_what_a_recipe_says_of_a_comparison_is_not_trusted() -> None:
    note = ComparisonNote("a.npz", 0.002, "turned by 3.0°")
    assert ComparisonNote.of(note.note()) == note
    for odd in (None, 7, {"atol": "x", "name": 3}, {"atol": float("nan")}, {"atol": True}):
        assert ComparisonNote.of({"compared": odd}) == ComparisonNote()
    assert ComparisonNote.of({"compared": {"atol": 0.5}}).atol == 0.5


def test_fidelity_of_the_real_recorder_lets_a_thinned_run_pass(trajectory: Trajectory) -> None:
    """Half of the kept epochs, and the error that this costs, measured here."""
    kept = np.unique([*range(0, len(trajectory.epochs), 2), len(trajectory.epochs) - 1])
    arrays = {n: v for n, v in trajectory.arrays().items() if n not in ("hidden_mean", "fidelity")}
    for name in ("epochs", "hidden", "readout_weight", "readout_bias"):
        arrays[name] = arrays[name][kept]
    thinned = Trajectory.from_arrays(trajectory.recipe, **arrays)
    lost = max(
        float(np.linalg.norm(thinned.evaluate(int(e)).hidden - h, axis=1).max()) / 2
        for e, h in zip(trajectory.epochs, trajectory.hidden, strict=True)
    )
    thinned = whole(thinned, fidelity=Fidelity(0, 0, lost))
    assert lost > 0.005
    assert compare(trajectory, thinned, atol=1e-6, arrays=["hidden"]).same
    stricter = whole(thinned, fidelity=Fidelity(0, 0, 0.9 * lost))
    assert not compare(trajectory, stricter, atol=1e-6, arrays=["hidden"]).same


def test_a_part_of_a_run_knows_no_more_than_the_run(trajectory: Trajectory) -> None:
    arrays = trajectory.arrays()
    bare = {name: arrays[name] for name in ("epochs", "inputs", "labels", "hidden")}
    first = part(Trajectory.from_arrays(trajectory.recipe, **bare), 0, 3)
    assert not first.knows_readout
    assert not first.knows_loss
    assert part(trajectory, 0, 3).knows_readout
