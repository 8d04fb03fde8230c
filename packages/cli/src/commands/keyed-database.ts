import { type Database, holdKeyRing, KeyRing, keyProviderOf } from "@energsys/store";
import { dataFolder, presentKeyEnvironment } from "../supervisor/data-folder.ts";
import { withDatabase } from "./with-database.ts";

/** Works on the database with the keys of the installation. @throws StoreError `secret.*` when the master key is not the right one */
export function withKeys(
  data: string | undefined,
  work: (db: Database, ring: KeyRing) => Promise<void>,
): Promise<void> {
  const provider = keyProviderOf(presentKeyEnvironment(dataFolder(data)));
  return withDatabase(data, async (db) => {
    const ring = await KeyRing.open(db, provider);
    holdKeyRing(db, ring);
    await work(db, ring);
  });
}
