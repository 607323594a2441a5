const data = { user: { user: "ali" }, cart: { items: 3 } };
export default { fetch: (request, env, ctx) => Response.json(data[ctx.params.name]) };
