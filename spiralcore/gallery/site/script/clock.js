"use strict";
// The clock of the page: one time for everything that moves. What views and networks share is the
// epoch; the second of film time is where a timeline has it.

spiral.clock = (() => {
  const listeners = [];
  // Nothing passes before something says how long it lasts.
  const state = { second: 0, playing: false, speed: 1, from: -Infinity, to: Infinity };
  let timeline = null;
  // Where one is, whatever the timeline, until somebody moves on: {epoch, early, late}, where early
  // and late are the seconds before the first and after the last epoch.
  let held = null;
  let asked = null; // a second of the next timeline that is not a provisional one
  let drawn = null;
  let scheduled = false;
  let looped = false;

  /** Call `listener(state)` whenever film time, speed or playing change. */
  function listen(listener) {
    listeners.push(listener);
  }

  /** Where one is. */
  function place() {
    if (held) return held;
    if (!timeline) return null;
    const { second } = state;
    return { epoch: timeline.epochAt(second), early: Math.min(second, 0), late: Math.max(second - timeline.duration, 0) };
  }

  function secondOf({ epoch, early, late }) {
    const last = timeline.epochs[timeline.epochs.length - 1];
    if (early < 0) return early;
    if (epoch > last) return state.to;
    return epoch === last ? timeline.duration + late : timeline.secondAt(epoch);
  }

  /**
   * Follow another timeline: the epoch stays.
   *
   * @param lead seconds before its start and after its end
   * @param provisional whether another one of the same network takes its place
   */
  function follow(wanted, lead, provisional = false) {
    const where = place();
    timeline = wanted;
    Object.assign(state, { from: -lead, to: wanted.duration + lead });
    if (asked !== null) {
      state.second = asked;
      if (!provisional) asked = null;
    } else if (where) {
      held = where;
      state.second = secondOf(where);
    }
    state.second = Math.min(Math.max(state.second, state.from), state.to);
    schedule();
  }

  /** Go to a second of film time. */
  function seek(second) {
    held = null;
    asked = null;
    state.second = Math.min(Math.max(second, state.from), state.to);
    schedule();
  }

  /** Go to an epoch; to the end of what is shown, where there are fewer. */
  function seekEpoch(epoch) {
    asked = null;
    held = { epoch, early: 0, late: Infinity };
    if (timeline) state.second = Math.min(secondOf(held), state.to);
    schedule();
  }

  /** Go to a second of the timeline that is followed next. */
  function seekNext(second) {
    held = null;
    asked = second;
    state.second = second;
  }

  /** The epoch that is over, null at the very start and where none is known yet. */
  function epochOver() {
    const where = asked === null ? place() : null;
    return where && state.second > state.from + 1e-6 ? Math.floor(where.epoch + 1e-6) : null;
  }

  /** Whether the second that was asked for is not known to be of any timeline yet. */
  function waiting() {
    return asked !== null;
  }

  function play() {
    if (state.second >= state.to - 1e-6) seek(state.from);
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

  /** Whether it begins again at the end. */
  function loop(wanted) {
    looped = wanted;
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
      if (drawn !== null && Number.isFinite(state.to)) {
        held = null;
        state.second += (Math.min(now - drawn, 250) / 1000) * state.speed;
      }
      drawn = now;
      if (state.second >= state.to && looped && Number.isFinite(state.to)) {
        state.second = state.from;
        schedule();
      } else if (state.second >= state.to) {
        state.second = state.to;
        state.playing = false;
      } else {
        schedule();
      }
    } else {
      drawn = null;
    }
    tell();
  }

  /** Call all listeners now. */
  function tell() {
    for (const listener of listeners) listener(state);
  }

  return { state, listen, follow, seek, seekEpoch, seekNext, waiting, epochOver, play, pause, loop, setSpeed, schedule, tell };
})();
