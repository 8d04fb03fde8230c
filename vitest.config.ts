import { defineConfig } from "vitest/config";
import { EvenlySpread } from "./test/sequence.ts";

export default defineConfig({
  test: {
    include: [
      "packages/*/test/**/*.test.ts",
      "packages/web/src/**/*.test.{ts,tsx}",
      "bench/test/**/*.test.ts",
      "e2e/**/*.test.ts",
      "test/**/*.test.ts",
    ],
    globalSetup: ["test/postgres.ts", "test/browser.ts"],
    setupFiles: ["test/environment.ts"],
    sequence: { sequencer: EvenlySpread },
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // Each file starts its own processes or databases: two at once is what two cores bear.
    maxWorkers: 2,
    pool: "forks",
    // What a file imports is kept for the next one: loading it anew took a third of a run. So a test undoes what it does to its process.
    isolate: false,
  },
});
