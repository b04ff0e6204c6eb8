// The strip of charts: talks, agreements, three savings, reserves.
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
];
let aims = /** @type {Aim[]} */ ([]); // targets that a trainer has set

/** Draw targets from now on. @param {Aim[]} set */
function setAims(set) {
  aims = set;
}

const LETTER = 0.57; // how wide a letter of the charts is, of its height

/**
 * Draw every chart; `rows` are frames so far, `parted` the quarter in which two sides differ.
 * @param {HTMLElement} section @param {Row[]} rows @param {number} quarters @param {number} [parted]
 */
function drawCharts(section, rows, quarters, parted) {
  const two = rows.some((row) => row.b);
  section.classList.toggle("two", two);
  if (section.children.length !== CHARTS.length) section.replaceChildren(...CHARTS.map(() => make("figure", { class: "chart" })));
  const figures = all(".chart", section), style = getComputedStyle(section);
  figures.forEach((figure, k) => figure.classList.toggle("large", k === Number(byId("room-chart").value)));
  const size = parseFloat(style.fontSize), tall = Number(style.getPropertyValue("--tall"));
  const frames = figures.map((figure) => ({
    size, wide: Math.max(figure.clientWidth - 14, 7 * size), high: tall ? tall * size : Math.max(section.clientHeight - 3.4 * size, 5 * size),
  }));
  CHARTS.forEach((chart, k) => { if (frames[k].wide) fillChart(figures[k], chart, frames[k], rows, quarters, two, parted); });
}

/**
 * Draw a chart as wide as its place, so that its letters have the size of the page's.
 * @param {Element} figure @param {Chart} chart @param {{ wide: number, high: number, size: number }} frame @param {Row[]} rows @param {number} quarters @param {boolean} two @param {number} [parted]
 */
function fillChart(figure, { title, series, high: cut = false }, { wide, high, size }, rows, quarters, two, parted) {
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
  const right = single ? 10 : 14 + letter * Math.max(...lines.map(([, word]) => word.length));
  const x = (/** @type {number} */ q) => left + (wide - left - right) * q / quarters;
  const y = (/** @type {number} */ value) => high - bottom - (high - top - bottom) * (value - low) / (most - low);
  const parts = [low, most].map((value) => /** @type {Child} */ ([
    draw("line", { class: "rule", x1: left, x2: wide - right, y1: y(value), y2: y(value) }),
    draw("text", { class: "axis", x: left - 5, y: y(value) + 0.34 * size, "text-anchor": "end" }, short(value))]));
  for (const { bound, at } of aimed) parts.push(draw("line", { class: "aim", x1: left, x2: x(at), y1: y(bound), y2: y(bound) }));
  if (parted) parts.push(draw("line", { class: "parting", x1: x(parted), x2: x(parted), y1: top, y2: high - bottom }));
  const labels = spread(last.map((end) => end && y(end.value)), 1.12 * size, top + 0.2 * size, high - 0.7 * size);
  lines.forEach(([, word, line, side], k) => {
    const path = values[k].flatMap((value, q) => (value == null ? [] : [{ value, q: rows[q].q }]))
      .map(({ value, q }, n) => `${n ? "L" : "M"}${x(q).toFixed(1)} ${y(value).toFixed(1)}`).join("");
    parts.push(draw("path", { class: `series ${line} side-${side} s${two ? 0 : k}`, d: path }));
    const end = last[k];
    if (end) {
      parts.push(draw("circle", { class: `end side-${side}`, cx: x(rows[end.at].q), cy: y(end.value), r: 3.5 }));
      if (!single) parts.push(draw("text", { class: "name", x: wide - right + 7, y: Number(labels[k]) + 0.34 * size }, word));
    }
  });
  const told = lines.map(([, word], k) => `${word} ${last[k] ? short(last[k].value) : "not yet known"}`).concat(aimed.map(({ bound, most: below }) => `target ${below ? "at most" : "at least"} ${bound}`));
  const heading = two && series.length > 1 ? `True saving, £m a year` : title;
  figure.replaceChildren(
    make("figcaption", {}, heading, single && last[0] ? make("b", {}, ` ${short(last[0].value)}`) : null),
    draw("svg", { viewBox: `0 0 ${wide} ${high}`, role: "img", "aria-label": `${heading}: ${told.join(", ")}` }, parts));
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
