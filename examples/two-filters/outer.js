export function onRequest(request, ctx) {
  ctx.state.name = "outer";
  request.headers.append("x-in", "outer");
}
export function onResponse(response, ctx) {
  response.headers.append("x-out", ctx.state.name);
}
export async function onLog(ctx) {
  await null;
  console.log("done", ctx.state.name);
}
