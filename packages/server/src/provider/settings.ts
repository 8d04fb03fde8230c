import Type, { type Static } from "typebox";
import { closed, Text, Yes } from "../schemas/basics.ts";

const Claim = (description: string) =>
  Text(description, { minLength: 1, maxLength: 60, pattern: "^[A-Za-z0-9_:./-]+$" });
const words = (description: string) =>
  Type.Array(Type.String({ minLength: 1, maxLength: 60, pattern: "^[\\x21-\\x7e]+$" }), {
    maxItems: 20,
    description,
  });

/** How an OpenID provider is used. */
export const ProviderSettings = Type.Object(
  {
    issuer: Text("Address of the provider, https://…; everything else is found from there", {
      pattern: "^https?://[^\\s?#@]+$",
      maxLength: 300,
    }),
    otherOrigins: Type.Array(Type.String({ pattern: "^https?://[^\\s/?#@]+$", maxLength: 300 }), {
      maxItems: 5,
      description: "Further origins that its addresses may be on; nothing else is ever called",
    }),
    clientId: Text("Name of this system at the provider", { minLength: 1, maxLength: 200 }),
    redirectUri: Text("Where the provider sends people back to: https://<this server>/sign-in/callback", {
      pattern: "^https?://[^\\s?#@]+/sign-in/callback$",
      maxLength: 300,
    }),
    scopes: words("Scopes beside openid: profile, groups"),
    nameClaim: Claim("Claim with the sign-in name: preferred_username"),
    displayNameClaim: Claim("Claim with the name for people: name"),
    groupsClaim: Claim("Claim with the groups: groups"),
    membersOnly: Yes("Lets in only members of a group that has a role here"),
    acrValues: words(
      "Asked of the provider, one of which its answer must have (acr); none: whatever it does",
    ),
    factorMethods: words("Methods (amr) that count as a second factor: otp, hwk, mfa"),
  },
  closed,
);
export type ProviderSettings = Static<typeof ProviderSettings>;
