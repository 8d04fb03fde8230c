import { errorCode } from "@energsys/drivers";
import type { ByteStream, Clock } from "@energsys/protocols";
import type { SerialPlace } from "../config.ts";
import type { ConsoleSubject } from "./commands.ts";
import { ConsoleSession } from "./session.ts";

/** A port that is not there yet, such as an adapter that is plugged in later, is looked for again after so long. */
const reopenMs = 10_000;
/** A cable that is pulled out says nothing: who comes after so long without a key is somebody else. */
const idleMs = 900_000;

export interface SerialConsoleOptions {
  readonly place: SerialPlace;
  /** `released`: when the port is free again after its end. */
  readonly open: (place: SerialPlace) => Promise<ByteStream & { readonly released?: Promise<void> }>;
  readonly subject: () => ConsoleSubject;
  readonly clock: Clock;
  /** Told once for each time that the port goes away or cannot be opened, not for each attempt. */
  readonly onTrouble: (code: string) => void;
}

export interface SerialConsole {
  /** The port is free when this is done. */
  stop(): Promise<void>;
}

/**
 * The console on a serial port. A concentrator reads its meters whether the port is there or not. Nothing is written to the port until
 * somebody presses a key, and `exit` ends the session, not the port: the next key begins another one.
 */
export function holdSerialConsole(options: SerialConsoleOptions): SerialConsole {
  const { place, open, subject, clock } = options;
  let stopped = false;
  let troubled = false;
  let cancel: () => void = () => undefined;
  let line: Awaited<ReturnType<typeof open>> | undefined;
  let opening: Promise<void> = Promise.resolve();

  const trouble = (code: string): void => {
    line = undefined;
    if (stopped) return;
    if (!troubled) options.onTrouble(code);
    troubled = true;
    cancel = clock.after(reopenMs, begin);
  };
  function begin(): void {
    opening = open(place).then(
      (opened) => {
        if (stopped) {
          opened.close();
          return opened.released;
        }
        troubled = false;
        line = opened;
        serveTerminal(opened, place.path, subject, clock);
        opened.onEnd((cause) => trouble(cause ? errorCode(cause) : "serial.failed"));
        return undefined;
      },
      (error: unknown) => trouble(errorCode(error)),
    );
  }
  begin();
  return {
    async stop() {
      stopped = true;
      cancel();
      const held = line;
      held?.close();
      await opening;
      await held?.released;
    },
  };
}

/** Sessions on one terminal, one after the other. */
function serveTerminal(
  terminal: ByteStream,
  place: string,
  subject: () => ConsoleSubject,
  clock: Clock,
): void {
  let hear: ((bytes: Uint8Array) => void) | undefined;
  let cancelIdle: () => void = () => undefined;
  const endSession = (): void => {
    cancelIdle();
    hear = undefined;
  };
  terminal.onEnd(endSession);
  terminal.onBytes((bytes) => {
    cancelIdle();
    cancelIdle = clock.after(idleMs, endSession);
    if (hear) return hear(bytes);
    let open = true;
    const listeners: ((bytes: Uint8Array) => void)[] = [];
    const tell = (chunk: Uint8Array): void => {
      for (const listener of listeners) listener(chunk);
    };
    hear = tell;
    new ConsoleSession(
      {
        write: (text) => {
          if (open) terminal.write(text);
        },
        onBytes: (listener) => listeners.push(listener),
        onEnd: () => undefined,
        close: () => {
          open = false;
          endSession();
        },
      },
      subject(),
      place,
      { echo: true },
    );
    // The Enter that wakes the console is no command.
    const typed = bytes.subarray(bytes.findIndex((byte) => byte !== 0x0d && byte !== 0x0a));
    if (bytes.some((byte) => byte >= 0x20)) tell(typed);
  });
}
