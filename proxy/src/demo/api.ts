// The demo's API: what you sent, and a greeting.
interface Context {
  params: Record<string, string>;
}

async function echo(request: Request): Promise<Response> {
  return Response.json({
    method: request.method,
    url: request.url,
    headers: Object.fromEntries(request.headers),
    body: await request.text(),
  });
}

function greet(name: string): Response {
  return Response.json({ greeting: `Hello, ${name}!`, name, length: [...name].length });
}

export default {
  fetch(request: Request, env: unknown, ctx: Context): Response | Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === "/api/echo") return echo(request);
    if (pathname.startsWith("/api/greet/")) return greet(ctx.params.name);
    return Response.json({ error: "Not Found", try: ["/api/health", "/api/echo", "/api/greet/:name"] }, { status: 404 });
  },
};
