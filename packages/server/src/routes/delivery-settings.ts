import { randomUUID } from "node:crypto";
import {
  type KeyRing,
  mailPasswordPlace,
  readDeliverySettings,
  readDeliveryState,
  writeDeliverySettings,
} from "@energsys/store";
import { DeliveryError } from "../delivery/delivery-error.ts";
import { sendMail } from "../delivery/mail.ts";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { Problem } from "../problem.ts";
import { orProblem } from "../refusals.ts";
import { sentenceOf } from "../reports/sentences.ts";
import type { Services } from "../services.ts";
import { word } from "../words.ts";
import { demandAllowed } from "./networks.ts";

async function settingsAnswer({ db, now }: Services) {
  const { sealedPassword, changedAt, ...settings } = await readDeliverySettings(db);
  return {
    ...settings,
    passwordThere: sealedPassword !== null,
    changedAt: iso(changedAt),
    ...(await readDeliveryState(db, now())),
  };
}

export const deliverySettingsHandlers: Handlers<
  "getDeliverySettings" | "changeDeliverySettings" | "tryMail"
> = {
  getDeliverySettings: ({ services }) => settingsAnswer(services),

  async changeDeliverySettings({ body: { password, changedAt, ...settings }, services }) {
    const { db, keyRing, now } = services;
    const stored = await readDeliverySettings(db);
    if (settings.host !== "")
      await demandAllowed(services, "mail", { host: settings.host, port: settings.port });
    // A password that was stored for one server must not be sent to another that was put in its place.
    const moves =
      settings.host !== stored.host || settings.port !== stored.port || settings.security !== stored.security;
    if (password === undefined && stored.sealedPassword && moves && settings.host !== "")
      throw new Problem("delivery.password-needed");
    const sealedPassword =
      password === undefined
        ? {}
        : { sealedPassword: password === "" ? null : await sealed(keyRing, password) };
    const madeOn =
      changedAt === undefined ? {} : { changedAt: changedAt === null ? null : Date.parse(changedAt) };
    await orProblem(writeDeliverySettings(db, { ...settings, ...sealedPassword, ...madeOn, nowMs: now() }));
    return settingsAnswer(services);
  },

  async tryMail({ body, caller, services }) {
    const { db, keyRing, networks } = services;
    const { language } = caller.account;
    const sender = { db, keyRing, mayConnect: () => networks.for("mail") };
    try {
      await sendMail(sender, {
        to: body.to,
        subject: word("trialSubject", language),
        text: word("trialText", language, { who: caller.account.name }),
        messageId: `<trial-${randomUUID()}@energsys>`,
      });
      return { sent: true, code: null, sentence: null, detail: null };
    } catch (error) {
      if (!(error instanceof DeliveryError)) throw error;
      const { code, message } = error;
      return { sent: false, code, sentence: sentenceOf(code, {}, language), detail: message };
    }
  },
};

async function sealed(keyRing: KeyRing | undefined, password: string): Promise<Buffer> {
  if (!keyRing) throw new Problem("source.no-key");
  return keyRing.sealField(mailPasswordPlace, password);
}
