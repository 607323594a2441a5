export function onRequest(request, ctx) { ctx.state.seen = true; }
