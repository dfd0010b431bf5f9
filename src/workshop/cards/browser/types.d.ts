/** Types that the modules share: what Python sends (views), what a card asks for (requests), and what the parts of a card are. */

import type { Texts } from "./texts.js";

/** Text as a tree: a word, or a tag with its attributes and what is inside. */
export type TreeNode = string | [tag: string, attributes: Record<string, string>, ...children: TreeNode[]];
export type Tree = TreeNode[];

/** What a card asks for; `n` is added on its way. */
export interface Request {
  do: string;
  [field: string]: unknown;
}
export type Numbered = Request & { n: number };

export interface View {
  type: string;
  id?: string;
  title?: string;
  /** What went wrong with the last request, in words; empty when nothing did. */
  trouble?: string;
  /** The number of the last request that Python dealt with, and of the last one that is safe. */
  heard?: number;
  saved?: number;
}

/** Where a card stands: in a notebook, in the room. Only the host knows how a request travels. */
export interface Host {
  texts: Texts;
  view(): View;
  send(request: Numbered): void;
  /** Calls back with each new view; the result stops that. */
  onView(callback: () => void): (() => void) | undefined;
  /** The number of the last request that was sent before this card was made. */
  sent?(): number;
  /** Whether the host itself keeps a request until it has arrived. */
  keeps?: boolean;
  /** Whether the host waits for a connection. */
  waits?(): boolean;
}

export type LineState = "lost" | "making" | "waiting" | "saving" | "quick" | "failed" | "still";

export interface Courier {
  send(request: Request): void;
  retry(): void;
  /** Send at once what waits for its turn, because the page goes away. */
  hurry(): void;
  /** Takes note of a view that has come; returns the request it answers, or null. */
  arrived(view: View): Numbered | null;
  state(): LineState;
  busy(): boolean;
  unsaved(): boolean;
  close(): void;
}

/** A card that is shown. */
export interface Face {
  update(view: any, done: Numbered | null): void;
  refresh(): void;
  leave(): void;
}
export type Card = (root: HTMLElement, view: any, line: Courier, texts: Texts) => Face;

/** What the parts of a card share. */
export interface Kit {
  t: Texts["t"];
  /** An id of this card, the same each time, and one that is new each time. */
  id(name: string): string;
  fresh(name: string): string;
  /** Lets a screen reader speak. */
  say(text: string): void;
}

export type Mark = "right" | "wrong" | "missed" | "neutral" | "empty";
export type Outcome = "right" | "partly" | "not_right" | "not_answered" | "to_read";

export interface Line {
  id: string;
  text: Tree;
}

export type Answer = string | string[] | Record<string, string | string[]> | null;

export interface Marked {
  mark: Mark;
  reason?: Tree;
  should?: Tree;
}

export interface Result {
  outcome: Outcome;
  headline?: string;
  points?: number | null;
  of?: number | null;
  next?: Tree;
  reason?: Tree;
  rubric?: Tree[];
  model?: Tree;
  options?: Record<string, Marked>;
  rows?: Record<string, Marked>;
  order?: string[];
}

export interface QuestionView extends View {
  kind: string;
  prompt?: Tree;
  options?: Line[];
  rows?: Line[];
  columns?: Line[];
  row_label?: string;
  column_label?: string;
  unit?: string;
  /** The ends of an axis of years. */
  first?: number;
  last?: number;
  words?: number | null;
  graded?: boolean;
  points?: number | null;
  answer?: any;
  result?: Result | null;
}

/** What a way to answer may use: `changed` and `typed` report an answer, `settle` ends the typing, `enter` checks. */
export interface QuestionKit extends Kit {
  title: string;
  prompt: string;
  changed(): void;
  typed(): void;
  settle(): void;
  enter(): void;
}

/** A way to answer: its elements, the answer read and written, and marks shown. */
export interface Input {
  node: HTMLElement;
  read(): Answer;
  /** Shows an answer that came from outside; it may be of another form, and then counts as far as it fits. */
  write(value: any): void;
  mark(result: Result | null | undefined): void;
  /** What to say while there is no answer, where it is not the usual sentence. */
  unanswered?: string;
  /** Whether the order of a list is part of the answer. */
  ordered?: boolean;
  /** More to show under the headline of a result. */
  explain?(result: Result): Node | "";
}
export type Kind = (view: QuestionView, kit: QuestionKit) => Input;

export interface Step {
  scene: string;
  choice: string;
  cost?: string;
  effects?: string;
  later?: string;
  reason?: string;
}

export interface Choice {
  id: string;
  text: Tree;
  cost?: string;
  decision?: boolean;
  possible?: boolean;
  why_not?: string;
}

export interface Gauge {
  label: string;
  value: number;
  change: number;
  better: string;
}

export interface RoleCard {
  title: string;
  side: string;
  lines: [name: string, words: Tree][];
}

export interface Group {
  on: boolean;
  people: number;
  minutes: number;
  swapped: boolean;
  swapping: boolean;
  sizes: number[];
  times: number[];
  hands: RoleCard[][];
}

export interface FinishedPlay {
  number: number;
  when: string;
  people: number;
  ending: string;
}

export interface After {
  number: number;
  can_draw: boolean;
  figure: FigureView | null;
  compared: number | null;
  comparison: { scene: string; plays: (Step | null)[] }[] | null;
  debrief: { title: string; text: Tree }[];
}

export interface ScenarioView extends View {
  round?: string;
  gauges?: Gauge[];
  clock?: { unit: string; used: number; of: number };
  late?: { choice: string; effects: string }[];
  brief?: Tree;
  scene?: { id: string; title: string; text: Tree; side: string };
  choices?: Choice[];
  reason?: { scene: string; text: string } | null;
  before?: Step[];
  trail?: Step[];
  ending?: { id: string; title: string; text: Tree } | null;
  group?: Group | null;
  replay?: { number: number; step: number; of: number; taken: string; decision: boolean; reason: string } | null;
  after?: After | null;
  plays?: FinishedPlay[];
  files?: string[];
  links?: Record<string, string>;
  can_go_back?: boolean;
}

export interface HandInView extends View {
  code?: string;
  answered: number;
  of: number;
  missing?: string[];
  file?: string;
  note?: string;
}

export interface FigureView extends View {
  src?: string;
  alt?: string;
  caption?: Tree;
  note?: string;
  table?: { columns: unknown[]; rows: unknown[][] } | null;
}

export interface Named {
  id: string;
  text: string;
}

export interface Institution {
  id: string;
  office: string;
  sector: string;
  level: string;
  role: string;
  functions: string[];
  passes_to: string;
  days: string;
}

export interface ArchitectureValue {
  name?: string;
  institutions?: Institution[];
  representative?: string;
  law?: string;
  staff?: string;
  money?: string;
  review?: string;
  mandate?: Record<string, { text: string; open: boolean }>;
}

export interface ArchitectureView extends View {
  value: ArchitectureValue;
  summary: string;
  aid: string;
  kept: boolean;
  most: number;
  decides: string;
  examples: { id: string; title: string }[];
  laws: Named[];
  staffs: Named[];
  moneys: Named[];
  sectors: Named[];
  levels: Named[];
  roles: Named[];
  functions: Named[];
  questions: Named[];
  map: { columns: string[]; rows: { label: string; cells: string[][] }[] };
  sections: { title: string; tree: Tree }[];
}

export interface FieldShape {
  id: string;
  label: string;
  help?: string;
  long?: boolean;
  short?: boolean;
}

export interface FormView extends View {
  value: Record<string, any>;
  button: string;
  fields: FieldShape[];
  row: FieldShape[];
  suggestions: { id: string; goal: string; step: string }[];
  files: string[];
  note: string;
}

/** What anywidget gives to a widget's module: the model behind it. */
export interface Model {
  get(name: string): any;
  set(name: string, value: unknown): void;
  save_changes(): void;
  on(event: string, callback: () => void): void;
  off(event: string, callback: () => void): void;
  widget_manager: { get_model(id: string): Promise<Model> };
}

/** What a widget of a notebook may show; each gives a function that takes it away again. */
export interface Parts {
  card(widget: { model: Model; el: HTMLElement }): () => void;
  control(widget: { model: Model; el: HTMLElement }): () => void;
}

declare global {
  /** What Python writes above the loader: the edition of the code. */
  const EDITION: string;
  /** What Python writes above the stub of a widget: what it shows, and what to say when that does not load. */
  const PART: keyof Parts;
  const LOST: string;
}
