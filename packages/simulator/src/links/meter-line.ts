import { HdlcStation } from "@energsys/protocols/hdlc";
import { encodeWrapperFrame, takeWrapperFrame } from "@energsys/protocols/wrapper";
import { MeterAssociation } from "../dlms/association.ts";
import type { Claim } from "../dlms/objects.ts";
import type { Outlet } from "../faults.ts";
import type { IecKind } from "../iec/dialects.ts";
import { IecMeterSession } from "../iec/session.ts";
import type { VirtualMeter } from "../meter/virtual-meter.ts";
import { pick } from "../random.ts";

/** The meter's side of one connection, whatever it speaks. */
export interface MeterLine {
  receive(chunk: Uint8Array): void;
}

/** A meter takes no request longer than this. */
const requestLengthMax = 4096;
const managementDevice = 1;

/** Speaks for `meter` on a connection whose other end is `outlet`. */
export function openLine(meter: VirtualMeter, claim: Claim, outlet: Outlet, nowMs: () => number): MeterLine {
  const { kind } = meter.description;
  if (kind === "dlms-wrapper") return wrapperLine(new MeterAssociation(meter, claim), outlet);
  if (kind === "dlms-hdlc") return hdlcLine(meter, new MeterAssociation(meter, claim), outlet);
  const write = (bytes: Uint8Array) => outlet.write(bytes);
  return new IecMeterSession(meter, kind satisfies IecKind, { serial: claim.serial, write, nowMs });
}

function wrapperLine(association: MeterAssociation, outlet: Outlet): MeterLine {
  let received: Uint8Array = new Uint8Array(0);
  return {
    receive(chunk) {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      try {
        for (;;) {
          const taken = takeWrapperFrame(received, requestLengthMax);
          if (!taken) break;
          received = received.subarray(taken.end);
          const { sourcePort, destinationPort, apdu } = taken.frame;
          const answer =
            destinationPort === managementDevice ? association.answer(apdu, sourcePort) : undefined;
          if (answer) {
            outlet.write(
              encodeWrapperFrame({ sourcePort: destinationPort, destinationPort: sourcePort, apdu: answer }),
            );
          }
        }
        if (received.length === 0) received = new Uint8Array(0);
      } catch {
        // No wrapper, or an APDU that no reader of this meter sends: there is no way back into step.
        outlet.destroy();
      }
    },
  };
}

function hdlcLine(meter: VirtualMeter, association: MeterAssociation, outlet: Outlet): MeterLine {
  const informationLengthMax = pick([128, 248, 512, 1024], meter.description.key, 0x4d1c);
  const station = new HdlcStation(
    { logical: managementDevice, physical: 17, informationLengthMax, apduLengthMax: requestLengthMax },
    {
      write: (bytes) => outlet.write(bytes),
      onApdu: (apdu, client) => association.answer(apdu, client),
      onConnect: () => association.reset(),
      onDisconnect: () => association.reset(),
    },
  );
  return { receive: (chunk) => station.receive(chunk) };
}
