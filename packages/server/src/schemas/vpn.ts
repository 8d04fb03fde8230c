import Type from "typebox";
import { BranchPath, closed, Id, Instant, InstantOrNull, OneOf, Text, TextOrNull, Whole } from "./basics.ts";

const days = Type.Integer({
  minimum: 1,
  maximum: 3_650,
  description: "The keys should be new after so many days",
});
const states = ["linked", "silent", "never", "revoked"] as const;

const Tunnel = Type.Object(
  {
    tunnelId: Id("Tunnel"),
    state: OneOf(
      states,
      "linked: a handshake within the last five minutes that are known of; silent: longer ago; never: none yet; revoked: no longer ours",
    ),
    identity: TextOrNull("Device; null when it is gone"),
    pod: TextOrNull("Point of measure where the device is"),
    branch: BranchPath,
    label: Text("What the tunnel is called"),
    publicKey: Text("The device's public key"),
    address: Text("The device's address in the tunnel"),
    madeAt: Instant("When its keys were made"),
    rotateBy: Text("Day by which the keys should be new (UTC date)"),
    rotationDue: Type.Boolean({ description: "That day has come" }),
    revokedAt: InstantOrNull("When it ended"),
    lastHandshakeAt: InstantOrNull("Last sign of life"),
    receivedBytes: Whole("Bytes from the device, since the host's interface came up"),
    sentBytes: Whole("Bytes to the device, likewise"),
  },
  closed,
);

export const TunnelList = Type.Object(
  {
    settings: Type.Union(
      [
        Type.Object(
          {
            network: Text("Private network that addresses are taken from"),
            serverAddress: Text("The server's own address in it"),
            endpoint: Text("Where devices reach the tunnel's host"),
            serverPublicKey: Text("The host's public key"),
          },
          closed,
        ),
        Type.Null(),
      ],
      { description: "Null until `energsys vpn init`" },
    ),
    rows: Type.Array(Tunnel),
  },
  closed,
);

export const TunnelParams = Type.Object({ tunnelId: Id("Tunnel") }, closed);

export const NewTunnel = Type.Object(
  {
    identity: Text("Device", { minLength: 1, maxLength: 64 }),
    label: Type.Optional(Text("What the tunnel is called", { minLength: 1, maxLength: 80 })),
    days,
  },
  closed,
);

export const NewTunnelKeys = Type.Object({ days }, closed);

export const TunnelMade = Type.Object(
  {
    tunnelId: Id("Tunnel"),
    address: Text("The device's address in the tunnel"),
    config: Text("The device's file with its private key: given out this once and kept nowhere"),
  },
  closed,
);

export const TunnelState = Type.Object(
  {
    dump: Text("What `wg show INTERFACE dump` says; keys other than public ones are not looked at", {
      minLength: 1,
      maxLength: 1_000_000,
    }),
  },
  closed,
);

export const TunnelStateTaken = Type.Object(
  { known: Whole("Tunnels of ours that were in it"), unknown: Whole("Peers that nobody knows") },
  closed,
);
