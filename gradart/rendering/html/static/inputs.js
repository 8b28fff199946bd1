// The values of parameters: as texts, held to their bounds, and as what a program takes.

/** @import { Input } from "./art.js" */

/** @typedef {Record<string, any>} Values by the names of the parameters */

const HEX = /^#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i;
const SEEDS = 2 ** 32;

/** The name by which page and address call a parameter. @param {Input} input */
export function nameOf(input) {
  return input.kind === "key" ? "seed" : input.name;
}

/** The values that the piece was made with. @param {readonly Input[]} inputs @returns {Values} */
export function defaults(inputs) {
  return Object.fromEntries(inputs.map((input) => [input.name, input.default]));
}

/** Whether two values are the same. */
export function same(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Whether a value is one that a parameter takes. @param {Input} input @param {any} value */
export function fits(input, value) {
  const { kind, low = null, high = null } = input;
  const whole = isWhole(input);
  if (isChoice(input)) return choices(input).includes(value);
  if (kind === "bool") return typeof value === "boolean";
  if (kind === "color") return typeof value === "string" && HEX.test(value);
  if (kind === "key") return Number.isInteger(value) && value >= 0 && value < SEEDS;
  if (kind === "list") return form(value) === form(input.default) && leaves(value).every(inside);
  return inside(value);

  function inside(number) {
    if (typeof number !== "number" || !Number.isFinite(number)) return false;
    if (whole && !Number.isSafeInteger(number)) return false;
    return (low === null || number >= low) && (high === null || number <= high);
  }
}

/** Whether a parameter takes one of a few values. @param {Input} input */
const isChoice = ({ kind }) => kind === "choice" || kind === "palette";

/** The values of a choice. @param {Input} input */
export const choices = (input) => input.options ?? [];

/** Whether a parameter takes whole numbers alone. @param {Input} input */
const isWhole = (input) => input.kind === "int" || input.whole === true;

/** What values a parameter takes, in words: "a number from 1 to 20". @param {Input} input */
export function wanted(input) {
  const { kind, low = null, high = null } = input;
  if (isChoice(input)) return `one of ${choices(input).join(", ")}`;
  if (kind === "bool") return "true or false";
  if (kind === "color") return "a color like #c2410c";
  if (kind === "key") return `a whole number from 0 to ${SEEDS - 1}`;
  const number = isWhole(input) ? "whole number" : "number";
  const noun = kind === "list" ? `${leaves(input.default).length} ${number}s` : `a ${number}`;
  if (low !== null && high !== null) return `${noun} from ${low} to ${high}`;
  if (low !== null) return `${noun} of at least ${low}`;
  return high === null ? noun : `${noun} of at most ${high}`;
}

/** A value as a text that `fromText` reads. @param {Input} input @param {any} value */
export function asText(input, value) {
  return input.kind === "list" ? leaves(value).join(",") : String(value);
}

/**
 * The value that a text stands for; undefined if the parameter takes none like it.
 * @param {Input} input
 * @param {string} text
 */
export function fromText(input, text) {
  const value = parsed(input, text.trim());
  return fits(input, value) ? value : undefined;
}

/** @param {Input} input @param {string} text */
function parsed(input, text) {
  if (isChoice(input)) return choices(input).find((value) => String(value).trim() === text);
  if (input.kind === "bool") return { true: true, false: false }[text];
  if (input.kind === "color") return text;
  if (input.kind !== "list") return number(text);
  const numbers = text.split(",").map(number);
  return numbers.length === leaves(input.default).length ? filled(input.default, numbers) : null;
}

/** @param {string} text */
const number = (text) => (text === "" ? NaN : Number(text));

/** The numbers of a list, and of the lists in it, in their order. @returns {number[]} */
export function leaves(value) {
  return Array.isArray(value) ? value.flatMap(leaves) : [value];
}

/** Numbers as lists of the form that another value has. @param {any} like @param {number[]} numbers */
export function filled(like, numbers) {
  const next = numbers.values();
  const fill = (part) => (Array.isArray(part) ? part.map(fill) : next.next().value);
  return fill(like);
}

const form = (value) => (Array.isArray(value) ? `[${value.map(form)}]` : ".");

/**
 * A value as the program takes it: numbers as they are, what is more as a typed array.
 * @param {Input} input
 * @param {any} value
 */
export function argument(input, value) {
  if (input.kind === "bool") return value ? 1 : 0;
  if (input.kind === "key") return Uint32Array.of(0, value);
  if (input.kind === "color") return rgba(value);
  if (input.kind === "palette") return Float64Array.from((input.colors?.[value] ?? []).flatMap((code) => [...rgba(code)]));
  if (input.kind !== "list") return value;
  return isWhole(input) ? Int32Array.from(leaves(value)) : Float64Array.from(leaves(value));
}

/** A color as four numbers from 0 to 1. @param {string} code */
export function rgba(code) {
  const digits = code.slice(1);
  const long = digits.length > 4 ? digits : digits.replace(/./g, "$&$&");
  const bytes = long.padEnd(8, "f").match(/../g) ?? [];
  return Float64Array.from(bytes, (byte) => parseInt(byte, 16) / 255);
}
