import { Accepted } from "../schemas/basics.ts";
import {
  CertificateParams,
  DeviceCertificateList,
  DeviceCertificateMade,
  NewDeviceCertificate,
} from "../schemas/certificates.ts";
import { operation } from "./operation.ts";

/** Calls about the certificates by which devices that call in say who they are. */
export const certificateOperations = {
  listDeviceCertificates: operation({
    method: "GET",
    url: "/device-certificates",
    action: "vpn.see",
    tag: "vpn",
    summary: "Certificates of devices with their state and last use",
    answer: DeviceCertificateList,
  }),
  issueDeviceCertificate: operation({
    method: "POST",
    url: "/device-certificates",
    action: "vpn.change",
    stepUp: true,
    tag: "vpn",
    summary: "A key and a certificate for a device; its file is in this answer and nowhere else",
    body: NewDeviceCertificate,
    status: 201,
    answer: DeviceCertificateMade,
    problems: [409],
  }),
  revokeDeviceCertificate: operation({
    method: "DELETE",
    url: "/device-certificates/:certificateId",
    action: "vpn.change",
    stepUp: true,
    tag: "vpn",
    summary: "Ends a certificate, and the line that stands on it",
    params: CertificateParams,
    status: 202,
    answer: Accepted,
    problems: [404],
  }),
} as const;
