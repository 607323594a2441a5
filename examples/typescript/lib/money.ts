export enum Currency {
  Euro = "EUR",
  Franc = "CHF",
}

export interface Price {
  amount: number;
  currency: Currency;
}

export function format({ amount, currency }: Price): string {
  return `${amount.toFixed(2)} ${currency}`;
}
