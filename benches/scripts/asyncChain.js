// A chain of 50 awaits over async functions, then as many then() reactions.
var expected = 2500;
var result;
async function step(n) { return n + 1; }
async function chain(n) { let v = 0; for (let i = 0; i < n; i++) v = await step(v); return v; }
function bench() {
  let total = 0;
  chain(50).then((a) => {
    let p = Promise.resolve(a);
    for (let i = 0; i < 49; i++) p = p.then((v) => v + 50);
    return p;
  }).then((v) => { total = v; result = total; });
}
