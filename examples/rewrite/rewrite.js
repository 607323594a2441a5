export function onRequest(request) {
  const url = new URL(request.url);
  url.pathname = url.pathname.replace(/^\/old/, "/v2");
  url.searchParams.set("from", "old");
  request.url = url.href;
  request.headers.set("host", "origin.internal");
  request.headers.delete("cookie");
}
