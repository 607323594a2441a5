const items = ['a', 'b'];
export const Page = ({ title, ...props }: { title: string }) => (
  <main class="page" {...props}>
    <h1 id={title}>Hello, {title}! &copy;</h1>
    {items.map((i) => <li key={i}>{i}</li>)}
    <><Page.Sub /> text</>
  </main>
);
