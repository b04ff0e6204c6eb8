// The legend under the map.
"use strict";

/**
 * Draw what the lines and marks mean.
 * @param {HTMLElement} list
 */
function drawLegend(list) {
  const sample = (/** @type {string} */ kind) => draw("svg", { viewBox: "0 0 44 14", "aria-hidden": "true" },
    draw("g", { class: `link ${kind} many2 deep` }, draw("path", { class: "line", d: "M3 7H41" })));
  const mark = (/** @type {string} */ classes, /** @type {Child} */ shape, text = "") => draw("svg", { viewBox: "0 0 20 20", class: "small", "aria-hidden": "true" },
    draw("g", { class: classes }, shape, text ? draw("text", { x: 10, y: 16, "font-size": 16 }, text) : null));
  list.replaceChildren(
    ...Object.entries(KINDS).map(([kind, { title }]) => make("li", {}, sample(kind), title)),
    make("li", {}, mark("trouble deep", draw("path", { d: "M10 2l8 16h-16z" }), "!"), "Cannot balance budget"),
    make("li", {}, mark("trouble", draw("circle", { cx: 10, cy: 10, r: 8 }), "£"), "Gap above 15% coming"),
    make("li", {}, mark("cross", draw("path", { d: "M4 4l12 12m0 -12l-12 12" })), "Just failed or ended"),
    make("li", {}, mark("council", draw("circle", { class: "ring", cx: 10, cy: 10, r: 9 })), "Merged council"),
  );
}
