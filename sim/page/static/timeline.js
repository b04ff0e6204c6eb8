// The time line: the slider, its years, and marks where something was changed and where two sides part.
"use strict";

/** @param {About} about */
function drawYears({ days, quarters }) {
  const years = days.map((day, q) => ({ day, q })).filter(({ day }) => day.slice(5) === "04-01");
  const every = Math.ceil(years.length / 8);
  const spans = years.filter((_, k) => k % every === 0).map(({ day, q }) => {
    const span = make("span", {}, day.slice(0, 4));
    span.style.left = `${100 * q / quarters}%`;
    return span;
  });
  byId("years").replaceChildren(...spans);
}

/**
 * Move the slider to the quarter that is shown.
 * @param {number} q @param {string} period
 */
function drawSlider(q, period) {
  const slider = byId("time");
  slider.value = String(q);
  slider.setAttribute("aria-valuetext", period);
}

/**
 * Put on the time line what was changed, and where the two sides part.
 * @param {About} about @param {Parted | null} parted
 */
function drawMarks(about, parted) {
  const marks = Object.entries(about.sides).flatMap(([name, side]) => side.acts.map((act) =>
    make("span", { class: `mark side-${name}`, "data-at": act.at, title: act.said }, "▼")));
  if (parted) {
    marks.push(make("span", { class: "mark parting", "data-at": parted.q, title: `The two part: ${parted.period}` }, "◆"));
  }
  for (const mark of marks) mark.style.left = `${100 * Number(mark.dataset.at) / about.quarters}%`;
  byId("marks").replaceChildren(...marks);
}
