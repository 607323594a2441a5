import { Currency, format, type Price } from "./lib/money";

const prices: Record<string, Price> = {
  bread: { amount: 3.5, currency: Currency.Euro },
  cheese: { amount: 12, currency: Currency.Franc },
};

export default {
  fetch(_request: Request, _env: unknown, ctx: { params: { item: string } }): Response {
    const price: Price | undefined = prices[ctx.params.item];
    return price ? Response.text(format(price)) : Response.text("unknown", { status: 404 });
  },
};
