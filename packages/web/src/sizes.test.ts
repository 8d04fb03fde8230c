import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkSizes } from "../size-check.ts";

const dist = process.env.ENERGSYS_WEB_ROOT ?? join(import.meta.dirname, "../dist");

test.skipIf(!existsSync(join(dist, "index.html")))(
  "UX-04 the start-up script and every lazy chunk stay within their sizes",
  () => {
    const { faults, sizes } = checkSizes(dist);
    expect(faults).toEqual([]);
    expect(sizes.length).toBeGreaterThan(5);
  },
);
