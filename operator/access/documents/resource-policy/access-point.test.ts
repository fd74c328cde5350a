// One access point for one dataset and one principal: wholly ours, its prefixes literal, its permissions by folder.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accessPointArn } from '../../../policy/arn.ts';
import { compileResource } from '../../../policy/match.ts';
import type { AccessPointClaims } from '../../desired.ts';
import { grantId, type Grant } from '../../grant.ts';
import { folder, grant, grantPrincipal, PRODUCER, REGION, suspended } from '../../testing/fixtures.ts';
import { accessPoint, type AccessPointAction, type ObservedAccessPoint } from './access-point.ts';

const key = { kind: 'access-point', account: PRODUCER, region: REGION, name: 'a1b2c3d4-roleanal' } as const;
const none: ObservedAccessPoint = { bucket: undefined, isOfVpc: false, alias: undefined, policy: undefined };
const claims = (grants: readonly Grant[]): AccessPointClaims => ({
  bucket: 'orders-data',
  grants,
  remediation: 'Repair',
});

const applied = (observed: ObservedAccessPoint, actions: readonly AccessPointAction[]): ObservedAccessPoint => {
  let point = observed;
  for (const action of actions) {
    if (action.do === 'delete') point = none;
    else if (action.do === 'create') point = { ...none, bucket: action.bucket, alias: `${key.name}-s3alias` };
    else point = { ...point, policy: action.policy };
  }
  return point;
};
const settled = (grants: readonly Grant[], observed = none): ObservedAccessPoint =>
  applied(observed, accessPoint.plan(key, claims(grants), observed).actions);

describe('an access point', () => {
  it('opens its folders to its principal, the very one, and nothing beside them', () => {
    const { policy } = settled([grant(folder('raw')), grant(folder('raw2'))]);
    const arn = accessPointArn(key);
    expect(policy?.Statement).toEqual([
      {
        Sid: 'AROAANALYSTS0',
        Effect: 'Allow',
        Principal: { AWS: grantPrincipal('analysts').arn },
        Action: 's3:ListBucket',
        Resource: arn,
        Condition: { StringLike: { 's3:prefix': ['raw/*', 'raw2/*'], 'aws:userId': 'AROAANALYSTS:*' } },
      },
      {
        Sid: 'AROAANALYSTS1',
        Effect: 'Allow',
        Principal: { AWS: grantPrincipal('analysts').arn },
        Action: ['s3:GetObject', 's3:GetObjectAttributes'],
        Resource: [`${arn}/object/raw/*`, `${arn}/object/raw2/*`],
        Condition: { StringLike: { 'aws:userId': 'AROAANALYSTS:*' } },
      },
    ]);
  });

  it('lets two shares of one principal open different folders for different things', () => {
    const reads = grant(folder('raw'));
    const writes = grant(folder('raw2'), { permissions: ['Read', 'Write'], share: { ...reads.share, name: 'other' } });
    for (const grants of [
      [reads, writes],
      [writes, reads],
    ]) {
      const point = settled(grants);
      const put = point.policy?.Statement.find(({ Action }) => JSON.stringify(Action).includes('PutObject'));
      expect(put).toMatchObject({ Sid: 'AROAANALYSTS2', Resource: [`${accessPointArn(key)}/object/raw2/*`] });
      expect([...accessPoint.judge(key, claims(grants), point).values()]).toEqual([
        { state: 'Satisfied' },
        { state: 'Satisfied' },
      ]);
    }
  });

  it('is made, moved and removed as the claims say', () => {
    const todo = (grants: readonly Grant[], observed: ObservedAccessPoint) =>
      accessPoint.plan(key, claims(grants), observed).actions.map((action) => action.do);
    const raw = [grant(folder('raw'))];
    expect(todo(raw, none)).toEqual(['create', 'put-policy']);
    expect(todo(raw, { ...settled(raw), bucket: 'another' })).toEqual(['delete', 'create', 'put-policy']);
    expect(todo(raw, { ...settled(raw), policy: undefined })).toEqual(['put-policy']);
    expect(todo(raw, settled(raw))).toEqual([]);
    expect(todo([], settled(raw))).toEqual(['delete']);
    expect(todo([], none)).toEqual([]);
  });

  it('is not clean while it opens more than is asked for', () => {
    const both = [grant(folder('raw')), grant(folder('raw2'))];
    expect(accessPoint.isClean(key, claims(both), settled(both))).toBe(true);
    expect(accessPoint.isClean(key, claims(both.slice(1)), settled(both))).toBe(false);
    expect(accessPoint.isClean(key, claims([]), settled(both))).toBe(false);
    expect(accessPoint.isClean(key, claims([]), none)).toBe(true);
  });

  it('tells where it is', () => {
    const raw = grant(folder('raw'));
    expect(accessPoint.outputs?.(key, claims([raw]), settled([raw])).get(grantId(raw))).toEqual({
      accessPointArn: accessPointArn(key),
      accessPointAlias: `${key.name}-s3alias`,
    });
  });

  it('takes folders in order while the policy fits, and tells the others', () => {
    const many = Array.from({ length: 200 }, (_, n) =>
      grant({ kind: 'Folder', name: `f${n}`, prefix: `${'long/'.repeat(10)}${n}/` }),
    );
    const { refused, actions } = accessPoint.plan(key, claims(many), none);
    expect(refused.size).toBeGreaterThan(0);
    const put = actions.find((action) => action.do === 'put-policy');
    expect(put?.grants).toEqual(many.slice(0, 200 - refused.size));
    expect(refused.get(grantId(many[199] as Grant))).toMatchObject({ reason: 'QuotaExceeded' });
    const verdicts = accessPoint.judge(key, claims(many), settled(many));
    expect([...verdicts.values()].filter(({ state }) => state === 'Satisfied')).toHaveLength(200 - refused.size);
  });
});

describe('an access point (properties)', () => {
  const anyFolder = fc
    .constantFrom('a', 'b', 'c', 'd')
    .chain((name) =>
      fc.subarray(['Write', 'Modify'] as const).map((more) => grant(folder(name), { permissions: ['Read', ...more] })),
    );
  const anyFolders = fc.uniqueArray(anyFolder, { selector: grantId });

  it('gives suspended folders nothing and takes nothing from them, whoever else comes or goes', () => {
    const parts = (grants: readonly Grant[]) =>
      grants.flatMap((one) => one.permissions.map((permission) => ({ ...one, permissions: [permission] })));
    const open = (grants: readonly Grant[], point: ObservedAccessPoint) => {
      const verdicts = grants.map((one) => accessPoint.judge(key, claims([one]), point).get(grantId(one))?.state);
      return grants.filter((_, index) => verdicts[index] === 'Satisfied');
    };
    fc.assert(
      fc.property(anyFolders, anyFolders, anyFolders, (before, paused, active) => {
        const held = suspended(paused.filter(({ item }) => !active.some((one) => one.item.name === item.name)));
        const point = settled(before);
        const after = settled([...held, ...active], point);
        expect(open(parts(held), after)).toEqual(open(parts(held), point));
        expect(open(active, after)).toEqual(active);
        expect(accessPoint.plan(key, claims([...held, ...active]), after).actions).toEqual([]);
        expect(accessPoint.isClean(key, claims([...held, ...active]), after)).toBe(true);
      }),
    );
  });

  it('is planned once, whatever it was before', () => {
    fc.assert(
      fc.property(anyFolders, anyFolders, (before, now) => {
        const point = settled(now, settled(before));
        expect(accessPoint.plan(key, claims(now), point).actions).toEqual([]);
        expect(accessPoint.isClean(key, claims(now), point)).toBe(true);
        expect(
          [...accessPoint.judge(key, claims(now), point).values()].every(({ state }) => state === 'Satisfied'),
        ).toBe(true);
        const left = JSON.stringify(point.policy ?? '');
        for (const { item } of before)
          if (item.kind === 'Folder' && !now.some((one) => one.item.name === item.name))
            expect(left).not.toContain(`/${item.prefix}*`);
      }),
    );
  });

  it('opens what starts with a prefix, whatever characters are in it, and nothing else', () => {
    const character = fc.constantFrom(...'ab2*?$.{}()=!_-/'.split(''));
    const text = fc.string({ unit: character, maxLength: 8 });
    fc.assert(
      fc.property(text, text, (prefix, path) => {
        const { policy } = settled([grant({ kind: 'Folder', name: 'x', prefix: `${prefix}/` })]);
        const [resource = ''] = [policy?.Statement[1]?.Resource].flat();
        const object = `${accessPointArn(key)}/object/${path}`;
        expect(compileResource(resource, true)(object, () => undefined)).toBe(path.startsWith(`${prefix}/`));
      }),
    );
  });
});
