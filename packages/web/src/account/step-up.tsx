import { Modal } from "@mantine/core";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { onStepUpNeeded } from "../api/client.ts";
import { Waiting } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";

const ProofForm = lazy(() => import("./proof-form.tsx").then((module) => ({ default: module.ProofForm })));

/**
 * Asks anew who one is whenever the server wants it for what is dangerous; the API client then does its call again. There is one for
 * all pages, in the shell.
 */
export function StepUpDialog() {
  const { t } = useLocale();
  const [answer, setAnswer] = useState<(shown: boolean) => void>();
  useEffect(() => onStepUpNeeded(() => new Promise((resolve) => setAnswer(() => resolve))), []);
  const end = (shown: boolean) => {
    answer?.(shown);
    setAnswer(undefined);
  };
  // What asked may be a dialog itself, which would take Escape for its own end too: this one hears it first, and alone.
  const giveUp = useRef<() => void>(undefined);
  giveUp.current = answer && (() => end(false));
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || !giveUp.current) return;
      event.stopImmediatePropagation();
      giveUp.current();
    };
    window.addEventListener("keydown", listen, true);
    return () => window.removeEventListener("keydown", listen, true);
  }, []);
  return (
    <Modal
      opened={answer !== undefined}
      onClose={() => end(false)}
      title={t("proof.title")}
      closeButtonProps={{ "aria-label": t("nav.close") }}
      closeOnEscape={false}
      zIndex={400}
    >
      <p>{t("proof.lead")}</p>
      <Suspense fallback={<Waiting />}>{answer ? <ProofForm onDone={() => end(true)} /> : null}</Suspense>
    </Modal>
  );
}
