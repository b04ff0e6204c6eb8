// How a name is written on the map: shortened, in one line or two, and how wide it stands.
"use strict";

const PEN = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
const LINE_MOST = 21; // letters in one line of a name

/**
 * Shorten a name for the map.
 * @param {string} name
 */
function shorten(name) {
  return name
    .replace(" and ", " & ")
    .replace(" upon ", "-u-")
    .replace(" Cambridgeshire", " Cambs")
    .replace(/\b(North|South|East|West) (?=\w+ ?\w*$)/, (word) => (name.length > 18 ? `${word[0]}. ` : word));
}

/**
 * Write a name in one line or in two; one that is too long for both is cut.
 * @param {string} name
 */
function linesOf(name) {
  const cut = (/** @type {string} */ text) => (text.length > LINE_MOST ? `${text.slice(0, LINE_MOST - 1).trim()}…` : text);
  const breaks = [...name.matchAll(/ (?!& )/g)].map((found) => found.index).filter((at) => at > 2);
  if (!breaks.length) return [[cut(name)]];
  const middle = breaks.reduce((best, at) => (Math.abs(at - name.length / 2) < Math.abs(best - name.length / 2) ? at : best));
  const at = name.length > 2 * LINE_MOST ? breaks.filter((one) => one <= LINE_MOST).at(-1) ?? middle : middle;
  const two = [cut(name.slice(0, at)), cut(name.slice(at + 1))];
  return name.length > LINE_MOST ? [two] : name.length > 11 ? [[name], two] : [[name]];
}

/**
 * How wide a text stands on the map.
 * @param {string} text @param {number} size
 */
function widthOf(text, size) {
  PEN.font = `${size}px ${getComputedStyle(document.body).fontFamily}`;
  return PEN.measureText(text).width;
}
