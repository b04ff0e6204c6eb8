// Deals as links by kind, with colour, width and dash; and as crosses where they failed or ended.
"use strict";

/** @type {Record<Kind, { title: string, bend: number }>} */
const KINDS = {
  service: { title: "Shared service", bend: 0.13 },
  management: { title: "Shared management", bend: 0 },
  merger: { title: "Merger being set up", bend: 0 },
  talks: { title: "Talks under way", bend: -0.13 },
};
const LATER_ABOVE = ["service", "merger", "management", "talks"];

/** @param {CouncilMap} map @param {Deal[]} deals */
function drawLinks(map, deals) {
  const bundles = /** @type {Map<string, Bundle>} */ (new Map());
  for (const deal of deals) {
    for (const code of deal.who.slice(1)) {
      const key = linkKey(deal.kind, [deal.who[0], code]);
      if (!bundles.has(key)) bundles.set(key, { ends: [deal.who[0], code], kind: deal.kind, deals: [] });
      known(bundles, key).deals.push(deal);
    }
  }
  return [...bundles.values()]
    .sort((a, b) => LATER_ABOVE.indexOf(a.kind) - LATER_ABOVE.indexOf(b.kind))
    .map((bundle) => drawLink(map, bundle));
}

/**
 * Draw the deals of one kind between two councils as one line.
 * @param {CouncilMap} map @param {Bundle} bundle
 */
function drawLink(map, { ends, kind, deals }) {
  const [from, to] = [...ends].sort().map((code) => map.at.get(code));
  if (!from || !to) return null;
  const bend = KINDS[kind].bend;
  const mid = [(from.x + to.x) / 2 + bend * (to.y - from.y), (from.y + to.y) / 2 - bend * (to.x - from.x)];
  const path = `M${from.x} ${from.y}Q${mid[0]} ${mid[1]} ${to.x} ${to.y}`;
  const many = Math.min(deals.length, 4);
  const chosen = map.chosen.length === 2 && ends.every((code) => map.chosen.includes(code));
  const deep = deals.some((deal) => !isService(deal.scope));
  const classes = `link ${kind} many${many}${deep ? " deep" : ""}${chosen ? " chosen" : ""}`;
  const words = deals.map((deal) => `${KINDS[kind].title}: ${deal.title}, ${deal.stage}`).join("\n");
  return draw("g", {
    class: classes, role: "button", tabindex: -1, "aria-label": `${ends.map((code) => map.nameOf(code)).join(" and ")}: ${words}`,
    "data-ends": ends.join("|"), "data-key": linkKey(kind, ends), onclick: () => map.pick(...ends),
  },
    draw("title", {}, words),
    draw("path", { class: "line", d: path }),
    draw("path", { class: "reach", d: path }));
}

/**
 * The name of a line on the map.
 * @param {Kind} kind @param {string[]} ends
 */
function linkKey(kind, ends) {
  return `link ${kind} ${[...ends].sort().join("|")}`;
}

/** @param {string} scope */
function isService(scope) {
  return !["chief_executive", "management", "merger"].includes(scope);
}

/**
 * Mark what failed or ended in the quarter that has just passed.
 * @param {CouncilMap} map @param {Happened[]} events
 */
function drawCrosses(map, events) {
  const arm = map.lens.many && map.lens.zoom.factor < 3 ? 2.5 : 5;
  return events
    .filter((event) => ["talks_fail", "ends"].includes(event.kind) && event.who.length === 2)
    .map((event) => drawCross(map, event, arm));
}

/**
 * A cross stands between the two, where it hides no name.
 * @param {CouncilMap} map @param {Happened} event @param {number} arm
 */
function drawCross(map, event, arm) {
  const [a, b] = event.who.map((code) => map.at.get(code));
  if (!a || !b) return null;
  const names = [...map.places.names.spots].filter(([code]) => map.shown.has(code)).map(([, { box }]) => box);
  const tries = [0.5, 0.42, 0.58, 0.34, 0.66].map((part) => ({ x: a.x + part * (b.x - a.x), y: a.y + part * (b.y - a.y) }));
  const { x, y } = cheapest(tries, (one) => names.reduce((sum, box) => sum + overlap(boxAbout({ ...one, r: 2.2 * arm }), box), 0));
  return draw("g", {
    class: "cross", role: "button", tabindex: -1, "aria-label": event.said,
    "data-key": `cross ${event.deal} ${event.who.join("|")}`, onclick: () => map.pick(...event.who),
  },
    draw("title", {}, event.said),
    draw("circle", { cx: x, cy: y, r: 2.2 * arm }),
    draw("path", { d: `M${x - arm} ${y - arm}l${2 * arm} ${2 * arm}m0 ${-2 * arm}l${-2 * arm} ${2 * arm}` }));
}
