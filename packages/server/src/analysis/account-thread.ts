import { parentPort } from "node:worker_threads";
import { makeAccount } from "@energsys/store/make-account";
import type { AccountTask, MadeAccount } from "./account-runner.ts";

/** The thread in which accounts are made: whoever started it ends it when they take too long. */
const port = parentPort!;
port.on("message", ({ series, versions, period }: AccountTask) => {
  port.postMessage(
    versions.map((own): MadeAccount => {
      try {
        return { account: makeAccount(series, own, period) };
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        return { account: undefined, detail: error.message };
      }
    }),
  );
});
