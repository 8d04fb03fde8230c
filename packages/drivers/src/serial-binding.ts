import type { EventEmitter } from "node:events";
import { read } from "node:fs";
import { promisify } from "node:util";

/** What serialport 13 has below a port on Linux and macOS. */
interface UnixBinding {
  readonly fd: number | null;
  readonly isOpen: boolean;
  readonly poller: EventEmitter;
  read(buffer: Buffer, offset: number, length: number): Promise<{ bytesRead: number; buffer: Buffer }>;
}

const readAsync = promisify(read);
const again = ["EAGAIN", "EWOULDBLOCK", "EINTR"];

const isUnix = (binding: unknown): binding is UnixBinding =>
  typeof binding === "object" && binding !== null && "poller" in binding && "fd" in binding;

/**
 * Mends two faults of serialport 13 (tried with Node 26.10). Its poller calls back from outside of Node's callbacks, so
 * the promises that wait for it stand still until something else happens in the process: bytes were read 300 ms late, at
 * the next timer; an immediate is such a something, at once. And it reads a line that was hung up (an adapter pulled out)
 * again and again without a pause, for a read of nothing is not an end to it.
 */
export function correctBinding(binding: unknown): void {
  if (!isUnix(binding)) return;
  const { poller } = binding;
  for (const event of ["readable", "writable"]) poller.on(event, () => setImmediate(() => {}));
  const readable = () =>
    new Promise<void>((resolve, reject) => {
      poller.once("readable", (error?: Error | null) => (error ? reject(error) : resolve()));
    });
  binding.read = async (buffer, offset, length) => {
    for (;;) {
      const { fd } = binding;
      if (!binding.isOpen || fd === null) throw canceled();
      try {
        const { bytesRead } = await readAsync(fd, buffer, offset, length, null);
        if (bytesRead > 0) return { bytesRead, buffer };
        throw new Error("the line was hung up");
      } catch (error) {
        if (!again.includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
      }
      // Closed meanwhile: its poller is gone, and must not be asked.
      if (!binding.isOpen) throw canceled();
      await readable();
    }
  };
}

/** What serialport takes for the end of a port that was closed by us. */
const canceled = (): Error => Object.assign(new Error("the port is not open"), { canceled: true });
