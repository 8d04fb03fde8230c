import type { KeyRing } from "@energsys/store";
import { JobError } from "./kind.ts";

/** @throws JobError `secret.key-missing` when the process has no master key */
export function needKeyRing(keyRing: KeyRing | undefined): KeyRing {
  if (!keyRing)
    throw new JobError("secret.key-missing", "personal data cannot be sealed: no master key is given");
  return keyRing;
}
