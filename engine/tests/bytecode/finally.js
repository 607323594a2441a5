export function through(list) {
  for (const x of list) {
    try {
      if (x === 1) continue;
      if (x === 2) break;
      if (x === 3) return x;
      throw x;
    } catch ({ message }) {
      console.log(message);
    } finally {
      list.length = 0;
    }
  }
}
