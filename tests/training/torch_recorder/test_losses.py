"""What a network is trained for decides what its outputs are: no embedding has an accuracy."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - as everybody calls it

from spiralcore import Recorder, Trajectory
from spiralcore.recording.run.learned import Training

POINTS, CLASSES = 120, 3
NEXT, OTHER = (torch.arange(POINTS) + CLASSES) % POINTS, (torch.arange(POINTS) + 1) % POINTS
"""A point of the same class for each, and one of another."""

Loss = Callable[[nn.Module, Tensor, Tensor], Tensor]


def data(classes: int = CLASSES) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(5)
    labels = torch.arange(POINTS) % classes
    centres = 2.0 * torch.randn(classes, 4, generator=generator)
    return centres[labels] + 0.6 * torch.randn(POINTS, 4, generator=generator), labels


def net(outputs: int = CLASSES) -> nn.Module:
    torch.manual_seed(1)
    return nn.Sequential(
        nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2), nn.Tanh(), nn.Linear(2, outputs)
    )  # fmt: skip


def trained(
    path: Path, model: nn.Module, loss: Loss, count: int, *, number: bool = False,
    steps: int = 20, **options: Any,
) -> Trajectory:  # fmt: skip
    """What the record of a training says; the loss is given with its graph, or as a number."""
    inputs, labels = data(count)
    more = options.pop("more", [])
    optimiser = torch.optim.Adam([*model.parameters(), *more], 0.02)
    with Recorder(path, model, options.pop("layer", "3"), inputs, labels, **options) as rec:
        for _ in range(steps):
            optimiser.zero_grad()
            now = loss(model, inputs, labels)
            now.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            rec.step(now.item() if number else now)
    return Trajectory.load(path)


def squares(model: nn.Module, x: Tensor, y: Tensor) -> Tensor:
    return F.mse_loss(model(x), F.one_hot(y, CLASSES).float())


def triplet(model: nn.Module, x: Tensor, y: Tensor) -> Tensor:
    z = model(x)
    return F.triplet_margin_loss(z, z[NEXT], z[OTHER], margin=2.0)


def triplet_by_hand(model: nn.Module, x: Tensor, y: Tensor) -> Tensor:
    z = F.normalize(model(x))
    near, far = ((z - z[NEXT]) ** 2).sum(1), ((z - z[OTHER]) ** 2).sum(1)
    return torch.relu(near - far + 0.5).mean()


def contrastive(model: nn.Module, x: Tensor, y: Tensor) -> Tensor:
    z = F.normalize(model(x))
    return F.cross_entropy(z @ z.T / 0.2 - 1e9 * torch.eye(POINTS), NEXT)


def arc(weight: Tensor) -> Loss:
    def loss(model: nn.Module, x: Tensor, y: Tensor) -> Tensor:
        cosine = F.linear(F.normalize(model(x)), F.normalize(weight))
        return F.cross_entropy(16 * (cosine - 0.2 * F.one_hot(y, CLASSES)), y)

    return loss


def gaussian(model: nn.Module, x: Tensor, y: Tensor) -> Tensor:
    mean, variance = model(x)[:, 0], F.softplus(model(x)[:, 1]) + 1e-3
    return F.gaussian_nll_loss(mean, y.float(), variance)


def critic(model: nn.Module, x: Tensor, y: Tensor) -> Tensor:
    return model(torch.randn(POINTS, 4)).mean() - model(x).mean()


def siamese(model: nn.Module, x: Tensor, y: Tensor) -> Tensor:
    z, other = model(x), torch.randperm(POINTS)
    far, same = F.pairwise_distance(z, z[other]), (y == y[other]).float()
    return (same * far**2 + (1 - same) * F.relu(2 - far) ** 2).mean()


NO_CLASSES: dict[str, tuple[Loss, int]] = {
    "triplet": (triplet, 3),
    "triplet by hand": (triplet_by_hand, 3),
    "pairs": (contrastive, 3),
    "siamese": (siamese, 2),
    "mean and variance": (gaussian, 2),
    "values of actions": (
        lambda m, x, y: F.smooth_l1_loss(m(x).gather(1, y[:, None])[:, 0], x[:, 0]), 3
    ),
    "decoder apart": (lambda m, x, y: F.mse_loss(m(x) @ torch.ones(2, 4), x), 2),
}  # fmt: skip


@pytest.mark.parametrize("name", NO_CLASSES)
def test_a_loss_of_no_classes_takes_back_what_outputs_seemed_to_be(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    loss, classes = NO_CLASSES[name]
    found = trained(tmp_path / "a.npz", net(classes), loss, classes)
    said = found.recipe["recorded"]["outputs"]
    assert said == (
        f"{classes} numbers a point, and seen to be learned by a loss of no classes at epoch 1: "
        f"not taken for logits; if they are classes: classes={classes}"
    )
    assert f"a.npz: outputs: {said}" in capsys.readouterr().err
    assert not found.knows_readout
    assert np.isnan(found.accuracy).all()
    assert np.isnan(found.cross_entropy).all()
    assert np.isfinite(found.loss[1:]).all()


def test_weights_that_belong_to_the_loss_make_the_outputs_an_embedding(tmp_path: Path) -> None:
    weight = nn.Parameter(torch.randn(CLASSES, CLASSES))
    found = trained(tmp_path / "a.npz", net(), arc(weight), CLASSES, more=[weight])
    assert not found.knows_readout
    assert np.isnan(found.accuracy).all()


def test_a_critic_without_probabilities_has_no_classes(tmp_path: Path) -> None:
    found = trained(tmp_path / "a.npz", net(1), critic, 2)
    assert not found.knows_readout
    assert np.isnan(found.accuracy).all()


def test_rows_of_the_length_one_are_no_logits(tmp_path: Path) -> None:
    class Embedding(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.net = net()

        def forward(self, x: Tensor) -> Tensor:
            return F.normalize(self.net(x))

    found = trained(tmp_path / "a.npz", Embedding(), contrastive, 3, number=True, layer="output")
    assert "3 numbers a point of the length 1" in found.recipe["recorded"]["outputs"]
    assert not found.knows_readout
    assert np.isnan(found.accuracy).all()


def test_without_the_graph_an_embedding_is_seen_at_the_end(tmp_path: Path) -> None:
    def turned(model: nn.Module, x: Tensor, y: Tensor) -> Tensor:
        return F.mse_loss(model(x), 3.0 * F.one_hot((y + 1) % CLASSES, CLASSES))

    wide = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, CLASSES))
    found = trained(tmp_path / "a.npz", wide, turned, CLASSES, number=True, steps=150, layer="1")
    said = found.recipe["recorded"]["outputs"]
    assert "seen to be apart by class, and not by which one is largest, at epoch 150" in said
    assert not found.knows_readout
    assert np.isnan(found.accuracy).all()
    told = trained(tmp_path / "b.npz", net(), turned, CLASSES, number=True, classes=CLASSES)
    assert told.knows_readout


EACH: dict[str, tuple[Loss, dict[str, Any]]] = {
    "squares": (squares, {}),
    "squares, as a number": (squares, {"number": True}),
    "squares of parts": (
        lambda m, x, y: squares(m, x[::5], y[::5]), {"classes": CLASSES}
    ),
    "margins": (lambda m, x, y: F.multi_margin_loss(m(x), y), {}),
    "one against the others": (
        lambda m, x, y: F.binary_cross_entropy_with_logits(m(x), F.one_hot(y, CLASSES).float()), {}
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EACH)
def test_scores_of_classes_have_an_accuracy_and_no_cross_entropy(name: str, tmp_path: Path) -> None:
    loss, options = EACH[name]
    model = net()
    found = trained(tmp_path / "a.npz", model, loss, CLASSES, **options)
    assert found.recipe["recorded"]["outputs"] == (
        "scores of 3 classes, by a loss that makes no logits of them: no cross-entropy"
    )
    inputs, labels = data()
    accuracy = (model(inputs).argmax(1) == labels).float().mean().item()
    assert found.accuracy[-1] == pytest.approx(accuracy)
    assert np.isfinite(found.accuracy).all()
    assert np.isnan(found.cross_entropy).all()
    assert found.knows_readout


def test_rows_that_have_come_near_to_a_single_one_are_no_logits() -> None:
    ones = np.eye(CLASSES)[np.arange(POINTS) % CLASSES]
    training = Training(ones)
    assert training.is_near(ones + 0.1)
    assert not training.is_near(3 * ones)
    assert not Training(None).is_near(ones)


def focal(model: nn.Module, x: Tensor, y: Tensor) -> Tensor:
    shares = model(x).exp()
    right = (shares / shares.sum(1, keepdim=True))[torch.arange(POINTS), y]
    return (-((1 - right) ** 2) * right.log()).mean()


def with_penalty(model: nn.Module, x: Tensor, y: Tensor) -> Tensor:
    return F.cross_entropy(model(x), y) + 1e-3 * sum((p**2).sum() for p in model.parameters())


def in_parts(model: nn.Module, x: Tensor, y: Tensor) -> Tensor:
    return sum((F.cross_entropy(model(x[k::4]), y[k::4]) / 4 for k in range(4)), torch.zeros(()))


def taught(model: nn.Module, x: Tensor, y: Tensor) -> Tensor:
    wanted = F.softmax(TEACHER(x) / 2, 1).detach()
    return F.kl_div(F.log_softmax(model(x) / 2, 1), wanted, reduction="batchmean")


def played(model: nn.Module, x: Tensor, y: Tensor) -> Tensor:
    chances = torch.distributions.Categorical(logits=model(x))
    action = chances.sample()
    return -(chances.log_prob(action) * ((action == y).float() - 0.33)).mean()


TEACHER = net()

LOGITS: dict[str, Loss] = {
    "smoothed labels": lambda m, x, y: F.cross_entropy(m(x), y, label_smoothing=0.1),
    "weights": lambda m, x, y: F.cross_entropy(m(x), y, weight=torch.tensor([1.0, 5, 0.2])),
    "some ignored": lambda m, x, y: F.cross_entropy(m(x), y.where(y > 0, -100)),
    "soft targets": lambda m, x, y: F.cross_entropy(m(x), 0.9 * F.one_hot(y, 3) + 0.1 / 3),
    "by hand": lambda m, x, y: (m(x).logsumexp(1) - m(x)[torch.arange(POINTS), y]).mean(),
    "focal by hand": focal,
    "penalty": with_penalty,
    "accumulated": in_parts,
    "distilled": taught,
    "reinforced": played,
}


@pytest.mark.parametrize("number", [False, True])
@pytest.mark.parametrize("name", LOGITS)
def test_losses_of_logits_leave_them_logits(name: str, number: bool, tmp_path: Path) -> None:
    model = net()
    found = trained(tmp_path / "a.npz", model, LOGITS[name], CLASSES, number=number)
    inputs, labels = data()
    with torch.no_grad():
        logits = model(inputs)
    assert found.recipe["recorded"]["outputs"].startswith("logits of 3 classes")
    assert found.knows_readout
    entropy = F.cross_entropy(logits, labels).item()
    assert found.cross_entropy[-1] == pytest.approx(entropy, rel=1e-4)
    accuracy = (logits.argmax(1) == labels).float().mean().item()
    assert found.accuracy[-1] == pytest.approx(accuracy)


def test_a_copy_that_follows_is_what_it_says(tmp_path: Path) -> None:
    """Averages of weights: those of the loss are not those of the model that is recorded."""
    inputs, labels = data()
    model = net()
    average = copy.deepcopy(model).requires_grad_(False)
    optimiser = torch.optim.Adam(model.parameters(), 0.02)
    with Recorder(tmp_path / "a.npz", average, "3", inputs, labels) as rec:
        for _ in range(20):
            optimiser.zero_grad()
            loss = F.cross_entropy(model(inputs), labels)
            loss.backward()
            optimiser.step()
            for own, new in zip(average.parameters(), model.parameters(), strict=True):
                own.lerp_(new.detach(), 0.1)
            rec.step(loss)
    found = Trajectory.load(tmp_path / "a.npz")
    entropy = F.cross_entropy(average(inputs), labels).item()
    assert found.cross_entropy[-1] == pytest.approx(entropy, rel=1e-4)
    assert found.knows_readout


def classes(model: nn.Module, x: Tensor, y: Tensor) -> Tensor:
    return F.cross_entropy(model(x), y)


@pytest.mark.parametrize("loss", [classes, critic])
def test_a_loss_that_is_a_number_is_said_to_tell_nothing(
    loss: Loss, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    count = 2 if loss is critic else CLASSES
    model = net(1 if loss is critic else CLASSES)
    path = trained(tmp_path / "a.npz", model, loss, count, number=True)
    said = path.recipe["recorded"]["outputs"]
    assert said.endswith(
        ", if the loss compares classes, which its numbers do not tell; if not: outputs=None"
    )
    assert capsys.readouterr().err.count("which its numbers do not tell") == 1


def test_a_loss_with_its_graph_and_declared_classes_leave_no_doubt(tmp_path: Path) -> None:
    graph = trained(tmp_path / "a.npz", net(), classes, CLASSES)
    declared = trained(tmp_path / "b.npz", net(), classes, CLASSES, number=True, classes=CLASSES)
    for path in (graph, declared):
        assert path.recipe["recorded"]["outputs"] == f"logits of {CLASSES} classes"
