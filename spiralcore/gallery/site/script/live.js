"use strict";
// A whole trajectory, number by number as it is in its file.

spiral.live = (() => {
  /** Read-outs as slopes and offset of each class, kept epoch after kept epoch. */
  function joined(weight, bias) {
    const count = bias.data.length;
    const found = new Float32Array(3 * count);
    for (let i = 0; i < count; i++) {
      found[3 * i] = weight.data[2 * i];
      found[3 * i + 1] = weight.data[2 * i + 1];
      found[3 * i + 2] = bias.data[i];
    }
    return found;
  }

  /**
   * A trajectory from its arrays.
   *
   * @param arrays see `live.py`, or those of a trajectory file
   * @param network what the manifest says of it
   */
  function path(arrays, network) {
    const labels = arrays.labels.data;
    const found = {
      network,
      space: network.space,
      classes: network.classes,
      points: labels.length,
      epochs: arrays.epochs.data,
      labels,
      targets: arrays.targets?.data ?? null,
      hidden: spiral.coding.path(arrays.hidden),
      mean: arrays.hidden_mean ? spiral.coding.path(arrays.hidden_mean) : null,
      readout: arrays.readout_bias ? joined(arrays.readout_weight, arrays.readout_bias) : null,
      accuracy: arrays.accuracy?.data ?? null,
      entropy: arrays.cross_entropy?.data ?? null,
      losses: (network.loss === "loss" ? arrays.loss : arrays.cross_entropy)?.data ?? null,
      packing: arrays.packing?.data ?? null,
      inputs: arrays.inputs?.data ?? null,
      reach: arrays.reach?.data[0] ?? 1,
      grid: spiral.predicted.grid(arrays),
      solid: arrays.solid ? spiral.coding.path(arrays.solid) : null,
      order: spiral.discs.mixed(labels.length),
      motion: arrays.motion_seconds
        ? new spiral.timeline.Timeline(arrays.motion_seconds.data, arrays.motion_epochs.data)
        : null,
    };
    found.outside = spiral.spaces.outside(found);
    return found;
  }

  return { path };
})();
