import type { JobKind } from "./kind.ts";

/** Every kind of long work, by the name under which it is asked for: a new one is a file and a line here. */
export const jobKinds: Readonly<Record<string, JobKind>> = {};
