import { createServer } from "node:net";
import { encodeWrapperFrame, takeWrapperFrame } from "@energsys/protocols/wrapper";

// A centre that only keeps lines: it confirms what is notified and asks nothing. A process of its own, so that its end of the lines is
// not counted with the concentrators'.
const notification = 0x0f;
const confirmation = 0x10;
const confirmedBit = 0x40;
const frameMax = 65_535;

let lines = 0;
let confirmed = 0;
const server = createServer((socket) => {
  lines++;
  let received: Uint8Array = new Uint8Array(0);
  socket.on("data", (chunk: Uint8Array) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    for (
      let taken = takeWrapperFrame(received, frameMax);
      taken;
      taken = takeWrapperFrame(received, frameMax)
    ) {
      const { apdu, sourcePort, destinationPort } = taken.frame;
      if (apdu[0] === notification && ((apdu[1] ?? 0) & confirmedBit) !== 0) {
        const answer = Uint8Array.of(confirmation, ...apdu.subarray(1, 5), 0);
        confirmed++;
        socket.write(
          encodeWrapperFrame({ sourcePort: destinationPort, destinationPort: sourcePort, apdu: answer }),
        );
      }
      received = received.slice(taken.end);
    }
  });
  socket.on("error", () => socket.destroy());
  socket.on("close", () => lines--);
});
server.listen(0, "127.0.0.1", 4096, () => {
  const bound = server.address();
  process.stdout.write(`${JSON.stringify({ port: typeof bound === "object" && bound ? bound.port : 0 })}\n`);
});
process.stdin.on("data", () => process.stdout.write(`${JSON.stringify({ lines, confirmed })}\n`));
process.stdin.on("end", () => process.exit(0));
