// The strip of charts, four at a time: talks, agreements, savings, reserves; then what is left of it all.
"use strict";

/**
 * A series is a measure, its word and its line; `high` cuts the axis where all values are high.
 * @typedef {{ title: string, series: string[][], high?: boolean }} Chart
 * @type {Chart[]}
 */
const CHARTS = [
  { title: "Talks under way", series: [["talks", "talks", "solid"]] },
  { title: "Agreements in force", series: [["agreements", "agreements", "solid"]] },
  {
    title: "Saving, £m a year",
    series: [["promised", "promised", "dots"], ["reported", "reported", "dashes"], ["true_saving", "true", "solid"]],
  },
  { title: "Reserves, £m", high: true, series: [["reserves", "reserves", "solid"]] },
  { title: "Net saving so far, £m", series: [["net_saving", "net saving", "solid"]] },
  { title: "Public net so far, £m", series: [["public_net", "public net", "solid"]] },
  { title: "Government paid, £m", series: [["government_spending", "government", "solid"]] },
  { title: "Talks failed so far", series: [["talks_failed", "failed", "solid"]] },
];
const CHARTS_AT_ONCE = 4;
let aims = /** @type {Aim[]} */ ([]); // targets that a trainer has set

/** Draw targets from now on. @param {Aim[]} set */
function setAims(set) {
  aims = set;
}

const LETTER = 0.57; // how wide a letter of the charts is, of its height

/**
 * Draw the charts that are turned to; `rows` are frames so far, `parted` the quarter in which two sides differ.
 * @param {HTMLElement} section @param {Row[]} rows @param {number} quarters @param {Titles} titles @param {number} [parted]
 */
function drawCharts(section, rows, quarters, titles, parted) {
  const two = rows.some((row) => row.b);
  section.classList.toggle("two", two);
  if (!section.children.length) makeCharts(section);
  const first = Number(section.dataset.first), figures = all(".chart", section), style = getComputedStyle(section);
  figures.forEach((figure, k) => {
    figure.classList.toggle("large", k === Number(byId("room-chart").value));
    figure.hidden = !inRoom() && (k < first || k >= first + CHARTS_AT_ONCE);
  });
  const size = parseFloat(style.fontSize), tall = Number(style.getPropertyValue("--tall"));
  const frames = figures.map((figure) => ({
    size, wide: Math.max(figure.clientWidth - 14, 7 * size), high: tall ? tall * size : Math.max(section.clientHeight - 3.4 * size, 5 * size),
  }));
  CHARTS.forEach((chart, k) => { if (!figures[k].hidden) fillChart(figures[k], chart, frames[k], rows, quarters, two, titles, parted); });
}

/**
 * Make a place for every chart, and the button that turns to those that are not shown.
 * @param {HTMLElement} section
 */
function makeCharts(section) {
  const more = "More charts: net saving, public purse", turn = make("button", { type: "button", id: "charts-turn", "aria-label": more, title: more, onclick: () => {
    const back = section.dataset.first !== "0", words = back ? more : "Back to the first charts";
    section.dataset.first = back ? "0" : String(CHARTS_AT_ONCE);
    turn.textContent = back ? "▶" : "◀";
    turn.setAttribute("aria-label", words);
    turn.title = words;
    dispatchEvent(new CustomEvent("charts"));
  } }, "▶");
  section.dataset.first = "0";
  section.replaceChildren(...CHARTS.map(() => make("figure", { class: "chart" })), turn);
}

/**
 * Draw a chart as wide as its place, so that its letters have the size of the page's.
 * @param {Element} figure @param {Chart} chart @param {{ wide: number, high: number, size: number }} frame @param {Row[]} rows @param {number} quarters @param {boolean} two @param {Titles} titles @param {number} [parted]
 */
function fillChart(figure, { title, series, high: cut = false }, { wide, high, size }, rows, quarters, two, titles, parted) {
  const shown = two ? series.slice(-1) : series;
  const lines = shown.flatMap(([name, word, line]) => /** @type {[string, string, string, Side][]} */ (two
    ? [[name, "A", "solid", "a"], [name, "B", "dashes", "b"]] : [[name, word, line, "a"]]));
  const single = lines.length === 1;
  const top = 0.56 * size, bottom = top, letter = LETTER * size;
  const values = lines.map(([name, , , side]) => rows.map((row) => row[side]?.measures[name] ?? null));
  const seen = values.flat().filter((value) => value != null), last = values.map(lastOf);
  const aimed = aims.filter(({ outcome }) => shown.some(([name]) => name === outcome));
  const [low, most] = range([...seen, ...aimed.map(({ bound }) => bound)], cut);
  const left = 10 + letter * Math.max(...[low, most].map((value) => short(value).length));
  const named = lines.map(([, word], k) => (two && last[k] ? `${word} ${short(last[k].value)}` : word));
  const right = single ? 10 : 14 + letter * Math.max(...named.map((word) => word.length));
  const x = (/** @type {number} */ q) => left + (wide - left - right) * q / quarters;
  const y = (/** @type {number} */ value) => high - bottom - (high - top - bottom) * (value - low) / (most - low);
  const parts = [low, most].map((value) => /** @type {Child} */ ([
    draw("line", { class: "rule", x1: left, x2: wide - right, y1: y(value), y2: y(value) }),
    draw("text", { class: "axis", x: left - 5, y: y(value) + 0.34 * size, "text-anchor": "end" }, short(value))]));
  for (const { bound, at } of aimed) parts.push(draw("line", { class: "aim", x1: left, x2: x(at), y1: y(bound), y2: y(bound) }));
  if (parted) parts.push(draw("line", { class: "parting", x1: x(parted), x2: x(parted), y1: top, y2: high - bottom }));
  const labels = spread(last.map((end) => end && y(end.value)), 1.12 * size, top + 0.2 * size, high - 0.7 * size);
  lines.forEach(([, , line, side], k) => {
    const path = values[k].flatMap((value, q) => (value == null ? [] : [{ value, q: rows[q].q }]))
      .map(({ value, q }, n) => `${n ? "L" : "M"}${x(q).toFixed(1)} ${y(value).toFixed(1)}`).join("");
    parts.push(draw("path", { class: `series ${line} side-${side} s${two ? 0 : k}`, d: path }));
    const end = last[k];
    if (end) {
      parts.push(draw("circle", { class: `end side-${side}`, cx: x(rows[end.at].q), cy: y(end.value), r: 3.5 }));
      if (!single) parts.push(draw("text", { class: "name", x: wide - right + 7, y: Number(labels[k]) + 0.34 * size }, named[k]));
    }
  });
  const told = lines.map(([, word], k) => `${word} ${last[k] ? short(last[k].value) : "not yet known"}`).concat(aimed.map(({ bound, most: below }) => `target ${below ? "at most" : "at least"} ${bound}`));
  const heading = two && series.length > 1 ? "True saving, £m" : title;
  const apart = two ? apartSaid(values[0].at(-1), values[1].at(-1), titles[shown[0][0]]?.unit ?? "") : "";
  figure.replaceChildren(
    make("figcaption", {}, heading, single && last[0] ? make("b", {}, ` ${short(last[0].value)}`) : null,
      two ? make("span", { class: "apart" }, apart || "\u00a0") : null),
    draw("svg", { viewBox: `0 0 ${wide} ${high}`, role: "img", "aria-label": `${heading}: ${told.join(", ")}${apart ? `; ${apart}` : ""}` }, parts));
}

/**
 * How far the second side lies above the first, in the unit of the outcome: "B − A: +£1.2m a year".
 * @param {number | null | undefined} a @param {number | null | undefined} b @param {string} unit
 */
function apartSaid(a, b, unit) {
  if (a == null || b == null) return "";
  const off = b - a, said = measured(Math.abs(off), unit).replace(" a year", "");
  return `B − A: ${said === "£0" || said === "0" ? "the same" : `${off > 0 ? "+" : "−"}${said}`}`;
}

/**
 * The axis begins at nought, unless it is said to be cut where all values are high.
 * @param {number[]} values @param {boolean} cut
 */
function range(values, cut) {
  if (!values.length) return [0, 1];
  const most = Math.max(...values), least = Math.min(...values);
  const low = cut && least > 0.5 * most ? least * 0.98 : Math.min(0, least);
  return [low, most > low ? most : low + 1];
}

/** @param {number} value */
function short(value) {
  const size = Math.abs(value);
  if (size < 0.05) return "0";
  return size >= 1000 ? Math.round(value).toLocaleString("en-GB") : size >= 10 || Number.isInteger(value) ? String(Math.round(value)) : value.toFixed(1);
}

/** @param {(number | null)[]} values */
function lastOf(values) {
  const at = values.findLastIndex((value) => value != null);
  return at < 0 ? null : { at, value: Number(values[at]) };
}

/**
 * Move the names of lines apart, so that none covers another.
 * @param {(number | null)[]} places @param {number} gap @param {number} least @param {number} most
 */
function spread(places, gap, least, most) {
  const order = places.flatMap((place, k) => (place == null ? [] : [{ place, k }])).sort((a, b) => a.place - b.place);
  const found = [...places];
  let low = least;
  for (const { place, k } of order) low = (found[k] = Math.max(place, low)) + gap;
  let high = most;
  for (const { k } of order.reverse()) high = (found[k] = Math.min(Number(found[k]), high)) - gap;
  return found;
}
