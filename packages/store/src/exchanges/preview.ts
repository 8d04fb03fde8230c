import type { Database } from "../database.ts";
import type { StoreContext } from "../deliveries.ts";
import { checkExchange, type ExchangeStep } from "./check.ts";
import { type ExchangeEffect, readExchangeEffect } from "./effect.ts";
import { doubtOf, type ExchangeAsked, type ExchangeFinding } from "./exchange.ts";

/** An exchange before anybody makes it. */
export interface ExchangePreview {
  readonly findings: readonly ExchangeFinding[];
  /** Names of the doubts: whoever makes the exchange says them, and is refused when there are others by then. */
  readonly doubts: readonly string[];
  readonly steps: readonly ExchangeStep[];
  /** By quantity of the point; none when it cannot be made. */
  readonly effects: readonly ExchangeEffect[];
  readonly oldSerial: string | null;
  /** The meter that comes, where the stock has it. */
  readonly stock: { readonly manufacturer: string; readonly model: string } | null;
}

/** What is wrong or doubtful about an exchange and what it would make of the point's energy; nothing is written. */
export async function previewExchange(
  db: Database,
  asked: ExchangeAsked,
  context: StoreContext,
): Promise<ExchangePreview> {
  const { findings, standing, known, steps } = await checkExchange(db, asked, context);
  const possible = standing !== undefined && !findings.some(({ refused }) => refused);
  return {
    findings,
    doubts: [...new Set(findings.filter(({ refused }) => !refused).map(doubtOf))],
    steps,
    effects: possible ? await readExchangeEffect(db, asked, { standing, known }, context) : [],
    oldSerial: standing?.serial ?? null,
    stock: known ? { manufacturer: known.manufacturer, model: known.model } : null,
  };
}
