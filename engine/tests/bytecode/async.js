export async function load(urls) {
  const out = [];
  for (const url of urls) out.push(await fetch(url));
  for await (const chunk of stream()) { if (!chunk) break; out.push(chunk); }
  return out;
}
export async function* stream() {
  try { yield 1; yield* other(); } finally { await null; }
}
function* other() {
  const got = yield 'a';
  return got;
}
export const top = await load([]);
