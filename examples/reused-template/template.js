const template = { status: "ok", hits: 0, items: [] };
const routes = {
  "/": () => Response.json(template),
  "/hit": () => {
    template.hits++;
    template.items.push("x");
    return Response.json(template);
  },
  "/joined": () => {
    const parts = [];
    for (let i = 0; i < 5; i++) parts.push(`<li>${i}</li>`);
    return Response.html(parts.join(""));
  },
};

function handler(request) {
  const route = routes[request.url];
  return route ? route(request) : Response.text("Not Found", { status: 404 });
}
