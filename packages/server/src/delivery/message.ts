import type { Language, TakenDelivery } from "@energsys/store";

const percent = (part: number, whole: number, language: Language): string =>
  whole === 0
    ? "–"
    : `${new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(Math.floor((part / whole) * 1_000) / 10)} %`;

/** What a mail with a report says: which days, how much of the data there was. */
export function reportMessage(delivery: TakenDelivery): { readonly subject: string; readonly text: string } {
  const { report, language, account, rows, expected, present, estimated, fromDay, toDay } = delivery;
  const last = Temporal.PlainDate.from(toDay).subtract({ days: 1 }).toString();
  const covered = percent(present, expected, language);
  const guessed = percent(estimated, present, language);
  const text =
    language === "ro"
      ? [
          `Raportul „${report}” pentru ${fromDay} – ${last} este atașat.`,
          "",
          `Rânduri: ${rows}`,
          `Acoperire: ${covered} (din care estimate ${guessed})`,
          "",
          `Trimis automat de ENERGSys, cu drepturile contului ${account}.`,
        ]
      : [
          `The report “${report}” for ${fromDay} – ${last} is attached.`,
          "",
          `Rows: ${rows}`,
          `Coverage: ${covered} (of these estimated ${guessed})`,
          "",
          `Sent by ENERGSys by itself, with the rights of the account ${account}.`,
        ];
  return { subject: `${report} · ${fromDay} – ${last}`, text: text.join("\n") };
}
