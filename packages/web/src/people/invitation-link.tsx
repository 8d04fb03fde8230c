import { Button, CopyButton } from "@mantine/core";
import { useLocale } from "../text/provider.tsx";

/** The link with which somebody chooses a password. It is shown this once: only its hash is kept. */
export function InvitationLink(props: {
  readonly name: string;
  readonly invitation: { readonly invitation: string; readonly expiresAt: string };
}) {
  const { t, f } = useLocale();
  const { invitation, expiresAt } = props.invitation;
  const link = `${location.origin}/invitation#${invitation}`;
  return (
    <section className="e-notice" data-tone="info" aria-label={t("people.invitation")}>
      <strong>{t("people.invitation")}</strong>
      <span>{t("people.invitation-do", { name: props.name, time: f.instant(Date.parse(expiresAt)) })}</span>
      <code style={{ overflowWrap: "anywhere" }}>{link}</code>
      <span className="e-row">
        <CopyButton value={link}>
          {({ copied, copy }) => (
            <Button size="compact-sm" variant="default" onClick={copy}>
              {copied ? t("common.copied") : t("people.copy-link")}
            </Button>
          )}
        </CopyButton>
      </span>
    </section>
  );
}
