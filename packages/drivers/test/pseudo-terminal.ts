import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import type { ByteStream } from "@energsys/protocols";

/**
 * Node cannot make a pseudo terminal; Python can, where it is installed. The program prints the name of the slave on its
 * error output, then the slave's rate whenever bytes come from there; its input and output are the line's other end.
 */
const program = `
import os, pty, select, sys, termios, tty
master, slave = pty.openpty()
tty.setraw(slave)
rates = {getattr(termios, n): n[1:] for n in dir(termios) if n[0] == 'B' and n[1:].isdigit()}
print(os.ttyname(slave), file=sys.stderr, flush=True)
while True:
    ready, _, _ = select.select([0, master], [], [])
    if 0 in ready:
        data = os.read(0, 4096)
        if not data: break
        os.write(master, data)
    if master in ready:
        data = os.read(master, 4096)
        print(rates.get(termios.tcgetattr(slave)[5]), file=sys.stderr, flush=True)
        os.write(1, data)
`;

export const pythonIsThere = spawnSync("python3", ["-c", "import pty, termios, tty"]).status === 0;

export interface PseudoTerminal {
  readonly path: string;
  /** The other end. */
  readonly stream: ByteStream;
  /** Rates at which chunks came from the program that opened the terminal. */
  readonly rates: string[];
  stop(): void;
}

export async function openPseudoTerminal(): Promise<PseudoTerminal> {
  const child: ChildProcessWithoutNullStreams = spawn("python3", ["-c", program]);
  const lines = createInterface({ input: child.stderr });
  const rates: string[] = [];
  const path = await new Promise<string>((resolve, reject) => {
    child.once("error", reject);
    lines.once("line", resolve);
  });
  lines.on("line", (line) => rates.push(line));
  child.stdin.on("error", () => undefined);
  return {
    path,
    rates,
    stream: {
      write: (bytes) => void child.stdin.write(bytes),
      onBytes: (listener) => void child.stdout.on("data", listener),
      onEnd: (listener) => void child.on("exit", () => listener()),
      close: () => child.stdin.end(),
    },
    stop: () => void child.kill("SIGKILL"),
  };
}
