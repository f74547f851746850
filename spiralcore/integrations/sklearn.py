"""Recording networks of scikit-learn that somebody's loop trains by `partial_fit`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import numpy as np
import sklearn
from numpy.typing import NDArray
from sklearn.neural_network import MLPClassifier, MLPRegressor

from spiralcore.errors import UsageError
from spiralcore.integrations.looking import Look, ModelRecorder, Pair
from spiralcore.recording.classes import Labels
from spiralcore.recording.record import Record
from spiralcore.recording.record_file import RecordBlock
from spiralcore.registry.activations import ACTIVATIONS

NAMES = {"logistic": "sigmoid"}
"""What scikit-learn calls activations that have another name here."""


class SklearnRecorder(RecordBlock):
    """Records the hidden layer of an `MLPClassifier` or `MLPRegressor`.

    ::

        with SklearnRecorder("mine.npz", model, inputs=x, labels=y) as rec:
            for epoch in range(100):
                model.partial_fit(x, y, classes=[0, 1, 2])
                rec.step()

    A model has no weights before it has seen data: the record begins with the first step then. Of a
    model that is trained already, it begins with the block.

    Parameters
    ----------
    path, inputs, labels, options
        See `spiralcore.ArrayRecorder`.
    model
        The estimator.
    layer
        Number of the hidden layer, counted from 0 or, if negative, from the end.
    """

    def __init__(
        self,
        path: str | Path,
        model: MLPClassifier | MLPRegressor,
        inputs: Any,
        labels: Any = None,
        *,
        layer: int = -1,
        **options: Any,
    ) -> None:
        if not isinstance(model, MLPClassifier | MLPRegressor):
            raise UsageError(
                f"The model is a {type(model).__name__}, of which no hidden layer is known.",
                "an MLPClassifier or an MLPRegressor.",
                "spiralcore.ArrayRecorder, which takes arrays of any model",
            )
        self._model, self._layer, self._labels = model, layer, labels
        inputs = inputs.toarray() if hasattr(inputs, "toarray") else inputs
        self._inputs = inputs if hasattr(inputs, "columns") else np.asarray(inputs)
        self._options, self._path = options, path
        self._recorder: ModelRecorder | None = None
        # What can be said of the labels is said now; classes are known when the model is.
        Labels.of(
            labels, len(self._inputs), None, options.get("class_names"), options.get("targets")
        )

    def __enter__(self) -> Self:
        if hasattr(self._model, "coefs_"):
            self.step()
        return self

    def step(self, loss: float | None = None, *, at: int | None = None) -> None:
        """Record the model as it is now: one more epoch is over.

        Parameters
        ----------
        loss
            What the training minimises; that of the model, ``loss_``, where it is left out.
        at
            See `spiralcore.Recorder.step`.

        Raises
        ------
        UsageError
            If the model has not been trained yet, or something cannot be recorded.
        """
        if not hasattr(self._model, "coefs_"):
            raise UsageError(
                "The model has no weights yet.",
                "a step after it has seen data.",
                "model.partial_fit(x, y, classes=...) before rec.step()",
            )
        if self._recorder is None:
            self._recorder = self._begun()
        if loss is None:
            loss = getattr(self._model, "loss_", None) if self._recorder.epoch else None
        self._recorder.step(loss, at=at)

    @property
    def _record(self) -> Record:  # type: ignore[override]
        if self._recorder is None:
            raise AttributeError("nothing has been recorded yet")
        return self._recorder._record

    def close(self) -> None:
        """Write the file, where there is no block to end."""
        if self._recorder is not None:
            self._recorder.close()

    def _begun(self) -> ModelRecorder:
        model = self._model
        hidden = len(model.coefs_) - 1
        if not -hidden <= self._layer < hidden:
            raise UsageError(
                f"The model has no hidden layer {self._layer}.",
                f"one of 0 to {hidden - 1}, or of -{hidden} to -1.",
            )
        number = self._layer % hidden
        activation = NAMES.get(model.activation, model.activation)
        options: dict[str, Any] = {
            "activation": activation if activation in ACTIVATIONS else None,
            **self._options,
        }
        labels = self._labels
        if isinstance(model, MLPClassifier):
            labels, more = _among(model.classes_, labels, len(self._inputs))
            options = {**more, **options}
        else:
            options = {"outputs": None, **options}
        points = np.asarray(self._inputs, np.float32)
        frameworks = {"scikit-learn": sklearn.__version__}
        return ModelRecorder(
            self._path, points, labels, lambda: self._look(number),
            layer=f"hidden layer {number}", model=type(model).__name__, frameworks=frameworks,
            **options,
        )  # fmt: skip

    def _look(self, number: int) -> Look:
        model = self._model
        apply = _ACTIVATIONS[model.activation]
        values = np.asarray(self._inputs)
        for weight, bias in zip(
            model.coefs_[: number + 1], model.intercepts_[: number + 1], strict=True
        ):
            values = apply(values @ weight + bias)
        output = None
        if isinstance(model, MLPClassifier):
            output = model.predict_proba(self._inputs)
            if len(model.classes_) == 2 and model.n_outputs_ == 1:
                output = output[:, 1]  # one logit, as its read-out has it
        return Look([values], output, self._readouts)

    def _readouts(self, units: int, outputs: int) -> dict[str, Pair]:
        weight, bias = self._model.coefs_[-1], self._model.intercepts_[-1]
        return {"last layer": (weight.T, bias)} if weight.shape == (units, outputs) else {}


def _logistic(values: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(0.5 * (1 + np.tanh(0.5 * values)))


_ACTIVATIONS: dict[str, Callable[[NDArray[Any]], NDArray[Any]]] = {
    "identity": lambda values: values,
    "logistic": _logistic,
    "relu": lambda values: np.maximum(values, 0),
    "tanh": np.tanh,
}


def _among(known: NDArray[Any], labels: Any, points: int) -> tuple[Any, dict[str, Any]]:
    """Numbers of labels among the classes that a model knows, and what these are called.

    Raises
    ------
    UsageError
        If a label is none of them.
    """
    names = [str(name) for name in known.tolist()]
    plain = known.tolist() == list(range(len(known)))
    more: dict[str, Any] = {"classes": len(known)} if plain else {"class_names": names}
    if labels is None:
        return None, more
    given = Labels.of(labels, points)
    if given.targets is not None:
        raise UsageError("The labels are measured values.", f"some of {', '.join(names)}.")
    wanted = [name if not given.numbers else int(name) for name in given.values]
    texts = {(int(k) if given.numbers else str(k)): i for i, k in enumerate(known.tolist())}
    missing = next((name for name in wanted if name not in texts), None)
    if missing is not None:
        raise UsageError(
            f"The labels hold {missing!r:.80}, which is none of the model's classes.",
            f"labels that are some of {', '.join(names)}.",
        )
    return np.array([texts[name] for name in wanted])[given.codes], more


__all__ = ["SklearnRecorder"]
