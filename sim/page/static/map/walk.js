// Walking over the map by the keyboard: councils, lines and crosses, and what has the focus.
"use strict";

/** Councils, lines and crosses are each reached by Tab, and within them by the arrow keys. */
function rove(map, key) {
  for (const kind of ["councils", "links", "crosses"]) {
    const all = [...map.svg.querySelectorAll(`.${kind} > [data-key]`)];
    const first = all.find((one) => one.dataset.key === (key ?? map.chosen[0])) ?? all[0];
    first?.setAttribute("tabindex", 0);
    if (key && first?.dataset.key === key) first.focus();
  }
}

/** Do what a key asks for: explain what has the focus, or move on from it. */
function walk(map, event) {
  const from = event.target.closest("[data-key]");
  if (!from) return;
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    from.dispatchEvent(new MouseEvent("click"));
  } else if (from.dataset.code) walkOver(map, event, from);
  else walkAlong(event, from);
}

/** Go from a council to the nearest in the direction of an arrow. */
function walkOver(map, event, from) {
  const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  if (!way) return;
  event.preventDefault();
  const here = map.at.get(from.dataset.code);
  let best = null, least = Infinity;
  for (const [code, there] of map.at) {
    const along = (there.x - here.x) * way[0] + (there.y - here.y) * way[1];
    const aside = Math.abs((there.x - here.x) * way[1]) + Math.abs((there.y - here.y) * way[0]);
    if (along > 1 && along + 2 * aside < least) [best, least] = [code, along + 2 * aside];
  }
  const next = best && map.svg.querySelector(`.council[data-code="${CSS.escape(best)}"]`);
  if (next) moveFocus(from, next);
}

/** Go from line to line, or from cross to cross. */
function walkAlong(event, from) {
  const way = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
  if (!way) return;
  event.preventDefault();
  const all = [...from.parentNode.children];
  moveFocus(from, all[(all.indexOf(from) + way + all.length) % all.length]);
}

function moveFocus(from, next) {
  from.setAttribute("tabindex", -1);
  next.setAttribute("tabindex", 0);
  next.focus();
}
