// What the page is made of: its elements by id, and what its scripts hand to each other.

/** Elements by id: those of page.html, and a few that scripts make. */
interface Ids {
  title: HTMLElement; date: HTMLElement; stance: HTMLElement; notice: HTMLElement;
  first: HTMLButtonElement; back: HTMLButtonElement; play: HTMLButtonElement;
  step: HTMLButtonElement; time: HTMLInputElement; speed: HTMLSelectElement;
  marks: HTMLElement; years: HTMLElement;
  maps: HTMLElement; "map-a": SVGSVGElement; "map-b": SVGSVGElement; legend: HTMLElement;
  nearer: HTMLButtonElement; farther: HTMLButtonElement; whole: HTMLButtonElement;
  sides: HTMLFieldSetElement; "name-a": HTMLElement; "name-b": HTMLElement;
  feed: HTMLElement; "feed-council": HTMLSelectElement; "feed-kinds": HTMLElement;
  "feed-list": HTMLElement; parted: HTMLElement;
  "often-open": HTMLButtonElement;
  often: HTMLDialogElement; "often-title": HTMLElement; "often-what": HTMLSelectElement; "often-far": HTMLElement;
  "often-bar": HTMLProgressElement; "often-told": HTMLElement; "often-close": HTMLButtonElement;
  chain: HTMLElement; "chain-line": HTMLElement; "chain-back": HTMLButtonElement; "chain-next": HTMLButtonElement;
  views: HTMLFieldSetElement;
  explain: HTMLElement; try: HTMLElement; lesson: HTMLElement; charts: HTMLElement;
  help: HTMLDialogElement; "help-open": HTMLButtonElement; "help-close": HTMLButtonElement;
  bets: HTMLElement; room: HTMLElement; door: HTMLDialogElement; "door-way": HTMLElement;
  "door-count": HTMLElement; "door-close": HTMLButtonElement; phone: HTMLElement; desk: HTMLElement;
  spoken: HTMLElement; debrief: HTMLElement;
  "room-view": HTMLButtonElement; view: HTMLDetailsElement; "blank-now": HTMLButtonElement;
  blank: HTMLDialogElement; signs: HTMLButtonElement; "room-chart": HTMLSelectElement;
  find: HTMLElement; "find-council": HTMLInputElement; "find-names": HTMLElement;
  "find-area": HTMLSelectElement; "find-said": HTMLElement;
  opening: HTMLDialogElement; "opening-wait": HTMLElement; "opening-lessons": HTMLElement; "opening-find": HTMLElement; "opening-watch": HTMLElement;
  compiled: HTMLProgressElement; "compiled-said": HTMLElement; "just-play": HTMLButtonElement;
  chief: HTMLButtonElement; run: HTMLScriptElement;
}

type Panel = "feed" | "explain" | "try" | "lesson" | "room";

/** What stands inside an element. */
type Child = Node | string | number | null | Child[];

/** Attributes of an element; one that begins with "on" is called when that happens. */
type Attributes = Record<string, string | number | boolean | null | undefined | ((event: any) => unknown)>;

/** Where frames and explanations come from. */
interface Source {
  often?(q: number, pair: string[]): Promise<Counted>;
  apart(n: number): Promise<Difference | null>;
  bets(side: Side, q: number): Promise<{ true: (number | null)[] }>;
  frames(from: number, to: number): Promise<Frames>;
  deal(side: Side, number: number, q: number): Promise<{ text: string; who: string[] }>;
  pair(side: Side, a: string, b: string, q: number): Promise<{ lines: Told[]; mind?: Mind | null }>;
}

/** A session with the titles of its outcomes. */
interface Shown extends About { titles: Titles }

/** What is explained: a council, two councils, or a deal. */
interface Subject { council?: string; pair?: string[]; deal?: number; of?: string[] }

/** What a list of things to change holds: one act, whose quarter the page adds. */
type Wish = Omit<Act, "at">;

type Point = [x: number, y: number];
type Box = [left: number, top: number, right: number, bottom: number];
interface Circle { x: number; y: number; r: number }
/** What lies on one map of two sides: on one of them only, or on both. */
type On = "a" | "b" | "ab";
interface Bundle { ends: [string, string]; kind: Kind; deals: Deal[]; on?: On }

/** A frame of two sides in one: `on` says by council where it is, if not on both; links are bundled already. */
interface Both extends Frame { on: Map<string, On>; bundles: Bundle[] }

/** Which maps are shown of two sides. */
type View = "two" | Side | "both";

/** A place where a name may stand; `from` is where its line to the circle begins, if it has one. */
interface Spot {
  x: number; y: number; anchor: string; lines: string[]; box: Box; cost: number;
  from: Point | null; to: Point;
}

/** What the page tells the trainer's window. */
interface DeskTold {
  from: string; date: string; title: string; playing: boolean;
  lesson: {
    title: string; minutes: number; at: number; begun: number;
    steps: { heading: string; question: string; reveal: string; notes: string }[];
  } | null;
  room: RoomTold | null; bet: { ask: string; answers: string[]; counts: number[]; came: number | null } | null;
}
/** How the page looks, as somebody chose it; what is absent is as by default. */
interface Look { letters?: string; colours?: string }

/** Where a tab of the browser stood before it was loaded anew. */
interface Stood { hash: string; q: number; tab: Panel; lesson?: string; at?: number }
