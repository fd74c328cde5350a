// KMS: the keys that encrypt datasets, and their policies.
import type * as sdk from '@aws-sdk/client-kms';
import { everyPage, listAll } from '../service.ts';
import type { Service } from '../service.ts';

type Sdk = typeof sdk;

export interface KmsKey {
  readonly arn: string;
  readonly id: string;
  /** `Enabled`, `Disabled`, `PendingDeletion`... */
  readonly state: string;
  /** `2026-12-31`, of a key that is to be deleted. */
  readonly deletionDate?: string;
  /** AWS-managed keys (`aws/s3`) have policies nobody can change, so they cannot be shared. */
  readonly manager: 'AWS' | 'CUSTOMER';
}

export class Kms {
  readonly #service: Service<Sdk>;

  constructor(service: Service<Sdk>) {
    this.#service = service;
  }

  /** A key by id, ARN, `alias/<name>` or alias ARN. */
  async key(id: string): Promise<KmsKey | undefined> {
    const key = (await this.#service.find('DescribeKey', { KeyId: id }))?.KeyMetadata;
    if (key === undefined) return undefined;
    return {
      arn: key.Arn ?? '',
      id: key.KeyId ?? '',
      state: key.KeyState ?? 'Unavailable',
      ...(key.DeletionDate !== undefined && { deletionDate: key.DeletionDate.toISOString().slice(0, 10) }),
      manager: key.KeyManager === 'AWS' ? 'AWS' : 'CUSTOMER',
    };
  }

  /** Aliases of keys, without `alias/`, 100 at a time; those of keys that AWS manages begin with `aws/`. */
  async *aliasPages(): AsyncGenerator<readonly string[]> {
    const read = (Marker: string | undefined) => this.#service.read('ListAliases', { Limit: 100, Marker });
    for await (const page of everyPage(read, (one) => one.NextMarker))
      yield (page.Aliases ?? []).flatMap(({ AliasName, TargetKeyId }) =>
        AliasName === undefined || TargetKeyId === undefined ? [] : AliasName.replace(/^alias\//, ''),
      );
  }

  /** Empty if there is no such key. */
  async tags(keyArn: string): Promise<Readonly<Record<string, string>>> {
    const tags = await listAll(
      (Marker) => this.#service.find('ListResourceTags', { KeyId: keyArn, Marker }),
      (page) => page?.NextMarker,
      (page) => page?.Tags,
    );
    return Object.fromEntries(tags.map(({ TagKey = '', TagValue = '' }) => [TagKey, TagValue]));
  }

  /** JSON of the key's policy; undefined if there is no such key. */
  async keyPolicy(keyArn: string): Promise<string | undefined> {
    return (await this.#service.find('GetKeyPolicy', { KeyId: keyArn, PolicyName: 'default' }))?.Policy;
  }

  /** Replaces the policy (at most 32 KB). AWS refuses one that would lock the caller out. */
  async putKeyPolicy(keyArn: string, policy: string): Promise<void> {
    await this.#service.write('PutKeyPolicy', { KeyId: keyArn, PolicyName: 'default', Policy: policy });
  }

  /** Has the key deleted after seven days, the shortest AWS allows; it can be cancelled until then. @returns false if it is gone */
  async scheduleDeletion(keyArn: string): Promise<boolean> {
    const key = (await this.#service.find('DescribeKey', { KeyId: keyArn }))?.KeyMetadata;
    if (key === undefined || key.KeyState === 'PendingDeletion') return key !== undefined;
    return await this.#service.remove('ScheduleKeyDeletion', { KeyId: keyArn, PendingWindowInDays: 7 });
  }
}
