import type { ByteStream, Clock } from "@energsys/protocols";
import { draws, hash } from "../random.ts";
import { ImpairedPath } from "./impaired-path.ts";
import type { LinkProfile } from "./link-profile.ts";

/** A stream seen through a bad connection. */
export interface ImpairedStream extends ByteStream {
  /** Nothing passes while it is held, in neither direction; nothing is lost. */
  hold(held: boolean): void;
  /** Half-open: nothing passes any more, and neither end is told. */
  die(): void;
  /** The connection breaks: this end is told the cause; the other one is closed unless it is to hear nothing of it. */
  break(cause: Error, closesOther?: boolean): void;
}

/** Puts a bad connection in front of a stream, for whoever uses what is returned. */
export function impair(stream: ByteStream, profile: LinkProfile, clock: Clock, seed: number): ImpairedStream {
  const hearers: ((bytes: Uint8Array) => void)[] = [];
  const ends: ((cause?: Error) => void)[] = [];
  let ended: { cause?: Error } | undefined;
  const end = (cause?: Error) => {
    if (ended) return;
    ended = cause ? { cause } : {};
    out.stop();
    back.stop();
    for (const listener of ends) listener(cause);
  };
  const cut = () => {
    end(new Error("the connection was cut"));
    stream.close();
  };
  const die = () => {
    out.stop();
    back.stop();
  };
  const out = new ImpairedPath(profile, clock, draws(hash(seed, 1)), {
    deliver: (bytes) => stream.write(bytes),
    cut,
    die,
  });
  const back = new ImpairedPath(profile, clock, draws(hash(seed, 2)), {
    deliver: (bytes) => {
      for (const hearer of hearers) hearer(bytes);
    },
    cut,
    die,
  });
  stream.onBytes((bytes) => back.push(bytes));
  stream.onEnd(end);
  return {
    write: (bytes) => out.push(bytes),
    onBytes: (listener) => void hearers.push(listener),
    onEnd: (listener) => {
      if (ended) listener(ended.cause);
      else ends.push(listener);
    },
    close: () => {
      end();
      stream.close();
    },
    hold: (held) => {
      out.hold(held);
      back.hold(held);
    },
    die,
    break: (cause, closesOther = true) => {
      end(cause);
      if (closesOther) stream.close();
    },
  };
}
