// Throws and catches, with finally, nested and across calls.
var expected = 219;
var result;
function risky(i) { if (i % 3 === 0) throw new Error('bad ' + i); return i; }
function guarded(i) { try { return risky(i); } catch (e) { return e.message.length; } finally { count++; } }
var count = 0;
function bench() {
  let n = 0;
  count = 0;
  for (let i = 0; i < 20; i++) { n += guarded(i); try { try { risky(i); } finally { n += 1; } } catch { n += 2; } }
  result = n + count;
}
