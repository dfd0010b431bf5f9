/** Types that the modules share: what Python sends (views), what a card asks for (requests), and what the parts of a card are. */

import type { Marked, QuestionView, Request, Result } from "./protocol.js";
import type { Texts } from "./texts.js";

export type * from "./protocol.js";

/** Text as a tree: a word, or a tag with its attributes and what is inside. */
export type TreeNode = string | [tag: string, attributes: Record<string, string>, ...children: TreeNode[]];
export type Tree = TreeNode[];

/** A request on its way has a number. */
export type Numbered = Request & { n: number };

/** What a card needs to know of any view. */
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

/** What came of a part of an answer, and of the whole. */
export type Mark = Marked["mark"];
export type Outcome = Result["outcome"];

export type Answer = string | string[] | Record<string, string | string[]> | null;

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
