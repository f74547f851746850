"""Models in the idioms of tutorials, and what each says of the classes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - as everybody calls it

POINTS, CLASSES = 60, 3


@dataclass
class Kind:
    """One kind of training.

    Attributes
    ----------
    make
        The model.
    layer
        What is recorded.
    units
        Of it.
    readout
        Whether there is one, and which.
    options
        Of the recorder.
    points
        The inputs.
    labels
        The labels.
    logits
        What the model says of the classes, from its output; None if it says nothing of them.
    shares
        Whether that are probabilities.
    names
        Of classes.
    activation
        That the file should have.
    """

    make: Callable[[], nn.Module]
    layer: Any
    units: int = 2
    readout: str | None = None
    options: dict[str, Any] = field(default_factory=dict)
    points: Callable[[], Any] = lambda: torch.randn(POINTS, 4)
    labels: Callable[[], Any] = lambda: torch.arange(POINTS) % CLASSES
    logits: Callable[[Any], Tensor] | None = lambda output: output
    shares: bool = False
    names: list[str] | None = None
    activation: str | None = None


class Made(nn.Module):
    """A model of layers and a function, so that each kind takes a line."""

    def __init__(self, forward: Callable[..., Any], **layers: nn.Module) -> None:
        super().__init__()
        for name, layer in layers.items():
            self.add_module(name, layer)
        self.run = forward

    def forward(self, *inputs: Any, **named: Any) -> Any:
        return self.run(self, *inputs, **named)


def net(run: Callable[..., Any], units: int = 2, outputs: int = CLASSES, **more: nn.Module) -> Made:
    return Made(
        run,
        fc1=nn.Linear(4, 16),
        fc2=nn.Linear(16, units),
        act=nn.Tanh(),
        head=nn.Linear(units, outputs),
        **more,
    )


def small(run: Callable[..., Any], head: nn.Module) -> Made:
    return Made(run, fc=nn.Linear(4, 2), head=head)


def heads(m: Any, x: Tensor) -> tuple[Tensor, Tensor]:
    h = hidden(m, x)
    return m.head(h), m.aux(h)


def both(logit: Tensor) -> dict[str, Tensor]:
    return {"p": torch.sigmoid(logit), "z": logit}


def beside(m: Any, x: Tensor) -> Tensor:
    h = hidden(m, x)
    return m.out(torch.relu(m.mid(h))) + 0 * m.head(h)


def variational(m: Any, x: Tensor) -> tuple[Tensor, Tensor]:
    h = hidden(m, x)
    return m.back(h), h


def hidden(m: Any, x: Tensor) -> Tensor:
    return m.act(m.fc2(torch.relu(m.fc1(x))))


class Masked(nn.Linear):
    def forward(self, x: Tensor) -> Tensor:
        mask = torch.ones_like(self.weight)
        mask[0, 0] = 0
        return F.linear(x, self.weight * mask, self.bias)


class Cosine(nn.Linear):
    def forward(self, x: Tensor) -> Tensor:
        return 5 * F.linear(F.normalize(x), F.normalize(self.weight))


class Shared(nn.Module):
    """One activation module for all layers."""

    def __init__(self) -> None:
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(4, 16), nn.Linear(16, 2)
        self.relu, self.head = nn.ReLU(), nn.Linear(2, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.relu(self.fc2(self.relu(self.fc1(x)))))


class Bare(nn.Module):
    """A read-out whose weights are parameters of the model itself, units times classes."""

    def __init__(self, units: int = 2) -> None:
        super().__init__()
        self.fc = nn.Linear(4, units)
        self.W = nn.Parameter(torch.randn(units, CLASSES))
        self.b = nn.Parameter(torch.randn(CLASSES))

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(x) @ self.W + self.b


class Ids(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.emb = nn.Embedding(20, 8, max_norm=1.0)
        self.fc, self.head = nn.Linear(8, 2), nn.Linear(2, CLASSES)

    def forward(self, ids: Tensor) -> Tensor:
        return self.head(self.fc(self.emb(ids)))


class Sequences(nn.Module):
    def __init__(self, last: bool = False) -> None:
        super().__init__()
        self.lstm, self.head = nn.LSTM(4, 2, batch_first=True), nn.Linear(2, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        out, _ = self.lstm(x)
        return self.head(out[:, -1])


class Attention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.put, self.att = nn.Linear(4, 4), nn.MultiheadAttention(4, 2, batch_first=True)
        self.head = nn.Linear(4, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        x = self.put(x)
        out, _ = self.att(x, x, x)
        return self.head(out.mean(1))


def mlp(
    outputs: int = CLASSES, activation: type[nn.Module] = nn.Tanh, inputs: int = 4
) -> nn.Module:
    return nn.Sequential(
        nn.Linear(inputs, 16), activation(), nn.Linear(16, 2), activation(), nn.Linear(2, outputs)
    )


def one_hot() -> Tensor:
    return F.one_hot(torch.arange(POINTS) % CLASSES, CLASSES)


def two() -> Tensor:
    return (torch.arange(POINTS) % 2).float()[:, None]


def images() -> Tensor:
    return torch.randn(POINTS, 1, 6, 6)


def conv() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(64, 2),
        nn.Dropout(0.3), nn.Linear(2, CLASSES),
    )  # fmt: skip


def batches() -> Any:
    x, y = torch.randn(POINTS, 4), torch.arange(POINTS) % CLASSES
    data = torch.utils.data.TensorDataset(x, y)
    return torch.utils.data.DataLoader(data, batch_size=17, shuffle=True)


def dictionaries() -> Any:
    rows = [{"x": torch.randn(4), "labels": i % CLASSES} for i in range(POINTS)]
    return torch.utils.data.DataLoader(rows, batch_size=13)


KINDS: dict[str, Kind] = {
    "plain": Kind(mlp, "3", readout="4", activation="tanh"),
    "by number": Kind(mlp, -2, readout="4", activation="tanh"),
    "inner layer": Kind(
        lambda: nn.Sequential(
            nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 6), nn.ReLU(), nn.Linear(6, 3)
        ),
        "1", units=8, activation="relu",
    ),
    "before the activation": Kind(mlp, "2"),
    "autoencoder": Kind(
        lambda: nn.Sequential(nn.Linear(4, 2), nn.Linear(2, 4)), "0", logits=None
    ),
    "variational": Kind(
        lambda: net(variational, back=nn.Linear(2, 4)), "fc2",
        logits=None,
    ),
    "contrastive, no labels": Kind(
        lambda: net(lambda m, x: F.normalize(m.fc2(m.fc1(x)))), "fc2", labels=lambda: None,
        logits=None,
    ),
    "auxiliary head": Kind(
        lambda: net(beside, mid=nn.Linear(2, 5), out=nn.Linear(5, CLASSES)),
        "act", activation="tanh",
    ),
    "two heads in a tuple": Kind(
        lambda: net(heads, aux=nn.Linear(2, 7)),
        "act", readout="head", logits=lambda o: o[0], activation="tanh",
    ),
    "several fitting parts": Kind(
        lambda: net(heads, aux=nn.Linear(2, 3)),
        "act", logits=None, activation="tanh",
    ),
    "several parts, told": Kind(
        lambda: net(heads, aux=nn.Linear(2, 3)),
        "act", readout="aux", logits=lambda o: o[1], options={"outputs": 1}, activation="tanh",
    ),
    "logits and what they mean": Kind(
        lambda: net(lambda m, x: (m.head(hidden(m, x)), m.head(hidden(m, x)).softmax(1))), "act",
        readout="head", logits=lambda o: o[0], options={"call": 1}, activation="tanh",
    ),
    "a logit and what it means": Kind(
        lambda: Made(lambda m, x: both(m.net(x)), net=mlp(1)), "net.3", readout="net.4",
        labels=two, logits=lambda o: torch.cat([torch.zeros_like(o["p"]), o["p"].logit()], 1),
        activation="tanh",
    ),
    "a sequence of one": Kind(
        lambda: Made(lambda m, x: m.net(x)[:, None], net=mlp()), "net.3", readout="net.4",
        logits=lambda o: o[:, 0], activation="tanh",
    ),
    "classes as channels": Kind(
        lambda: nn.Sequential(nn.Conv2d(1, 2, 6), nn.Conv2d(2, 3, 1)), "0",
        readout="1", points=images, logits=lambda o: o[:, :, 0, 0],
    ),
    "squashed scores of -1 and 1": Kind(
        lambda: nn.Sequential(mlp(1), nn.Tanh(), nn.ReLU()), "0.3", names=["-1", "1"],
        labels=lambda: 2 * two() - 1, activation="tanh",
        logits=lambda o: torch.cat([torch.zeros_like(o), o], 1),
    ),
    "dictionary": Kind(
        lambda: net(lambda m, x: {"loss": 0.0, "logits": m.head(hidden(m, x)), "z": x}), "act",
        readout="head", logits=lambda o: o["logits"], activation="tanh",
    ),
    "object": Kind(
        lambda: net(lambda m, x: SimpleNamespace(logits=m.head(hidden(m, x)))), "act",
        readout="head", logits=lambda o: o.logits, activation="tanh",
    ),
    "residual": Kind(
        lambda: net(lambda m, x: m.head(hidden(m, x)) + m.skip(x), skip=nn.Linear(4, 3)), "act",
        activation="tanh",
    ),
    "residual that begins with 0": Kind(
        lambda: zeroed(net(lambda m, x: m.head(hidden(m, x)) + m.skip(x), skip=nn.Linear(4, 3))),
        "act", activation="tanh",
    ),
    "temperature": Kind(
        lambda: net(lambda m, x: m.head(hidden(m, x)) / 0.07), "act", readout="head",
        activation="tanh",
    ),
    "learned scale": Kind(
        lambda: scaled(net(lambda m, x: m.head(hidden(m, x)) * m.scale.exp())), "act",
        readout="head", activation="tanh",
    ),
    "negative scale": Kind(
        lambda: net(lambda m, x: -m.head(hidden(m, x))), "act", activation="tanh"
    ),
    "log-softmax": Kind(
        lambda: net(lambda m, x: F.log_softmax(m.head(hidden(m, x)), 1)), "act", readout="head",
        activation="tanh",
    ),
    "softmax": Kind(
        lambda: net(lambda m, x: torch.softmax(m.head(hidden(m, x)), 1)), "act", readout="head",
        shares=True, activation="tanh",
    ),
    "softmax with temperature": Kind(
        lambda: net(lambda m, x: torch.softmax(m.head(hidden(m, x)) / 0.5, 1)), "act",
        readout="head", shares=True, activation="tanh",
    ),
    "softmax of an inner layer": Kind(
        lambda: net(lambda m, x: torch.softmax(m.head(hidden(m, x)), 1)), "fc1", units=16,
        shares=True,
    ),
    "sigmoids of many": Kind(
        lambda: net(lambda m, x: torch.sigmoid(m.head(hidden(m, x)))), "act", logits=None,
        activation="tanh",
    ),
    "masked": Kind(
        lambda: small(lambda m, x: m.head(torch.tanh(m.fc(x))), Masked(2, 3)),
        "fc", activation="tanh", options={"activation": "tanh"},
    ),
    "cosine": Kind(
        lambda: small(lambda m, x: m.head(m.fc(x)), Cosine(2, 3)), "fc"
    ),
    "shared activation": Kind(
        Shared, "relu", readout="head", options={"call": 1}, activation="relu"
    ),
    "functional activation": Kind(
        lambda: small(lambda m, x: m.head(F.relu(m.fc(x))), nn.Linear(2, 3)),
        "fc", readout="head", options={"activation": "relu"}, activation="relu",
    ),
    "functional activation, unknown": Kind(
        lambda: small(lambda m, x: m.head(F.relu(m.fc(x))), nn.Linear(2, 3)),
        "fc",
    ),
    "one logit": Kind(
        lambda: mlp(1), "3", readout="4", labels=two, activation="tanh",
        logits=lambda o: torch.cat([torch.zeros_like(o), o], 1),
    ),
    "one logit, flat": Kind(
        lambda: net(lambda m, x: m.head(hidden(m, x)).squeeze(1), outputs=1), "act", readout="head",
        labels=lambda: torch.arange(POINTS) % 2 == 1, names=["False", "True"], activation="tanh",
        logits=lambda o: torch.stack([torch.zeros_like(o), o], 1),
    ),
    "one probability": Kind(
        lambda: nn.Sequential(mlp(1), nn.Sigmoid()), "0.3", readout="0.4", labels=two, shares=True,
        logits=lambda o: torch.cat([1 - o, o], 1), activation="tanh",
    ),
    "parameters without a module": Kind(Bare, "fc", readout="W + b"),
    "square parameters": Kind(lambda: Bare(3), "fc", units=3, readout="W, turned + b"),
    "spectral norm": Kind(
        lambda: spectral(mlp()), "3", readout="4", activation="tanh"
    ),
    "weight norm": Kind(
        lambda: normed(mlp()), "3", readout="4", activation="tanh"
    ),
    "convolutional": Kind(conv, "4", readout="6", points=images),
    "one by one convolution": Kind(
        lambda: nn.Sequential(nn.Conv2d(1, 2, 6), nn.Conv2d(2, 3, 1), nn.Flatten()), "0",
        readout="1", points=images,
    ),
    "token ids": Kind(
        Ids, "fc", readout="head", points=lambda: torch.arange(POINTS) % 20
    ),
    "two inputs": Kind(
        lambda: net(lambda m, x, more: m.head(hidden(m, x + more))), "act", readout="head",
        points=lambda: (torch.randn(POINTS, 4), torch.randn(POINTS, 4)), activation="tanh",
    ),
    "named inputs": Kind(
        lambda: net(lambda m, x, shift: m.head(hidden(m, x + shift))), "act", readout="head",
        points=lambda: {"x": torch.randn(POINTS, 4), "shift": torch.randn(POINTS, 4)},
        activation="tanh",
    ),
    "loader": Kind(
        mlp, "3", readout="4", points=batches, labels=lambda: None, activation="tanh"
    ),
    "loader of dictionaries": Kind(
        lambda: net(lambda m, x: m.head(hidden(m, x))), "act", readout="head", points=dictionaries,
        labels=lambda: None, activation="tanh",
    ),
    "output": Kind(lambda: mlp(), "output", units=3, readout="the layer itself"),
    "last layer by name": Kind(lambda: mlp(), "4", units=3, readout="the layer itself"),
    "embedding of two as output": Kind(
        lambda: nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 2)), "output", logits=None,
    ),
    "LSTM": Kind(
        Sequences, "lstm", readout="head", points=lambda: torch.randn(POINTS, 7, 4),
        options={"output": lambda given: given[0][:, -1]},
    ),
    "attention": Kind(
        Attention, "att", units=4, readout="head", points=lambda: torch.randn(POINTS, 5, 4),
        options={"output": lambda given: given[0].mean(1)},
    ),
    "texts": Kind(
        mlp, "3", readout="4", labels=lambda: ["bird", "cat", "dog"] * (POINTS // 3),
        names=["bird", "cat", "dog"], activation="tanh",
    ),
    "from 1": Kind(
        mlp, "3", readout="4", labels=lambda: torch.arange(POINTS) % CLASSES + 1,
        names=["1", "2", "3"], activation="tanh",
    ),
    "any integers": Kind(
        mlp, "3", readout="4", labels=lambda: (torch.arange(POINTS) % CLASSES) * 10 - 10,
        names=["-10", "0", "10"], activation="tanh",
    ),
    "one-hot": Kind(mlp, "3", readout="4", labels=one_hot, activation="tanh"),
    "column": Kind(
        mlp, "3", readout="4", labels=lambda: (torch.arange(POINTS) % CLASSES)[:, None],
        activation="tanh",
    ),
    "some of the classes": Kind(
        lambda: mlp(8), "3", readout="4", options={"classes": 8}, activation="tanh"
    ),
    "some of the classes, untold": Kind(lambda: mlp(8), "3", logits=None, activation="tanh"),
    "double precision": Kind(
        lambda: mlp().double(), "3", readout="4", activation="tanh"
    ),
    "bfloat16": Kind(lambda: mlp().bfloat16(), "3", readout="4", activation="tanh"),
    "compiled": Kind(
        lambda: torch.compile(mlp(), backend="eager"), "3", readout="4", activation="tanh"
    ),
    "compiled part": Kind(
        lambda: nn.Sequential(torch.compile(mlp(5), backend="eager"), nn.Tanh(), nn.Linear(5, 3)),
        "1",
        units=5, readout="2", activation="tanh",
    ),
    "compiled in place": Kind(lambda: compiled(mlp()), "3", readout="4", activation="tanh"),
    "compiled forward": Kind(
        lambda: compiled_forward(mlp()), "3", readout="4", activation="tanh"
    ),
    "parallel": Kind(
        lambda: nn.DataParallel(mlp()), "module.3", readout="4", activation="tanh"
    ),
    "in place": Kind(
        lambda: nn.Sequential(nn.ReLU(inplace=True), nn.Linear(4, 2), nn.ReLU(inplace=True),
                              nn.Linear(2, 3)),
        "2", readout="3", activation="relu",
    ),
    "dropout that never rests": Kind(
        lambda: net(lambda m, x: m.head(F.dropout(hidden(m, x), 0.5))), "act",
        activation="tanh",
    ),
}  # fmt: skip
"""All kinds that are tried."""


def zeroed(model: Any) -> nn.Module:
    nn.init.zeros_(model.skip.weight)
    nn.init.zeros_(model.skip.bias)
    return model


def scaled(model: nn.Module) -> nn.Module:
    model.register_parameter("scale", nn.Parameter(torch.tensor(0.5)))
    return model


def spectral(model: Any) -> nn.Module:
    nn.utils.parametrizations.spectral_norm(model[4])
    nn.utils.parametrizations.spectral_norm(model[2])
    return model


def normed(model: Any) -> nn.Module:
    nn.utils.parametrizations.weight_norm(model[4])
    return model


def compiled_forward(model: Any) -> nn.Module:
    model.forward = torch.compile(model.forward, backend="eager")
    return model


def compiled(model: nn.Module) -> nn.Module:
    model.compile(backend="eager")
    return model
