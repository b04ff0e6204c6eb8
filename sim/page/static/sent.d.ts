// What the page is sent: by server.py while it is live, by replay.py in a file to take home.

type Side = "a" | "b";
type Kind = "service" | "management" | "merger" | "talks";
type Party = "CON" | "LAB" | "LD" | "NOC" | "IND";
type Measures = Record<string, number | null>;
type Outlines = Record<string, [number, number][][]>;

/** A sketch of the land, in km: rings of cells, and lines between counties. While the page is live, where each council is. */
interface Land { cells: [number, number][][]; borders: [number, number][][]; places?: Record<string, [county: string, region: string, name: string]> }

interface Council {
  code: string; name: string; tier: string; was: string[];
  x: number; y: number; population: number;
  income: number; cost: number; reserves: number; gap: number; expected: number; saving: number;
  band_d: number; quality: number; autonomy: number; contact: number; local: number;
  /** 1 where it seeks one close partner; which computer system; the day until which it seeks none, or "". */
  marriage: number; system: number; pause: string;
  control: Party; distress: number; vacant: number; culture: number[]; lessons: string[];
}

/** What is not known of a deal yet is absent; in a file to take home, no longer known is null. */
interface Deal {
  n: number; scope: string; title: string; kind: Kind; stage: string; who: string[]; since: number;
  trust: number | null;
  promised?: number | null; reported?: number | null; true?: number | null; terms?: string[] | null;
}

interface Happened {
  t: number; kind: string; deal: number; who: string[]; said: string; why: string; reason?: string;
}

/** A bar of an account: its words, how hard it pushed (as drawn, as written), its parts in words. */
interface Bar {
  said: string; push: number; number: string; parts?: string;
  more?: boolean; aside?: boolean; luck?: boolean;
}

/** What decided: the words left and right, the longest bar, the bars in order, what all came to, how near it was; open: drawn at once. */
interface Bars { ends: [string, string]; most: number; rows: Bar[]; sum: string; verdict?: string; open?: boolean }

/** A line about two councils: what happened, the account of it in words, and as bars; n: the deal that was decided about. */
interface Told { said: string; why: string; bars?: Bars; n?: number }

/** How far the cultures of two councils lie apart, and what the first and the second believe of that, with their doubts. */
interface Mind { true: number; trust: number; believed: number[]; doubt: number[] }

interface Frame {
  q: number; period: string; day: string; stance: string;
  councils: Council[]; deals: Deal[]; measures: Measures; events: Happened[];
}

interface Row { q: number; a: Frame; b?: Frame }

/** The first quarter in which two sides differ. */
interface Apart {
  period: string; only_a: string[]; only_b: string[];
  /** On both sides and otherwise, each with both values; and how many steps were only weighed differently. */
  both: string[]; weighed: number;
}

/** The quarter in which two sides part; where the same things happen in it, then the first in which they do not. */
interface Parted extends Apart { q: number; moved: string[]; then?: Apart | null }

/** One of the differences between two sides: the quarter that shows it, its date, and what it is. */
interface Difference { q: number; period: string; line: string }

/** In how many runs, and between which shares that is in truth. */
type Times = [runs: number, low: number, high: number];

/** Runs of other luck, lived to a quarter, by side and outcome: this run's value, theirs, how many are as high. */
interface Counted {
  q: number; of: number; done: number;
  sides: Partial<Record<Side, { own: Record<string, number>; values: Record<string, number[]>; high: Record<string, Times> }>>;
  /** In how many B lies above A. */
  above?: Record<string, Times>;
}

interface Frames { branch?: number; frames: Row[]; parted: Parted | null }

interface Act {
  at: number; set?: Record<string, number | string>;
  council?: string; what?: string; control?: string; partner?: string; scope?: string;
}

interface Policy { scenario: string; acts: Act[] }
/** Beside what is shown: the policies that are kept under a name, and what a side was before each change. */
interface Memo {
  seed: number; replicate?: number; a: Policy; b?: Policy;
  kept?: (Policy & { name: string })[]; past?: { side: Side; was?: Policy }[];
  bets?: Bet[];
  /** The quarter at which whoever opens a link begins; no part of a session. */
  at?: number;
}

/** A question asked at a quarter; the run decides it at `at`, or the trainer marks what came true. */
interface Bet {
  ask: string; answers: string[]; asked: number; share?: string[]; outcome?: string; above?: number;
  at?: number; true?: number;
}

/** What is asked of /api/find: a sentence, and in other luck of side a of which session, `after` which replicate. */
interface Search { sought: string; memo: Memo; runs?: number; after?: number }

/** A run that was found: `q` is the frame that first shows it, `said` is empty beyond the first few. */
interface FoundRun { replicate: number; q: number; when: string; said: string; memo: Memo }

/** What came of a search: what was understood, in how many `runs` from replicate `first` on it was found `times`, the
 *  share with its 95% interval, whether it `stopped` since the time was up, and whether it is so on the first day in every run. */
interface Searched {
  sought: string; standing: boolean; first: number; runs: number; stopped: boolean;
  times: number; share: number; low: number; high: number; found: FoundRun[];
}

/** What was done to a side, in words. */
interface Tried { at: number; said: string; what: string }

interface SideAbout {
  /** named: the name under which its policy is kept, or "". */
  scenario: string; title: string; about: string; named: string; acts: Tried[]; remarks: string[];
  in_force: Record<string, number | string>[];
}

interface About {
  key?: string; land?: Land; memo: Memo; branch: number; quarters: number; days: string[];
  sides: { a: SideAbout; b?: SideAbout };
  /** Of a file to take home: the quarter at which it opens. */
  at?: number;
}

type Titles = Record<string, { title: string; unit: string }>;

interface Lever {
  name: string; label: string; group: string; needs: string; unit: string; why: string;
  form: "percent" | "pounds" | "years" | "times" | "yes" | "word";
  said: Record<string, string>; above: string; below: string;
  low: number; high: number; words: string[];
}

interface Shock { key: string; label: string; why: string; set: Record<string, number | string> }

interface Step {
  heading: string; text: string; print: string; question: string; reveal: string; notes: string;
  quarter: number; memo: Memo; look: string[];
}

interface Lesson { name: string; title: string; about: string; minutes: number; steps: Step[] }

/** What the live page offers. */
interface Offer {
  scenarios: { name: string; title: string; policy: boolean }[]; first: string; seed: number; replicate: number;
  lessons: Lesson[]; start_lesson: boolean; levers: Lever[]; shocks: Shock[]; titles: Titles;
  outlines: Outlines; room: boolean; watch: string;
}

/** What the trainer's page is told of the room. */
interface RoomTold {
  seats: {
    number: number; name: string; here: boolean; council: string | null; holds: boolean;
    decided: number; right: number; of: number;
  }[];
  bet: { key: string; open: boolean; counts: number[] } | null;
  game: { aims: Aim[]; closed: boolean; league: { name: string; cards: string[]; result: Reached | null }[] } | null;
}

/** A target: an outcome at least so much, or at most, when `at` quarters are over; and what was reached. */
interface Aim { outcome: string; most: boolean; bound: number; at: number }
interface Reached { values: (number | null)[]; met: boolean[] }

/** What a phone is told; most of it only where there is a run, and where it is a council. */
interface PhoneTold {
  you: { name: string; number: number; council: string | null; holds: boolean; holder: string | null };
  bet: {
    key: string; ask: string; answers: string[]; open: boolean; mine: number | null;
    true: number | null; counts: number[] | null;
  } | null;
  score: { right: number; of: number };
  game: { aims: Aim[]; closed: boolean; cards: Shock[]; mine: string[]; result: Reached | null; said: string[] } | null;
  when: { period: string; day: string; title: string; over: boolean } | null;
  measures?: Measures;
  councils?: { code: string; name: string; taken: boolean }[];
  knows?: Known | null; front?: boolean;
  asked?: { key: string; said: string; options: Record<string, string> }[];
  chosen: Record<string, string>;
  came?: { period: string; decided: { did: string; model: string; other: string }[]; news: string[] } | null;
}

/** What a council knows: its own money and deals, and what it thinks of others. */
interface Known {
  name: string; control: Party; money: Record<string, number>;
  deals: { title: string; stage: string; talks: boolean; with: string[]; promised: number | null; estimate: number | null }[];
  thinks: { name: string; said: string }[];
}

/** A council or a deal in a file to take home: only what is new since the frame before; null is gone. */
type News<T, Key extends keyof T> = Pick<T, Key> & { [Name in keyof T]?: T[Name] | null };

interface PackedFrame extends Omit<Frame, "councils" | "deals"> {
  councils: News<Council, "code">[]; deals: News<Deal, "n">[];
}

/** A run in a file to take home: explanations by deal and by pair, each from a quarter on. */
interface PackedRun {
  about: About; branch: number; frames: { q: number; a: PackedFrame; b?: PackedFrame }[];
  parted: Parted | null;
  stories: { a: Stories; b?: Stories };
  titles: Titles; outlines: Outlines; left_out: string[];
  chain: Difference[];
  bets: { a: (number | null)[]; b?: (number | null)[] };
}

interface Stories {
  deals: Record<string, [from: number, text: string, who: string[]][]>;
  pairs: Record<string, [t: number, told: Told][]>;
  minds: Record<string, [from: number, mind: Mind | null][]>;
}

/** The same, once every frame holds all that it shows. */
type KeptRun = Omit<PackedRun, "frames"> & { frames: Row[] };
