import { countersInMemory } from "@energsys/protocols/dlms";
import type { DeviceSecret } from "@energsys/store";
import type { DeviceKeys, KeyCounters } from "./device-keys.ts";
import { keysOf } from "./secrets.ts";

/** The keys of a reading: what stands in the URL goes before what was stored, and is counted for this reading alone. */
export function keysOfUrl(secret: DeviceSecret, stored: DeviceKeys = {}): DeviceKeys {
  return { ...stored, ...keysOf(secret, async () => countersOfReading()) };
}

function countersOfReading(): KeyCounters {
  let from = 1;
  let keeper = countersInMemory(from);
  return {
    fresh: true,
    raise(next) {
      from = Math.max(from, next);
      keeper = countersInMemory(from, keeper.received());
    },
    async reserve(count) {
      const first = await keeper.reserve(count);
      from = first + count;
      return first;
    },
    received: () => keeper.received(),
    accept: (counter) => keeper.accept(counter),
  };
}
