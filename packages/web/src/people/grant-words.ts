import type { Grant, Person, Roles } from "../api/client.ts";
import { catalogue, type MessageKey } from "../text/catalogue.ts";
import type { Translate } from "../text/provider.tsx";
import type { Formats } from "../time/format.ts";
import { rightWords } from "./right-words.ts";

/** A role in words: the ready-made ones in the reader's language. */
export function roleWords(t: Translate, role: Pick<Roles["roles"][number], "name" | "ready">): string {
  const key = `role.${role.ready}`;
  return key in catalogue ? t(key as MessageKey) : role.name;
}

/** What a grant gives: its role, or the one right of an exception. */
export function grantWords(t: Translate, grant: Pick<Grant, "role" | "ready" | "action">): string {
  return grant.role === null
    ? t("people.exception", { right: rightWords(t, grant.action ?? "") })
    : roleWords(t, { name: grant.role, ready: grant.ready });
}

/** Where it holds: the branch, and whose points when it is for a supplier. */
export function placeWords(
  t: Translate,
  grant: { readonly branch: readonly string[] | null; readonly supplier: string | null },
): string {
  const branch = grant.branch === null ? t("people.whole-network") : grant.branch.join(" › ");
  if (grant.supplier === null) return branch;
  const supplier = t("people.of-supplier", { supplier: grant.supplier });
  return grant.branch === null ? supplier : `${supplier}, ${branch}`;
}

export function stateWords(t: Translate, f: Formats, person: Person): string {
  if (person.disabled) return t("people.disabled");
  if (person.unused) return t("people.unused");
  if (person.breakGlass) return t("people.sealed");
  if (person.invitedUntil !== null)
    return t("people.invited", { time: f.instant(Date.parse(person.invitedUntil)) });
  return t("people.active");
}

export const timeWords = (f: Formats, at: string | null, otherwise: string): string =>
  at === null ? otherwise : f.instant(Date.parse(at));
