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
    const told = (this.run.stories[side].deals[number] ?? []).filter(([from]) => from <= q).at(-1);
    if (told) return { text: told[1], who: told[2] };
    const now = this.run.frames[q][side].deals.find((deal) => deal.n === number);
    return { text: absent(this.run, "how each deal", "Nothing is known of this deal at this date."), who: now?.who ?? [] };
  }

  async pair(side, a, b, q) {
    const story = this.run.stories[side].pairs[[a, b].sort().join("|")] ?? [];
    const lines = story.filter(([t]) => t >= BEFORE && t < q).map(([, line]) => line);
    const legend = story.filter(([t]) => t < BEFORE).map(([, line]) => line);
    if (lines.some((line) => line.includes("Because of"))) lines.push(...legend);
    return { lines: lines.length ? lines : [absent(this.run, "what two councils", "They have had nothing to do with each other so far.")] };
  }
}

async function openReplay() {
  const packed = Uint8Array.from(atob(byId("run").textContent.trim()), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const run = unpacked(JSON.parse(await new Response(stream).text()));
  const player = new Player(new Kept(run), { ...run.about, titles: run.titles });
  for (const map of Object.values(player.maps)) map.outlines = run.outlines;
  await player.go(0);
  tellLeftOut(run);
  document.body.dataset.ready = "yes";
}

openReplay().catch(() => { byId("date").textContent = "This browser is too old to open the run."; });
