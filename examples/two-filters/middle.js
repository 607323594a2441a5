export default { fetch: (request) => new Response(request.headers.get("x-in")) };
