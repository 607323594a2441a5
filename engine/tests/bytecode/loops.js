// script
function sums(n, list) {
  var total = 0;
  for (let i = 0; i < n; i++) total += i;
  for (let i = 0; i < list.length; i++) total += list[i];
  while (total > 100) total -= 7;
  do { total++; } while (total < 10);
  outer: for (const x of list) {
    for (const k in x) {
      if (k === 'skip') continue outer;
      if (x[k] === null) break outer;
    }
  }
  switch (total) {
    case 1: return 'one';
    case 'two': return 2;
    default: total = -total;
  }
  return total;
}
