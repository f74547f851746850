"use strict";
// The worker that trains, from the page's side: what it is told, and what it tells.

spiral.trainer = (() => {
  let starting = null; // a promise of the worker
  let heard = {};
  let recorded = null;

  /** Begin to listen: {state, points, failed} are called with what the worker tells. */
  function listen(listeners) {
    heard = listeners;
  }

  /** The worker, once: a promise. Where its program could not be loaded, it is tried again. */
  function started() {
    starting ??= start().catch((error) => {
      starting = null;
      throw error;
    });
    return starting;
  }

  /** Load the worker's program, which comes as a part of the page, and start it. */
  async function start() {
    const { source, core } = spiral.parts.facts("worker") ?? (await spiral.parts.loadFacts("worker", "data/worker.js"));
    const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    const worker = new Worker(address);
    worker.onmessage = ({ data }) => {
      if (data.kind === "record") recorded?.(data);
      else heard[data.kind]?.(data);
    };
    worker.onerror = (event) => heard.failed({ text: event.message || "The worker that trains could not be started." });
    worker.postMessage({ kind: "core", bytes: core && !plain() ? spiral.parts.bytes([core]) : null });
    return worker;
  }

  /** Whether plain JavaScript is asked for in the address, to compare. */
  function plain() {
    return spiral.address.read().core === "plain";
  }

  /** Tell the worker something; what it is told before it is there waits for it. */
  async function tell(message) {
    try {
      (await started()).postMessage(message);
    } catch (error) {
      heard.failed({ text: error.message });
    }
  }

  /** The record of the run up to now: a promise. */
  function record() {
    return new Promise((resolve) => {
      recorded = resolve;
      tell({ kind: "record" });
    });
  }

  return { listen, tell, record };
})();
