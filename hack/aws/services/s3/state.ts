// Buckets and their objects.
import type { PolicyDocument } from '../../../../operator/policy/document.ts';
import type { World } from '../../core/world.ts';
import type { CannedAcl } from './ownership.ts';
import { blockAll, type PublicAccessBlock } from '../s3control/state.ts';

export interface ObjectEncryption {
  readonly algorithm: 'AES256' | 'aws:kms' | 'aws:kms:dsse';
  /** Only with KMS: the key, and the data key that reading must have decrypted. */
  readonly kms?: {
    readonly keyArn: string;
    readonly dataKey: Uint8Array;
    readonly context: Readonly<Record<string, string>>;
    readonly bucketKey: boolean;
  };
}

/** Headers that an object keeps and gives back. */
export interface ObjectHeaders {
  readonly CacheControl?: string;
  readonly ContentDisposition?: string;
  readonly ContentEncoding?: string;
  readonly ContentLanguage?: string;
  readonly ContentType?: string;
}

export interface ObjectVersion {
  readonly versionId: string;
  readonly lastModified: Date;
  readonly deleteMarker: boolean;
  readonly body: Uint8Array;
  /** With quotes, as on the wire. */
  readonly etag: string;
  readonly headers: ObjectHeaders;
  readonly metadata: Readonly<Record<string, string>>;
  /** `ChecksumCRC32`... as sent. */
  readonly checksums: Readonly<Record<string, string>>;
  readonly encryption: ObjectEncryption;
  readonly storageClass: string;
  tags: ReadonlyMap<string, string>;
  /** Account that wrote it, which owns it where the bucket has access control lists (ownership.ts). */
  readonly writer: string;
  acl: CannedAcl;
}

export interface Upload {
  readonly id: string;
  readonly key: string;
  readonly startedAt: Date;
  readonly input: Readonly<Record<string, unknown>>;
  readonly parts: Map<number, { readonly body: Uint8Array; readonly etag: string; readonly at: Date }>;
}

export interface BucketEncryption {
  readonly algorithm: ObjectEncryption['algorithm'];
  readonly keyId: string | undefined;
  readonly bucketKey: boolean;
}

export interface Bucket {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly createdAt: Date;
  /** Principals by unique id. */
  policy: PolicyDocument | undefined;
  publicAccessBlock: PublicAccessBlock | undefined;
  encryption: BucketEncryption;
  versioning: 'Enabled' | 'Suspended' | undefined;
  tags: ReadonlyMap<string, string> | undefined;
  /** Configurations that are stored and shown, and have no effect here: `cors`, `lifecycle`, `notification`... */
  readonly documents: Map<string, unknown>;
  /** Newest version first; a key without versions has no entry. */
  readonly objects: Map<string, ObjectVersion[]>;
  readonly uploads: Map<string, Upload>;
}

export interface S3State {
  readonly buckets: Map<string, Bucket>;
}

export const s3State = (world: World, account: string, region: string): S3State =>
  world.state('s3', account, region, () => ({ buckets: new Map() }));

/** Every new object is encrypted with SSE-S3 unless the bucket says otherwise (since January 2023). */
export const defaultEncryption: BucketEncryption = { algorithm: 'AES256', keyId: undefined, bucketKey: false };

export const newBucket = (world: World, account: string, region: string, name: string): Bucket => ({
  name,
  arn: `arn:aws:s3:::${name}`,
  account,
  region,
  createdAt: new Date(world.clock.now()),
  policy: undefined,
  publicAccessBlock: blockAll,
  encryption: defaultEncryption,
  versioning: undefined,
  tags: undefined,
  documents: new Map([['ownership', { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] }]]),
  objects: new Map(),
  uploads: new Map(),
});

/** The owning account under its canonical name, which the simulator derives from the account id. */
export const ownerOf = ({ account }: Pick<Bucket, 'account'>): { ID: string } => ({ ID: account.padStart(64, '0') });

/** Bucket names are one namespace over all accounts and regions. */
export const bucketNamed = (world: World, name: string): Bucket | undefined => {
  for (const { state } of world.states<S3State>('s3')) {
    const bucket = state.buckets.get(name);
    if (bucket !== undefined) return bucket;
  }
  return undefined;
};
