export default { fetch: (request, env, ctx) => new Response(`${env.NAME} ${ctx.params.b ?? ""}`.trim()) };
