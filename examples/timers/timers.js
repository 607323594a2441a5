const sleep = (ms, value) => new Promise((resolve) => setTimeout(resolve, ms, value));

export default {
  async fetch() {
    const order = [];
    const slow = sleep(20).then(() => order.push("slow"));
    const fast = sleep(1).then(() => order.push("fast"));
    queueMicrotask(() => order.push("microtask"));
    order.push("now");
    await Promise.all([slow, fast]);
    const signal = AbortSignal.timeout(5);
    const reason = await new Promise((resolve) => signal.addEventListener("abort", () => resolve(signal.reason.name)));
    return Response.json({ order, first: await Promise.race([sleep(50, "late"), sleep(2, "early")]), reason });
  },
};
