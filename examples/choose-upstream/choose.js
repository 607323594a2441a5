export function onRequest(request) {
  const canary = request.headers.get("x-canary") === "yes";
  request.upstream = canary ? "canary" : "stable";
  request.headers.set("host", canary ? "canary.internal" : "stable.internal");
}
