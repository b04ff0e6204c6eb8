// Walking over the map by the keyboard: councils, lines and crosses, and what has the focus.
"use strict";

/** @type {Record<string, Point>} */
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * Councils, lines and crosses are each reached by Tab, and within them by the arrow keys.
 * @param {CouncilMap} map @param {string | null | undefined} key
 */
function rove(map, key) {
  for (const kind of ["councils", "links", "crosses"]) {
    const ones = all(`.${kind} > [data-key]`, map.svg);
    const first = ones.find((one) => one.dataset.key === (key ?? map.chosen[0])) ?? ones[0];
    first?.setAttribute("tabindex", "0");
    if (key && first?.dataset.key === key) first.focus();
  }
}

/**
 * Do what a key asks for: explain what has the focus, or move on from it.
 * @param {CouncilMap} map @param {KeyboardEvent} event
 */
function walk(map, event) {
  const from = closest(event.target, "[data-key]");
  if (!from) return;
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    from.dispatchEvent(new MouseEvent("click"));
  } else if (from.dataset.code) walkOver(map, event, from);
  else walkAlong(event, from);
}

/**
 * Go from a council to the nearest in the direction of an arrow.
 * @param {CouncilMap} map @param {KeyboardEvent} event @param {HTMLElement} from
 */
function walkOver(map, event, from) {
  const way = WAYS[event.key];
  if (!way) return;
  event.preventDefault();
  const here = known(map.at, from.dataset.code ?? "");
  let best = "", least = Infinity;
  for (const [code, there] of map.at) {
    if (!map.shown.has(code)) continue;
    const along = (there.x - here.x) * way[0] + (there.y - here.y) * way[1];
    const aside = Math.abs((there.x - here.x) * way[1]) + Math.abs((there.y - here.y) * way[0]);
    if (along > 1 && along + 2 * aside < least) [best, least] = [code, along + 2 * aside];
  }
  const next = best && all(`.council[data-code="${CSS.escape(best)}"]`, map.svg)[0];
  if (next) moveFocus(from, next);
}

/**
 * Go from line to line, or from cross to cross.
 * @param {KeyboardEvent} event @param {HTMLElement} from
 */
function walkAlong(event, from) {
  if (!(event.key in WAYS)) return;
  const way = WAYS[event.key][0] + WAYS[event.key][1];
  event.preventDefault();
  const ones = all(":scope > *", /** @type {Element} */ (from.parentNode));
  moveFocus(from, ones[(ones.indexOf(from) + way + ones.length) % ones.length]);
}

/** @param {HTMLElement} from @param {HTMLElement} next */
function moveFocus(from, next) {
  from.setAttribute("tabindex", "-1");
  next.setAttribute("tabindex", "0");
  next.focus();
}
