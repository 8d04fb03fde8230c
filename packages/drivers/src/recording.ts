import { appendFileSync, closeSync, openSync } from "node:fs";
import { join } from "node:path";
import type { Clock, LinkRecorder } from "@energsys/protocols";
import { SessionRecorder } from "@energsys/protocols/decode";

/** Devices whose readings are recorded, by identity, and the folder that takes the files. */
export interface RecordOptions {
  readonly folder: string;
  readonly identities: readonly string[];
}

export interface Recording {
  readonly recorder: LinkRecorder;
  end(): void;
}

/** A session file that grows with each turn, for its owner only: a sign-on in it can hold the password. */
export function recordTo(file: string, what: string, clock: Clock): Recording {
  const handle = openSync(file, "w", 0o600);
  const recorder = new SessionRecorder(clock, {
    what,
    onLine: (line) => appendFileSync(handle, `${line}\n`),
  });
  return {
    recorder,
    end: () => {
      recorder.end();
      closeSync(handle);
    },
  };
}

/** The recording of one attempt, where its device is recorded: `IDENTITY-ATTEMPT.jsonl`. */
export function recordAttempt(
  options: RecordOptions | undefined,
  work: { readonly identity: string; readonly attemptId: number; readonly url: string },
  clock: Clock,
): Recording | undefined {
  if (!options?.identities.includes(work.identity)) return undefined;
  const name = work.identity.replaceAll(/[^\w.-]/g, "_").replace(/^\.+/, "");
  return recordTo(join(options.folder, `${name}-${work.attemptId}.jsonl`), work.url, clock);
}
