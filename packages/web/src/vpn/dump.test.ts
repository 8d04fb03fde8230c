import { expect, test } from "vitest";
import { withoutSecrets } from "./dump.ts";

const peer = `PEER=\tPRESHARED=\t192.0.2.7:51820\t10.90.0.2/32\t1795651200\t1000\t2000\t25`;

test("no private and no preshared key leaves the browser, of one interface or of all", () => {
  const one = withoutSecrets(`PRIVATE=\tPUBLIC=\t51820\toff\r\n${peer}\n`);
  expect(one).toBe(peer.replace("PRESHARED=", "(none)"));
  const all = withoutSecrets(`wg0\tPRIVATE=\tPUBLIC=\t51820\toff\nwg0\t${peer}\n`);
  expect(all).toBe(`wg0\t${peer.replace("PRESHARED=", "(none)")}`);
});

test("a configuration that was pasted by mistake stays here", () => {
  expect(withoutSecrets("[Interface]\nPrivateKey = abc\n")).toBe("");
});
