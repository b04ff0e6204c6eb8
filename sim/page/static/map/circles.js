// Councils as circles: by population, marked when in money trouble, a double ring when merged.
"use strict";

const RING = 4; // how far the second ring of a merged council stands from its circle, in px
/** The gap that a council expects, as a share of its budget: from how much on, its word, and how full its circle is. */
const GAPS = [
  { from: 0.15, word: "large", full: 1 },
  { from: 0.1, word: "middle", full: 0.66 },
  { from: 0.05, word: "small", full: 0.33 },
];

/** @param {Council} council */
function gapOf({ expected, income }) {
  return GAPS.find(({ from }) => expected >= from * income);
}

/** @param {CouncilMap} map @param {Council} council */
function drawCouncil(map, council) {
  const { x, y, r } = known(map.at, council.code);
  const merged = council.was.length > 1, gap = gapOf(council);
  const trouble = council.distress ? "cannot balance its budget (section 114)"
    : gap ? `expects a ${gap.word} gap, ${Math.round(100 * council.expected / council.income)}% of its budget` : "";
  const words = [council.name, merged ? "merged council" : "", trouble].filter(Boolean).join(", ");
  const classes = `council ${council.tier}${map.chosen.includes(council.code) ? " chosen" : ""}`;
  return draw("g", {
    class: classes, role: "button", tabindex: -1, "aria-label": words, "data-code": council.code,
    "data-key": council.code, onclick: () => map.pick(council.code),
  },
  draw("title", {}, words),
  merged ? draw("circle", { class: "ring", cx: x, cy: y, r: r + RING }) : null,
  draw("circle", { class: "disc", cx: x, cy: y, r }),
  gap ? drawGap(gap.full, x, y, r) : null,
  council.distress ? drawTrouble(x, y, r) : null);
}

/**
 * Fill a circle from below, as a glass: the fuller, the larger the gap.
 * @param {number} full @param {number} x @param {number} y @param {number} r
 */
function drawGap(full, x, y, r) {
  if (full === 1) return draw("circle", { class: "gap", cx: x, cy: y, r: r - 1 });
  const inside = r - 1, level = inside * (1 - 2 * full), half = Math.sqrt(inside ** 2 - level ** 2);
  const path = [`M${x - half} ${y + level}`, `A${inside} ${inside} 0 ${full > 0.5 ? 1 : 0} 0 ${x + half} ${y + level}Z`];
  return draw("path", { class: "gap", d: path.join("") });
}

/**
 * A triangle within the circle: the council cannot balance its budget.
 * @param {number} x @param {number} y @param {number} r
 */
function drawTrouble(x, y, r) {
  const size = Math.max(0.75 * r, 5), top = y - 1.05 * size;
  return draw("g", { class: "trouble" },
    draw("path", { d: `M${x} ${top}l${size} ${size * 1.8}h${-2 * size}z` }),
    draw("path", { class: "bang", d: `M${x} ${top + 0.65 * size}v${0.5 * size}m0 ${0.35 * size}v0.1`, "stroke-width": 0.25 * size }));
}
