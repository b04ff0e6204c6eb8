// The legend under the map.
"use strict";

/**
 * Draw what the lines and marks mean.
 * @param {HTMLElement} list
 */
function drawLegend(list) {
  const sample = (/** @type {string} */ kind) => draw("svg", { viewBox: "0 0 44 14", "aria-hidden": "true" },
    draw("g", { class: `link ${kind} many2 deep` }, draw("path", { class: "line", d: "M3 7H41" })));
  const mark = (/** @type {string} */ classes, /** @type {Child[]} */ ...shapes) =>
    draw("svg", { viewBox: "0 0 20 20", class: "small", "aria-hidden": "true" }, draw("g", { class: classes }, shapes));
  const disc = () => draw("circle", { class: "disc", cx: 10, cy: 10, r: 9 });
  list.replaceChildren(
    ...Object.entries(KINDS).map(([kind, { title }]) => make("li", {}, sample(kind), title)),
    make("li", {}, "Gap:", [...GAPS].reverse().flatMap(({ from, full }) => [mark("council", disc(), drawGap(full, 10, 10, 9)), `${100 * from}%${full === 1 ? " of budget" : ""}`])),
    make("li", {}, mark("council", disc(), drawTrouble(10, 10, 9)), "Cannot balance budget"),
    make("li", {}, mark("cross", draw("path", { d: "M4 4l12 12m0 -12l-12 12" })), "Failed or ended"),
    make("li", {}, mark("council", draw("circle", { class: "ring", cx: 10, cy: 10, r: 9 })), "Merged"),
  );
}
