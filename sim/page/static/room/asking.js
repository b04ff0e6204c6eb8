// Bets in a room: answers by phone and by show of hands, and what the trainer marks as true.
"use strict";

class Asking extends BetBox {
  /** @param {Room} room @param {HTMLElement} box */
  constructor(room, box) {
    super(room.player, box);
    this.room = room;
    this.hands = /** @type {Map<string, number[]>} */ (new Map());
    this.phones = /** @type {RoomTold["bet"]} */ (null);
    this.came = /** @type {(number | null)[]} */ ([]);
  }

  /** A room is not stopped: its trainer plays on. @override */
  stop() {}

  /** @param {RoomTold["bet"]} phones */
  hear(phones) {
    const news = JSON.stringify(phones) !== JSON.stringify(this.phones);
    this.phones = phones;
    if (news && !this.box.contains(document.activeElement)) this.show();
    else if (news) this.count();
  }

  /** @override @param {number} k @param {(number | null)[]} came */
  write(k, came) {
    this.came = came;
    super.write(k, came);
  }

  /** The bet that is shown, with its counts; none where none was asked yet. */
  get now() {
    const k = this.bets.findLastIndex((bet) => bet.asked <= this.player.q);
    if (k < 0) return null;
    const { ask, answers } = this.bets[k];
    return { ask, answers, counts: this.counts(k), came: this.came[k] ?? null };
  }

  /** Draw the counts anew, and leave what is being typed alone. */
  count() {
    const k = this.bets.findLastIndex((bet) => bet.asked <= this.player.q);
    if (k < 0) return;
    const counts = this.counts(k), most = Math.max(1, ...counts);
    all("li", this.box).forEach((row, a) => {
      all(".bar", row)[0].style.width = `${100 * counts[a] / most}%`;
      all(".count", row)[0].textContent = String(counts[a]);
    });
  }

  /** @param {number} k */
  typed(k) {
    const key = `${this.bets[k].ask} ${this.bets[k].asked}`;
    if (!this.hands.has(key)) this.hands.set(key, this.bets[k].answers.map(() => 0));
    return known(this.hands, key);
  }

  /** @override @param {number} k */
  counts(k) {
    return this.typed(k).map((hands, a) => hands + (this.phones?.counts[a] ?? 0));
  }

  /** @override @param {number} _k @param {number} a @param {number[]} counts @returns {string} */
  counted(_k, a, counts) {
    return String(counts[a]);
  }

  /** Type how many hands are up. @override @param {number} k @param {number} a @param {number | null} came @returns {Child} */
  give(k, a, came) {
    const { answers, at } = this.bets[k];
    const mark = () => this.room.mark(k, a);
    if (came !== null) return null;
    if (this.player.q > this.bets[k].asked) {
      return at == null ? make("button", { type: "button", onclick: mark, "aria-label": `This came true: ${answers[a]}` }, "came true") : null;
    }
    const input = make("input", {
      type: "number", min: 0, max: 999, class: "hands", "aria-label": `Hands up for: ${answers[a]}`, value: this.typed(k)[a],
      oninput: () => { this.typed(k)[a] = Math.min(999, Math.max(0, Math.round(Number(input.value) || 0))); this.count(); },
    });
    return input;
  }

  /** @override @param {number} k @param {number | null} came @returns {HTMLElement[]} */
  more(k, came) {
    const { phones } = this;
    if (came !== null || this.player.q > this.bets[k].asked) return [];
    const says = this.room.offer.room ? "Answer on the phone, or raise a hand; the trainer types how many." : "Raise a hand; the trainer types how many. Then play.";
    const turn = (/** @type {boolean} */ open) => () => this.room.server.reopen(phones?.key ?? "", open).catch(() => {});
    return [make("p", { class: "quiet" }, says, phones
      ? make("button", { type: "button", onclick: turn(!phones.open) }, phones.open ? "Close the bet" : "Ask again") : null)];
  }
}
