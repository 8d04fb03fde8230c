import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose_gc");
const collect = runInNewContext("gc") as () => void;

/** Bytes of the JavaScript heap that are still used after a collection. */
export function heapUsed(): number {
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}
