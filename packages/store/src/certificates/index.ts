export { type Issued, issueCertificate, makeAuthority } from "./certificate.ts";
export * from "./device-authority.ts";
export * from "./device-certificates.ts";
