// A lesson: steps with a text, a setting, a question and a reveal.
"use strict";

class LessonView {
  /** @param {Room} room @param {Lesson[]} lessons @param {HTMLElement} box */
  constructor(room, lessons, box) {
    this.room = room;
    this.lessons = lessons;
    this.box = box;
    this.lesson = /** @type {Lesson | null} */ (null);
    this.at = 0;
    this.begun = Date.now();
    this.choose();
  }

  choose() {
    this.lesson = null;
    this.box.replaceChildren(make("h2", {}, "Lessons"), ...this.lessons.map((lesson, k) => make("article", { class: "offer" },
      make("h3", {}, lesson.title), make("p", {}, lesson.about),
      make("button", { type: "button", "data-lesson": lesson.name, onclick: () => this.open(k) }, `Begin (${lesson.minutes} minutes)`))));
  }

  /** @param {number} k */
  open(k) {
    this.lesson = this.lessons[k];
    this.begun = Date.now();
    return this.step(0);
  }

  /**
   * Show again the step at which a page stood that was loaded anew; its run stands already.
   * @param {string | undefined} name @param {number} k
   */
  resume(name, k) {
    this.lesson = this.lessons.find((one) => one.name === name) ?? null;
    if (this.lesson?.steps[k]) this.show(k);
  }

  /**
   * Go to a step; the run is set as the lesson says, whatever was tried in between.
   * @param {number} k
   */
  async step(k) {
    if (!this.lesson || !await this.room.set(this.lesson.steps[k])) return;
    this.show(k);
    this.room.remember();
    this.box.scrollTop = 0;
    all("h2", this.box)[0].focus();
  }

  /** @param {number} k */
  show(k) {
    const { title, steps } = /** @type {Lesson} */ (this.lesson);
    this.at = k;
    const { heading, text, question, reveal } = steps[k];
    const last = k === steps.length - 1;
    const answer = make("div", { class: "reveal", hidden: true, tabindex: -1 }, paragraphs(reveal));
    const open = () => { answer.hidden = false; show.hidden = true; answer.focus(); };
    const show = make("button", { type: "button", class: "main", id: "reveal", onclick: open }, "Reveal");
    this.box.replaceChildren(
      make("p", { class: "quiet" }, `${title}: step ${k + 1} of ${steps.length}`),
      make("h2", { tabindex: -1 }, heading), ...paragraphs(text),
      question ? make("p", { class: "question" }, question) : "",
      reveal ? show : "", answer,
      make("div", { class: "row steps" },
        make("button", { type: "button", id: "step-back", disabled: k === 0, onclick: () => this.step(k - 1) }, "Back"),
        make("button", { type: "button", id: "step-next", disabled: last, onclick: () => this.step(k + 1) }, "Next"),
        make("button", { type: "button", onclick: () => this.room.print() }, "Print a debrief"),
        make("button", { type: "button", onclick: () => { this.choose(); this.box.focus(); } }, "All lessons")));
    dispatchEvent(new CustomEvent("step"));
  }
}

/** @param {string} text */
function paragraphs(text) {
  return text.split(/\n\s*\n/).filter((part) => part.trim()).map((part) => make("p", {}, part.trim()));
}
