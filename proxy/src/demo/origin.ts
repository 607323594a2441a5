// An origin: it knows nothing of the filters in front of it, and says what reached it.
export default function (request: Request): Response {
  const url = new URL(request.url);
  return Response.json(
    {
      origin: "the demo origin, in the same process",
      path: url.pathname + url.search,
      visitor: request.headers.get("x-visitor"),
      forwardedFor: request.headers.get("x-forwarded-for"),
    },
    { headers: { "x-origin-secret": "do not show", "cache-control": "no-store" } },
  );
}
