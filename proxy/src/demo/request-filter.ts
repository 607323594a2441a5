// On the way in: who is it, and where to.
export function onRequest(request: Request, ctx: any): Response | void {
  const url = new URL(request.url);
  if (url.searchParams.has("deny")) {
    return Response.json({ error: "the request filter said no" }, { status: 403 });
  }
  ctx.state.started = Date.now();
  request.headers.set("x-visitor", request.headers.get("user-agent") ?? "unknown");
  request.headers.set("host", "origin.demo");
  request.url = url.pathname.replace(/^\/origin/, "") + url.search || "/";
}
