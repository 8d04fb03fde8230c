import { recogniseModel } from "@energsys/metering/models";
import { IecReader, type IecReaderOptions } from "@energsys/protocols/iec62056-21";
import type { ReadOptions, ReadRequest } from "./device-reading.ts";
import { DriverError } from "./errors.ts";
import { findIdentity, readClock } from "./iec-readout.ts";
import { enterProgramming, readerOptions } from "./iec62056-21.ts";
import { ReadSession } from "./session.ts";
import type { IecUrl } from "./url.ts";

/** A meter in its programming mode that said who it is a moment ago. */
export interface IecProgramming {
  readonly session: ReadSession;
  readonly reader: IecReader;
}

/**
 * Reads a meter of mode A, B or C out, which says who it is, and enters its programming mode for `work`. What is written belongs to one
 * meter, so `check` is called with what it said before a password is sent; it throws when it is another.
 * @throws DriverError `identity.*`, `read.cancelled`; LinkError, `link.refused` for a wrong password
 */
export async function withIecProgramming<Result>(
  url: IecUrl,
  request: ReadRequest,
  options: ReadOptions,
  check: (session: ReadSession) => void,
  work: (programming: IecProgramming) => Promise<Result>,
): Promise<Result> {
  const session = await ReadSession.open(url, request, options);
  const { quirks } = session.model;
  const lineOptions: IecReaderOptions = {
    ...readerOptions(url, session.limits),
    recorder: session.tape,
    ...(quirks.gapMs ? { turnaroundMs: quirks.gapMs.value } : {}),
  };
  const reader = new IecReader(session.stream, options.clock, lineOptions);
  return session.cancellable(async () => {
    try {
      if (quirks.breakBeforeSignOn?.value) await reader.signOff();
      const identification = await reader.signOn({ address: url.address });
      session.manufacturer = identification.manufacturer;
      session.model = request.model ?? recogniseModel("iec62056-21", identification);
      const readout = await reader.readout();
      if (readout.check.bcc !== "good")
        throw new DriverError("identity.missing", "the readout that says who it is came garbled");
      session.identify(findIdentity(session, readout.dataSets));
      readClock(session, readout.dataSets, session.now());
      check(session);
      await enterProgramming(session, reader, url, request);
      return await work({ session, reader });
    } finally {
      await reader.close();
    }
  });
}
