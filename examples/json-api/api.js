const books = new Map([
  [1, { id: 1, title: "Der Zauberberg", year: 1924 }],
  [2, { id: 2, title: "Effi Briest", year: 1895 }],
]);

const routes = {
  "GET /api/books": () => Response.json([...books.values()]),
  "POST /api/books": async (request) => {
    const book = await request.json().catch(() => null);
    if (typeof book?.title !== "string") return Response.json({ error: "a book has a title" }, { status: 422 });
    const id = books.size + 1;
    books.set(id, { id, title: book.title, year: book.year ?? null });
    return Response.json(books.get(id), { status: 201, headers: { location: `/api/books/${id}` } });
  },
};

export default {
  fetch(request) {
    const { pathname } = new URL(request.url);
    const found = pathname.match(/^\/api\/books\/(?<id>\d+)$/);
    if (found && request.method === "GET") {
      const book = books.get(Number(found.groups.id));
      return book ? Response.json(book) : Response.json({ error: "no such book" }, { status: 404 });
    }
    const route = routes[`${request.method} ${pathname}`];
    return route ? route(request) : Response.json({ error: "no such route" }, { status: 404 });
  },
};
