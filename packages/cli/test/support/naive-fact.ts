/**
 * The weekly fact once more, row by row on whole numbers, written from the definitions and from nothing else: what the
 * compiled SQL is compared with. Amounts are hundredths.
 */

export interface SaleRow {
  readonly day: string;
  readonly store: number;
  readonly product: number;
  readonly qty: bigint;
  readonly amt: bigint;
  readonly cost: bigint | null;
  readonly margin: bigint | null;
  readonly discount: bigint | null;
  readonly shipping: bigint | null;
}

/** At most one a day, store and product. */
export interface StockRow {
  readonly day: string;
  readonly store: number;
  readonly product: number;
  readonly onHand: bigint;
  readonly onOrder: bigint | null;
  readonly out: 0 | 1;
}

const absolute = (value: bigint) => (value < 0n ? -value : value);

/** n / d for d above 0, half away from zero. */
function rounded(n: bigint, d: bigint): bigint {
  const nearest = (2n * absolute(n) + d) / (2n * d);
  return n < 0n ? -nearest : nearest;
}

function text(value: bigint | null, places: number): string {
  if (value === null) return "";
  const digits = absolute(value)
    .toString()
    .padStart(places + 1, "0");
  return `${value < 0n ? "-" : ""}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

const total = (values: readonly bigint[]) => values.reduce((sum, value) => sum + value, 0n);

/** What is known added up; unknown where there are rows and none of them says. */
function knownTotal(values: readonly (bigint | null)[]): bigint | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 && values.length > 0 ? null : total(known);
}

function ofOneKey(sales: readonly SaleRow[], stock: readonly StockRow[]): string {
  const qty = total(sales.map((row) => row.qty));
  const amt = total(sales.map((row) => row.amt));
  const ratio = (n: bigint, d: bigint) => (d > 0n ? rounded(n, d) : null);

  const days = [...new Set([...sales, ...stock].map(({ day }) => day))];
  let [low, out, units, impact, lost] = [0, 0, 0n, 0n, 0n];
  for (const day of days) {
    const sold = sales.filter((row) => row.day === day);
    const [dayQty, dayAmt] = [total(sold.map((row) => row.qty)), total(sold.map((row) => row.amt))];
    const snapshot = stock.find((row) => row.day === day);
    if (snapshot === undefined) continue;
    if (snapshot.out === 1) {
      out += 1;
      lost += dayAmt;
    }
    if (snapshot.onHand >= dayQty) continue;
    low += 1;
    if (dayQty <= 0n) continue;
    units += dayQty - snapshot.onHand;
    // amt - onHand x amt / qty over one denominator; hundredths to ten-thousandths.
    impact += rounded(100n * (dayAmt * dayQty - snapshot.onHand * dayAmt), dayQty);
  }

  const last = stock.reduce<StockRow | null>((a, b) => (a === null || b.day > a.day ? b : a), null);
  const tracked = BigInt(stock.length);
  return [
    ...[text(qty, 2), text(amt, 2)],
    ...(["cost", "margin", "discount", "shipping"] as const).map((name) =>
      text(knownTotal(sales.map((row) => row[name])), 2),
    ),
    text(ratio(amt * 10_000n, qty), 4),
    ...[text(last?.onHand ?? null, 2), text(last?.onOrder ?? null, 2), last?.day ?? ""],
    ...[String(tracked), String(out), text(ratio((tracked - BigInt(out)) * 10_000n, tracked), 4)],
    ...[low, out, low + out].map(String),
    ...[text(impact, 4), text(units, 2), text(lost, 2)],
    text(last === null ? null : ratio(last.onHand * 10_000n, qty), 4),
  ].join(",");
}

/** @returns the fact's lines in the order of its keys, without a header */
export function naiveFact(
  sales: readonly SaleRow[],
  stock: readonly StockRow[],
  weekOf: (day: string) => number,
): string[] {
  const keyOf = ({ day, store, product }: SaleRow | StockRow) => `${weekOf(day)},${store},${product}`;
  const keys = [...new Set([...sales, ...stock].map(keyOf))].sort();
  return keys.map(
    (key) =>
      `${key},${ofOneKey(
        sales.filter((row) => keyOf(row) === key),
        stock.filter((row) => keyOf(row) === key),
      )}`,
  );
}
