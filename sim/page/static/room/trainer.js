// The trainer's window: notes, minutes, answers and the next step, which the projector does not show.
"use strict";

const ASK_EVERY = 2_000, NO_ANSWER = 7_000; // milliseconds
/** Keys that the page takes from here; arrows are steps of the lesson, or quarters without one. */
const PRESSED_HERE = /** @type {Record<string, string>} */ ({
  " ": " ", ArrowRight: "on", PageDown: "on", ArrowLeft: "back", PageUp: "back", ",": ",", ".": ".", b: "b", Home: "Home",
});

class TrainerWindow {
  /** @param {HTMLElement} box */
  constructor(box) {
    this.box = box;
    this.page = "";
    this.last = this.said = "";
    this.heard = Date.now();
    this.minutes = make("span", {});
    this.told = /** @type {DeskTold | null} */ (null);
    this.channel = new BroadcastChannel("councils");
    this.channel.onmessage = ({ data }) => { if (data.from) this.hear(data); };
    addEventListener("keydown", (event) => this.key(event));
    setInterval(() => this.look(), ASK_EVERY);
    this.channel.postMessage({ hello: true });
  }

  look() {
    if (Date.now() - this.heard > NO_ANSWER) this.silent();
    if (!this.page || Date.now() - this.heard > ASK_EVERY) this.channel.postMessage({ hello: true });
    this.tick();
  }

  silent() {
    this.page = this.last = "";
    this.box.replaceChildren(make("h1", {}, "Council Partnering: the trainer's window"),
      make("p", { class: "silent", role: "status" }, "The page does not answer. Open it in this browser; this window finds it by itself."));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = PRESSED_HERE[event.key];
    if (!key || (event.key === " " && closest(event.target, "button"))) return;
    event.preventDefault();
    this.send(key);
  }

  /** @param {string} key */
  send(key) {
    this.channel.postMessage({ to: this.page, key });
  }

  /** @param {DeskTold} told */
  hear(told) {
    this.heard = Date.now();
    this.page = told.from;
    this.told = told;
    const said = JSON.stringify(told);
    if (said === this.last) return;
    this.last = said;
    const key = document.activeElement?.getAttribute("data-key");
    const { lesson } = told;
    this.box.replaceChildren(
      make("section", {}, make("h1", {}, told.title), make("p", { class: "date" }, told.date),
        make("div", { class: "choices" }, this.button("back", lesson ? "Step back (←)" : "Quarter back (←)"),
          this.button(" ", told.playing ? "Pause (space)" : "Play (space)"),
          this.button("on", lesson ? "Next step (→)" : "Quarter on (→)"), this.button("b", "Black screen (b)"))),
      ...(lesson ? this.lesson(lesson) : [make("section", {}, make("p", {}, "No lesson is open on the page."))]),
      ...this.bet(told), ...this.room(told));
    this.tick();
    if (key) all("[data-key]").find((one) => one.dataset.key === key)?.focus();
  }

  /** @param {string} key @param {string} words */
  button(key, words) {
    return make("button", { type: "button", "data-key": key, onclick: () => this.send(key) }, words);
  }

  /** @param {NonNullable<DeskTold["lesson"]>} lesson */
  lesson({ title, at, steps }) {
    const { heading, question, reveal, notes } = steps[at], next = steps[at + 1];
    const part = (/** @type {string} */ name, /** @type {string} */ text) => (text ? [make("h3", {}, name), ...paragraphsOf(text)] : []);
    return [make("section", {}, make("p", { class: "quiet" }, `${title}: step ${at + 1} of ${steps.length}. `, this.minutes), make("h2", {}, heading),
      ...part("Your notes", notes), ...part("You ask", question), ...part("The answer", reveal),
      reveal ? this.button("reveal", "Show the answer to the room") : ""),
    make("section", {}, make("h2", {}, next ? `Next: ${next.heading}` : "This is the last step."))];
  }

  /** @param {DeskTold} told */
  bet({ bet }) {
    return bet ? [make("section", {}, make("h2", {}, `Bet: ${bet.ask}`), make("ul", {}, bet.answers.map((answer, k) =>
      make("li", { class: bet.came === k ? "came" : null }, `${answer}: ${bet.counts[k]}`, bet.came === k ? " ✔ this happened" : ""))))] : [];
  }

  /** @param {DeskTold} told */
  room({ room }) {
    if (!room) return [];
    const here = room.seats.filter((seat) => seat.here), decisions = here.reduce((sum, seat) => sum + seat.decided, 0);
    return [make("section", {}, make("h2", {}, `${plural(here.length, "phone", "phones")} here`),
      make("p", {}, `${plural(here.filter((seat) => seat.holds).length, "council", "councils")} taken, ${plural(decisions, "decision", "decisions")} for the quarter that comes.`))];
  }

  tick() {
    const { lesson } = this.told ?? {};
    if (lesson) this.minutes.textContent = `${Math.floor((Date.now() - lesson.begun) / 60_000)} of ${plural(lesson.minutes, "minute", "minutes")}.`;
  }
}

/** @param {string} text */
function paragraphsOf(text) {
  return text.split(/\n\s*\n/).filter((part) => part.trim()).map((part) => make("p", {}, part.trim()));
}

new TrainerWindow(byId("desk"));
