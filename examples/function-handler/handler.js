function handler(request) {
  if (request.url === "/") return "a bare string";
  if (request.path === "/echo") {
    return { status: 201, headers: { "X-Agent": request.headers.get("User-Agent") }, body: request.method + " " + request.body };
  }
  if (request.url === "/json") return Response.json({ url: request.url, type: request.headers["content-type"] || null });
  return Response.text("Not Found", { status: 404 });
}
