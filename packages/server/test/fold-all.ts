import { type Database, foldGroups, readFoldState } from "@energsys/store";

/** Sums until nothing waits. The server sums, too: what it has taken is not done yet when nothing is left to take. */
export async function foldAll(
  db: Database,
  context: { readonly zone: string; readonly nowMs: number },
): Promise<void> {
  for (;;) {
    await foldGroups(db, context);
    const { changes, due } = await readFoldState(db);
    if (changes + due === 0) return;
  }
}
