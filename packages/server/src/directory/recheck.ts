import { actingAs, type Database, findPeopleToCheck, refuseSourceAccount } from "@energsys/store";
import type { Logger } from "pino";
import { noteSecurity } from "../security/notes.ts";
import { admitPerson } from "../security/source-people.ts";
import { DirectoryError } from "./connection.ts";
import type { Directories, Directory } from "./directories.ts";
import { findBySubject } from "./people.ts";

/** People who are signed in, or whose tokens live, are looked up again when it was longer ago. */
const againMs = 15 * 60_000;
const everyMs = 60_000;
/** Time for all people of one directory in one round; who is left comes in the next. */
const roundMs = 30_000;

interface Recheck {
  readonly db: Database;
  readonly directories: Directories;
  readonly now: () => number;
  readonly logger: Logger;
}

/** Looks up again, every minute, who has not been looked up for a quarter of an hour. Returns how to end it. */
export function startRecheck(recheck: Recheck): () => void {
  let running = false;
  const timer = setInterval(() => {
    if (running) return;
    running = true;
    recheckPeople(recheck)
      .catch((error: unknown) => recheck.logger.warn({ err: error }, "people could not be looked up again"))
      .finally(() => {
        running = false;
      });
  }, everyMs);
  return () => clearInterval(timer);
}

/**
 * Ends the sessions of those whom their directory no longer lets in, and gives the others their groups of today. While a
 * directory does not answer, sessions live on.
 */
export async function recheckPeople({ db, directories, now, logger }: Recheck): Promise<void> {
  const acting = actingAs(db, { actor: "process:server" });
  for (const directory of await directories.list()) {
    await recheckDirectory({ db: acting, directories, now, logger }, directory).catch((error) => {
      if (!(error instanceof DirectoryError)) throw error;
    });
  }
}

async function recheckDirectory(
  { db, directories, now, logger }: Recheck,
  directory: Directory,
): Promise<void> {
  const { sourceId, settings } = directory;
  const people = await findPeopleToCheck(db, { sourceId, beforeMs: now() - againMs, nowMs: now() });
  if (people.length === 0) return;
  await directories.ask(directory, roundMs, async (client) => {
    for (const { accountId, subject } of people) {
      const person = await findBySubject(client, settings, subject);
      const { membersOnly } = settings;
      const admitted =
        person && (await admitPerson(db, { sourceId, ...person }, { membersOnly, nowMs: now() }));
      if (admitted) continue;
      await refuseSourceAccount(db, accountId, now());
      await noteSecurity({ db, logger }, "person-refused-by-source", accountId);
    }
  });
}
