export default {
  fetch: ({ headers }) =>
    Response.json([headers.get("x-internal"), headers.get("x-edge"), headers.get("x-hop")], {
      headers: { "x-powered-by": "magic", vary: "origin" },
    }),
};
