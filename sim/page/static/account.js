// The account of a decision as bars: by group, for and against from a middle line, luck last.
"use strict";

/**
 * One line of a history: what happened and, where it was decided, the bars of what decided it.
 * @param {Told} told
 */
function toldStep({ said, why, bars }) {
  if (!bars) return make("p", { class: "line" }, why ? `${said} ${why}` : said);
  const drawn = accountBars(bars);
  const folded = bars.open ? drawn : make("details", { class: "why" }, make("summary", {}, "What decided it"), drawn);
  return make("div", { class: "line" }, make("p", {}, said), folded);
}

/**
 * The bars, with words at both ends and a verdict above; whoever asks sees all of them, their parts and their sum.
 * @param {Bars} bars
 */
function accountBars({ ends, most, rows, sum, verdict }) {
  const more = rows.filter((row) => row.more).length, words = more ? `Show all (${more} more)` : "Show the parts";
  const whole = make("button", {
    type: "button", class: "linked", "aria-expanded": "false",
    onclick: () => {
      const open = figure.classList.toggle("all");
      whole.setAttribute("aria-expanded", String(open));
      whole.textContent = open ? "Show less" : words;
    },
  }, words);
  const figure = make("figure", { class: "account", "aria-label": "What decided it" },
    verdict ? make("p", { class: "verdict" }, verdict) : null,
    make("p", { class: "ends", "aria-hidden": "true" }, make("span", {}, `\u2190 ${ends[0]}`), make("span", {}, `${ends[1]} \u2192`)),
    make("ul", {}, rows.map((row) => accountBar(row, most))), whole, make("figcaption", {}, sum));
  return figure;
}

/**
 * What was decided last about a deal, in a sentence and as a picture; null where nothing was.
 * @param {Told[]} lines @param {number} deal
 */
function decidedLast(lines, deal) {
  const last = lines.filter(({ bars, n }) => bars && n === deal).at(-1);
  return last?.bars ? make("div", { class: "decided" }, make("p", { class: "sum" }, last.said), accountBars(last.bars)) : null;
}

/**
 * One bar: its words, the bar from the middle line, its push; read out as words and number.
 * @param {Bar} row @param {number} most
 */
function accountBar(row, most) {
  const kinds = [row.more ? "more" : "", row.aside ? "aside" : "", row.luck ? "luck" : ""].filter(Boolean);
  const drawn = make("span", { class: row.push < 0 ? "left" : "right" });
  drawn.style.width = `${(50 * Math.abs(row.push) / most).toFixed(1)}%`;
  return make("li", { class: kinds.join(" ") },
    make("span", { class: "what" }, row.said, row.parts ? make("span", { class: "parts" }, ` (${row.parts})`) : null),
    make("span", { class: "track", "aria-hidden": "true" }, drawn),
    make("span", { class: "push" }, ` ${row.number}`));
}
