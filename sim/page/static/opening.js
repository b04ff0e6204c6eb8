// The opening card: something to do at once, while the map already moves behind it.
"use strict";

const SLOWLY_MS = 2500; // between two quarters behind the card

class Opening {
  /** @param {Room} room @param {Lesson[]} lessons */
  constructor(room, lessons) {
    this.room = room;
    this.card = byId("opening");
    this.cards = lessons.map((lesson, k) => make("button", { type: "button", class: "card", "data-open": lesson.name, disabled: true, onclick: () => this.teach(k) },
      make("b", {}, lesson.title), make("span", { class: "quiet" }, ` ${lesson.minutes} minutes`), make("span", { class: "about" }, lesson.about)));
    byId("opening-lessons").replaceChildren(...this.cards);
    byId("just-play").addEventListener("click", () => this.play());
    byId("opening-watch").textContent = room.offer.watch;
    this.seeking = new Seeking(room, byId("opening-find"), "opening-sought", () => this.shut());
    this.card.addEventListener("close", () => { this.closed ??= this.leave(); });
    this.closed = /** @type {Promise<void> | null} */ (null);
    this.card.showModal();
  }

  /**
   * Say how far the rules are compiled; null where nothing is compiled.
   * @param {number | null} share
   */
  compiled(share) {
    byId("opening-wait").hidden = share === null;
    byId("compiled").value = share ?? 0;
    byId("compiled-said").textContent = `${Math.round(100 * (share ?? 0))}%`;
  }

  /** The run is there: everything can be chosen, and the map begins to move. */
  ready() {
    this.compiled(null);
    for (const button of [byId("just-play"), ...this.cards]) button.disabled = false;
    if (!this.card.open) return;
    byId("just-play").focus();
    this.moving = STILL.matches ? Promise.resolve() : this.move();
  }

  /** Let quarters pass behind the card, slowly, until it is closed. */
  async move() {
    const { player } = this.room;
    while (this.card.open && player.q < player.quarters) {
      await player.move(1).catch(() => {});
      await new Promise((done) => { setTimeout(done, SLOWLY_MS); this.card.addEventListener("close", done, { once: true }); });
    }
  }

  /** What moved behind the card was only to be looked at: the run stands on its first day again. */
  async leave() {
    const { player } = this.room;
    await this.moving;
    if (player?.rows.length > 1) {
      await player.settled();
      player.take(player.about);
      await player.go(0);
    }
    document.body.dataset.left = "yes";
  }

  async shut() {
    this.card.close();
    await (this.closed ??= this.leave());
  }

  async play() {
    await this.shut();
    await this.room.player.play();
  }

  /** @param {number} k */
  async teach(k) {
    await this.shut();
    showTab("lesson");
    await this.room.lessons.open(k);
  }
}
