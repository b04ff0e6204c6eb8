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

  /** Show again the step at which a page stood that was loaded anew; its run stands already. */
  resume(name, k) {
    this.lesson = this.lessons.find((one) => one.name === name);
    if (this.lesson?.steps[k]) this.show(k);
  }

  /** Go to a step; the run is set as the lesson says, whatever was tried in between. */
  async step(k) {
    if (!await this.room.set(this.lesson.steps[k])) return;
    this.show(k);
    this.room.remember();
    this.box.scrollTop = 0;
    this.box.querySelector("h2").focus();
  }

  show(k) {
    this.at = k;
    const { heading, text, question, reveal } = this.lesson.steps[k];
    const last = k === this.lesson.steps.length - 1;
    const answer = make("div", { class: "reveal", hidden: true, tabindex: -1 }, paragraphs(reveal));
    const open = () => { answer.hidden = false; show.hidden = true; answer.focus(); };
    const show = make("button", { type: "button", class: "main", id: "reveal", onclick: open }, "Reveal");
    this.box.replaceChildren(
      make("p", { class: "quiet" }, `${this.lesson.title}: step ${k + 1} of ${this.lesson.steps.length}`),
      make("h2", { tabindex: -1 }, heading), ...paragraphs(text),
      question ? make("p", { class: "question" }, question) : "",
      reveal ? show : "", answer,
      make("div", { class: "row steps" },
        make("button", { type: "button", id: "step-back", disabled: k === 0, onclick: () => this.step(k - 1) }, "Back"),
        make("button", { type: "button", id: "step-next", disabled: last, onclick: () => this.step(k + 1) }, "Next"),
        make("button", { type: "button", onclick: () => this.room.print() }, "Print a debrief"),
        make("button", { type: "button", onclick: () => { this.choose(); this.box.focus(); } }, "All lessons")));
  }
}

function paragraphs(text) {
  return text.split(/\n\s*\n/).filter((part) => part.trim()).map((part) => make("p", {}, part.trim()));
}

/** Write the sheet that is printed: what was set, asked, revealed, tried, and what came of it. */
function writeDebrief(box, player, lesson) {
  const { sides, memo } = player.about;
  const names = player.two ? ["a", "b"] : [player.side];
  box.replaceChildren(
    make("h1", {}, lesson ? lesson.title : "Debrief"),
    make("p", {}, `${sides.a.title}, seed ${memo.seed}, to ${player.frame.day}.`),
    ...(lesson ? lesson.steps.flatMap(printedStep) : []),
    ...names.flatMap((name) => printedSide(player, name)),
    make("h2", {}, "What we would try next"), make("p", { class: "blank" }), make("p", { class: "blank" }));
}

/** A step on paper: what only a screen can do is left out. */
function printedStep({ heading, text, question, reveal }) {
  const told = text.replace(/(^|\s)Press Play\.(?=\s|$)/g, "$1");
  return [make("h2", {}, heading), ...paragraphs(told),
    question ? make("p", {}, make("b", {}, question)) : "", question ? make("p", { class: "blank" }) : "",
    ...paragraphs(reveal)];
}

function printedSide(player, name) {
  const side = player.about.sides[name], frames = player.rows.slice(0, player.q + 1).map((row) => row[name]);
  const now = frames.at(-1).measures, of = player.two ? ` in ${name.toUpperCase()}` : "";
  const failed = frames.flatMap((frame) => frame.events
    .filter((e) => ["talks_fail", "ends"].includes(e.kind) && !e.said.includes("the members merged"))
    .map((e) => `${frame.period}: ${e.said}`));
  const told = Object.entries(player.about.titles ?? {}).filter(([key]) => now[key] != null)
    .map(([key, { title, unit }]) => [title, inUnit(now[key], unit)]);
  return [
    player.two ? make("h2", {}, `${name.toUpperCase()}: ${sideTitle(player.about, name)}`) : "",
    make("h2", {}, `What was tried${of}`),
    make("ul", {}, side.acts.length ? side.acts.map((act) => make("li", {}, act.said)) : make("li", {}, "Nothing: the run as it was.")),
    make("h2", {}, `What came of it${of}`), table(told),
    make("h2", {}, `What failed or ended${of}, and why`),
    make("ul", {}, failed.length ? failed.slice(-40).map((text) => make("li", {}, text)) : make("li", {}, "Nothing.")),
  ];
}

/** Write an outcome: pounds as pounds, and a count as a number, since the title says of what. */
function inUnit(value, unit) {
  if (unit.startsWith("million pounds")) return money(value) + unit.slice("million pounds".length);
  return (Math.round(value * 100) / 100).toLocaleString("en-GB");
}
