import type { IdentitySource, KeyRing, NetworkRules, OidcFlow } from "@energsys/store";
import * as client from "openid-client";
import { secretPlace } from "../directory/directories.ts";
import { guardedFetch } from "./guarded-fetch.ts";
import type { ProviderSettings } from "./settings.ts";

/** Why a provider could not be asked, or did not vouch for anybody; `docs/errors.md` has the codes. */
export class ProviderError extends Error {
  override readonly name = "ProviderError";
  readonly code: string;

  constructor(code: string, detail: string, cause?: unknown) {
    super(detail, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

export type Provider = Pick<IdentitySource, "sourceId" | "sealedSecret"> & {
  readonly settings: ProviderSettings;
};

export interface ProviderPerson {
  /** Issuer and `sub`: nobody else has both. */
  readonly subject: string;
  readonly name: string;
  readonly displayName: string;
  readonly groups: readonly string[];
  /** The provider says that a second factor was shown to it. */
  readonly factorShown: boolean;
}

const nameMax = 100;
const groupsMax = 1_000;
/** How old a sign-in at the provider may be that shows anew who somebody is: as long as any proof counts. */
const proofAgeMaxSeconds = 300;

/** OpenID Connect: code flow with PKCE, state and nonce (openid-client), towards the configured addresses only. */
export class Providers {
  readonly #keyRing: KeyRing | undefined;
  readonly #loopback: boolean;
  readonly #networks: NetworkRules;

  /** `loopback` lets a provider be plain HTTP on this machine, for tests. */
  constructor(options: { keyRing: KeyRing | undefined; loopback: boolean; networks: NetworkRules }) {
    this.#keyRing = options.keyRing;
    this.#loopback = options.loopback;
    this.#networks = options.networks;
  }

  /**
   * Where to send the browser, and what must match when it comes back. To prove who an account is, the provider is told to ask the person,
   * whatever session it has with the browser.
   * @throws ProviderError `provider.away`
   */
  async begin(
    provider: Provider,
    provesAccountId: number | null = null,
  ): Promise<{ location: string; flow: OidcFlow }> {
    const { sourceId, settings } = provider;
    const configuration = await this.#discover(provider);
    const codeVerifier = client.randomPKCECodeVerifier();
    const state = client.randomState();
    const flow = { sourceId, codeVerifier, state, nonce: client.randomNonce(), provesAccountId };
    const location = client.buildAuthorizationUrl(configuration, {
      redirect_uri: settings.redirectUri,
      scope: ["openid", ...settings.scopes].join(" "),
      code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: "S256",
      state: flow.state,
      nonce: flow.nonce,
      ...(provesAccountId === null ? {} : { prompt: "login", max_age: String(proofAgeMaxSeconds) }),
      ...(settings.acrValues.length > 0 ? { acr_values: settings.acrValues.join(" ") } : {}),
    });
    return { location: location.href, flow };
  }

  /**
   * Whom the provider vouches for, from what the browser brought back.
   * @throws ProviderError `provider.away`, `provider.refused`
   */
  async finish(
    provider: Provider,
    flow: OidcFlow,
    answer: Readonly<Record<string, string>>,
  ): Promise<ProviderPerson> {
    const { settings } = provider;
    const configuration = await this.#discover(provider);
    const address = new URL(settings.redirectUri);
    for (const [name, value] of Object.entries(answer)) address.searchParams.set(name, value);
    const tokens = await client
      .authorizationCodeGrant(configuration, address, {
        pkceCodeVerifier: flow.codeVerifier,
        expectedState: flow.state,
        expectedNonce: flow.nonce,
        idTokenExpected: true,
        // Then auth_time must be there, and recent (OpenID Connect Core, 3.1.3.7, step 13).
        ...(flow.provesAccountId === null ? {} : { maxAge: proofAgeMaxSeconds }),
      })
      .catch((error) => {
        throw asProviderError(error);
      });
    const claims = tokens.claims();
    if (!claims) throw new ProviderError("provider.refused", "the answer holds no identity");
    const { acrValues } = settings;
    if (acrValues.length > 0 && !acrValues.includes(String(claims.acr ?? ""))) {
      throw new ProviderError("provider.refused", "the person was not asked as strongly as is configured");
    }
    return personOf(settings, claims);
  }

  async #discover(provider: Provider): Promise<client.Configuration> {
    const { settings } = provider;
    const issuer = new URL(settings.issuer);
    const origins = [issuer.origin, ...settings.otherOrigins];
    const mayConnect = await this.#networks.for("providers");
    const guarded = guardedFetch(origins, { loopback: this.#loopback, mayConnect });
    try {
      const secret = await this.#secretOf(provider);
      return await client.discovery(
        issuer,
        settings.clientId,
        { id_token_signed_response_alg: "RS256" },
        secret === undefined ? client.None() : client.ClientSecretPost(secret),
        {
          [client.customFetch]: guarded as never,
          timeout: 3,
          execute: this.#loopback && issuer.protocol === "http:" ? [client.allowInsecureRequests] : [],
        },
      );
    } catch (error) {
      throw asProviderError(error);
    }
  }

  async #secretOf({ sourceId, sealedSecret }: Provider): Promise<string | undefined> {
    if (!sealedSecret) return undefined;
    if (!this.#keyRing) throw new ProviderError("provider.away", "no master key opens the client's secret");
    return (await this.#keyRing.openField(secretPlace(sourceId), sealedSecret)).reveal();
  }
}

function personOf(settings: ProviderSettings, claims: client.IDToken): ProviderPerson {
  const text = (claim: string) => {
    const value = claims[claim];
    return typeof value === "string" && value !== "" ? value.slice(0, nameMax) : undefined;
  };
  const name = text(settings.nameClaim);
  if (name === undefined) throw new ProviderError("provider.refused", `no claim ${settings.nameClaim}`);
  const groups = claims[settings.groupsClaim];
  const methods = Array.isArray(claims.amr) ? claims.amr.map(String) : [];
  return {
    subject: `${claims.iss} ${claims.sub}`,
    name: name.toLowerCase(),
    displayName: text(settings.displayNameClaim) ?? name,
    groups: (Array.isArray(groups) ? groups : []).map(String).slice(0, groupsMax),
    factorShown: methods.some((method) => settings.factorMethods.includes(method)),
  };
}

/** What the provider or the library says against the answer is a refusal; everything else means that it cannot be asked. */
function asProviderError(error: unknown): ProviderError {
  if (error instanceof ProviderError) return error;
  const { message, cause } = error as Error;
  const refused =
    error instanceof client.AuthorizationResponseError ||
    error instanceof client.ResponseBodyError ||
    error instanceof client.WWWAuthenticateChallengeError ||
    (error instanceof client.ClientError && error.code !== "OAUTH_TIMEOUT" && !(cause instanceof TypeError));
  return new ProviderError(refused ? "provider.refused" : "provider.away", message, error);
}
