function handler(request) {
  return `${request.method} ${request.url} cookie=${request.headers.get("cookie")}`;
}
