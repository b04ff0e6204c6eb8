// The source of a replay: the whole run stands in this file, nothing is asked of anybody.
"use strict";

class Kept {
  constructor(run) {
    this.run = run;
  }

  async frames(from, to) {
    return { frames: this.run.frames.slice(from, to + 1), parted: this.run.parted };
  }

  async deal(side, number, q) {
    const deal = this.run.stories[side].deals[number];
    if (!deal) return { text: "Nothing is known of this deal.", who: [] };
    const text = deal.last < q ? deal.text : "This deal is still under way at this date.";
    return { text, who: deal.who };
  }

  async pair(side, a, b, q) {
    const story = this.run.stories[side].pairs[[a, b].sort().join("|")];
    const lines = (story ?? []).filter(([t]) => t >= 0 && t < q).map(([, line]) => line);
    const legend = (story ?? []).filter(([t]) => t < 0).map(([, line]) => line);
    return { lines: lines.length ? [...lines, ...legend] : ["They have had nothing to do with each other so far."] };
  }
}

async function openReplay() {
  const packed = Uint8Array.from(atob(byId("run").textContent.trim()), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const run = JSON.parse(await new Response(stream).text());
  const player = new Player(new Kept(run), { ...run.about, titles: run.titles });
  for (const map of Object.values(player.maps)) map.outlines = run.outlines;
  await player.go(0);
  document.body.dataset.ready = "yes";
}

openReplay().catch(() => { byId("date").textContent = "This browser is too old to open the run."; });
