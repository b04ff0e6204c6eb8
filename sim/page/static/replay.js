// The source of a replay: the whole run stands in this file, nothing is asked of anybody.
"use strict";

class Kept {
  /** @param {KeptRun} run */
  constructor(run) {
    this.run = run;
  }

  /** @param {number} from @param {number} to */
  async frames(from, to) {
    return { frames: this.run.frames.slice(from, to + 1), parted: this.run.parted };
  }

  /** @param {Side} side @param {number} q */
  async bets(side, q) {
    const { about: { memo }, bets } = this.run;
    return { true: (bets[side] ?? []).map((answer, k) => ((memo.bets?.[k].at ?? 0) <= q ? answer : null)) };
  }

  /** @param {Side} side @param {number} number @param {number} q */
  async deal(side, number, q) {
    const told = (storiesOf(this.run, side).deals[number] ?? []).filter(([from]) => from <= q).at(-1);
    if (told) return { text: told[1], who: told[2] };
    const now = frameOf(this.run.frames[q], side).deals.find((deal) => deal.n === number);
    return { text: absent(this.run, "how each deal", "Nothing is known of this deal at this date."), who: now?.who ?? [] };
  }

  /** @param {number} n */
  async apart(n) {
    return this.run.chain[n] ?? null;
  }

  /** @param {Side} side @param {string} a @param {string} b @param {number} q */
  async pair(side, a, b, q) {
    const story = storiesOf(this.run, side).pairs[[a, b].sort().join("|")] ?? [];
    const lines = story.filter(([t]) => t >= BEFORE && t < q).map(([, told]) => told);
    const legend = story.filter(([t]) => t < BEFORE).map(([, told]) => told);
    if (lines.some((told) => told.bars)) lines.push(...legend);
    const none = absent(this.run, "what two councils", "They have had nothing to do with each other so far.");
    const minds = storiesOf(this.run, side).minds[[a, b].sort().join("|")] ?? [];
    return { lines: lines.length ? lines : [{ said: none, why: "" }], mind: seenFrom(minds.filter(([from]) => from <= q).at(-1)?.[1], a > b) };
  }
}

/**
 * What two think of each other, seen from the first of them or from the second.
 * @param {Mind | null | undefined} mind @param {boolean} turned
 */
function seenFrom(mind, turned) {
  return mind && turned ? { ...mind, believed: [...mind.believed].reverse(), doubt: [...mind.doubt].reverse() } : mind;
}

/** @param {KeptRun} run @param {Side} side */
function storiesOf(run, side) {
  return /** @type {Stories} */ (run.stories[side]);
}

async function openReplay() {
  const run = unpacked(JSON.parse(await unpackedText("run")));
  const player = new Player(new Kept(run), { ...run.about, titles: run.titles });
  for (const map of Object.values(player.maps)) map.outlines = run.outlines;
  new BetBox(player, byId("bets"));
  await player.go(run.about.at ?? 0);
  tellLeftOut(run);
  document.body.dataset.ready = "yes";
}

openReplay().catch(tooOld);
