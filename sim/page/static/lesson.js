// A lesson: steps with a text, a setting, a question and a reveal; and the sheet to print.
"use strict";

class LessonView {
  constructor(room, lessons, box) {
    this.room = room;
    this.lessons = lessons;
    this.box = box;
    this.choose();
  }

  choose() {
    this.lesson = null;
    this.box.replaceChildren(make("h2", {}, "Lessons"), ...this.lessons.map((lesson, k) => make("article", { class: "offer" },
      make("h3", {}, lesson.title), make("p", {}, lesson.about),
      make("button", { type: "button", "data-lesson": lesson.name, onclick: () => this.open(k) }, `Begin (${lesson.minutes} minutes)`))));
  }

  open(k) {
    this.lesson = this.lessons[k];
    return this.step(0);
  }

  /** Show a step; the run is set as the lesson says, whatever was tried in between. */
  async step(k) {
    const step = this.lesson.steps[k];
    if (!await this.room.set(step)) return;
    this.at = k;
    const { heading, text, question, reveal } = step;
    const last = k === this.lesson.steps.length - 1;
    const answer = make("div", { class: "reveal", hidden: true }, paragraphs(reveal));
    const show = make("button", { type: "button", class: "main", id: "reveal", onclick: () => { answer.hidden = false; show.hidden = true; } }, "Reveal");
    this.box.replaceChildren(
      make("p", { class: "quiet" }, `${this.lesson.title}: step ${k + 1} of ${this.lesson.steps.length}`),
      make("h2", { tabindex: -1 }, heading), ...paragraphs(text),
      question ? make("p", { class: "question" }, question) : "",
      reveal ? show : "", answer,
      make("div", { class: "row steps" },
        make("button", { type: "button", id: "step-back", disabled: k === 0, onclick: () => this.step(k - 1) }, "Back"),
        make("button", { type: "button", id: "step-next", disabled: last, onclick: () => this.step(k + 1) }, "Next"),
        make("button", { type: "button", onclick: () => this.room.print() }, "Print a debrief"),
        make("button", { type: "button", onclick: () => this.choose() }, "All lessons")));
    this.box.scrollTop = 0;
    this.box.querySelector("h2").focus();
  }
}

function paragraphs(text) {
  return text.split(/\n\s*\n/).filter((part) => part.trim()).map((part) => make("p", {}, part.trim()));
}

/** Write the sheet that is printed: what was set, asked, revealed, tried, and what came of it. */
function writeDebrief(box, player, lesson) {
  const frames = player.sideFrames, now = player.frame;
  const failed = frames.flatMap((frame) => frame.events.filter((e) => ["talks_fail", "ends"].includes(e.kind)).map((e) => `${frame.period}: ${e.said}`));
  const side = player.about.sides[player.side];
  const told = Object.entries(player.about.titles ?? {}).filter(([name]) => now.measures[name] != null)
    .map(([name, { title, unit }]) => [title, `${Math.round(now.measures[name] * 100) / 100} ${unit}`]);
  box.replaceChildren(
    make("h1", {}, lesson ? lesson.title : "Debrief"),
    make("p", {}, `${side.title}, seed ${player.about.memo.seed}, to ${now.day}.`),
    ...(lesson ? lesson.steps.flatMap((step) => [make("h2", {}, step.heading), ...paragraphs(step.text),
      step.question ? make("p", {}, make("b", {}, step.question)) : "", ...(step.question ? [make("p", { class: "blank" })] : []),
      ...paragraphs(step.reveal)]) : []),
    make("h2", {}, "What was tried"),
    make("ul", {}, side.acts.length ? side.acts.map((act) => make("li", {}, act.said)) : make("li", {}, "Nothing: the run as it was.")),
    make("h2", {}, "What came of it"), table(told),
    make("h2", {}, "What failed or ended, and why"),
    make("ul", {}, failed.length ? failed.slice(-40).map((text) => make("li", {}, text)) : make("li", {}, "Nothing.")),
    make("h2", {}, "What we would try next"), make("p", { class: "blank" }), make("p", { class: "blank" }));
}
