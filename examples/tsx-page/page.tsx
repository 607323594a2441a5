const items = ["one & only", "<two>", "three"];

function List({ title, children }: { title: string; children?: unknown }) {
  return (
    <section className="list">
      <h2>{title}</h2>
      <ul>{children}</ul>
    </section>
  );
}

function Page() {
  return (
    <>
      <h1 title={'a "quoted" title'}>Items</h1>
      <List title="All">{items.map((item, i) => <li data-n={i}>{item}</li>)}</List>
      <input type="checkbox" checked disabled={false} />
      <div dangerouslySetInnerHTML={{ __html: "<b>raw</b>" }} />
    </>
  );
}

export default { fetch: () => Response.html(renderToString(<Page />)) };
