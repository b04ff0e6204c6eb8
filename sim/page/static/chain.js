// The chain of differences between two sides: one line each, with its date, and the way there.
"use strict";

class Differences {
  /** @param {Player} player */
  constructor(player) {
    this.player = player;
    this.at = -1; // the number of the difference that is told; -1 before the first
    byId("chain-next").addEventListener("click", () => this.move(1));
    byId("chain-back").addEventListener("click", () => this.move(-1));
    this.forget();
  }

  /** Tell the first difference again, as the box above does, and as it is when other sides are shown. */
  forget() {
    this.at = -1;
    byId("parted").classList.remove("passed");
    byId("chain-back").disabled = true;
    byId("chain-next").disabled = false;
    byId("chain-line").replaceChildren("What came of it, step by step:");
  }

  /** @param {number} way */
  async move(way) {
    const { branch } = this.player.about, wanted = this.at + way;
    if (wanted < 0) {
      this.forget();
      return this.player.go(this.player.parted?.q ?? 0);
    }
    const found = await this.player.source.apart(wanted);
    if (branch !== this.player.about.branch) return; // of sides that are no longer shown
    byId("chain-next").disabled = !found;
    if (!found) {
      byId("chain-back").focus();
      byId("chain-line").append(make("b", {}, " That was the last difference."));
      return;
    }
    this.at = wanted;
    byId("chain-back").disabled = false;
    byId("parted").classList.add("passed");
    const go = () => { this.player.pause(); return this.player.go(found.q); };
    byId("chain-line").replaceChildren(make("b", {}, `${wanted + 1}. ${found.period}: `),
      make("button", { type: "button", class: "linked", onclick: go }, found.line));
    await go();
  }
}
