"use strict";
// Numbers of a network as tables (.csv): its curves, and the paths of chosen points.

spiral.columns = (() => {
  function table(head, rows) {
    return new Blob([[head, ...rows].map((row) => `${row.join(",")}\n`).join("")], { type: "text/csv" });
  }

  /** A number as it was stored in single precision; nothing where it is unknown. */
  function written(value) {
    return Number.isFinite(value) ? String(Number(value.toPrecision(7))) : "";
  }

  /** The loss that is drawn and accuracy of every epoch, packing at those that are kept. */
  function curves({ losses, accuracy, packing, epochs, network }) {
    const kept = new Map(packing ? Array.from(epochs, (epoch, t) => [epoch, packing[t]]) : []);
    const rows = Array.from({ length: network.trained + 1 }, (_, epoch) => [
      epoch,
      written(losses ? losses[epoch] : NaN),
      written(accuracy ? accuracy[epoch] : NaN),
      written(kept.get(epoch) ?? NaN),
    ]);
    const loss = network.loss === "loss" ? "loss" : "cross_entropy";
    return table(["epoch", loss, "accuracy", "packing"], rows);
  }

  /** Where some points are at every kept epoch; points and classes are counted from 0. */
  function points({ epochs, hidden, labels, points: count }, chosen) {
    const rows = [];
    epochs.forEach((epoch, t) => {
      for (const point of chosen) {
        const n = 2 * (t * count + point);
        rows.push([epoch, point, labels[point], written(hidden[n]), written(hidden[n + 1])]);
      }
    });
    return table(["epoch", "point", "class", "x", "y"], rows);
  }

  return { curves, points };
})();
