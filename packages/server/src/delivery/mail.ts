import { connect, type Socket } from "node:net";
import {
  type KeyRing,
  type MayConnect,
  mailPasswordPlace,
  type Queryable,
  readDeliverySettings,
  StoreError,
} from "@energsys/store";
import { AddressRefused, guardedLookup } from "../security/guarded-lookup.ts";
import { DeliveryError } from "./delivery-error.ts";

export interface MailMessage {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The same for each try of one delivery: who gets it twice can tell. */
  readonly messageId: string;
  readonly attachment?: { readonly fileName: string; readonly bytes: Buffer; readonly media: string };
}

/** How a process sends mail. */
export interface MailSender {
  readonly db: Queryable;
  readonly keyRing: KeyRing | undefined;
  readonly mayConnect: () => Promise<MayConnect>;
  /** Certificates of authorities that are trusted beside the usual ones; for tests. */
  readonly ca?: string;
}

/** Of one step of the conversation, and of a whole message: less than a delivery is reserved for, or another turn would send it too. */
const stepMs = 20_000;
const wholeMs = 120_000;

/**
 * Sends one message by the server of the settings. Nothing is said before TLS stands where the settings ask for it.
 * @throws DeliveryError `mail.…`
 */
export async function sendMail(
  { db, keyRing, mayConnect, ca }: MailSender,
  message: MailMessage,
): Promise<void> {
  const settings = await readDeliverySettings(db);
  const { host, port, security, userName, sender, sealedPassword } = settings;
  if (host === "" || sender === "") throw new DeliveryError("mail.not-set", "no server or no sender is set");
  const may = await mayConnect();
  let pass = "";
  if (userName !== "" && sealedPassword) {
    if (!keyRing) throw new DeliveryError("mail.secret", "no master key is configured");
    try {
      pass = (await keyRing.openField(mailPasswordPlace, sealedPassword)).reveal();
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      throw new DeliveryError("mail.secret", error.code, { cause: error });
    }
  }
  // It takes 9 MB: a process that sends no mail does without.
  const { createTransport } = await import("nodemailer");
  let line: Socket | undefined;
  const transport = createTransport({
    host,
    port,
    secure: security === "tls",
    requireTLS: security === "starttls",
    ignoreTLS: security === "none",
    ...(userName === "" ? {} : { auth: { user: userName, pass } }),
    tls: { minVersion: "TLSv1.2", ...(ca === undefined ? {} : { ca }) },
    greetingTimeout: stepMs,
    socketTimeout: stepMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    // Names are resolved here, so that the address that was allowed is the one that is called.
    getSocket: (_, callback) => {
      try {
        const socket = connect({ host, port, lookup: guardedLookup(host, port, may) });
        line = socket;
        socket.setTimeout(stepMs, () => socket.destroy(new Error(`no answer within ${stepMs} ms`)));
        socket.once("error", callback);
        socket.once("connect", () => {
          socket.off("error", callback);
          socket.setTimeout(0);
          callback(null, { connection: socket });
        });
      } catch (error) {
        callback(error as Error);
      }
    },
  });
  const deadline = setTimeout(
    () => line?.destroy(new Error(`the message was not taken within ${wholeMs} ms`)),
    wholeMs,
  );
  try {
    const { attachment } = message;
    await transport.sendMail({
      from: sender,
      to: message.to,
      subject: message.subject,
      text: message.text,
      messageId: message.messageId,
      headers: { "Auto-Submitted": "auto-generated" },
      ...(attachment
        ? {
            attachments: [
              { filename: attachment.fileName, content: attachment.bytes, contentType: attachment.media },
            ],
          }
        : {}),
    });
  } catch (error) {
    throw asDeliveryError(error);
  } finally {
    clearTimeout(deadline);
    transport.close();
  }
}

const certificateCodes =
  /^(ERR_TLS|ERR_SSL|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|ERR_OSSL|HOSTNAME_MISMATCH|EPROTO)/;

function asDeliveryError(error: unknown): DeliveryError {
  const {
    code = "",
    responseCode,
    message,
    cause,
  } = error as Error & {
    code?: string;
    responseCode?: number;
    cause?: { code?: string };
  };
  const detail = message.slice(0, 500);
  if (error instanceof AddressRefused || cause instanceof AddressRefused)
    return new DeliveryError("mail.not-allowed", detail, { cause: error });
  if (certificateCodes.test(code) || certificateCodes.test(cause?.code ?? "") || code === "ETLS")
    return new DeliveryError("mail.certificate", detail, { cause: error });
  if (code === "EAUTH") return new DeliveryError("mail.sign-in", detail, { cause: error });
  // RFC 5321, 4.2.1: 5yz is a permanent refusal, 4yz may pass.
  if (responseCode !== undefined)
    return new DeliveryError("mail.refused", detail, { final: responseCode >= 500, cause: error });
  return new DeliveryError("mail.unreachable", detail, { cause: error });
}
