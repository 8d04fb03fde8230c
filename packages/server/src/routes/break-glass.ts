import { findLocalAccountById } from "@energsys/store";
import type { Services } from "../services.ts";

/** Whether an account is one of the sealed ones. */
export const isBreakGlass = async ({ db }: Services, accountId: number): Promise<boolean> =>
  (await findLocalAccountById(db, accountId))?.breakGlass ?? false;
