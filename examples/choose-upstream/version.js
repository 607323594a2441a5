export default { fetch: (request, env) => new Response(env.VERSION) };
