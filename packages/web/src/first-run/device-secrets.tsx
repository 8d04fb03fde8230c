import { PasswordInput } from "@mantine/core";
import { useLocale } from "../text/provider.tsx";

/** What is typed of a device's secrets. Kept in memory only, and gone with the page. */
export interface Secrets {
  readonly password: string;
  readonly hlsSecret: string;
  readonly encryptionKey: string;
  readonly authenticationKey: string;
}

export const noSecrets: Secrets = { password: "", hlsSecret: "", encryptionKey: "", authenticationKey: "" };

/** As the API takes them: what was left empty is not there; keys may be written in groups. */
export function givenSecrets(secrets: Secrets): Partial<Secrets> {
  const { encryptionKey, authenticationKey, ...words } = secrets;
  const plain = (key: string) => key.replace(/[\s:-]/g, "");
  const all = { ...words, encryptionKey: plain(encryptionKey), authenticationKey: plain(authenticationKey) };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
}

const keyFields = ["encryptionKey", "authenticationKey", "hlsSecret"] as const;
const labels = {
  encryptionKey: "add.encryption-key",
  authenticationKey: "add.authentication-key",
  hlsSecret: "add.hls-secret",
} as const;

/** The password of a device, and below a fold the keys of one that ciphers. Faults are the server's, beside their fields. */
export function DeviceSecrets(props: {
  readonly secrets: Secrets;
  readonly faults: Readonly<Record<string, string>>;
  readonly onChange: (secrets: Secrets) => void;
}) {
  const { t } = useLocale();
  const { secrets, faults } = props;
  const field = (name: keyof Secrets, label: string, description?: string) => (
    <PasswordInput
      key={name}
      label={label}
      description={description}
      autoComplete="off"
      spellCheck={false}
      value={secrets[name]}
      error={faults[name]}
      visibilityToggleButtonProps={{ "aria-label": t("sign-in.show"), tabIndex: 0 }}
      onChange={(event) => props.onChange({ ...secrets, [name]: event.currentTarget.value })}
    />
  );
  return (
    <>
      {field("password", t("add.password"), t("add.password-help"))}
      <details open={keyFields.some((name) => secrets[name] !== "" || faults[name]) || undefined}>
        <summary>{t("add.keys")}</summary>
        <div className="e-stack" style={{ marginTop: "var(--mantine-spacing-xs)" }}>
          <p>{t("add.keys-help", { url: "auth=gmac" })}</p>
          {keyFields.map((name) => field(name, t(labels[name])))}
        </div>
      </details>
    </>
  );
}
