// Show me a run in which something happens: in how many runs of other luck it does, and each of them to watch.
"use strict";

const LISTED = 4; // runs that are offered
const BEFORE_IT = 2; // quarters before it happens, at which a run that was found begins to be watched

class Seeking {
  /**
   * Put the form into a box; `watch` is called before a run is begun.
   * @param {Room} room @param {HTMLElement} box @param {string} id @param {() => Promise<void>} [watch]
   */
  constructor(room, box, id, watch = async () => {}) {
    this.room = room;
    this.watch = watch;
    this.asked = 0;
    this.sentence = make("input", { id, maxlength: 300, autocomplete: "off", placeholder: "Breckland and South Norfolk share management" });
    this.found = make("div", { class: "found", role: "status" });
    this.form = make("form", { class: "seek", onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); this.seek(); } },
      make("label", { for: id }, "Show me a run in which"), this.sentence, make("button", { type: "submit" }, "Find"));
    box.replaceChildren(this.form, this.found);
  }

  async seek() {
    const sought = this.sentence.value.trim() || this.sentence.placeholder;
    const ask = ++this.asked;
    this.found.replaceChildren(make("p", { class: "quiet" }, "Looking through runs of other luck …"));
    const parts = await this.room.server.find(sought).then((found) => this.told(found), (error) => [make("p", { class: "note wrong" }, messageOf(error))]);
    if (ask === this.asked) this.found.replaceChildren(...parts);
  }

  /** @param {Searched} found */
  told({ sought, runs, times, low, high, found }) {
    const share = (/** @type {number} */ part) => `${Math.round(100 * part)}%`;
    return [
      make("p", {}, `${sought[0].toUpperCase()}${sought.slice(1)}: in ${times} of ${runs} runs (${share(low)} to ${share(high)}).`),
      make("ul", {}, found.slice(0, LISTED).map((run) => make("li", {},
        make("button", { type: "button", class: "linked", onclick: () => this.show(run) }, `${run.when}: ${run.said || `run ${run.replicate}`}`)))),
    ];
  }

  /** @param {FoundRun} run */
  async show(run) {
    await this.watch();
    await this.room.begin(run.memo, Math.max(run.q - BEFORE_IT, 0));
  }
}
