import { join } from "node:path";
import { type Database, openDatabase, startEmbeddedPostgres } from "@energsys/store";
import { dataFolder, prepareDataFolder } from "../supervisor/data-folder.ts";
import { findOwnDatabase, hasOwner, urlForRole } from "../supervisor/own-database.ts";

/** Works on the server that `DATABASE_URL` names, else on the embedded one, which is started and stopped around it. */
export function withDatabase<T>(data: string | undefined, work: (db: Database) => Promise<T>): Promise<T> {
  return withDatabaseUrl(data, async (url) => {
    const db = openDatabase({ url, applicationName: "energsys-cli" });
    try {
      return await work(db);
    } finally {
      await db.close();
    }
  });
}

/** As `withDatabase`, for what opens its own connections. */
export async function withDatabaseUrl<T>(
  data: string | undefined,
  work: (url: string) => Promise<T>,
): Promise<T> {
  const folder = dataFolder(data);
  const own = findOwnDatabase(folder);
  // Commands do what people do on the pages, so they have the rights of the server; as owner when the address names one.
  if (own) return work(own.perRole && !hasOwner(own) ? urlForRole(folder, own, "app_web") : own.url);
  prepareDataFolder(folder);
  const embedded = await startEmbeddedPostgres({ folder: join(folder, "postgres"), onLog: () => {} });
  try {
    return await work(embedded.url);
  } finally {
    await embedded.stop();
  }
}
