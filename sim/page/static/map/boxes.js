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
  return [0.2, 0.4, 0.6, 0.8].some((part) => {
    const at = [x + part * (toX - x), y + part * (toY - y)];
    return at[0] > box[0] && at[0] < box[2] && at[1] > box[1] && at[1] < box[3];
  });
}

/** @param {number[]} values */
function least(values) {
  return values.reduce((found, value) => Math.min(found, value), Infinity);
}

/** @param {number[]} values */
function most(values) {
  return values.reduce((found, value) => Math.max(found, value), -Infinity);
}
