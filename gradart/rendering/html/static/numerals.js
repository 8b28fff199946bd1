// Numbers as text, as Python writes them into SVG.

/** A length in mm, rounded to a micrometer. @param {number} value */
export function mm(value) {
  return String(micrometers(value) / 1000);
}

/** A length in mm as whole micrometers. @param {number} value */
export function micrometers(value) {
  return Math.round(value * 1000) + 0; // + 0 makes 0 of -0
}

/** Whole micrometers in mm, without a zero before the point. @param {number} whole */
export function short(whole) {
  return String(whole / 1000).replace(/^(-?)0\./, "$1.");
}

/** A number of at most so many digits, as Python's format ".4g" has it. @param {number} value @param {number} digits */
export function general(value, digits) {
  const [mantissa, power] = value.toExponential(digits - 1).split("e");
  const exponent = Number(power);
  if (exponent >= -4 && exponent < digits) return String(Number(value.toPrecision(digits)) + 0);
  const sign = exponent < 0 ? "-" : "+";
  return `${Number(mantissa)}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

/** The nearest whole number, of two the even one. @param {number} value */
export function nearest(value) {
  const up = Math.round(value);
  return up - value === 0.5 && up % 2 ? up - 1 : up;
}

/** A color as #rrggbb: that of four numbers from `at`. @param {ArrayLike<number>} data @param {number} at */
export function hex(data, at) {
  let text = "#";
  for (let i = at; i < at + 3; i += 1) text += nearest(data[i] * 255).toString(16).padStart(2, "0");
  return text;
}
