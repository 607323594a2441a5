export default {
  fetch(request, env, ctx) {
    ctx.waitUntil(fetch(`${env.BASE}/audit`, { method: "POST", body: "an order" }));
    return Response.json({ accepted: true }, { status: 202 });
  },
};
