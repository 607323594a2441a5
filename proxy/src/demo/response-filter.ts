// On the way back: what the world need not know goes, what it should know comes.
export function onResponse(response: Response): void {
  response.headers.delete("x-origin-secret");
  response.headers.set("x-filtered-by", "lockgate");
  response.headers.append("server-timing", 'filter;desc="JavaScript on the way back"');
}
