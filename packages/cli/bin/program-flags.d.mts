export const frugalFlags: readonly string[];
export const jobsFlags: readonly string[];
