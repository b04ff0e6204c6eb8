// How often: the same scenario under 200 other lucks, to the date that is shown, as an array of dots.
"use strict";

const TOGETHER = "share"; // the outcome of a pair: whether the two share something
const HIGH = 5; // dots above one another

class Often {
  /** @param {Room} room */
  constructor(room) {
    this.room = room;
    this.found = /** @type {Counted | null} */ (null);
    this.names = /** @type {string[]} */ ([]);
    byId("often-close").addEventListener("click", () => byId("often").close());
    byId("often-what").addEventListener("change", () => this.show());
    byId("often").addEventListener("close", () => { this.found = null; });
  }

  /** Ask for the runs, some at a time, and draw what has come until all are there. */
  async open() {
    const { player } = this.room, { q } = player;
    player.pause();
    const pair = pairOfOld(player);
    this.names = pair.map((code) => player.names.get(code) ?? code);
    this.offer(pair.length > 0);
    byId("often-title").textContent = `How often? At ${player.frame.day}`;
    byId("often-told").replaceChildren();
    this.progress(0, 200);
    byId("often").showModal();
    const alone = this.found = /** @type {any} */ ({});
    try {
      for (let done = 0, of = 1; done < of && this.found === alone;) {
        const found = await this.room.server.often(q, pair);
        if (this.found !== alone) return; // closed meanwhile
        Object.assign(alone, found);
        ({ done, of } = found);
        this.progress(done, of);
        this.show();
      }
    } catch (error) {
      byId("often-told").replaceChildren(make("p", { class: "note wrong" }, messageOf(error)));
    }
  }

  /** @param {number} done @param {number} of */
  progress(done, of) {
    byId("often-bar").value = done;
    byId("often-bar").max = of;
    byId("often-bar").hidden = done === of;
    byId("often-far").textContent = done === of ? `${of} runs with other luck; only luck differs, nothing that is assumed or tried.` : `${done} of ${of} runs lived …`;
  }

  /** @param {boolean} pair */
  offer(pair) {
    const select = byId("often-what"), was = select.value;
    const titles = Object.entries(this.room.offer.titles).map(([name, { title }]) => /** @type {[string, string]} */ ([name, title]));
    const all = /** @type {[string, string][]} */ (pair ? [[TOGETHER, `${this.names.join(" and ")} share something`], ...titles] : titles);
    select.replaceChildren(...all.map(([value, words]) => make("option", { value }, words)));
    select.value = pair ? TOGETHER : titles.some(([name]) => name === was) ? was : "true_saving";
  }

  /** Draw the outcome that is chosen: dots and a sentence for each side, and how the two compare. */
  show() {
    const name = byId("often-what").value, { found } = this;
    if (!found?.done) return;
    const sides = /** @type {Side[]} */ (Object.keys(found.sides));
    if (!found.sides.a?.values[name]) {
      byId("often-told").replaceChildren(make("p", {}, "This is not measured at this date."));
      return;
    }
    const above = found.above?.[name];
    byId("often-told").replaceChildren(
      ...sides.map((side) => this.side(found, side, name, sides.length > 1)),
      above ? make("p", { class: "sum" }, name === TOGETHER ? `Only in B: ${timesSaid(above, found.done)}.` : `B lies above A in ${timesSaid(above, found.done)}.`) : "");
  }

  /** @param {Counted} found @param {Side} side @param {string} name @param {boolean} two */
  side(found, side, name, two) {
    const { own, values, high } = /** @type {NonNullable<Counted["sides"]["a"]>} */ (found.sides[side]);
    const unit = this.room.offer.titles[name]?.unit ?? "", pair = name === TOGETHER;
    const sorted = [...values[name]].sort((a, b) => a - b), least = pair ? 1 : own[name];
    const title = this.room.offer.titles[name]?.title;
    const times = timesSaid(high[name], found.done);
    const said = pair
      ? `In ${times} ${this.names.join(" and ")} share something by then; here they ${own[name] ? "do" : "do not"}.`
      : `${title}: as high as here (${measured(own[name], unit)}) or higher in ${times}; in the middle run ${measured(sorted[Math.floor(sorted.length / 2)], unit)}.`;
    const ends = pair ? ["do not", "do share"] : [measured(sorted[0], unit), measured(sorted[sorted.length - 1], unit)];
    return make("figure", { class: "dots", "aria-label": said },
      make("p", { class: "sum" }, two ? `${side.toUpperCase()}: ${said}` : said),
      drawDots(sorted, least), markOwn(sorted, own[name]), make("p", { class: "ends", "aria-hidden": "true" }, make("span", {}, ends[0]), make("span", {}, ends[1])));
  }
}

/**
 * "61 of 200 runs (24% to 37%)".
 * @param {Times} times @param {number} runs
 */
function timesSaid([count, low, high], runs) {
  return `${count} of ${runs} runs (${Math.round(100 * low)}% to ${Math.round(100 * high)}%)`;
}

/**
 * Dots from the lowest run to the highest, some above one another: full ones are as high as this run.
 * @param {number[]} sorted @param {number} least
 */
function drawDots(sorted, least) {
  const step = 24;
  return draw("svg", { viewBox: `0 0 ${step * Math.ceil(sorted.length / HIGH)} ${step * HIGH}`, "aria-hidden": "true" }, sorted.map((value, k) => draw("circle", {
    class: value >= least ? "full" : "empty", r: 9,
    cx: step * (Math.floor(k / HIGH) + 0.5), cy: step * (HIGH - (k % HIGH) - 0.5),
  })));
}

/**
 * A mark under the dots, where this run stands among them.
 * @param {number[]} sorted @param {number} own
 */
function markOwn(sorted, own) {
  const below = sorted.filter((value) => value < own).length, same = sorted.filter((value) => value === own).length;
  const share = (below + same / 2) / sorted.length, right = share > 0.8;
  const mark = make("span", { class: right ? "own right" : "own" }, right ? "this run ▲" : "▲ this run");
  mark.style[right ? "right" : "left"] = `${(100 * (right ? 1 - share : share)).toFixed(1)}%`;
  return make("p", { class: "below", "aria-hidden": "true" }, mark);
}
