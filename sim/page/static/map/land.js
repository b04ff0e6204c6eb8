// The land under the councils, faintly: a cell about each of them, and the borders of counties.
"use strict";

/**
 * Draw the outlines of councils where there are some, else a sketch of the land.
 * @param {CouncilMap} map @param {Frame} frame
 */
function drawLand(map, frame) {
  const path = (/** @type {Point[][]} */ lines, close = "Z") => lines.map((line) =>
    `M${line.map(([x, y]) => map.lens.point(x, y).map((v) => v.toFixed(1)).join(" ")).join("L")}${close}`).join("");
  const rings = frame.councils.flatMap((council) => map.ringsOf(council));
  if (rings.length || !map.land) return [draw("path", { class: "outline", d: path(rings) })];
  return [
    draw("path", { class: "land", d: path(map.land.cells) }),
    draw("path", { class: "county-line", d: path(map.land.borders, "") }),
  ];
}
