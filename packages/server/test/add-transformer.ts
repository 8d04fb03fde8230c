import { addGroup, applyGroupChange, type Database, everywhere } from "@energsys/store";

/** A transformer with its members and balance meters, points since the beginning of 2026. */
export async function addTransformer(
  db: Database,
  name: string,
  points: { readonly members: readonly number[]; readonly balance: readonly number[] },
): Promise<number> {
  const groupId = await addGroup(db, { kind: "transformer", name, branchId: null });
  for (const side of ["members", "balance"] as const)
    await applyGroupChange(
      db,
      everywhere,
      {
        groupId,
        side,
        fromMs: Date.UTC(2026, 0, 1),
        add: points[side].map((pointId) => ({ pointId, sign: 1 as const })),
      },
      { by: "ana", reason: "" },
    );
  return groupId;
}
