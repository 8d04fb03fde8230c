import "./texts.ts";
import { Button, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { type Attempt, api, type TrialResult } from "../api/client.ts";
import { asProblem } from "../api/problem.ts";
import { attemptQuery } from "../parts/attempt-query.ts";
import { isOpen } from "../parts/marks.tsx";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { AttemptEnd, StageLine } from "../parts/stage-line.tsx";
import { addJob } from "../shell/jobs.ts";
import { useLocale } from "../text/provider.tsx";
import { DeviceSecrets, givenSecrets, noSecrets, type Secrets } from "./device-secrets.tsx";
import { useDraft } from "./draft.ts";
import { PointFields } from "./point-fields.tsx";
import { emptyPointForm, type PointForm, serialIn } from "./point-form-check.ts";
import { TrialFindings } from "./trial-findings.tsx";

interface Draft {
  readonly url: string;
  readonly trial?: number | undefined;
  readonly form?: PointForm | undefined;
  readonly added?: { readonly pointId: number; readonly attemptId: number } | undefined;
}

const steps = ["add.step-address", "add.step-trial", "add.step-point", "add.step-read"] as const;

/** A device by its URL: try it, see what answers, say where it is installed, watch its first read. */
export function AddDevicePage() {
  const { t } = useLocale();
  const [draft, change, clear] = useDraft<Draft>("device", { url: "" });
  const [secrets, setSecrets] = useState(noSecrets);
  const attempt = useQuery({
    ...attemptQuery(draft.added?.attemptId ?? draft.trial ?? 0),
    enabled: draft.added !== undefined || draft.trial !== undefined,
  });
  const start = useMutation({
    mutationFn: () => api.tryDevice({ url: draft.url.trim(), ...givenSecrets(secrets) }),
    onSuccess: ({ attemptId }) => change({ trial: attemptId, form: undefined }),
  });
  const step = draft.added ? 3 : draft.form ? 2 : draft.trial !== undefined ? 1 : 0;
  const result = attempt.data?.result ?? undefined;

  return (
    <>
      <PageHead
        crumbs={[{ label: t("nav.configure") }, { label: t("nav.add-device") }]}
        title={t("add.title")}
      />
      <div className="e-wizard">
        <ol className="e-wizard-steps" aria-label={t("add.steps")}>
          {steps.map((key, index) => (
            <li
              key={key}
              aria-current={index === step ? "step" : undefined}
              data-done={index < step || undefined}
            >
              <span aria-hidden="true">{index < step ? "✓" : index + 1}</span> {t(key)}
            </li>
          ))}
        </ol>
        {step === 0 ? (
          <AddressForm
            url={draft.url}
            secrets={secrets}
            error={start.error}
            busy={start.isPending}
            onUrl={(url) => change({ url })}
            onSecrets={setSecrets}
            onSubmit={() => start.mutate()}
          />
        ) : null}
        {step === 1 ? (
          <Trial
            attempt={attempt.data}
            error={attempt.error}
            busy={start.isPending}
            onChange={() => change({ trial: undefined })}
            onAgain={() => start.mutate()}
            onGoOn={(found) => change({ form: { ...emptyPointForm, serial: serialIn(found.identity) } })}
          />
        ) : null}
        {step === 2 && draft.form && attempt.isPending ? <Waiting /> : null}
        {step === 2 && draft.form && attempt.isError ? (
          <>
            <ProblemNotice error={attempt.error} />
            <Button variant="default" onClick={() => change({ trial: undefined, form: undefined })}>
              {t("add.change")}
            </Button>
          </>
        ) : null}
        {step === 2 && draft.form && result ? (
          <PointFields
            form={draft.form}
            found={result}
            url={draft.url.trim()}
            secrets={givenSecrets(secrets)}
            onChange={(form) => change({ form })}
            onAdded={(added, pod) => {
              addJob({ attemptId: added.attemptId, pointId: added.pointId, name: pod });
              change({ added: { pointId: added.pointId, attemptId: added.attemptId } });
            }}
          />
        ) : null}
        {step === 3 && draft.added ? (
          <FirstRead
            attempt={attempt.data}
            error={attempt.error}
            pointId={draft.added.pointId}
            onAnother={() => {
              setSecrets(noSecrets);
              clear();
            }}
          />
        ) : null}
      </div>
    </>
  );
}

function AddressForm(props: {
  readonly url: string;
  readonly secrets: Secrets;
  readonly error: unknown;
  readonly busy: boolean;
  readonly onUrl: (url: string) => void;
  readonly onSecrets: (secrets: Secrets) => void;
  readonly onSubmit: () => void;
}) {
  const { t } = useLocale();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    props.onSubmit();
  };
  return (
    <form className="e-stack" onSubmit={submit}>
      {props.error ? <ProblemNotice error={props.error} /> : null}
      <TextInput
        label={t("add.url")}
        description={t("add.url-help", {
          dlms: "dlms+tcp://10.20.4.17:4059?client=16",
          hdlc: "dlms+hdlc+tcp://10.20.4.17:4059?auth=low",
          iec: "iec62056-21+tcp://10.20.4.18:8000?mode=C",
        })}
        required
        withAsterisk={false}
        autoComplete="off"
        spellCheck={false}
        value={props.url}
        onChange={(event) => props.onUrl(event.currentTarget.value)}
      />
      <DeviceSecrets
        secrets={props.secrets}
        faults={props.error ? asProblem(props.error).fields : {}}
        onChange={props.onSecrets}
      />
      <Button type="submit" loading={props.busy} style={{ alignSelf: "flex-start" }}>
        {t("add.try")}
      </Button>
    </form>
  );
}

function Trial(props: {
  readonly attempt: Attempt | undefined;
  readonly error: unknown;
  readonly busy: boolean;
  readonly onChange: () => void;
  readonly onAgain: () => void;
  readonly onGoOn: (found: TrialResult) => void;
}) {
  const { t } = useLocale();
  const queries = useQueryClient();
  const { attempt } = props;
  const cancel = useMutation({
    mutationFn: api.cancelAttempt,
    onSettled: () => queries.invalidateQueries({ queryKey: ["attempt"] }),
  });
  if (props.error && !attempt)
    return (
      <div className="e-stack">
        <ProblemNotice error={props.error} />
        <Button variant="default" onClick={props.onChange} style={{ alignSelf: "flex-start" }}>
          {t("add.change")}
        </Button>
      </div>
    );
  if (!attempt) return <Waiting label={t("add.trying")} />;
  const { result } = attempt;
  return (
    <div className="e-stack">
      <section className="e-read" data-state={attempt.state} aria-label={t("add.trying")}>
        <div className="e-row">
          <StageLine attempt={attempt} />
          {isOpen(attempt.state) ? (
            <Button
              variant="default"
              size="xs"
              loading={cancel.isPending}
              onClick={() => cancel.mutate(attempt.attemptId)}
            >
              {t("common.cancel")}
            </Button>
          ) : null}
        </div>
        <div role="status">{attempt.state === "done" ? null : <AttemptEnd attempt={attempt} />}</div>
      </section>
      {result ? <TrialFindings found={result} /> : null}
      {isOpen(attempt.state) ? null : (
        <div className="e-row">
          {attempt.state === "done" && result ? (
            <Button onClick={() => props.onGoOn(result)}>{t("add.go-on")}</Button>
          ) : (
            <Button onClick={props.onAgain} loading={props.busy}>
              {t("add.again")}
            </Button>
          )}
          <Button variant="default" onClick={props.onChange}>
            {t("add.change")}
          </Button>
        </div>
      )}
    </div>
  );
}

function FirstRead(props: {
  readonly attempt: Attempt | undefined;
  readonly error: unknown;
  readonly pointId: number;
  readonly onAnother: () => void;
}) {
  const { t } = useLocale();
  const { attempt } = props;
  const done = attempt?.state === "done";
  return (
    <div className="e-stack">
      <h2>{t("add.reading")}</h2>
      {props.error && !attempt ? <ProblemNotice error={props.error} /> : null}
      {attempt ? (
        <section className="e-read" data-state={attempt.state} aria-label={t("add.reading")}>
          <StageLine attempt={attempt} />
          <div role="status">
            <AttemptEnd attempt={attempt} />
          </div>
        </section>
      ) : null}
      <div className="e-row">
        <Button
          variant={done ? "filled" : "default"}
          renderRoot={(own) => (
            <Link
              to="/points/$pointId"
              params={{ pointId: props.pointId }}
              search={done ? { tab: "curve" } : {}}
              {...own}
            />
          )}
        >
          {t(done ? "add.see-curve" : "add.see-point")}
        </Button>
        <Button variant="default" onClick={props.onAnother}>
          {t("add.another")}
        </Button>
      </div>
    </div>
  );
}
