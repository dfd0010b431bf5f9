/* What travels between cards and Python. Made from cards/protocol.py: python tests/browser/tools.py protocol */

import type { Tree } from "./types.js";

/** A question as it may be shown before it is graded; `first` and `last` are the ends of an axis of years. */
export interface QuestionView {
  saved: number;
  trouble: string;
  heard?: number;
  type: "question";
  id: string;
  kind: string;
  title: string;
  statements: string[];
  points: number | null;
  words: number | null;
  unit: string;
  prompt: Tree;
  options: Line[];
  rows: Line[];
  columns: Line[];
  row_label: string;
  column_label: string;
  first?: number;
  last?: number;
  graded: boolean;
  answer: any;
  result: Result | null;
}

/** An option, a row or a column. */
export interface Line {
  id: string;
  text: Tree;
}

/** What came of an answer, as a whole and by the ids of options or rows; `order` is the best one of a ranking. */
export interface Result {
  outcome: "right" | "partly" | "not_right" | "not_answered" | "to_read";
  headline: string;
  points: number | null;
  of: number | null;
  next: Tree;
  reason?: Tree;
  rubric?: Tree[];
  model?: Tree;
  options?: Record<string, Marked>;
  rows?: Record<string, Marked>;
  order?: string[];
}

/** What came of an option or a row, and what would be right there. */
export interface Marked {
  mark: "right" | "wrong" | "missed" | "neutral" | "empty";
  reason?: Tree;
  should?: Tree;
}

/** A scenario in play. `links` say where the room gives its `files`. */
export interface ScenarioView {
  saved: number;
  trouble: string;
  heard?: number;
  type: "scenario";
  id: string;
  title: string;
  round: string;
  gauges: GaugeView[];
  late: Arrival[];
  clock: Clock;
  brief: Tree;
  scene: SceneView;
  choices: ChoiceView[];
  reason: Reason | null;
  before: Decision[];
  trail: Decision[];
  ending: EndingView | null;
  group: Group | null;
  replay: Replay | null;
  after: After | null;
  plays: FinishedPlay[];
  files: string[];
  links?: Record<string, string>;
  can_go_back: boolean;
}

/** A gauge, from 0 to 100, and its change in the last step; `better` is lower or higher. */
export interface GaugeView {
  id: string;
  label: string;
  value: number;
  change: number;
  better: string;
}

/** What a choice made earlier has brought now. */
export interface Arrival {
  choice: string;
  effects: string;
}

/** How much time the decisions have taken. */
export interface Clock {
  unit: string;
  used: number;
  of: number;
}

/** Where the play stands; `side` is the table at which it is played, where a scenario has two. */
export interface SceneView {
  id: string;
  title: string;
  text: Tree;
  side: string;
}

/** What can be done; `why_not` says why it is not possible now. */
export interface ChoiceView {
  id: string;
  text: Tree;
  decision: boolean;
  possible: boolean;
  cost: string;
  why_not: string;
}

/** Why somebody is about to decide as they do in this scene. */
export interface Reason {
  scene: string;
  text: string;
}

/** A decision of a play in words; `id` is its scene's, `effects` came at once and `later` with a later round. */
export interface Decision {
  id: string;
  scene: string;
  round: string;
  choice: string;
  cost: string;
  effects: string;
  later: string;
  reason: string;
}

/** How a play ends. */
export interface EndingView {
  id: string;
  title: string;
  text: Tree;
}

/** How a group may play, or does (`on`): its people, their cards, the minutes for a decision, 0 for no limit. */
export interface Group {
  on: boolean;
  sizes: number[];
  times: number[];
  swapped: boolean;
  swapping: boolean;
  people: number;
  deal: number;
  minutes: number;
  hands: RoleCard[][];
}

/** A card of an office: pairs of a label and a text. */
export interface RoleCard {
  title: string;
  side: string;
  lines: [string, Tree][];
}

/** Where in a finished play somebody looks: after `step` of its `of` steps, and what was taken next. */
export interface Replay {
  number: number;
  step: number;
  of: number;
  taken: string;
  decision: boolean;
  reason: string;
}

/** What can be looked at when a play is over; `compared` is the number of the play beside it, 0 for none. */
export interface After {
  number: number;
  debrief: Debrief[];
  can_draw: boolean;
  figure: FigureView | null;
  compared: number;
  comparison: Comparison[] | null;
}

/** A part of the debrief. */
export interface Debrief {
  title: string;
  text: Tree;
}

/** A picture as a data address, words for those who do not see it, what it shows now, its remarks and sources. */
export interface FigureView {
  type: "figure";
  title: string;
  src: string;
  alt: string;
  caption: Tree;
  note: string;
  table: DataTable | null;
  heard?: number;
}

/** The numbers behind a picture. */
export interface DataTable {
  columns: any[];
  rows: any[][];
}

/** A scene, and what each play decided there; None for a play whose path does not hold it. */
export interface Comparison {
  scene: string;
  plays: (Decision | null)[];
}

/** A finished play in a line: its number, counted from 1, its ending, its day, how many people played. */
export interface FinishedPlay {
  number: number;
  ending: string;
  when: string;
  people: number;
}

/** The last card of an exercise: how many questions are answered, the titles of the others, the file made. */
export interface HandInView {
  saved: number;
  trouble: string;
  heard?: number;
  type: "handin";
  answered: number;
  of: number;
  missing: string[];
  code: string;
  file: string;
  note: string;
}

/** An architecture on its canvas, what may be put on it, and what can be seen in it; `most` offices fit. */
export interface ArchitectureView {
  saved: number;
  trouble: string;
  heard?: number;
  type: "architecture";
  id: string;
  value: Record<string, any>;
  title: string;
  aid: string;
  functions: Named[];
  levels: Named[];
  sectors: Named[];
  roles: Named[];
  laws: Named[];
  staffs: Named[];
  moneys: Named[];
  questions: Named[];
  decides: string;
  examples: Example[];
  kept: boolean;
  map: FunctionMap;
  summary: string;
  sections: Passage[];
  most: number;
}

/** Something to choose. */
export interface Named {
  id: string;
  text: string;
}

/** An architecture to load. */
export interface Example {
  id: string;
  title: string;
}

/** Who does what, on which level. */
export interface FunctionMap {
  columns: string[];
  rows: MapRow[];
}

/** A function, and the offices that have it on each level. */
export interface MapRow {
  label: string;
  cells: string[][];
}

/** A part of what can be seen in an architecture. */
export interface Passage {
  id: string;
  title: string;
  tree: Tree;
}

/** Lines to fill in, and rows of them, from which papers are made. */
export interface FormView {
  saved: number;
  trouble: string;
  heard?: number;
  type: "form";
  id: string;
  value: Record<string, any>;
  title: string;
  fields: FieldShape[];
  row: FieldShape[];
  suggestions: Suggestion[];
  button: string;
  files: string[];
  note: string;
}

/** One line to fill in. */
export interface FieldShape {
  id: string;
  label: string;
  help: string;
  long: boolean;
}

/** A step that an architecture suggests. */
export interface Suggestion {
  id: string;
  goal: string;
  step: string;
}

export type AnyView =
  | QuestionView
  | ScenarioView
  | HandInView
  | FigureView
  | ArchitectureView
  | FormView;

/** An answer, a whole canvas. */
export interface Answered {
  do: "answer";
  value: any;
}

/** What needs no more words. */
export interface Plain {
  do: "clear" | "check" | "back" | "restart" | "alone" | "deal" | "leave" | "figure" | "export" | "cards" | "bring-back" | "papers" | "hand-in";
}

/** A choice of a scene, with the reason for it. */
export interface Choose {
  do: "choose";
  choice: string;
  reason?: string;
}

/** Why something is about to be chosen in a scene. */
export interface GiveReason {
  do: "reason";
  scene: string;
  value: string;
}

/** Play with so many people and so many minutes for a decision. */
export interface PlayAsGroup {
  do: "group";
  people: number;
  minutes: number;
}

/** Look at a finished play, or put it beside the present one; 0 takes it away. */
export interface LookAtPlay {
  do: "replay" | "compare";
  play: number;
}

/** Go to a step of the play that is looked at. */
export interface GoToStep {
  do: "step";
  to: number;
}

/** Put an example on the canvas, or nothing. */
export interface Load {
  do: "load";
  example: string;
}

/** The code name under which is handed in. */
export interface NameCode {
  do: "code";
  value: string;
}

export type Request =
  | Answered
  | Plain
  | Choose
  | GiveReason
  | PlayAsGroup
  | LookAtPlay
  | GoToStep
  | Load
  | NameCode;
