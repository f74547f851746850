"""What one may choose, what is asked for where it is not certain, and what plain networks keep."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - as everybody calls it

from spiralcore import Recorder, Trajectory
from spiralcore.analysis.network.recorded_network import RecordedNetwork
from spiralcore.errors import UsageError
from spiralcore.recipe import RecordingSettings
from tests import warm
from tests.conftest import spiral
from tests.training.torch_recorder.models import (
    Attention,
    Sequences,
    Shared,
    heads,
    mlp,
    net,
    small,
)
from tests.training.torch_recorder.test_kinds import train

EVERY = RecordingSettings(keep="every")
N = 60
Y = torch.arange(N) % 3


def points(width: int = 4) -> Tensor:
    torch.manual_seed(0)
    return torch.randn(N, width)


def refused(path: Path, model: nn.Module, layer: Any, inputs: Any = None, **options: Any) -> str:
    options.setdefault("labels", Y)
    inputs = points() if inputs is None else inputs
    with pytest.raises(UsageError) as error:
        Recorder(path / "a.npz", model, layer, inputs, **options).__enter__()
    assert not (path / "a.npz").exists()
    return str(error.value)


def test_a_layer_that_runs_more_than_once_names_the_choices(tmp_path: Path) -> None:
    assert refused(tmp_path, Shared(), "relu") == (
        "The layer 'relu' runs 2 times in a pass.\n"
        "expected: one of call=0 (60, 16), call=1 (60, 2)."
    )
    assert refused(tmp_path, Shared(), "relu", call=2) == (
        "The layer 'relu' runs 2 times in a pass, and call=2 was asked for.\n"
        "expected: one of call=0 (60, 16), call=1 (60, 2)."
    )
    idle = net(lambda m, x: m.head(m.fc2(m.fc1(x))))
    assert refused(tmp_path, idle, "act") == (
        "The layer 'act' runs 0 times in a pass.\nexpected: a layer through which the points pass."
    )


def test_a_layer_that_gives_several_tensors_names_the_choices(tmp_path: Path) -> None:
    x = torch.randn(N, 7, 4)
    assert refused(tmp_path, Sequences(), "lstm", x) == (
        "The layer 'lstm' gives a tuple of (60, 7, 2), ((1, 60, 2), (1, 60, 2)).\n"
        "expected: one tensor.\nnext: output=0, another index or key, or a function such as lambda "
        "given: given[0][:, -1]"
    )
    assert refused(tmp_path, Sequences(), "lstm", x, output=5) == (
        "The layer 'lstm' gives a tuple of (60, 7, 2), ((1, 60, 2), (1, 60, 2)), of which output "
        "takes nothing: IndexError('tuple index out of range').\n"
        "expected: an index, a key, or a function that gives a tensor."
    )
    first = lambda given: given[1][0]  # noqa: E731
    assert refused(tmp_path, Sequences(), "lstm", x, output=first) == (
        "The layer 'lstm' gives the shape (1, 60, 2) for 60 points.\n"
        "expected: one row for each point.\n"
        "next: output=, a function of what it gives, such as lambda given: given.transpose(0, 1)"
    )
    with Recorder(tmp_path / "a.npz", Attention(), "att", x[:, :5], Y, output=0) as rec:
        rec.step()
    assert rec.trajectory.units == 20


def test_a_read_out_that_is_asked_for_has_to_give_the_output(tmp_path: Path) -> None:
    model = net(heads, aux=nn.Linear(2, 3))
    assert refused(tmp_path, model, "act", readout="aux", outputs=0) == (
        "The read-out 'aux' does not give the model's output from the layer 'act'; outputs: "
        "logits of 3 classes.\nexpected: logits weight @ layer + bias, or what softmax or a "
        "positive scale makes of them.\nnext: readout=None, or outputs=, a function from the "
        "model's output to these logits"
    )
    for readout, outputs in ((model.aux, lambda given: given[1]), ("head", 0)):
        with Recorder(
            tmp_path / "a.npz",
            model,
            "act",
            points(),
            Y,
            readout=readout,
            outputs=outputs,
            overwrite=True,
        ) as rec:
            rec.step()
        assert rec.trajectory.knows_readout
        assert rec.trajectory.knows_loss
    with Recorder(tmp_path / "a.npz", mlp(), "3", points(), Y, readout=None, overwrite=True) as rec:
        rec.step()
    assert not rec.trajectory.knows_readout
    assert rec.trajectory.knows_loss
    with Recorder(tmp_path / "a.npz", mlp(), "3", points(), Y, outputs=None, overwrite=True) as rec:
        rec.step()
    assert not rec.trajectory.knows_readout
    assert not rec.trajectory.knows_loss


def test_what_the_model_cannot_take_is_said_at_the_first_step(tmp_path: Path) -> None:
    assert refused(tmp_path, mlp(), "3", points(7)).startswith(
        "The model cannot take the inputs of the shape (60, 7): RuntimeError: mat1 and mat2 shapes "
        "cannot be multiplied (60x7 and 4x16)\nexpected: inputs as the training gives them to the "
        "model."
    )
    assert refused(tmp_path, mlp(), 9) == (
        "The model has no layer 9.\nexpected: one of 0 to 4: 0, 1, 2, 3, 4."
    )
    assert refused(tmp_path, lambda x: x, "3") == (  # type: ignore[arg-type]
        "The model is a function.\nexpected: a module of torch.\n"
        "next: spiralcore.ArrayRecorder, which takes arrays of any framework"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scripted = torch.jit.script(mlp())
    assert refused(tmp_path, scripted, "3") == (
        "The model is scripted, or a part of it is, so that nothing can be seen in it.\n"
        "expected: a module of torch in Python.\n"
        "next: the model before torch.jit.script or torch.jit.trace"
    )
    assert refused(tmp_path, mlp(), []) == "No layer is named.\nexpected: one layer, or several."


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (F.relu, "relu"),
        (torch.tanh, "tanh"),
        (torch.sigmoid, "sigmoid"),
        (F.gelu, "gelu"),
        (F.softplus, "softplus"),
        (F.hardtanh, "hardtanh"),
        (lambda h: F.normalize(h), "sphere"),
        (lambda h: F.dropout(F.relu(h), 0.5, False), "relu"),
    ],
)
def test_an_activation_that_is_a_function_is_recorded(
    function: Callable[[Tensor], Tensor], name: str, tmp_path: Path
) -> None:
    torch.manual_seed(0)
    model = small(lambda m, x: m.head(function(m.fc(x))), nn.Linear(2, 3))
    with Recorder(
        tmp_path / "a.npz", model, "fc", points(), Y, activation=name, settings=EVERY
    ) as rec:
        train(model, points())
        rec.step()
    path = Trajectory.load(tmp_path / "a.npz")
    with torch.no_grad():
        np.testing.assert_allclose(path.hidden[-1], function(model.fc(points())), atol=2e-3)
    assert path.knows_readout
    assert path.recipe["activation"] == name


def test_an_activation_that_nobody_reads_is_applied_or_refused(tmp_path: Path) -> None:
    torch.manual_seed(0)
    model = small(lambda m, x: F.linear(torch.relu(m.fc(x)), m.head.weight), nn.Linear(2, 3))
    with Recorder(tmp_path / "a.npz", model, "fc", points(), Y, activation="relu") as rec:
        rec.step()
    with torch.no_grad():
        wanted = model.fc(points()).relu()
    np.testing.assert_allclose(rec.trajectory.hidden[0], wanted, atol=2e-3)
    straight = small(lambda m, x: m.head(m.fc(x)), nn.Linear(2, 3))
    assert refused(tmp_path / "b", straight, "fc", activation="relu").startswith(
        "The layer 'fc' leaves the space of the activation 'relu': "
    )


def test_several_layers_share_a_file(tmp_path: Path) -> None:
    torch.manual_seed(0)
    model = nn.Sequential(
        nn.Linear(2, 2), nn.Tanh(), nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 2), nn.Tanh(),
        nn.Linear(2, 3),
    )  # fmt: skip
    x = points(2)
    with Recorder(tmp_path / "a.npz", model, ["1", model[5]], x, Y, settings=EVERY) as rec:
        train(model, x)
        rec.step()
    path = Trajectory.load(tmp_path / "a.npz")
    with torch.no_grad():
        np.testing.assert_allclose(path.layers[1][-1], model[:2](x), atol=1e-3)
        np.testing.assert_allclose(path.hidden[-1], model[:6](x), atol=1e-3)
    assert path.knows_readout
    assert spiral(tmp_path, "render", "stack", "a.npz", "--quality", "240p10", "--out", "a.png"
                  ).returncode == 0  # fmt: skip
    assert refused(tmp_path / "b", model, ["3", "5"], x) == (
        "The layers have 8, 2 units.\nexpected: layers of as many units, to be recorded in one "
        "file.\nnext: one recorder for each of them"
    )


def functional(m: Any, x: Tensor) -> Tensor:
    return m.head(torch.tanh(m.fc2(torch.relu(m.fc1(x)))))


PLAIN: dict[str, tuple[Callable[[], nn.Module], Any, dict[str, Any]]] = {
    "modules": (lambda: mlp(inputs=2), "3", {}),
    "one logit": (lambda: mlp(1, inputs=2), "3", {"labels": torch.arange(N) % 2}),
    "relu": (lambda: mlp(activation=nn.ReLU, inputs=2), "3", {}),
    "no biases": (
        lambda: nn.Sequential(
            nn.Linear(2, 9, bias=False), nn.Tanh(), nn.Dropout(0.2), nn.Linear(9, 2), nn.Tanh(),
            nn.Linear(2, 3, bias=False),
        ),
        "4",
        {},
    ),
    "functions, two activations": (
        lambda: functional_net(functional), "fc2", {"activation": "tanh"}
    ),
    "log-softmax": (lambda: nn.Sequential(*mlp(inputs=2), nn.LogSoftmax(1)), "3", {}),
}  # fmt: skip


def functional_net(run: Callable[..., Any]) -> nn.Module:
    model = net(run)
    model.fc1 = nn.Linear(2, 16)
    del model.act
    return model


@pytest.mark.parametrize("name", PLAIN)
def test_a_plain_network_of_two_inputs_keeps_its_parameters(name: str, tmp_path: Path) -> None:
    torch.manual_seed(0)
    make, layer, options = PLAIN[name]
    model, x = make(), points(2)
    labels = options.pop("labels", Y) if "labels" in options else Y
    with Recorder(tmp_path / "a.npz", model, layer, x, labels, settings=EVERY, **options) as rec:
        for _ in range(4):
            train(model, x)
            rec.step()
    path = Trajectory.load(tmp_path / "a.npz")
    assert RecordedNetwork.is_in(path)
    network = RecordedNetwork(path)
    assert network.epochs[-1] == 4
    grid = torch.randn(50, 2)
    with torch.no_grad():
        wanted = model.eval()(grid)
    ours = torch.from_numpy(network.logits(len(network.epochs) - 1, grid.numpy()))
    if wanted.shape[1] == 1:
        wanted = torch.cat([torch.zeros_like(wanted), wanted], 1)
    torch.testing.assert_close(
        F.log_softmax(ours, 1), F.log_softmax(wanted, 1), atol=1e-4, rtol=1e-4
    )
    film = ["render", "field", "a.npz", "--quality", "240p10", "--out", "a.png"]
    assert name != "modules" or spiral(tmp_path, *film).returncode == 0


def test_saving_in_between_changes_nothing(tmp_path: Path) -> None:
    """Nor does it end the record of the network."""
    files = []
    for name, often in (("a.npz", {}), ("b.npz", {"save_every": 0})):
        torch.manual_seed(0)
        model, x = mlp(inputs=2), points(2)
        with Recorder(tmp_path / name, model, "3", x, Y, **often) as rec:
            for _ in range(50):
                train(model, x, steps=1)
                rec.step()
        files.append((tmp_path / name).read_bytes())
    assert files[0] == files[1]
    path = Trajectory.load(tmp_path / "b.npz")
    assert path.parameter_epochs is not None
    assert path.parameter_epochs[[0, -1]].tolist() == [0, 50]


@pytest.mark.parametrize(
    ("make", "layer"),
    [
        (lambda: nn.Sequential(nn.Linear(2, 8), nn.SiLU(), nn.Linear(8, 2), nn.Tanh(),
                               nn.Linear(2, 3)), "3"),
        (lambda: nn.Sequential(nn.Linear(2, 8), nn.BatchNorm1d(8), nn.Tanh(), nn.Linear(8, 2),
                               nn.Tanh(), nn.Linear(2, 3)), "4"),
        (lambda: nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 5), nn.Tanh(),
                               nn.Linear(5, 3)), "1"),
    ],
)  # fmt: skip
def test_what_is_more_than_a_plain_network_keeps_none(
    make: Callable[[], nn.Module], layer: str, tmp_path: Path
) -> None:
    with Recorder(tmp_path / "a.npz", make(), layer, points(2), Y) as rec:
        rec.step()
    assert rec.trajectory.parameters is None
    assert "network" not in rec.trajectory.recipe


def test_a_network_that_stops_being_plain_is_not_kept(tmp_path: Path) -> None:
    class Bent(nn.Module):
        """Its activation changes."""

        def __init__(self) -> None:
            super().__init__()
            self.fc1, self.fc2, self.head = nn.Linear(2, 8), nn.Linear(8, 2), nn.Linear(2, 3)
            self.act, self.slope = nn.Tanh(), 1.0

        def forward(self, x: Tensor) -> Tensor:
            return self.head(self.act(self.fc2(torch.tanh(self.slope * self.fc1(x)))))

    model = Bent()
    with Recorder(tmp_path / "a.npz", model, "act", points(2), Y) as rec:
        rec.step()
        model.slope = 1.5
        rec.step()
    assert rec.trajectory.parameters is None
    assert rec.trajectory.knows_readout
    told = rec.trajectory.recipe["recorded"]["network"]
    assert told == "not kept: it is more than a plain one"


def test_of_several_processes_the_first_one_writes(tmp_path: Path) -> None:
    code = """
import sys, torch
from torch import nn
from spiralcore import Recorder
rank, folder = int(sys.argv[1]), sys.argv[2]
torch.distributed.init_process_group("gloo", f"file://{folder}/meet", rank=rank, world_size=2)
torch.manual_seed(0)
x, y = torch.randn(30, 4), torch.arange(30) % 3
net = nn.Sequential(nn.Linear(4, 2), nn.Tanh(), nn.Linear(2, 3))
net = nn.parallel.DistributedDataParallel(net)
optimiser = torch.optim.SGD(net.parameters(), lr=0.1)
with Recorder(f"{folder}/{rank}.npz", net, "1", x, y) as rec:
    for _ in range(3):
        optimiser.zero_grad()
        nn.functional.cross_entropy(net(x[rank::2]), y[rank::2]).backward()
        optimiser.step()
        rec.step()
print(rec.trajectory.accuracy[-1])
torch.distributed.destroy_process_group()
"""
    code = f"import warnings; warnings.simplefilter('ignore')\n{code}"
    runs = [warm.start("-c", code, str(rank), str(tmp_path), folder=tmp_path) for rank in (0, 1)]
    said = [run.communicate(timeout=300)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    path = Trajectory.load(tmp_path / "0.npz")
    assert path.knows_readout
    assert list(map(float, said)) == pytest.approx([float(path.accuracy[-1])] * 2, rel=1e-6)
    assert not (tmp_path / "1.npz").exists()


def test_a_model_that_changes_its_outputs_keeps_its_record(tmp_path: Path) -> None:
    net = mlp(inputs=2)
    with Recorder(tmp_path / "a.npz", net, "3", torch.randn(60, 2), torch.arange(60) % 3) as rec:
        rec.step()
        net[4] = nn.Linear(2, 5)
        rec.step()
        net[4] = nn.Linear(2, 3)
        rec.step()
    path = Trajectory.load(tmp_path / "a.npz")
    assert not path.knows_readout
    assert path.parameters is None
    assert np.isfinite(path.accuracy).tolist() == [True, True, False, True]
    assert path.recipe["recorded"] == {
        "layer": "3, 2 units",
        "network": "not kept: it is more than a plain one",
        "outputs": "logits of 3 classes",
        "read-out": "none: from epoch 2 on 4 does not give the model's output",
    }


@pytest.mark.parametrize("own", [False, True])
def test_labels_apart_from_a_loader_that_shuffles_are_refused(own: bool, tmp_path: Path) -> None:
    x, y = torch.randn(60, 4), torch.arange(60) % 3
    data = torch.utils.data.TensorDataset(*([x, y] if own else [x]))
    loader = torch.utils.data.DataLoader(data, batch_size=16, shuffle=True)
    with pytest.raises(UsageError) as error:
        Recorder(tmp_path / "a.npz", mlp(), "3", loader, y)
    assert str(error.value) == (
        "The DataLoader shuffles its points, and the labels are given apart from it.\n"
        "expected: labels in the order of the points.\n"
        "next: a DataLoader(..., shuffle=False), or one whose batches hold the labels and none "
        "apart"
    )
    in_order = torch.utils.data.DataLoader(data, batch_size=16)
    with Recorder(tmp_path / "a.npz", mlp(), "3", in_order, y) as rec:
        pass
    assert rec.trajectory.labels.tolist() == y.tolist()


def test_points_without_labels_have_no_classes(tmp_path: Path) -> None:
    with Recorder(tmp_path / "a.npz", mlp(), "3", points()) as rec:
        rec.step()
    assert not rec.trajectory.knows_loss
    said = spiral(tmp_path, "info", "a.npz").stdout
    assert "points         60, without labels\n" in said
    assert "labels         none\n" in said
    with Recorder(tmp_path / "b.npz", mlp(), "3", points(), classes=3):
        pass
    told = Trajectory.load(tmp_path / "b.npz")
    assert told.knows_readout
    assert told.classes == 3
    assert np.isnan(told.accuracy).all()


def test_losses_of_any_kind(tmp_path: Path) -> None:
    model = mlp()
    with Recorder(tmp_path / "a.npz", model, "3", points(), Y) as rec:
        rec.step(F.cross_entropy(model(points()), Y))
        rec.step(torch.tensor([2.0]))
        rec.step(float("nan"))
        rec.step(np.float64(3.0), at=4)
        with pytest.raises(UsageError) as error:
            rec.step(model(points()))
    assert str(error.value).startswith("The loss is a Tensor that is no number: ")
    path = Trajectory.load(tmp_path / "a.npz")
    assert path.trained_epochs == 4
    assert np.isnan(path.loss[[0, 3]]).all()
    assert path.loss[2] == 2.0
    assert path.loss[4] == 3.0
    assert np.isfinite(path.cross_entropy).all()


def test_the_command_says_what_was_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    labels = ["ant", "bee", "cat"] * 20
    with Recorder(tmp_path / "a.npz", mlp(), "3", points(), labels) as rec:
        rec.step()
        rec.step()
    assert capsys.readouterr().err == (
        "a.npz: read-out: 4: gives the model's output\na.npz: outputs: logits of 3 classes\n"
        "a.npz: layer: 3, 2 units\n"
    )
    said = spiral(tmp_path, "info", "a.npz").stdout.splitlines()
    for line in (
        "class names    ant, bee, cat",
        "read-out       4: gives the model's output",
        "outputs        logits of 3 classes",
        "layer          3, 2 units",
    ):
        assert line in said
    with Recorder(tmp_path / "b.npz", net(heads, aux=nn.Linear(2, 3)), "act", points(), Y):
        pass
    assert "outputs: not found in a tuple of (60, 3), (60, 3)" in capsys.readouterr().err
