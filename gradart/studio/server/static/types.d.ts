// The types of the page in the browser: what it sends, what it is answered, what it holds.

export type Value = null | boolean | number | string | Value[];
export type Values = Record<string, Value>;

export interface Parameter {
  name: string;
  type: "float" | "int" | "bool" | "str" | "path" | "color" | "list";
  default: Value;
  low: number | null; // low and high are both there, or neither is
  high: number | null;
  step: number | null;
  log: boolean;
  choices: (string | number)[];
  parts: Parameter[]; // of a list
  varies: boolean; // whether its length does
  optional: boolean;
  help: string;
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

export interface Format {
  suffix: string; // with its dot
  kind: "still" | "film";
}

export interface Settings {
  values: Values;
  seed: number;
}

export type Pair = [number, number];
export type View = [left: number, top: number, width: number, height: number]; // mm

export interface Placement {
  scale: number;
  dx: number;
  dy: number;
}

// What the page may send, by kind. A test holds it to the server's table in messages.py.
export interface Messages {
  open: { sketch: string | null };
  show: {
    id: number;
    values: Values;
    seed: number;
    px: number;
    frame: number | null;
    kind: "jpeg" | "png";
    view: View | null;
  };
  roll: { id: number; values: Values; seed: number; px: number; first: number };
  probe: { id: number; values: Values; seed: number; field: number; at: Pair };
  grid: { id: number; px: number; cells: Settings[] };
  like: { values: Values; seed: number; frame: number | null };
  liked: {};
  presets: {};
  keep_preset: { name: string; values: Values; seed: number };
  drop_preset: { name: string };
  export: {
    values: Values;
    seed: number;
    frame: number | null;
    ending: string;
    options: Record<string, Value>; // of gradart run, by name
  };
  cancel: {};
  list: { px: number };
  stop_grid: {};
  stop: {};
}

// The last answer of a request has `done`; it may say what went wrong, or that it was ended early.
interface Answer {
  done?: boolean;
  error?: string;
  halted?: boolean;
}

export interface Preset extends Settings {
  at?: number;
}

export interface PictureHead {
  page: [width: number, height: number, margin: number]; // mm
  placement: Placement;
  frames: number; // of the film; 0 for a still
  frame: number | null;
  stages: Record<string, number>; // ms
  fields: string[];
  notes: string[];
}

export interface FieldValue {
  name: string;
  at: Pair;
  value: number | null;
  gradient: [number | null, number | null];
}

// What the page is answered, by kind.
export interface Answers {
  studio: { error?: string; folder: boolean; title: string };
  closed: {};
  load: Answer & { begun?: boolean; sketch: Sketch };
  show: Answer & PictureHead & { id: number };
  roll: Answer & { id: number; frame: number };
  probe: Answer & FieldValue & { id: number };
  grid: Answer & { id: number; cell: number };
  like: Answer & Preset & { name: string };
  liked: Answer & Preset & { name: string };
  presets: Answer & { presets?: Record<string, Preset> };
  keep_preset: Answer & { presets?: Record<string, Preset> };
  drop_preset: Answer & { presets?: Record<string, Preset> };
  export: Answer & { name?: string; frame: number; frames: number };
  list: Answer & {
    names?: string[];
    of_file: string;
    name: string;
    title: string;
    place?: string;
    wrong?: string;
  };
}

export interface Change {
  live?: boolean; // a hand is still on the control
  fresh?: boolean; // the sketch has just been loaded
}

// A parameter's control: what stands beside its name, what stands below, and how it shows a value.
export interface Control {
  beside?: HTMLElement;
  below?: HTMLElement;
  show(value: any): void; // of the parameter's type
}

export type Screen = (place: Pair) => Pair; // from mm of the page to css px
export type Overlay = (context: CanvasRenderingContext2D, screen: Screen, zoom: number) => void;

// The elements of index.html by their ids. A test holds it to that file.
export interface Elements {
  about: HTMLElement;
  back: HTMLButtonElement;
  cancel: HTMLButtonElement;
  canvas: HTMLCanvasElement;
  cells: HTMLSelectElement;
  closeness: HTMLElement;
  controls: HTMLElement;
  dice: HTMLButtonElement;
  easel: HTMLElement;
  edges: HTMLButtonElement;
  error: HTMLElement;
  export: HTMLDetailsElement;
  exported: HTMLProgressElement;
  exporterror: HTMLElement;
  exporting: HTMLElement;
  exportname: HTMLElement;
  film: HTMLElement;
  fit: HTMLButtonElement;
  formats: HTMLElement;
  grid: HTMLElement;
  head: HTMLInputElement;
  help: HTMLDialogElement;
  helptitle: HTMLElement;
  keeperror: HTMLElement;
  kept: HTMLDetailsElement;
  keys: HTMLButtonElement;
  like: HTMLButtonElement;
  liked: HTMLElement;
  list: HTMLElement;
  message: HTMLElement;
  next: HTMLButtonElement;
  notes: HTMLElement;
  nothing: HTMLElement;
  panel: HTMLElement;
  parameters: HTMLDetailsElement;
  play: HTMLButtonElement;
  presetlist: HTMLElement;
  presetname: HTMLInputElement;
  presets: HTMLFormElement;
  previous: HTMLButtonElement;
  px: HTMLInputElement;
  redo: HTMLButtonElement;
  resetall: HTMLButtonElement;
  rolled: HTMLProgressElement;
  savepreset: HTMLButtonElement;
  seed: HTMLInputElement;
  seedrow: HTMLElement;
  showgrid: HTMLButtonElement;
  shuffle: HTMLButtonElement;
  sketches: HTMLElement;
  speed: HTMLSelectElement;
  stage: HTMLElement;
  stages: HTMLElement;
  state: HTMLElement;
  stop: HTMLButtonElement;
  time: HTMLOutputElement;
  title: HTMLElement;
  tools: HTMLElement;
  track: HTMLElement;
  undo: HTMLButtonElement;
  variations: HTMLDetailsElement;
  vary: HTMLSelectElement;
  waiting: HTMLElement;
  where: HTMLElement;
}
