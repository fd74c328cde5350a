// How the identity provider is asked: at addresses that it may name, which are never the gateway's own network, and for no more than it can have to say.

import { BlockList, isIP, isIPv6 } from 'node:net';

export type IssuerFetch = (address: string, options?: RequestInit) => Promise<Response>;

/** Of a document, a key set, tokens or userinfo, unpacked. Somebody in hundreds of groups has some ten thousand. */
const MOST_BYTES = 1_048_576;

/** This machine, private networks, and those of the link, where clouds keep the credentials of a machine (169.254.169.254). */
const OWN_NETWORKS = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  OWN_NETWORKS.addSubnet(network, bits, 'ipv4');
for (const [network, bits] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  OWN_NETWORKS.addSubnet(network, bits, 'ipv6');

/**
 * Providers name addresses on other hosts, so these are asked: by https, and never by an address of the gateway's own networks, unless the
 * configuration itself says that the provider is there. Redirects are answers, and are not followed.
 * @param issuer of the configuration. The function throws an Error that says what is wrong with an address or an answer
 */
export const issuerFetch =
  (issuer: string): IssuerFetch =>
  async (address, options = {}) => {
    const why = whyNotAsked(new URL(address), new URL(issuer));
    if (why !== undefined) throw new Error(`${address}, which the identity provider names, is not asked: ${why}`);
    return bounded(await fetch(address, { ...options, redirect: 'manual' }));
  };

function whyNotAsked(url: URL, issuer: URL): string | undefined {
  if (url.username !== '' || url.password !== '') return 'it bears a password';
  // A provider of the configuration by http is on this machine (settings.ts).
  if (url.protocol !== 'https:' && url.origin !== issuer.origin) return 'it is not https';
  if (url.hostname === issuer.hostname) return undefined;
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (host === 'localhost' || host.endsWith('.localhost')) return 'it is on this machine';
  if (isIP(host) !== 0 && OWN_NETWORKS.check(host, isIPv6(host) ? 'ipv6' : 'ipv4')) return 'it is in a private network';
  return undefined;
}

/** The same answer, read as a whole. */
async function bounded(response: Response): Promise<Response> {
  const { body, status, statusText, headers } = response;
  if (body === null) return response;
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body as unknown as AsyncIterable<Uint8Array>) {
    size += part.byteLength;
    if (size > MOST_BYTES) throw new Error(`the answer of ${response.url} has more than ${MOST_BYTES} bytes`);
    parts.push(part);
  }
  return new Response(size === 0 ? null : Buffer.concat(parts), { status, statusText, headers });
}
