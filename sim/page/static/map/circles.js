// Councils as circles: by population, marked when in money trouble, a double ring when merged.
"use strict";

const LEAST_GAP = 0.15; // share of income: an expected gap that is marked

/** @param {CouncilMap} map @param {Council} council */
function drawCouncil(map, council) {
  const { x, y, r } = known(map.at, council.code);
  const merged = council.was.length > 1;
  const trouble = council.distress ? "cannot balance its budget (section 114)"
    : council.expected > LEAST_GAP * council.income ? "expects a gap above 15% of its budget" : "";
  const on = map.frame && "on" in map.frame ? map.frame.on.get(council.code) : undefined;
  const words = [council.name, on ? ONS[on].title.toLowerCase() : "", merged ? "merged council" : "", trouble].filter(Boolean).join(", ");
  const classes = `council ${council.tier}${map.chosen.includes(council.code) ? " chosen" : ""}`;
  return draw("g", {
    class: classes, role: "button", tabindex: -1, "aria-label": words, "data-code": council.code,
    "data-key": council.code, onclick: () => map.pick(council.code),
  },
  draw("title", {}, words),
  merged ? draw("circle", { class: "ring", cx: x, cy: y, r: r + 4 }) : null,
  draw("circle", { class: "disc", cx: x, cy: y, r }),
  on ? drawLetter(x, y, on) : null,
  trouble ? drawTrouble(map, council.distress > 0, x + r * 0.72 + 2, y - r * 0.72 - 2) : null);
}

/** @param {CouncilMap} map @param {boolean} deep @param {number} x @param {number} y */
function drawTrouble(map, deep, x, y) {
  const { many } = map.lens, size = many ? 5 : 11;
  map.marks.push([x - size, y - size, x + size, y + size]);
  const shape = deep
    ? draw("path", { d: `M${x} ${y - size}l${size} ${size * 1.8}h${-2 * size}z` })
    : draw("circle", { cx: x, cy: y + 1, r: size - 1 });
  const letter = draw("text", { x, y: y + (deep ? size * 0.65 : 6 * size / 9), "font-size": size * 1.5 }, deep ? "!" : "£");
  return draw("g", { class: deep ? "trouble deep" : "trouble" }, shape, many ? null : letter);
}

/**
 * Move circles that cover each other a little apart, so that each can be seen and clicked.
 * @param {Circle[]} places
 */
function pushApart(places) {
  for (let round = 0; round < 30; round += 1) {
    for (const [k, a] of places.entries()) {
      for (const b of places.slice(k + 1)) {
        const [dx, dy] = [b.x - a.x, b.y - a.y];
        const far = Math.hypot(dx, dy) || 1;
        const short = (a.r + b.r + 3 - far) / 2;
        if (short <= 0) continue;
        a.x -= dx / far * short; a.y -= dy / far * short;
        b.x += dx / far * short; b.y += dy / far * short;
      }
    }
  }
}
