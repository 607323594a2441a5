// The smallest handler: one object, answered as JSON.
let answered = 0;

export default {
  fetch(): Response {
    return Response.json({ status: "ok", engine: "lockgate", isolation: "request", answered: ++answered });
  },
};
