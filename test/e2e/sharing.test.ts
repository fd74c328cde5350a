// One share from request to revocation: denied, granted, denied again; asserted by using the access as the consumer role.
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shareApprovalKind } from '../../operator/resources/share-approval.ts';
import { shareRequestKind, type ShareRequestStatus } from '../../operator/resources/share-request.ts';
import { approvalOf, openSharingScene, requestOf, type SharingScene } from '../support/sharing-scene.ts';
import { REGION } from '../support/operator-in-process.ts';

const SHARE = { namespace: 'marketing-prod', name: 'orders-for-analysts' };
const APPROVAL = { namespace: 'sales-prod', name: 'marketing-prod.orders-for-analysts' };
const ITEMS = [
  { kind: 'Table', name: 'orders' },
  { kind: 'Folder', name: 'raw' },
  { kind: 'Bucket', name: 'orders-data' },
];

describe('a share', () => {
  let scene: SharingScene;
  beforeAll(async () => {
    scene = await openSharingScene();
  });
  afterAll(async () => {
    await scene[Symbol.asyncDispose]();
  });

  const readBucket = async (bucket: string, key: string): Promise<string> => {
    const s3 = new S3Client(await scene.assume());
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return (await Body?.transformToString()) ?? '';
  };

  it('gives nothing until both sides consent, then exactly what they agree on, and nothing after', async () => {
    await scene.api.create(shareRequestKind, requestOf(SHARE.name, { items: ITEMS }) as never);
    await scene.until(shareRequestKind, SHARE, ({ status }) => readyReason(status) === 'PendingApproval');
    await expect(readBucket('orders-data', 'raw/a.txt')).rejects.toThrow(/not authorized|denied/i);

    await scene.api.create(shareApprovalKind, approvalOf(SHARE.name, scene.roleArn, { items: ITEMS }) as never);
    const granted = await scene.until(shareRequestKind, SHARE, ({ status }) => status.phase === 'Granted');
    expect(granted.status.items).toEqual([
      expect.objectContaining({
        kind: 'Table',
        name: 'orders',
        state: 'Granted',
        database: 'orders_shared',
        link: 'orders',
      }),
      expect.objectContaining({ kind: 'Folder', name: 'raw', state: 'Granted' }),
      expect.objectContaining({ kind: 'Bucket', name: 'orders-data', state: 'Granted' }),
    ]);
    await expect(readBucket('orders-data', 'raw/a.txt')).resolves.toBe('raw data');
    const alias = granted.status.items?.find(({ kind }) => kind === 'Folder')?.accessPointAlias ?? '';
    await expect(readBucket(alias, 'raw/a.txt')).resolves.toBe('raw data');
    await expect(readBucket(alias, 'raw2/b.txt')).rejects.toThrow(/not authorized|denied/i);

    await scene.api.delete(shareApprovalKind, APPROVAL);
    await scene.until(shareRequestKind, SHARE, ({ status }) => status.phase === 'Submitted');
    await expect(readBucket('orders-data', 'raw/a.txt')).rejects.toThrow(/not authorized|denied/i);
    await expect(readBucket(alias, 'raw/a.txt')).rejects.toThrow();

    await scene.api.delete(shareRequestKind, SHARE);
    await scene.gone(shareRequestKind, SHARE);
    const s3 = new S3Client(scene.aws.clientConfig('producer', REGION));
    await expect(s3.send(new ListObjectsV2Command({ Bucket: 'orders-data' }))).resolves.toMatchObject({ KeyCount: 3 });
  });
});

const readyReason = ({ conditions }: ShareRequestStatus): string | undefined =>
  conditions?.find(({ type }) => type === 'Ready')?.reason;
