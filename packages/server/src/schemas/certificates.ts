import Type from "typebox";
import { closed, Id, Instant, InstantOrNull, OneOf, Text, TextOrNull } from "./basics.ts";

const states = ["in-use", "not-used", "ended", "revoked"] as const;

const DeviceCertificate = Type.Object(
  {
    certificateId: Id("Certificate"),
    identity: Text("The device that it is for: what it announces itself by"),
    state: OneOf(
      states,
      "in-use: the device was admitted by it; not-used: given out, never shown; ended: its time is over; revoked: no longer ours",
    ),
    fingerprint: Text("SHA-256 of the certificate, hexadecimal"),
    issuedAt: Instant("When it was issued"),
    endsAt: Instant("When its time is over"),
    firstUsedAt: InstantOrNull("When the device was admitted by it first"),
    lastUsedAt: InstantOrNull("When the device was admitted by it last"),
    revokedAt: InstantOrNull("When it was revoked"),
  },
  closed,
);

export const DeviceCertificateList = Type.Object(
  {
    address: TextOrNull("Where devices call, as the last file had it; null before the first"),
    rows: Type.Array(DeviceCertificate, { description: "Those in force first" }),
  },
  closed,
);

export const CertificateParams = Type.Object({ certificateId: Id("Certificate") }, closed);

export const NewDeviceCertificate = Type.Object(
  {
    identity: Text("The device: a concentrator's identity, or a device that is entered", {
      minLength: 1,
      maxLength: 64,
      pattern: "^[!-~]+$",
    }),
    address: Type.Optional(
      Text("Where the device calls, host:port; that of the last file when left out", {
        maxLength: 260,
        pattern: "^(\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9.-]{1,253}):\\d{1,5}$",
      }),
    ),
    days: Type.Integer({ minimum: 1, maximum: 1_095, description: "It ends after so many days" }),
    replace: Type.Optional(
      Type.Boolean({
        description:
          "A new one for a device that has one: that stays good until the device shows the new one, and ends at once when it was never shown",
      }),
    ),
  },
  closed,
);

export const DeviceCertificateMade = Type.Object(
  {
    certificateId: Id("Certificate"),
    fingerprint: Text("SHA-256 of the certificate, hexadecimal"),
    endsAt: Instant("When its time is over"),
    file: Text(
      "The device's file in PEM with certificate, private key and authorities: given out this once and kept nowhere",
    ),
  },
  closed,
);
