// Sorts 300 numbers by comparator, 200 strings by default and 100 objects by key.
var expected = 20331;
var result;
function bench() {
  let seed = 12345;
  const rnd = () => (seed = (seed * 1103515245 + 12345) % 2147483648);
  const nums = [], strs = [], objs = [];
  for (let i = 0; i < 300; i++) nums.push(rnd() % 1000);
  for (let i = 0; i < 200; i++) strs.push('s' + (rnd() % 500));
  for (let i = 0; i < 100; i++) objs.push({ k: rnd() % 100, i });
  nums.sort((a, b) => a - b); strs.sort(); objs.sort((a, b) => a.k - b.k || a.i - b.i);
  let n = 0;
  for (let i = 1; i < 300; i++) if (nums[i - 1] <= nums[i]) n += 67;
  for (let i = 1; i < 200; i++) if (strs[i - 1] <= strs[i]) n++;
  for (let i = 1; i < 100; i++) if (objs[i - 1].k <= objs[i].k) n++;
  result = n;
}
