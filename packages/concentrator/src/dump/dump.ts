import { createHash } from "node:crypto";
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { ConcentratorError } from "../errors.ts";
import type { ServedCore } from "../objects/served-core.ts";

export const dumpMark = "ENERGSYS-MC-DUMP/1";

/** Text that is gathered before it goes to the file. */
const chunkLength = 64 * 1024;

export interface DumpRange {
  /** First and last number of the journal; absent: what is held. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

export interface DumpOutcome {
  readonly entries: number;
  readonly first: number;
  readonly last: number;
  readonly sha256: string;
}

export type DumpSource = Pick<ServedCore, "identity" | "firmware" | "journal" | "meters" | "now">;

const spanOf = ({ oldest, newest }: DumpSource["journal"], { from, to }: DumpRange) => ({
  first: Math.max(from ?? oldest, oldest),
  last: Math.min(to ?? newest, newest),
});

/** The lines of a dump with their ends, one after the other (section 6 of the agreement). *taken* does not move. */
export function* dumpLines(source: DumpSource, range: DumpRange = {}): Generator<string, DumpOutcome> {
  const { identity, firmware, journal } = source;
  const hash = createHash("sha256");
  const line = (text: string): string => {
    hash.update(`${text}\n`);
    return `${text}\n`;
  };
  const { first, last } = spanOf(journal, range);
  yield line(dumpMark);
  yield line(
    JSON.stringify({
      identity,
      firmware,
      made: new Date(source.now()).toISOString(),
      first,
      last,
      taken: journal.taken,
      meters: source.meters().map(({ logicalDevice, name, model, line, address, module, input }) => ({
        logicalDevice,
        name,
        model,
        line,
        address,
        module,
        input,
      })),
    }),
  );
  let entries = 0;
  for (const entry of first <= last ? journal.entries(first, last) : []) {
    yield line(Buffer.from(journal.encode(entry)).toString("hex").toUpperCase());
    entries++;
  }
  const sha256 = hash.digest("hex");
  yield `END ${entries} ${sha256}\n`;
  return { entries, first, last, sha256 };
}

/**
 * Writes a dump to a file: under another name first, so that a file with the right name is whole. Gives the event loop back between
 * pieces, since meters are read meanwhile.
 * @throws ConcentratorError `concentrator.dump` when the file is there already, or the journal has nothing of the range; Error of the
 *   file system, such as a stick without room. Nothing is left then
 */
export async function writeDump(
  path: string,
  source: DumpSource,
  range: DumpRange = {},
): Promise<DumpOutcome> {
  if (existsSync(path)) throw new ConcentratorError("concentrator.dump", `${path} is there already`);
  const { first, last } = spanOf(source.journal, range);
  if (first > last && (range.from !== undefined || range.to !== undefined)) {
    const { oldest, newest } = source.journal;
    throw new ConcentratorError(
      "concentrator.dump",
      `nothing of that range: ${oldest} to ${newest} are held`,
    );
  }
  const part = `${path}.part`;
  const file = openSync(part, "w");
  try {
    const lines = dumpLines(source, range);
    let waiting = "";
    for (;;) {
      const next = lines.next();
      if (!next.done) waiting += next.value;
      if (next.done || waiting.length >= chunkLength) {
        writeSync(file, waiting);
        waiting = "";
        await new Promise((resolve) => setImmediate(resolve));
      }
      if (next.done) {
        fsyncSync(file);
        closeSync(file);
        renameSync(part, path);
        return next.value;
      }
    }
  } catch (error) {
    try {
      closeSync(file);
    } catch {
      // Closed already: renaming failed.
    }
    rmSync(part, { force: true });
    throw error;
  }
}
