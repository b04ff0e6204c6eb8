// A run as it is kept in a file: councils and deals hold only what is new since the frame before.
"use strict";

const BEFORE = -1; // the date of what was there before the run began

/**
 * Give every frame all that it shows.
 * @param {PackedRun} run
 */
function unpacked(run) {
  const held = new Map();
  for (const { q, ...sides } of run.frames) {
    for (const [side, frame] of Object.entries(sides)) {
      const whole = (/** @type {string} */ place, /** @type {object} */ one) => {
        held.set(place, { ...held.get(place), ...one });
        return held.get(place);
      };
      frame.councils = frame.councils.map((one) => whole(`${side} councils ${one.code}`, one));
      frame.deals = frame.deals.map((one) => whole(`${side} deals ${one.n}`, one));
    }
  }
  return /** @type {KeptRun} */ (run);
}

/**
 * What to say of an explanation that is not there: left out, or nothing to tell.
 * @param {KeptRun} run @param {string} beginning @param {string} words
 */
function absent(run, beginning, words) {
  const left = run.left_out.some((what) => what.startsWith(beginning));
  return left ? "This file leaves out explanations, so that it stays small enough to send. The program's page has them." : words;
}

/**
 * Say what the file leaves out.
 * @param {KeptRun} run
 */
function tellLeftOut(run) {
  if (!run.left_out.length) return;
  const box = byId("notice");
  const close = make("button", { type: "button", onclick: () => { box.hidden = true; } }, "Close");
  box.replaceChildren(make("span", {}, `So that it stays small enough to send, this file leaves out ${run.left_out.join("; ")}.`), close);
  box.hidden = false;
}
