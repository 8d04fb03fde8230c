import { afterAll } from "vitest";

// A worker goes on to the next file: what one writes into the environment, and how its commands ended, is none of the next one's.
const before = { ...process.env };
afterAll(() => {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
  process.exitCode = undefined;
});
