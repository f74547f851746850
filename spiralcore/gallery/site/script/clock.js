"use strict";
// The clock of the page: one film time for everything that moves.

spiral.clock = (() => {
  const listeners = [];
  // Nothing passes before something says how long it lasts.
  const state = { second: 0, playing: false, speed: 1, from: -Infinity, to: Infinity };
  let drawn = null;
  let scheduled = false;

  /** Call `listener(state)` whenever film time, speed or playing change. */
  function listen(listener) {
    listeners.push(listener);
  }

  function span(from, to) {
    Object.assign(state, { from, to });
    seek(state.second);
  }

  function seek(second) {
    state.second = Math.min(Math.max(second, state.from), state.to);
    schedule();
  }

  function play() {
    if (state.second >= state.to - 1e-6) state.second = state.from;
    state.playing = true;
    drawn = null;
    schedule();
  }

  function pause() {
    state.playing = false;
    schedule();
  }

  function setSpeed(speed) {
    state.speed = speed;
    schedule();
  }

  /** Ask for everything to be drawn anew. */
  function schedule() {
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(tick);
  }

  function tick(now) {
    scheduled = false;
    if (state.playing) {
      // A tab that was in the background goes on where it was.
      if (drawn !== null && Number.isFinite(state.to)) state.second += (Math.min(now - drawn, 250) / 1000) * state.speed;
      drawn = now;
      if (state.second >= state.to) {
        state.second = state.to;
        state.playing = false;
      } else {
        schedule();
      }
    } else {
      drawn = null;
    }
    for (const listener of listeners) listener(state);
  }

  return { state, listen, span, seek, play, pause, setSpeed, schedule };
})();
