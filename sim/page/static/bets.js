// Bets: a question before play, how it was answered, and beside it what came true.
"use strict";

class BetBox {
  /**
   * One person answers, as in a file to take home; the live page asks a room instead.
   * @param {Player} player @param {HTMLElement} box
   */
  constructor(player, box) {
    this.player = player;
    this.box = box;
    this.mine = /** @type {Map<number, number>} */ (new Map());
    addEventListener("drawn", () => this.show());
  }

  get bets() {
    return this.player.about.memo.bets ?? [];
  }

  /** Show the bet that was asked last, at the quarter that is shown. */
  async show() {
    const { player } = this, { q, side } = player;
    const k = this.bets.findLastIndex((bet) => bet.asked <= q);
    this.box.hidden = k < 0;
    if (k < 0) return;
    if (this.bets[k].asked === q && !this.mine.has(k)) this.stop();
    const known = await player.source.bets(side, q).catch(() => null);
    if (known && player.q === q && player.side === side) this.write(k, known.true);
  }

  /** Whoever plays a file alone is asked before it goes on. */
  stop() {
    this.player.pause();
  }

  /** @param {number} k @param {(number | null)[]} came */
  write(k, came) {
    const bet = this.bets[k], true_ = came[k] ?? null, counts = this.counts(k);
    const most = Math.max(1, ...counts);
    const row = (/** @type {string} */ answer, /** @type {number} */ a) => {
      const bar = make("span", { class: "bar" });
      bar.style.width = `${100 * counts[a] / most}%`;
      return make("li", { class: true_ === a ? "came" : null },
        make("span", { class: "answer" }, answer),
        make("span", { class: "long" }, bar), make("b", { class: "count" }, this.counted(k, a, counts)), this.give(k, a, true_),
        true_ === a ? make("b", { class: "so" }, "✔ this happened") : null);
    };
    this.box.replaceChildren(make("h2", {}, bet.ask), make("ul", {}, bet.answers.map(row)),
      make("p", { class: "quiet" }, this.status(bet, true_), " ", this.score(came)), ...this.more(k, true_));
  }

  /** @param {Bet} bet @param {number | null} came */
  status(bet, came) {
    if (came !== null) return "";
    if (bet.at == null) return "The trainer marks what comes true.";
    return this.player.q < bet.at ? `The run decides on ${spokenDay(this.player.about.days[bet.at])}.` : "The run has no answer.";
  }

  /** @param {(number | null)[]} came */
  score(came) {
    const done = [...this.mine.keys()].filter((k) => came[k] != null);
    return done.length ? `You were right ${done.filter((k) => this.mine.get(k) === came[k]).length} of ${done.length} times.` : "";
  }

  /** How often each answer was given. @param {number} k */
  counts(k) {
    return this.bets[k].answers.map((_, a) => Number(this.mine.get(k) === a));
  }

  /** What stands behind a bar. @param {number} k @param {number} a @param {number[]} _counts @returns {string} */
  counted(k, a, _counts) {
    return this.mine.get(k) === a ? "your bet" : "";
  }

  /**
   * What one presses to give an answer, while it may be given.
   * @param {number} k @param {number} a @param {number | null} came @returns {Child}
   */
  give(k, a, came) {
    if (came !== null || this.mine.has(k)) return null;
    const bet = () => { this.mine.set(k, a); this.show(); };
    return make("button", { type: "button", onclick: bet, "aria-label": `Bet: ${this.bets[k].answers[a]}` }, "Bet");
  }

  /** @param {number} _k @param {number | null} _came @returns {HTMLElement[]} */
  more(_k, _came) {
    return [];
  }
}

/** Write a day, 2011-04-01, as it is spoken. @param {string} day */
function spokenDay(day) {
  return day && new Date(`${day}T00:00Z`).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
}
