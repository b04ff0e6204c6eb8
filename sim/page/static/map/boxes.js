// Boxes on the map, as left, top, right and bottom: how they lie to each other and to lines.
"use strict";

/**
 * The box about a circle, a little larger.
 * @param {Circle} circle @returns {Box}
 */
function boxAbout({ x, y, r }) {
  return [x - r - 1, y - r - 1, x + r + 1, y + r + 1];
}

/**
 * How much of each other two boxes cover.
 * @param {Box} a @param {Box} b
 */
function overlap(a, b) {
  const wide = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const high = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  return wide > 0 && high > 0 ? wide * high : 0;
}

/**
 * How far two boxes are from each other.
 * @param {Box} a @param {Box} b
 */
function apart(a, b) {
  return Math.hypot(Math.max(0, a[0] - b[2], b[0] - a[2]), Math.max(0, a[1] - b[3], b[1] - a[3]));
}

/**
 * Whether a line from a name to its circle runs through a box.
 * @param {Point} from @param {Point} to @param {Box} box
 */
function crosses([x, y], [toX, toY], box) {
  return [0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85].some((part) => {
    const at = [x + part * (toX - x), y + part * (toY - y)];
    return at[0] > box[0] && at[0] < box[2] && at[1] > box[1] && at[1] < box[3];
  });
}

/**
 * Whether two lines cross, each from a point to another.
 * @param {Point} a @param {Point} b @param {Point} c @param {Point} d
 */
function cross(a, b, c, d) {
  const side = (/** @type {Point} */ p, /** @type {Point} */ q, /** @type {Point} */ r) => Math.sign((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]));
  return side(a, b, c) !== side(a, b, d) && side(c, d, a) !== side(c, d, b);
}

/** @param {number[]} values */
function least(values) {
  return values.reduce((found, value) => Math.min(found, value), Infinity);
}

/** @param {number[]} values */
function most(values) {
  return values.reduce((found, value) => Math.max(found, value), -Infinity);
}
