import {
  type Database,
  endDelivery,
  failDelivery,
  readDeliverySettings,
  type TakenDelivery,
  takeDelivery,
} from "@energsys/store";
import type { Logger } from "pino";
import { type FileFormat, formats } from "../exports/formats.ts";
import { DeliveryError } from "./delivery-error.ts";
import { putIntoFolder } from "./folder.ts";
import { type MailSender, sendMail } from "./mail.ts";
import { reportMessage } from "./message.ts";
import { telling } from "./tell-undelivered.ts";

export interface Deliverer {
  readonly db: Database;
  readonly sender: MailSender;
  /** Below it files are put; absent when none is configured. */
  readonly folder: string | undefined;
  readonly now: () => number;
  readonly logger: Logger;
}

/** Makes every delivery that is due, one after the other; what fails waits for its next turn. */
export async function deliverDue(deliverer: Deliverer, signal: AbortSignal): Promise<number> {
  const { db, now, logger } = deliverer;
  let made = 0;
  while (!signal.aborted) {
    const delivery = await takeDelivery(db, now());
    if (!delivery) return made;
    const { deliveryId, scheduleId, kind, tries } = delivery;
    try {
      await deliver(deliverer, delivery);
    } catch (error) {
      const { code, message, final } = asDeliveryError(error);
      logger.warn({ deliveryId, kind, tries, code, err: error }, "a report could not be delivered");
      await telling(db, scheduleId, () =>
        failDelivery(db, delivery, { code, detail: message, final }, now()),
      );
      continue;
    }
    await telling(db, scheduleId, () => endDelivery(db, deliveryId, now()));
    made += 1;
  }
  return made;
}

/** What nobody foresaw is tried again a few times too, and then waits for a person. */
const asDeliveryError = (error: unknown): DeliveryError =>
  error instanceof DeliveryError
    ? error
    : new DeliveryError("delivery.broke", error instanceof Error ? error.message : String(error), {
        cause: error,
      });

async function deliver({ db, sender, folder }: Deliverer, delivery: TakenDelivery): Promise<void> {
  const { kind, target, file, fileName, runId, deliveryId } = delivery;
  if (!file) throw new DeliveryError("delivery.file-gone", fileName, { final: true });
  if (kind === "folder") {
    const { folder: below } = await readDeliverySettings(db);
    await putIntoFolder(folder, below, target, file);
    return;
  }
  const format = fileName.slice(fileName.lastIndexOf(".") + 1) as FileFormat;
  await sendMail(sender, {
    to: target,
    ...reportMessage(delivery),
    messageId: `<report-${runId}-${deliveryId}@energsys>`,
    attachment: { fileName, bytes: file, media: formats[format].media },
  });
}
