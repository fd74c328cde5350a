/** CertificateAuthority: issues the API server's certificate and its users' client certificates. */
// oxlint-disable-next-line import/no-unassigned-import -- @peculiar/x509 asks its users for this polyfill
import 'reflect-metadata';
import { KeyObject, randomBytes, webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Pkcs10CertificateRequestGenerator,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  type X509Certificate,
} from '@peculiar/x509';
import type { ClusterUser } from './cluster.ts';

/** A certificate and its private key, both PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly privateKey: string;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const HOUR_MS = 3_600_000;
/** A control plane lives for hours; a year leaves room for tests that move clocks. */
const LIFETIME_MS = 365 * 24 * HOUR_MS;

export class CertificateAuthority {
  /** PEM, for `certificate-authority-data` and `--client-ca-file`. */
  readonly certificate: string;
  readonly #issuer: X509Certificate;
  readonly #key: webcrypto.CryptoKey;

  private constructor(issuer: X509Certificate, key: webcrypto.CryptoKey) {
    this.#issuer = issuer;
    this.#key = key;
    this.certificate = issuer.toString('pem');
  }

  static async create(): Promise<CertificateAuthority> {
    const keys = await generateKeys();
    const issuer = await X509CertificateGenerator.createSelfSigned({
      serialNumber: serialNumber(),
      name: [{ CN: ['control-plane-ca'] }],
      ...validity(),
      signingAlgorithm: ALGORITHM,
      keys,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      ],
    });
    return new CertificateAuthority(issuer, keys.privateKey);
  }

  /** PEM, for the cluster's own signer of CertificateSigningRequests. */
  get privateKey(): string {
    return pem(this.#key);
  }

  /** A serving certificate for this machine's loopback names, or other names. */
  async issueServer(names: readonly string[] = ['localhost']): Promise<KeyPair> {
    return this.#issue(
      [{ CN: [names[0] ?? ''] }],
      [
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension([
          ...names.map((value) => ({ type: 'dns' as const, value })),
          { type: 'ip', value: '127.0.0.1' },
        ]),
      ],
    );
  }

  /**
   * A client certificate: the common name is the user, each organization a group.
   * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#x509-client-certificates
   */
  async issueClient(user: ClusterUser): Promise<KeyPair> {
    return this.#issue(subjectOf(user), [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])]);
  }

  async #issue(subject: Record<string, string[]>[], extensions: Extension[]): Promise<KeyPair> {
    const keys = await generateKeys();
    const certificate = await X509CertificateGenerator.create({
      serialNumber: serialNumber(),
      subject,
      issuer: this.#issuer.subjectName,
      ...validity(),
      signingAlgorithm: ALGORITHM,
      publicKey: keys.publicKey,
      signingKey: this.#key,
      extensions: [new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true), ...extensions],
    });
    return { certificate: certificate.toString('pem'), privateKey: pem(keys.privateKey) };
  }
}

/** A PKCS#10 request (PEM) for a client certificate like {@link CertificateAuthority.issueClient}'s, for a cluster that signs. */
export async function requestClientCertificate(user: ClusterUser): Promise<{ request: string; privateKey: string }> {
  const keys = await generateKeys();
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: subjectOf(user),
    signingAlgorithm: ALGORITHM,
    keys,
  });
  return { request: request.toString('pem'), privateKey: pem(keys.privateKey) };
}

function subjectOf(user: ClusterUser): Record<string, string[]>[] {
  return [{ CN: [user.name] }, ...user.groups.map((group) => ({ O: [group] }))];
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

function pem(key: webcrypto.CryptoKey): string {
  return KeyObject.from(key).export({ format: 'pem', type: 'pkcs8' }).toString();
}

/** 16 random bytes; the leading 0x01 keeps the number positive. */
function serialNumber(): string {
  return `01${randomBytes(15).toString('hex')}`;
}

/** Begins an hour ago, so that a client whose clock is behind accepts it. */
function validity(): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - HOUR_MS), notAfter: new Date(now + LIFETIME_MS) };
}
