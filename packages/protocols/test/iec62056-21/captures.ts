import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DataSet } from "@energsys/protocols/iec62056-21";

const projectRoot = join(import.meta.dirname, "../../../..");

/** The larger collection of captures beside the project, where there is one. */
export const sharedFolder = process.env.ENERGSYS_SHARED ?? join(projectRoot, "../shared");
export const sharedIsThere = existsSync(join(sharedFolder, "captures"));
export const fixtures = join(import.meta.dirname, "../fixtures/iec62056-21");

export interface CheckExpectation {
  computed: string;
  transmitted: string | null;
  ok: boolean;
}

/** A case of an `index.json`: what a file must decode to. */
export interface Capture {
  id: string;
  kind: "mode-c-readout" | "p1" | "load-profile" | "event-log";
  bytes: Uint8Array;
  expect: {
    identification?: { line: string; manufacturer: string };
    dataSets?: DataSet[];
    count?: number;
    bcc?: CheckExpectation;
    crc?: CheckExpectation | null;
    stripped?: string;
    profile?: ProfileExpectation;
    events?: [string, string | number[]][];
    peerDecode?: PeerDecode;
  };
}

export interface ProfileExpectation {
  start?: { zoneDigit: string; local: string };
  status?: string;
  periodMinutes?: number;
  channels?: [string, string][];
  rows?: { end: string; values: number[] }[];
  channelCount?: number;
  rowCount?: number;
  row3?: number[];
  blocks?: { start: string; zoneDigit: string; rows: number; lastRowEnd: string }[];
}

export interface PeerDecode {
  cosem?: { knownObjects?: string[]; unknownObjects?: string[] };
  metadata?: { timestamp?: string; events?: Record<string, number | Record<string, number>> };
  electricity?: Record<string, unknown> & {
    tariffs?: Record<string, { received: number; returned: number }>;
  };
  mBus?: Record<string, { value?: number; unit?: string; timestamp?: string }>;
}

function readCases(folder: string, index: string): Capture[] {
  const cases: (Omit<Capture, "bytes"> & { file: string })[] = JSON.parse(
    readFileSync(join(folder, index), "utf8"),
  );
  return cases.map((capture) => ({
    ...capture,
    bytes: new Uint8Array(readFileSync(join(folder, capture.file))),
  }));
}

/** The project's own cases, and the shared ones where they are; each has a name of its own. */
export const captures: Capture[] = [
  ...readCases(fixtures, "index.json"),
  ...(sharedIsThere
    ? readCases(join(sharedFolder, "captures"), "iec62056-21/index.json").map((capture) => ({
        ...capture,
        id: `shared/${capture.id}`,
      }))
    : []),
];

/** `captures` that have something to compare with, as rows for `test.each`. */
export function capturesWith<Key extends keyof Capture["expect"]>(key: Key) {
  return captures
    .filter((capture) => capture.expect[key] !== undefined && capture.expect[key] !== null)
    .map(
      (capture) => [capture.id, capture, capture.expect[key] as NonNullable<Capture["expect"][Key]>] as const,
    );
}
