"use strict";
const log = [];
// The text of native functions is each engine's own.
Function.prototype.toString = function () { return "function " + this.name; };
// A proposal that not every engine has.
delete Iterator.prototype.includes;
let units = 0;
// Every loop and function pays here: programs end, at the same place in every engine.
function tick() {
  if (++units > 4000) throw "out of units";
}
// Keeps what loops build up small.
function cap(v) {
  if (typeof v === "string" && v.length > 120) return v.slice(0, 120);
  if (typeof v === "bigint") return BigInt.asIntN(256, v);
  if (Array.isArray(v) && v.length > 40) v.length = 40;
  return v;
}
function show(v, depth = 0) {
  switch (typeof v) {
    case "string": return JSON.stringify(v.length > 80 ? v.slice(0, 80) + "…" + v.length : v);
    case "number": return Object.is(v, -0) ? "-0" : String(v);
    case "bigint": return v + "n";
    case "symbol": return "Symbol " + v.description;
    case "function": return "function " + v.name + "/" + v.length;
    case "object": return v === null ? "null" : showObject(v, depth);
    default: return String(v);
  }
}
function showObject(v, depth) {
  if (depth > 3) return "…";
  const parts = [];
  if (v instanceof Map) for (const [k, x] of v) parts.push(show(k, depth + 1) + " => " + show(x, depth + 1));
  if (v instanceof Set) for (const x of v) parts.push(show(x, depth + 1));
  const length = Array.isArray(v) ? v.length : -1;
  for (const key of Reflect.ownKeys(v).slice(0, 40)) {
    // Own properties of errors (stack, line numbers, text) are each engine's own.
    if (key === "length" && length >= 0 || v instanceof Error) continue;
    const property = Reflect.getOwnPropertyDescriptor(v, key);
    const flags = (property.writable === false ? "r" : "") + (property.enumerable ? "" : "h") + (property.configurable ? "" : "c");
    const value = "value" in property ? show(property.value, depth + 1) : "accessor";
    parts.push(show(key) + flags + ": " + value);
  }
  const kind = v instanceof Error ? v.name : length >= 0 ? "Array " + length : Object.prototype.toString.call(v);
  return kind + (Object.isExtensible(v) ? " {" : " sealed {") + parts.join(", ") + "}";
}
function out(v) {
  if (log.length < 400) log.push(show(v));
}
function step(name, body) {
  try {
    const v = body();
    log.push(name + " -> " + show(v));
  } catch (e) {
    log.push(name + " threw " + show(e));
  }
}
async function stepAsync(name, body) {
  try {
    const v = await body();
    log.push(name + " => " + show(v));
  } catch (e) {
    log.push(name + " rejected " + show(e));
  }
}
