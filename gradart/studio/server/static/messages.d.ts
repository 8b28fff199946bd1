// Made by tests/studio/declarations.py of the studio's own table: not to be edited.

export interface Pull {
  grip: Grip;
  to: number[];
}

export interface Grip {
  mark: number;
  path: number;
  points: number[];
  weights: number[];
}

export interface Preset {
  values: Record<string, any>;
  seed: number;
}

export interface Studio {
  id?: number | null;
  done?: boolean;
  error?: string;
  interrupted?: boolean;
  folder: boolean;
  title: string;
}

export interface Loaded {
  id?: number | null;
  done?: boolean;
  error?: string;
  interrupted?: boolean;
  begun?: boolean;
  sketch: Sketch;
  watch: string[];
}

export interface Sketch {
  name: string;
  title: string;
  notes: string;
  file: string;
  seed: number;
  takesKey: boolean;
  fps: number;
  parameters: Parameter[];
  formats: Format[];
}

export interface Parameter {
  name: string;
  type: string;
  default: any;
  low: number | null;
  high: number | null;
  step: number | null;
  log: boolean;
  choices: any[];
  palettes: Record<string, string>;
  parts: Parameter[];
  varies: boolean;
  optional: boolean;
  role: "" | "point" | "vector" | "range" | "easing" | "seed";
  section: string;
  help: string;
}

export interface Format {
  suffix: string;
  kind: "still" | "film" | "either";
}

export interface Drawn {
  id?: number | null;
  done?: boolean;
  error?: string;
  interrupted?: boolean;
  page: [number, number, number];
  placement: Placement;
  frames: number;
  frame: number | null;
  stages: Record<string, number>;
  fields: string[];
  notes: string[];
}

export interface Placement {
  scale: number;
  dx: number;
  dy: number;
}

export interface Frame {
  id?: number | null;
  done?: boolean;
  error?: string;
  interrupted?: boolean;
  frame: number;
}

export interface Probed {
  id?: number | null;
  done?: boolean;
  error?: string;
  interrupted?: boolean;
  name: string;
  at: [number, number];
  value: number | null;
  gradient: [number | null, number | null];
}

export interface Grabbed {
  id?: number | null;
  done?: boolean;
  error?: string;
  interrupted?: boolean;
  grip: Grip;
  at: [number, number];
}

export interface Pulled {
  id?: number | null;
  done?: boolean;
  error?: string;
  interrupted?: boolean;
  values: Record<string, any>;
  at: [number, number][];
  bounded: string[];
  again: boolean;
}

export interface Moves {
  id?: number | null;
  done?: boolean;
  error?: string;
  interrupted?: boolean;
  movements: Record<string, Movement>;
}

export interface Movement {
  mm: number;
  effect: "moves" | "ink" | "jumps" | "nothing";
}

export interface Travel {
  id?: number | null;
  done?: boolean;
  error?: string;
  interrupted?: boolean;
  parameter: string;
  shares: number[] | null;
  on_page: [number, number] | null;
}

export interface Touched {
  id?: number | null;
  done?: boolean;
  error?: string;
  interrupted?: boolean;
  parameter: string;
  at: number;
  unit: number;
  low: number;
  high: number;
  places: number;
  paper: string;
  marks: Stroked[];
}

export interface Stroked {
  shape: "lines" | "beziers" | "dots";
  paths: number;
  points: number;
  closed: boolean;
  stroke: string[] | null;
  width: number[];
  fill: string[] | null;
  radius: number[];
  blend: "over" | "ink" | "light";
}

export interface Cell {
  id?: number | null;
  done?: boolean;
  error?: string;
  interrupted?: boolean;
  page: [number, number, number];
  placement: Placement;
  frames: number;
  frame: number | null;
  stages: Record<string, number>;
  fields: string[];
  notes: string[];
  cell: number;
}

export interface Liked {
  id?: number | null;
  done?: boolean;
  error?: string;
  interrupted?: boolean;
  name: string;
  values: Record<string, any>;
  seed: number;
  at: number;
}

export interface Presets {
  id?: number | null;
  done?: boolean;
  error?: string;
  interrupted?: boolean;
  presets: Record<string, Preset>;
}

export interface Exported {
  id?: number | null;
  done?: boolean;
  error?: string;
  interrupted?: boolean;
  frame: number;
  frames: number;
  name?: string;
}

export interface Listed {
  id?: number | null;
  done?: boolean;
  error?: string;
  interrupted?: boolean;
  names?: string[];
  of_file: string;
  name: string;
  title: string;
  address?: string;
  wrong?: string;
}

export interface Answer {
  id?: number | null;
  done?: boolean;
  error?: string;
  interrupted?: boolean;
}

export interface Requests {
  open: { sketch: string | null; };
  draw: { id: number; values: Record<string, any>; seed: number; px: number; frame: number | null; kind: "jpeg" | "png"; view: number[] | null; held: boolean; };
  frames: { id: number; values: Record<string, any>; seed: number; px: number; first: number; };
  probe: { id: number; values: Record<string, any>; seed: number; field: number; at: number[]; };
  grab: { id: number; values: Record<string, any>; seed: number; frame: number | null; at: number[]; };
  pull: { id: number; values: Record<string, any>; seed: number; frame: number | null; pulls: Pull[]; locked: string[]; };
  moves: { values: Record<string, any>; seed: number; };
  travel: { values: Record<string, any>; seed: number; };
  touch: { id: number; values: Record<string, any>; seed: number; frame: number | null; parameter: string; };
  grid: { id: number; px: number; cells: Preset[]; };
  like: { values: Record<string, any>; seed: number; frame: number | null; };
  liked: { };
  presets: { };
  save_preset: { name: string; values: Record<string, any>; seed: number; };
  delete_preset: { name: string; };
  export: { values: Record<string, any>; seed: number; frame: number | null; ending: string; options: Record<string, any>; };
  cancel: { };
  list: { px: number; };
  stop_grid: { };
  stop: { };
}

export interface Answers {
  studio: Studio;
  load: Loaded;
  draw: Drawn;
  frames: Frame;
  probe: Probed;
  grab: Grabbed;
  pull: Pulled;
  moves: Moves;
  travel: Travel;
  touch: Touched;
  grid: Cell;
  like: Liked;
  liked: Liked;
  presets: Presets;
  save_preset: Presets;
  delete_preset: Presets;
  export: Exported;
  list: Listed;
  closed: Answer;
}
