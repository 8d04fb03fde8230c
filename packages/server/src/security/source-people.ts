import {
  type Account,
  type AccountStanding,
  type Database,
  hasSourceGrant,
  type SourcePerson,
  storeSourceAccount,
} from "@energsys/store";

/**
 * The account of somebody for whom a source vouches, with today's names and groups; what the groups may do is looked up with each call. `undefined` when only
 * members of a group that has a role here may come in, and the person is in none.
 */
export async function admitPerson(
  db: Database,
  person: SourcePerson,
  { membersOnly, nowMs }: { membersOnly: boolean; nowMs: number },
): Promise<(Account & AccountStanding) | undefined> {
  const { sourceId, groups } = person;
  if (membersOnly && !(await hasSourceGrant(db, { sourceId, groups }))) return undefined;
  return storeSourceAccount(db, person, { language: "ro", nowMs });
}
