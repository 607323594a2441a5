export default {
  async fetch(request) {
    console.log("audit:", await request.text());
    return new Response(null, { status: 204 });
  },
};
