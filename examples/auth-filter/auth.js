let token;

export function onRequest(request, ctx) {
  token = ctx.env.TOKEN;
  if (request.headers.get("authorization") !== `Bearer ${token}`) {
    return new Response("who are you?\n", { status: 401, headers: { "www-authenticate": "Bearer" } });
  }
  ctx.state.user = "ali";
}

export function onResponse(response, ctx) {
  response.headers.set("x-user", ctx.state.user ?? "nobody");
}
