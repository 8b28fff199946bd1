// What a graphics card runs to sum ink: the area that a piece of a stroke, a polygon or a speck covers
// of one pixel. The formulas are those of coverage.js and stroke_outlines.js, here for each pixel by itself.

/** Numbers of an instance: two vectors of four that its shader reads, and its ink in three channels. */
export const NUMBERS = 11;

/** Kinds of polygons: around the end of a stroke, between two segments, a disk, and the square of a
 * disk within a pixel. */
export const CAP = 0;
export const CORNER = 1;
export const DISK = 2;
export const SPECK = 3;

const HEAD = `#version 300 es
precision highp float;
`;

// A pixel is drawn where its middle is inside: 0.75 is more than half its diagonal.
const INSTANCE = `${HEAD}
layout(location = 0) in vec4 first;
layout(location = 1) in vec4 second;
layout(location = 2) in vec3 ink;
uniform vec2 size;
flat out vec4 one;
flat out vec4 two;
flat out vec3 density;
vec2 corner(vec2 side);
void main() {
  vec2 side = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2.0 - 1.0;
  one = first;
  two = second;
  density = ink;
  gl_Position = vec4(corner(side) / size * 2.0 - 1.0, 0.0, 1.0);
}
`;

/** A piece: its ends (x, y, x, y); its direction, half its width, its kind. */
export const STRIP_VERTICES = `${INSTANCE}
vec2 corner(vec2 side) {
  vec2 along = second.xy * side.x;
  vec2 across = vec2(-second.y, second.x) * side.y;
  return (side.x < 0.0 ? first.xy : first.zw) + (along + across) * (second.z + 0.75);
}
`;

/** A polygon: its middle (x, y), the direction before; that after, half the width, its kind. */
export const POLYGON_VERTICES = `${INSTANCE}
vec2 corner(vec2 side) {
  return first.xy + side * (1.5 * second.z + 0.75);
}
`;

// In float32, tilts of less than LEAST would be lost. The pixel is the square from 0 to 1.
const FRAGMENT = `${HEAD}
flat in vec4 one;
flat in vec4 two;
flat in vec3 density;
out vec4 sum;
const float LEAST = 1e-6;
float ramp(float x, float reach) {
  float inside = clamp(x, -reach, reach) + reach;
  return inside * inside * 0.25 / reach + max(x - reach, 0.0);
}
`;

/** A strip, cut along the axis that is more across it, and the square ends of a thin one. */
export const STRIP_PIXEL = `${FRAGMENT}
float square(vec2 p, float slope, float width, float way) {
  float lean = abs(slope);
  if (lean < 1e-3) return 0.0;
  float stretch = sqrt(1.0 + slope * slope);
  float cover = 0.0;
  for (float side = -1.0; side < 2.0; side += 2.0) {
    float tip = p.x + side * width * lean / stretch;
    float left = max(min(p.x, tip), 0.0);
    float right = min(max(p.x, tip), 1.0);
    float run = right - left;
    if (run <= 0.0) continue;
    float off = (left + right) / 2.0 - p.x;
    float edge = p.y + slope * off - side * sign(slope) * width * stretch;
    float across = p.y - off / slope;
    float tilt = max(lean * run / 2.0, LEAST);
    float tiltAcross = run / lean / 2.0 + LEAST;
    cover += run * (ramp(1.0 - edge, tilt) - ramp(-edge, tilt)
      - ramp(1.0 - across, tiltAcross) + ramp(-across, tiltAcross));
  }
  return cover * way * sign(slope);
}
void main() {
  vec2 pixel = floor(gl_FragCoord.xy);
  vec2 a = one.xy - pixel;
  vec2 b = one.zw - pixel;
  vec2 u = two.xy;
  float width = two.z;
  int kind = int(two.w);
  if ((kind & 1) != 0) {
    a = a.yx;
    b = b.yx;
    u = u.yx;
  }
  float slope = u.y / u.x;
  vec2 start = u.x > 0.0 ? a : b;
  float left = max(start.x, 0.0);
  float right = min(u.x > 0.0 ? b.x : a.x, 1.0);
  float run = right - left;
  float cover = 0.0;
  if (run > 0.0) {
    float tall = 2.0 * width * sqrt(1.0 + slope * slope);
    float bottom = start.y + slope * ((left + right) / 2.0 - start.x) - tall / 2.0;
    float tilt = max(abs(slope) * run / 2.0, LEAST);
    cover = run * (ramp(1.0 - bottom, tilt) - ramp(1.0 - bottom - tall, tilt)
      - ramp(-bottom, tilt) + ramp(-bottom - tall, tilt));
  }
  if (width <= 0.5) {
    if ((kind & 2) != 0) cover += square(a, slope, width, -sign(u.x));
    if ((kind & 4) != 0) cover += square(b, slope, width, sign(u.x));
  }
  sum = vec4(cover * density, 0.0);
}
`;

/** Polygons edge by edge: each adds what lies to its right in the pixel. */
export const POLYGON_PIXEL = `${FRAGMENT}
const float PI = 3.14159265358979;
vec2 last;
float cover;
void to(vec2 next) {
  float low = max(min(last.y, next.y), 0.0);
  float high = min(max(last.y, next.y), 1.0);
  float rise = high - low;
  if (rise > 1e-7) {
    float slope = (next.x - last.x) / (next.y - last.y);
    float middle = last.x + slope * ((low + high) / 2.0 - last.y);
    float tilt = max(abs(slope) * rise / 2.0, LEAST);
    float area = rise * (ramp(1.0 - middle, tilt) - ramp(-middle, tilt));
    cover += next.y < last.y ? area : -area;
  }
  last = next;
}
float steps(float radius) {
  return clamp(ceil(5.55 * sqrt(radius)), 4.0, 256.0);
}
vec2 cut(vec2 p, vec2 u, float side) {
  return abs(u.y) > abs(u.x) ? p - vec2(side / u.y, 0.0) : p + vec2(0.0, side / u.x);
}
void arc(vec2 p, vec2 d, float turn, float width) {
  float chords = max(1.0, ceil(steps(width) * abs(turn) / PI));
  float angle = turn / chords;
  float s = sin(angle);
  float c = cos(angle);
  float swell = 1.0;
  if (chords > 1.0) {
    float bend = angle / s;
    swell = bend;
    if (chords > 2.0) swell = (sqrt(1.0 + (chords - 2.0) * chords * bend) - 1.0) / (chords - 2.0);
  }
  to(p + d);
  for (float k = 1.0; k <= chords; k += 1.0) {
    d = vec2(c * d.x - s * d.y, s * d.x + c * d.y);
    to(p + (k < chords ? swell : 1.0) * d);
  }
}
void main() {
  vec2 p = one.xy - floor(gl_FragCoord.xy);
  vec2 u = one.zw;
  vec2 v = two.xy;
  float width = two.z;
  int kind = int(two.w);
  cover = 0.0;
  if (kind == ${SPECK}) {
    float side = sqrt(PI) * width;
    vec2 overlap = min(p + side / 2.0, 1.0) - max(p - side / 2.0, 0.0);
    cover = max(overlap.x, 0.0) * max(overlap.y, 0.0);
  } else if (kind == ${DISK}) {
    float chords = 8.0 * ceil(steps(width) / 4.0);
    float angle = 2.0 * PI / chords;
    float reach = width * sqrt(angle / sin(angle));
    last = p + vec2(reach, 0.0);
    for (float k = 1.0; k < chords; k += 1.0) {
      to(p + reach * vec2(cos(k * angle), sin(k * angle)));
    }
    to(p + vec2(reach, 0.0));
  } else if (kind == ${CAP}) {
    last = cut(p, u, -width);
    arc(p, width * vec2(u.y, -u.x), PI, width);
    to(cut(p, u, width));
    to(cut(p, u, -width));
  } else {
    float turn = atan(u.x * v.y - u.y * v.x, dot(u, v));
    last = p;
    to(cut(p, v, width));
    arc(p, width * vec2(-v.y, v.x), -turn, width);
    to(cut(p, u, width));
    to(p);
    to(cut(p, u, -width));
    arc(p, width * vec2(u.y, -u.x), turn, width);
    to(cut(p, v, -width));
    to(p);
  }
  sum = vec4(cover * density, 0.0);
}
`;
