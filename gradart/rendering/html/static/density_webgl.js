// Ink and light summed by a graphics card: each piece of a stroke is a quad, whose every pixel adds the
// area that it covers to floating-point numbers. The same sums as density.js, in single precision.

import { SIDE } from "./coverage.js";
import { CAP, CORNER, DISK, NUMBERS, POLYGON_PIXEL, POLYGON_VERTICES, SPECK, STRIP_PIXEL, STRIP_VERTICES } from "./density_shaders.js";
import { planBlock } from "./ink_blocks.js";
import { THIN } from "./stroke_outlines.js";
import { BLOT, CLOSES, FIELDS, OPENS, emptyPlan, flushPlan } from "./stroke_pieces.js";

/** @import { Block, Grid, Inked } from "./ink_blocks.js" */

/** A program, and instances that wait to be drawn by it.
 * @typedef {{ program: WebGLProgram, size: WebGLUniformLocation | null, numbers: Float32Array, count: number }} Pass */

/** What sums ink on a graphics card.
 * @typedef {{ gl: WebGL2RenderingContext, strips: Pass, polygons: Pass }} Device */

const ROOM = 1 << 14; // instances that are drawn at a time

/** A device that adds up floating-point numbers; null where there is none.
 * @returns {Device | null} */
export function openDevice() {
  if (typeof document === "undefined") return null;
  const canvas = document.createElement("canvas");
  const gl = canvas.getContext("webgl2", { antialias: false, depth: false, powerPreference: "high-performance" });
  if (!gl?.getExtension("EXT_color_buffer_float") || !gl.getExtension("EXT_float_blend")) return null;
  const strips = passOf(gl, STRIP_VERTICES, STRIP_PIXEL);
  const polygons = passOf(gl, POLYGON_VERTICES, POLYGON_PIXEL);
  if (!strips || !polygons) return null;
  gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
  for (const [place, count] of [4, 4, 3].entries()) {
    gl.enableVertexAttribArray(place);
    gl.vertexAttribPointer(place, count, gl.FLOAT, false, 4 * NUMBERS, 16 * place);
    gl.vertexAttribDivisor(place, 1);
  }
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE);
  return { gl, strips, polygons };
}

/** Whether a device is a program that only does as if: slower than the same in JavaScript.
 * @param {Device} device */
export function isSoftware({ gl }) {
  const named = gl.getExtension("WEBGL_debug_renderer_info");
  const name = gl.getParameter(named ? named.UNMASKED_RENDERER_WEBGL : gl.RENDERER);
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(String(name));
}

/** @param {WebGL2RenderingContext} gl
 * @param {string} vertices
 * @param {string} pixel
 * @returns {Pass | null} */
function passOf(gl, vertices, pixel) {
  const program = gl.createProgram();
  for (const [type, source] of /** @type {[number, string][]} */ (
    [[gl.VERTEX_SHADER, vertices], [gl.FRAGMENT_SHADER, pixel]])) {
    const shader = gl.createShader(type);
    if (!shader) return null;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) return null;
  const size = gl.getUniformLocation(program, "size");
  return { program, size, numbers: new Float32Array(ROOM * NUMBERS), count: 0 };
}

/** Draw the instances that wait.
 * @param {WebGL2RenderingContext} gl
 * @param {Pass} pass */
function draw(gl, pass) {
  if (pass.count > 0) {
    gl.useProgram(pass.program);
    gl.bufferData(gl.ARRAY_BUFFER, pass.numbers.subarray(0, pass.count * NUMBERS), gl.STREAM_DRAW);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, pass.count);
  }
  pass.count = 0;
}

/** Where the numbers of one more instance go; its ink is there already.
 * @param {WebGL2RenderingContext} gl
 * @param {Pass} pass
 * @param {Float64Array} inks
 * @param {number} ink
 * @param {number} channels */
function next(gl, pass, inks, ink, channels) {
  if (pass.count === ROOM) draw(gl, pass);
  const at = pass.count * NUMBERS;
  pass.count += 1;
  pass.numbers[at + 8] = inks[ink];
  pass.numbers[at + 9] = channels === 3 ? inks[ink + 1] : 0;
  pass.numbers[at + 10] = channels === 3 ? inks[ink + 2] : 0;
  return at;
}

/** Hand on a polygon.
 * @param {Float32Array} to
 * @param {number} at
 * @param {number} kind
 * @param {number} x
 * @param {number} y
 * @param {number} ux
 * @param {number} uy
 * @param {number} vx
 * @param {number} vy
 * @param {number} half */
function putPolygon(to, at, kind, x, y, ux, uy, vx, vy, half) {
  to[at] = x;
  to[at + 1] = y;
  to[at + 2] = ux;
  to[at + 3] = uy;
  to[at + 4] = vx;
  to[at + 5] = vy;
  to[at + 6] = half;
  to[at + 7] = kind;
}

/** Draw pieces of strokes, as `stroke_pieces.js` has them.
 * @param {Device} device
 * @param {Float64Array} pieces
 * @param {number} count
 * @param {Float64Array} inks
 * @param {number} channels */
function drawPieces({ gl, strips, polygons }, pieces, count, inks, channels) {
  const [bodies, outlines] = [strips.numbers, polygons.numbers];
  for (let at = 0; at < count * FIELDS; at += FIELDS) {
    const x0 = pieces[at];
    const y0 = pieces[at + 1];
    const x1 = pieces[at + 2];
    const y1 = pieces[at + 3];
    const ux = pieces[at + 4];
    const uy = pieces[at + 5];
    const vx = pieces[at + 6];
    const vy = pieces[at + 7];
    const half = pieces[at + 8];
    const kind = pieces[at + 9];
    const ink = pieces[at + 10];
    if (kind & BLOT) {
      putPolygon(outlines, next(gl, polygons, inks, ink, channels), DISK, x0, y0, 0, 0, 0, 0, half);
      continue;
    }
    const to = next(gl, strips, inks, ink, channels);
    bodies[to] = x0;
    bodies[to + 1] = y0;
    bodies[to + 2] = x1;
    bodies[to + 3] = y1;
    bodies[to + 4] = ux;
    bodies[to + 5] = uy;
    bodies[to + 6] = half;
    bodies[to + 7] = kind;
    if (half > THIN && kind & OPENS) {
      putPolygon(outlines, next(gl, polygons, inks, ink, channels), CAP, x0, y0, -ux, -uy, 0, 0, half);
    }
    if (half > THIN && kind & CLOSES) {
      putPolygon(outlines, next(gl, polygons, inks, ink, channels), CAP, x1, y1, ux, uy, 0, 0, half);
    }
    if (vx !== 0 || vy !== 0) {
      putPolygon(outlines, next(gl, polygons, inks, ink, channels), CORNER, x1, y1, ux, uy, vx, vy, half);
    }
  }
}

/** Draw the disks of a block.
 * @param {Device} device
 * @param {Block} block
 * @param {number} channels */
function drawDots({ gl, polygons }, block, channels) {
  const { data, n, scaleX, scaleY, dx, dy, inks, unit } = block;
  const sizes = block.sizes.data;
  const eachSize = sizes.length > 1;
  const eachInk = inks.length > channels;
  for (let row = 0; row < n; row += 1) {
    const radius = unit * sizes[eachSize ? row : 0];
    const x = scaleX * data[2 * row] + dx;
    const y = scaleY * data[2 * row + 1] + dy;
    if (!(radius > 0 && Math.abs(x) < Infinity && Math.abs(y) < Infinity)) continue;
    const at = next(gl, polygons, inks, eachInk ? row * channels : 0, channels);
    putPolygon(polygons.numbers, at, radius * SIDE > 1 ? DISK : SPECK, x, y, 0, 0, 0, 0, radius);
  }
}

/** The summed density (height, width, channels) of blocks, as `accumulate` of density.js finds it; null
 * where the device cannot.
 * @param {Device} device
 * @param {Grid} grid
 * @param {Inked} inked
 * @returns {Float32Array | null} */
export function accumulateOn(device, { width, height }, { blocks, channels }) {
  const { gl, strips, polygons } = device;
  if (gl.isContextLost() || Math.max(width, height) > gl.getParameter(gl.MAX_TEXTURE_SIZE)) return null;
  const texture = gl.createTexture();
  const target = gl.createFramebuffer();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA32F, width, height);
  gl.bindFramebuffer(gl.FRAMEBUFFER, target);
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
  gl.viewport(0, 0, width, height);
  gl.clearColor(0, 0, 0, 0);
  gl.clear(gl.COLOR_BUFFER_BIT);
  for (const { program, size } of [strips, polygons]) {
    gl.useProgram(program);
    gl.uniform2f(size, width, height);
  }
  let { inks } = blocks[0] ?? { inks: new Float64Array(0) };
  const plan = emptyPlan(width, height, (pieces, count) => drawPieces(device, pieces, count, inks, channels));
  for (const block of blocks) {
    inks = block.inks;
    if (block.kind === "dots") drawDots(device, block, channels);
    else planBlock(plan, block, channels);
    flushPlan(plan);
  }
  draw(gl, strips);
  draw(gl, polygons);
  const read = new Float32Array(width * height * 4);
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.FLOAT, read);
  const done = gl.getError() === gl.NO_ERROR;
  gl.deleteFramebuffer(target);
  gl.deleteTexture(texture);
  return done ? packed(read, channels) : null;
}

/** RGBA as sums of so many channels, none below zero.
 * @param {Float32Array} read
 * @param {number} channels */
function packed(read, channels) {
  const pixels = read.length / 4;
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    for (let channel = 0; channel < channels; channel += 1) {
      read[pixel * channels + channel] = Math.max(read[4 * pixel + channel], 0);
    }
  }
  return read.subarray(0, pixels * channels);
}
