import type { ByteStream, Clock } from "@energsys/protocols";
import type { MeterDevice } from "../dlms/meter-device.ts";
import { openLine } from "../links/meter-line.ts";
import type { Subscriber } from "./virtual-modem.ts";

/** A meter behind a modem that answers calls: each call is a line of its own to it. */
export function calledMeter(device: MeterDevice, clock: Clock, afterMs = 4000): Subscriber {
  return { kind: "answers", afterMs, answer: () => meterStream(device, clock) };
}

/** A meter as a byte stream, for whoever speaks to it. */
export function meterStream(device: MeterDevice, clock: Clock): ByteStream {
  const hearers: ((bytes: Uint8Array) => void)[] = [];
  const ends: (() => void)[] = [];
  let open = true;
  const outlet = {
    write: (bytes: Uint8Array) => {
      if (!open) return;
      for (const hearer of hearers) hearer(bytes);
    },
    destroy: () => {
      if (!open) return;
      open = false;
      line.end?.();
      for (const end of ends) end();
    },
  };
  const line = openLine(device, outlet, clock);
  return {
    write: (bytes) => {
      if (open) line.receive(bytes);
    },
    onBytes: (listener) => void hearers.push(listener),
    onEnd: (listener) => void ends.push(listener),
    close: outlet.destroy,
  };
}
