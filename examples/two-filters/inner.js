export async function onRequest(request, ctx) {
  await new Promise((resolve) => setTimeout(resolve, 1));
  ctx.state.name = "inner";
  request.headers.append("x-in", "inner");
}
export function onResponse(response, ctx) {
  response.headers.append("x-out", ctx.state.name);
}
