export default async function (request) {
  if (request.method !== "POST") return new Response(null, { status: 405, headers: { allow: "POST" } });
  const { numbers } = await request.json();
  return Response.json({ sum: numbers.reduce((a, b) => a + b, 0), max: Math.max(...numbers) });
}
