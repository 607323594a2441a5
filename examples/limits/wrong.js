const wrong = {
  "/loop": () => { for (;;) {} },
  "/memory": () => { const all = []; for (;;) all.push({ n: all.length }); },
  "/recursion": () => { const f = (n) => f(n + 1) + 1; try { f(0); } catch (e) { return Response.text(e.name); } },
  "/throw": () => { throw new Error("on purpose"); },
  "/never": () => new Promise(() => {}),
  "/right": () => new Response("right"),
};
export default { fetch: (request) => wrong[new URL(request.url).pathname]() };
