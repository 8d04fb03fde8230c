import { type Command, InvalidArgumentError } from "commander";

/** An option that takes a whole number from `min` to `max`. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`a whole number from ${min} to ${max} is wanted`);
    }
    return value;
  };
}

/** An option that takes the name of a time zone. */
export function zoneName(text: string): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone && text;
  } catch {
    throw new InvalidArgumentError(`${text} is no time zone such as Europe/Bucharest`);
  }
}

/** An instant with its offset, as epoch ms. */
export function instantOf(text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new InvalidArgumentError("an instant such as 2026-09-15T13:07:00+03:00");
  return ms;
}

/** A day of the calendar, `YYYY-MM-DD`. */
export function dayOf(text: string): string {
  try {
    return Temporal.PlainDate.from(text).toString();
  } catch {
    throw new InvalidArgumentError("a day such as 2026-10-31");
  }
}

/** The number of something in the database. */
export const idOf = wholeNumber(1, 2_147_483_647);

/** What nearly every command is told. */
export interface Common {
  readonly data?: string;
  readonly json?: boolean;
}

/** The options that nearly every command takes. */
export const common = (command: Command): Command =>
  command
    .option("--data <folder>", "where everything is kept (ENERGSYS_DATA)")
    .option("--json", "the result as JSON");

/** What a command says, line by line. */
export const print = (lines: readonly string[]): void => {
  process.stdout.write(lines.map((line) => `${line}\n`).join(""));
};
