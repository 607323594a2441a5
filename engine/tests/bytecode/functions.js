function fib(n) {
  return n < 2 ? n : fib(n - 1) + fib(n - 2);
}
export default function handler(request) {
  const { url, method } = request;
  let sum = 0;
  for (let i = 0; i < 1000; i++) sum += i;
  const parts = [];
  for (const part of url.split('/')) {
    if (part === '') continue;
    parts.push(() => part + sum);
  }
  try {
    return { status: 200, body: `${method} ${url}: ${fib(sum)}` };
  } catch (e) {
    console.log(e.message);
  } finally {
    parts.length = 0;
  }
}
