interface Env {
  GREETING: string;
}

export default {
  fetch(request: Request, env: Env, ctx: { params: { name: string } }): Response {
    return new Response(`${env.GREETING}, ${ctx.params.name}!\n`);
  },
};
