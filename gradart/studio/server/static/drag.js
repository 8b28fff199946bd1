// The drawing in a hand: a place of it is held and pulled, and the parameters follow.

import { $ } from "./dom.js";
import { measure } from "./movements.js";
import { arrived, complain } from "./picture_requests.js";
import { on, send } from "./socket.js";
import * as viewport from "./viewport.js";
import { changed, set, settings, state } from "./state.js";

/** @import { Answers } from "./messages.js" */

const RESTS = 200; // ms without a move, after which the pointer rests
const NEAR = 3; // mm, from a pin that is taken away
const { drag } = state;

/** Let the pointer pull the drawing, or move the page again. */
export function toggleHand() {
  drag.tool = !drag.tool;
  if (drag.tool && state.sketch) {
    grab([0, 0], "warm"); // so that the studio compiles it now
    measure();
  }
  $("hand").setAttribute("aria-pressed", String(drag.tool));
  showHand();
}

const distance = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);

const showHand = () => {
  $("viewport").dataset.hand = drag.held ? "held" : String(drag.tool);
};

/** Let go of everything: another drawing comes. */
function forget() {
  Object.assign(drag, { busy: false, held: false, grip: null, at: null, target: null });
  Object.assign(drag, { pins: [], placement: null, loose: false });
  drag.number += 1; // what is still answered is no longer wanted
  $("state").textContent = "";
  showHand();
  viewport.redraw();
}

changed(({ fresh }) => {
  if (fresh) forget();
});

/** Ask what is held at a point of the page. */
function grab(at, use) {
  drag.number += 1;
  drag.grip = null;
  send("grab", { id: drag.number, ...settings(), frame: state.frame, at });
  wanted = use;
  $("state").textContent = use === "warm" ? "" : "Taking hold";
}

/** @type {"pull" | "pin" | "warm"} what the place is for that is asked for; "warm" for nothing */
let wanted = "pull";

viewport.handTo({
  takes: (event) => event.button === 0 && (event.altKey || drag.tool) && state.sketch !== null,
  down(at, event) {
    complain("draw", null);
    const near = drag.pins.find((pin) => distance(pin.at, at) < NEAR);
    if (event.shiftKey && near) {
      drag.pins = drag.pins.filter((pin) => pin !== near);
      viewport.redraw();
    } else if (event.shiftKey) {
      grab(at, "pin");
    } else {
      Object.assign(drag, { held: true, busy: false, at: null, target: at, asked: at });
      grab(at, "pull");
    }
    showHand();
  },
  move(at) {
    if (!drag.held) return;
    clearTimeout(waiting);
    waiting = 0;
    Object.assign(drag, { target: at, patient: false });
    viewport.redraw();
    pull();
  },
  up() {
    if (!drag.held) return;
    drag.held = false;
    showHand();
    if (waiting) {
      clearTimeout(waiting);
      goOn();
    } else if (!drag.busy && drag.asked === drag.target) rest();
  },
});

on("grab", (head) => {
  if (head.id !== drag.number || head.interrupted) return;
  $("state").textContent = "";
  if (wanted === "warm") return;
  if (head.error) {
    drag.held = false;
    drag.target = null;
    complain("draw", head.error);
    return;
  }
  if (wanted === "pin") {
    if (drag.pins.length < 7) drag.pins.push({ grip: head.grip, at: head.at });
  } else {
    drag.grip = head.grip;
    drag.at = head.at;
    pull();
    if (!drag.held && !drag.busy) rest();
  }
  viewport.redraw();
});

/** Ask for the parameters that bring what is held to the pointer; one request at a time. */
function pull() {
  if (!drag.grip || !drag.target || drag.busy || drag.asked === drag.target) return;
  drag.busy = true;
  drag.asked = drag.target;
  drag.number += 1;
  send("pull", {
    id: drag.number,
    ...settings(),
    frame: state.frame,
    pulls: [{ grip: drag.grip, to: drag.target }, ...drag.pins.map(({ grip, at }) => ({ grip, to: at }))],
    locked: state.locked,
  });
}

on("pull", (head) => {
  if (head.id !== drag.number) return;
  drag.busy = false;
  if (head.error) complain("draw", head.error);
  else if (!head.interrupted) follow(head);
  pull();
  if (!drag.held && !drag.busy) rest();
});

let waiting = 0; // the timer of a pointer that may come to rest

/** Ask again: to where the pointer rests a pull goes on, and has more time. */
function goOn() {
  waiting = 0;
  Object.assign(drag, { patient: true, asked: null });
  pull();
}

/** Let the sliders follow. @param {Answers["pull"]} head */
function follow(head) {
  if (head.again && (drag.patient || !drag.held)) drag.asked = null;
  else if (head.again) waiting = setTimeout(goOn, RESTS);
  drag.at = head.at[0];
  const names = head.bounded.filter((name) => !state.locked.includes(name));
  $("state").textContent = names.length ? `At its bound: ${names.join(", ")}` : "";
  $("viewport").dataset.pulled = String(head.id);
  set({ values: head.values }, { live: true });
}

// Pins stay on the drawing when it lies on the page in another way; it goes there when it is let go.
arrived(({ placement: now }, { held }) => {
  const was = drag.placement;
  drag.placement = now;
  if (drag.loose && !held) {
    drag.loose = false;
    if (was && (was.scale !== now.scale || was.dx !== now.dx || was.dy !== now.dy)) viewport.settle(was);
  }
  if (!was) return;
  for (const pin of drag.pins) {
    const [x, y] = [(pin.at[0] - was.dx) / was.scale, (pin.at[1] - was.dy) / was.scale];
    pin.at = [now.dx + now.scale * x, now.dy + now.scale * y];
  }
});

/** The hand has let go: what it has changed is one step for undo. */
function rest() {
  Object.assign(drag, { grip: null, at: null, target: null, loose: true });
  $("state").textContent = "";
  set({});
  viewport.redraw();
}

viewport.over((context, screen) => {
  const path = new Path2D();
  const ring = (point, size) => {
    const [x, y] = screen(point);
    path.moveTo(x + size, y);
    path.arc(x, y, size, 0, 2 * Math.PI);
  };
  for (const pin of drag.pins) {
    ring(pin.at, 5);
    ring(pin.at, 1);
  }
  if (drag.target && drag.at) {
    ring(drag.at, 4);
    const [fromX, fromY] = screen(drag.at);
    const [toX, toY] = screen(drag.target);
    path.moveTo(fromX, fromY);
    path.lineTo(toX, toY);
  }
  viewport.strokeOver(path, "#e0218a", 1.5, 4);
});

$("hand").addEventListener("click", toggleHand);
