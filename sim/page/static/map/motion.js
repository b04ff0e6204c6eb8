// What moves on the map when a quarter passes: an approach travels, a signing thickens, a break snaps.
"use strict";

const MOVING_MS = 450; // how long each takes
const MOVING_MOST = 30; // so many at once, the rest stands still
const STILL = matchMedia("(prefers-reduced-motion: reduce)");

/** Whether the person at the page wants things to move. */
function moves() {
  return !STILL.matches && byId("speed").value !== "0";
}

/**
 * Show what happened in the quarter that is drawn, against the one before it.
 * @param {CouncilMap} map
 */
function animate(map) {
  const [before, frame] = map.frames.slice(-2);
  if (!frame || !moves()) return;
  const layer = all(".motion", map.svg)[0];
  const seen = frame.events.filter((event) => event.who.length > 1).slice(-8 * MOVING_MOST);
  const asked = seen.filter((event) => event.kind === "approaches").slice(0, MOVING_MOST);
  for (const { who } of asked) travel(map, layer, who);
  for (const deal of frame.deals.slice(0, 8 * MOVING_MOST)) {
    const old = before.deals.find((one) => one.n === deal.n);
    if (deal.kind !== "talks" && old?.kind !== deal.kind) thicken(map, deal);
  }
  const gone = before.deals.filter((deal) => !frame.deals.some((one) => one.n === deal.n)).slice(0, MOVING_MOST);
  for (const deal of gone) snap(map, layer, deal);
}

/**
 * A dot goes from who asks to who is asked.
 * @param {CouncilMap} map @param {Element} layer @param {string[]} who
 */
function travel(map, layer, [from, to]) {
  const [a, b] = [map.at.get(from), map.at.get(to)];
  if (!a || !b) return;
  const dot = draw("circle", { class: "asks", r: map.lens.many ? 3 : 6 });
  layer.append(dot);
  const way = [a, b].map(({ x, y }) => ({ transform: `translate(${x}px, ${y}px)` }));
  play(dot, way, () => dot.remove());
}

/**
 * The line of a new agreement grows from a thread to its width.
 * @param {CouncilMap} map @param {Deal} deal
 */
function thicken(map, { kind, who }) {
  const lines = who.slice(1).flatMap((code) => all(`.link[data-key="${CSS.escape(linkKey(kind, [who[0], code]))}"] .line`, map.svg));
  for (const line of lines) play(line, [{ strokeWidth: "0px" }, { strokeWidth: "14px" }, {}], () => {});
}

/**
 * The line of what failed or ended breaks in the middle, and its ends draw back.
 * @param {CouncilMap} map @param {Element} layer @param {Deal} deal
 */
function snap(map, layer, { kind, who }) {
  for (const code of who.slice(1)) {
    const [a, b] = [map.at.get(who[0]), map.at.get(code)];
    if (!a || !b) continue;
    const middle = `${(a.x + b.x) / 2} ${(a.y + b.y) / 2}`;
    for (const { x, y } of [a, b]) {
      const half = draw("path", { class: "snaps", d: `M${x} ${y}L${middle}`, pathLength: 1, "stroke-dasharray": 1 });
      const broken = draw("g", { class: `link ${kind}` }, half);
      layer.append(broken);
      play(half, [{ strokeDashoffset: "0" }, { strokeDashoffset: "1" }], () => broken.remove());
    }
  }
}

/** @param {Element} element @param {Keyframe[]} steps @param {() => void} after */
function play(element, steps, after) {
  element.animate(steps, { duration: MOVING_MS, easing: "ease-in-out" }).finished.then(after, after);
}
