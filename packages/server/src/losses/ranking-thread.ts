import { parentPort } from "node:worker_threads";
import { type LossCell, rankSuspects } from "@energsys/metering";

/** The thread in which suspects are ranked: whoever started it ends it when one takes too long. */
const port = parentPort!;
port.on("message", (cell: LossCell<number>) => port.postMessage(rankSuspects(cell)));
