// Two sides on one map: what is in one of them only, and what in both.
"use strict";

/** @type {Record<On, { title: string, letter: string }>} */
const ONS = {
  a: { title: "Only in A", letter: "A" }, b: { title: "Only in B", letter: "B" }, ab: { title: "In both", letter: "" },
};

/**
 * Frames of two sides in one: every council of either, and in the last every pair that shares something; talks are left out.
 * @param {Row[]} rows
 */
function bothFrames(rows) {
  return rows.flatMap(({ a, b }, k) => (b ? [bothOf(a, b, k === rows.length - 1)] : []));
}

/**
 * @param {Frame} a @param {Frame} b @param {boolean} last @returns {Both}
 */
function bothOf(a, b, last) {
  const codes = new Set(a.councils.map((one) => one.code)), others = new Set(b.councils.map((one) => one.code));
  const on = /** @type {Map<string, On>} */ (new Map());
  for (const code of codes) if (!others.has(code)) on.set(code, "a");
  for (const code of others) if (!codes.has(code)) on.set(code, "b");
  const councils = [...a.councils, ...b.councils.filter((one) => !codes.has(one.code))];
  return { ...a, councils, on, bundles: last ? bundlesOfBoth(agreed(a), agreed(b)) : [], events: [] };
}

/** @param {Frame} frame */
function agreed(frame) {
  return frame.deals.filter((deal) => deal.kind !== "talks");
}

/**
 * The links of both sides; each says on which of them the two share something of its kind.
 * @param {Deal[]} a @param {Deal[]} b @returns {Bundle[]}
 */
function bundlesOfBoth(a, b) {
  const found = /** @type {Map<string, Bundle>} */ (new Map());
  for (const bundle of [...bundlesOf(a), ...bundlesOf(b)]) {
    const { ends, kind } = bundle, key = `${[...ends].sort().join("|")}|${kind}`;
    if (found.has(key)) continue;
    const shared = [a, b].map((deals) => deals.filter((deal) => deal.kind === kind && ends.every((code) => deal.who.includes(code))));
    const on = /** @type {On} */ ((shared[0].length ? "a" : "") + (shared[1].length ? "b" : ""));
    found.set(key, { ends, kind, on, deals: shared[0].length ? shared[0] : shared[1] });
  }
  return [...found.values()];
}

/** @param {number} x @param {number} y @param {On} on */
function drawLetter(x, y, on) {
  return draw("g", { class: "letter" }, draw("circle", { cx: x, cy: y, r: 10 }), draw("text", { x, y: y + 5.5 }, ONS[on].letter));
}

/**
 * Draw what the lines mean on one map of both sides.
 * @param {HTMLElement} list
 */
function drawLegendOfBoth(list) {
  const line = (/** @type {On} */ on, deep = false) => draw("svg", { viewBox: "0 0 60 20", "aria-hidden": "true" },
    draw("g", { class: `link ${deep ? "management" : "service"} on-${on}` }, draw("path", { class: "line", d: "M2 10H58" }), on === "ab" ? null : drawLetter(30, 10, on)));
  list.replaceChildren(
    ...Object.entries(ONS).map(([on, { title, letter }]) => make("li", {}, line(/** @type {On} */ (on)), letter ? `${title}: ${letter === "A" ? "whole" : "broken"} line with ${letter}` : `${title}: plain line`)),
    make("li", {}, line("ab", true), "Thick: management or merger"), make("li", {}, "Talks are not drawn here"));
}
