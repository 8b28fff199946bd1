// Values at random: any that parameters take, or some that move the picture by a few millimeters.

import { between, loaded, numberOf, numbersOf, range, state, withNumber } from "./state.js";

/** All parameters that are not locked, and the seed if it is not, at random, inside their bounds. */
export function shuffled() {
  const values = {};
  for (const p of loaded().parameters) {
    if (state.locked.includes(p.name)) continue;
    const value = anyOf(p, state.values[p.name]);
    if (value !== undefined) values[p.name] = value;
  }
  return { values, seed: loaded().takesKey && !state.locked.includes("seed") ? anySeed() : state.seed };
}

/**
 * Floats of parameters that are not locked, in their lists too, at random near where they are: each moves the picture as
 * far as the others, all together by about some mm. What draws by no measure stays.
 * @param {number} mm
 */
export function nudged(mm) {
  const able = loaded()
    .parameters.filter((p) => state.movements[p.name]?.mm > 0 && !state.locked.includes(p.name))
    .flatMap((p) => numbersOf(p).map((number) => ({ ...number, owner: p.name, far: state.movements[p.name].mm })))
    .filter(({ name, part }) => part.type === "float" && typeof numberOf(name) === "number");
  /** @type {Record<string, any>} */
  const values = {};
  for (const { name, part, owner, far } of able) {
    const now = numberOf(name);
    const [low, high] = range(part, now);
    const place = part.log ? Math.log(now / low) / Math.log(high / low) : (now - low) / (high - low);
    const normal = Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
    const step = (mm / far / Math.sqrt(able.length)) * normal;
    const next = between(part, Math.min(1, Math.max(0, place + step)), now);
    values[owner] = withNumber(name, next, { ...state.values, ...values })[owner];
  }
  return { values };
}

/** A value at random, of a list one for each that it holds; undefined without choices or bounds. */
function anyOf(p, value) {
  const u = Math.random();
  if (p.role === "seed") return anySeed();
  if (p.role === "range" && value !== null && p.parts[0].low !== null) {
    return [u, Math.random()].sort((a, b) => a - b).map((place) => between(p.parts[0], place, p.parts[0].low));
  }
  if (p.role === "easing" && value !== null) return value.map(() => Number(Math.random().toFixed(2)));
  if (p.parts.length) {
    if (value === null) return undefined;
    const parts = value.map((one, index) => [anyOf(p.parts[p.varies ? 0 : index], one), one]);
    const some = parts.some(([other]) => other !== undefined);
    return some ? parts.map(([other, one]) => other ?? one) : undefined;
  }
  if (p.choices.length) return p.choices[Math.floor(u * p.choices.length)];
  if (p.type === "bool") return u < 0.5;
  return p.low !== null ? between(p, u, value) : undefined;
}

/** A seed at random. */
export const anySeed = () => Math.floor(Math.random() * 10000);
