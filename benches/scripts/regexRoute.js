// Six route patterns tried on paths, parameters taken from captures.
var expected = 135;
var result;
const routes = [[/^\/api\/users\/(\d+)$/, 1], [/^\/api\/users\/(\d+)\/posts\/(\d+)$/, 2], [/^\/static\/(.+)\.(css|js|png)$/, 3], [/^\/blog\/(\d{4})\/(\d{2})\/([a-z0-9-]+)$/, 4], [/^\/search$/i, 5], [/^\/(?<lang>[a-z]{2})\/docs(?:\/(?<page>[\w-]+))?$/, 6]];
const paths = ['/api/users/42', '/api/users/42/posts/7', '/static/css/site.css', '/blog/2024/05/hello-world', '/SEARCH', '/en/docs/intro', '/nothing/here'];
function bench() {
  let n = 0;
  for (const p of paths) {
    for (const [re, id] of routes) {
      const m = re.exec(p);
      if (m) { n += id + m.length + m[0].length - (m.groups ? m.groups.lang.length : 0); break; }
    }
  }
  result = n;
}
