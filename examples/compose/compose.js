export default {
  async fetch(request, env) {
    const get = (name) => fetch(`${env.BASE}/service/${name}`).then((answer) => answer.json());
    const [user, cart] = await Promise.all([get("user"), get("cart")]);
    const missing = await fetch(`${env.BASE}/none`);
    return Response.json({ ...user, ...cart, missing: missing.status });
  },
};
