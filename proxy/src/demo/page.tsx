// The demo's front page: a TSX page rendered on the server, for each request anew.
interface Route {
  path: string;
  title: string;
  text: string;
}

const ROUTES: Route[] = [
  { path: "/api/health", title: "Health", text: "A JavaScript handler, answered from a sealed heap: one JSON object, no parsing, no boot." },
  { path: "/api/echo", title: "Echo", text: "What you sent comes back: method, URL, headers and body." },
  { path: "/api/greet/J%C3%BCrgen", title: "Greet", text: "A path parameter, decoded: /api/greet/:name." },
  { path: "/origin/hello?from=page", title: "Origin", text: "A proxied origin behind a request filter and a response filter, both JavaScript." },
  { path: "/origin/hello?deny", title: "Denied", text: "The same origin, but the request filter answers itself: 403." },
];

const STEPS = [
  ["Module", "compiled once to verified bytecode"],
  ["Image", "top level evaluated, heap sealed"],
  ["Runtime", "a copy-on-write clone, in microseconds"],
  ["Request", "an arena on top, gone in constant time"],
];

const CSS = `
:root { color-scheme: light dark; --ink: #16202c; --soft: #5b6b7c; --paper: #f7f5f0; --card: #fffdf9; --line: #e4dfd3;
  --accent: #b4532a; --deep: #1f4e5f; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #eef1f4; --soft: #9fb0bf; --paper: #10161d; --card: #18212b; --line: #2a3744; --accent: #f0905f; --deep: #7fc4d6; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 17px/1.6 ui-serif, Georgia, "Times New Roman", serif; }
main { max-width: 60rem; margin: 0 auto; padding: clamp(2rem, 6vw, 5rem) 1.5rem; }
header { display: grid; gap: 1rem; margin-bottom: 3.5rem; }
.mark { width: 4.5rem; height: 4.5rem; color: var(--accent); }
h1 { margin: 0; font-size: clamp(2.6rem, 7vw, 4.4rem); line-height: 1.02; letter-spacing: -0.025em; font-weight: 600; }
.lead { margin: 0; max-width: 38rem; font-size: 1.25rem; color: var(--soft); }
h2 { font-size: 0.8rem; letter-spacing: 0.14em; text-transform: uppercase; color: var(--deep); margin: 0 0 1rem;
  font-family: ui-sans-serif, system-ui, sans-serif; }
section { margin-bottom: 3.5rem; }
.steps { list-style: none; counter-reset: step; margin: 0; padding: 0; display: grid; gap: 1px; background: var(--line);
  border: 1px solid var(--line); border-radius: 14px; overflow: hidden; grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr)); }
.steps li { counter-increment: step; background: var(--card); padding: 1.2rem 1.3rem 1.4rem; }
.steps li::before { content: counter(step); color: var(--accent); font-variant-numeric: tabular-nums; font-size: 0.9rem; }
.steps b { display: block; font-size: 1.25rem; }
.steps span { color: var(--soft); font-size: 0.98rem; }
.cards { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); }
.card { display: flex; flex-direction: column; padding: 1.3rem 1.4rem; background: var(--card); border: 1px solid var(--line); border-radius: 14px;
  color: inherit; text-decoration: none; transition: transform 0.15s ease, border-color 0.15s ease; }
.card:hover, .card:focus-visible { transform: translateY(-2px); border-color: var(--accent); outline: none; }
.card h3 { margin: 0 0 0.3rem; font-size: 1.2rem; }
.card p { margin: 0 0 0.9rem; color: var(--soft); font-size: 0.98rem; }
code { font: 0.86rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; color: var(--accent); overflow-wrap: anywhere; }
.card code { margin-top: auto; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.35rem 1.5rem; margin: 0; padding: 1.3rem 1.4rem;
  background: var(--card); border: 1px solid var(--line); border-radius: 14px; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
footer { color: var(--soft); font-size: 0.92rem; border-top: 1px solid var(--line); padding-top: 1.2rem; }
`;

function Mark() {
  return (
    <svg className="mark" viewBox="0 0 72 72" fill="none" stroke="currentColor" stroke-width="4" stroke-linecap="round" aria-hidden="true">
      <path d="M10 62V30a26 26 0 0 1 52 0v32" />
      <path d="M24 62V32a12 12 0 0 1 24 0v30" />
      <path d="M4 62h64" />
      <circle cx="36" cy="46" r="2.5" fill="currentColor" />
    </svg>
  );
}

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 72 72' fill='none' stroke='%23b4532a' stroke-width='7'%3E" +
  "%3Cpath d='M10 62V30a26 26 0 0 1 52 0v32M24 62V32a12 12 0 0 1 24 0v30M4 62h64'/%3E%3C/svg%3E";

function Card({ route }: { route: Route }) {
  return (
    <a className="card" href={route.path}>
      <h3>{route.title}</h3>
      <p>{route.text}</p>
      <code>GET {route.path}</code>
    </a>
  );
}

function Fact({ name, children }: { name: string; children?: unknown }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Page({ request }: { request: Request }) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Lockgate</title>
        <link rel="icon" href={ICON} />
        <style>{CSS}</style>
      </head>
      <body>
        <main>
          <header>
            <Mark />
            <h1>Lockgate is up.</h1>
            <p className="lead">
              A programmable edge: one binary that proxies to your origins and runs JavaScript and TypeScript in the request path,
              every request in a runtime of its own.
            </p>
          </header>
          <section>
            <h2>Try it</h2>
            <div className="cards">{ROUTES.map((route) => <Card route={route} />)}</div>
          </section>
          <section>
            <h2>How this page came to you</h2>
            <ol className="steps">
              {STEPS.map(([name, text]) => (
                <li>
                  <b>{name}</b>
                  <span>{text}</span>
                </li>
              ))}
            </ol>
          </section>
          <section>
            <h2>Your request</h2>
            <dl>
              <Fact name="Method">{request.method}</Fact>
              <Fact name="URL">{request.url}</Fact>
              <Fact name="Agent">{request.headers.get("user-agent") ?? "none"}</Fact>
            </dl>
          </section>
          <footer>Rendered on the server from TSX. Write a lockgate.yaml, or: lockgate serve hello.ts</footer>
        </main>
      </body>
    </html>
  );
}

export default {
  fetch(request: Request): Response {
    return Response.html("<!doctype html>" + renderToString(<Page request={request} />));
  },
};
