import { Modal } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { asProblem } from "../api/problem.ts";
import { useLocale } from "../text/provider.tsx";
import { ProofForm } from "./proof-form.tsx";

interface Waiting {
  readonly goOn: () => void;
  readonly giveUp: () => void;
}

/**
 * Runs what the server may hold to be dangerous: when it asks anew who one is, a dialog asks, and the work is done again. The dialog
 * is to be put somewhere on the page.
 */
export function useStepUp(): {
  readonly run: <Result>(work: () => Promise<Result>) => Promise<Result>;
  readonly dialog: ReactNode;
} {
  const { t } = useLocale();
  const [waiting, setWaiting] = useState<Waiting>();
  const run = async <Result,>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      if (asProblem(error).code !== "session.step-up-needed") throw error;
      await new Promise<void>((resolve, reject) =>
        setWaiting({ goOn: resolve, giveUp: () => reject(error) }),
      );
      return work();
    }
  };
  const end = (how: "goOn" | "giveUp") => {
    waiting?.[how]();
    setWaiting(undefined);
  };
  const dialog = (
    <Modal
      opened={waiting !== undefined}
      onClose={() => end("giveUp")}
      title={t("proof.title")}
      closeButtonProps={{ "aria-label": t("nav.close") }}
    >
      <p>{t("proof.lead")}</p>
      {waiting ? <ProofForm onDone={() => end("goOn")} /> : null}
    </Modal>
  );
  return { run, dialog };
}
