import { useQuery } from "@tanstack/react-query";
import { NewFactor } from "../account/new-factor.tsx";
import { ProofForm } from "../account/proof-form.tsx";
import { api, keepCsrfToken, type Session } from "../api/client.ts";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { useLocale } from "../text/provider.tsx";

/** What the sign-in still asks for: a second factor, or to set one up. */
export function SecondStep(props: { readonly onDone: (session: Session) => void }) {
  const { t } = useLocale();
  const step = useQuery({
    queryKey: ["proof", "step"],
    gcTime: 0,
    queryFn: async ({ signal }) => {
      const proof = await api.proof(signal);
      keepCsrfToken(proof.csrfToken);
      return proof;
    },
  });
  if (step.isError) return <ProblemNotice error={step.error} />;
  if (!step.data) return <Waiting />;
  const enter = async () => props.onDone(await api.session());
  return (
    <div className="e-stack">
      <h2>{t(step.data.stage === "enrol" ? "step.enrol-title" : "step.title")}</h2>
      <p>
        {t(step.data.stage === "enrol" ? "step.enrol-lead" : "step.lead", { name: step.data.displayName })}
      </p>
      {step.data.stage === "enrol" ? (
        <NewFactor onDone={({ signedIn }) => void (signedIn ? enter() : step.refetch())} />
      ) : (
        <ProofForm onDone={props.onDone} />
      )}
    </div>
  );
}
