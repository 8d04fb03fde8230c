/**
 * Flags of V8 for a program that runs for months on a small machine: a small young generation, code for size, one thread beside the
 * main one. Measured in docs/concentrator.md.
 */
export const frugalFlags = [
  "--max-semi-space-size=1",
  "--optimize-for-size",
  "--no-maglev",
  "--v8-pool-size=1",
];

/**
 * The process of jobs writes files row by row: what a row leaves behind filled three times 16 MB before it was looked at, and they were
 * kept ever after. Measured in docs/analysis.md.
 */
export const jobsFlags = ["--max-semi-space-size=8"];
