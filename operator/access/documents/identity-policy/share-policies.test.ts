// Policies of one principal: packed into as few as fit, nothing moves without need, foreign ones count but are never touched.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nonWhiteLength } from '../../../policy/size.ts';
import type { SharePoliciesClaims } from '../../desired.ts';
import { grantId, type Grant } from '../../grant.ts';
import { bucket, CONSUMER, folder, grant, KEY_ARN, ROLE_ARN, suspended, table } from '../../testing/fixtures.ts';
import { sharePolicies, type ObservedSharePolicies, type SharePolicyAction } from './share-policies.ts';

const key = { kind: 'share-policies', account: CONSUMER, principal: 'role/analysts' } as const;
const PREFIX = 'dataall-env-envmarke-share-policy-analysts-';
const claims = (grants: readonly Grant[], changes: Partial<SharePoliciesClaims> = {}): SharePoliciesClaims => ({
  principalArn: ROLE_ARN,
  policyPrefix: PREFIX,
  policyManagement: 'Fully',
  grants,
  accessPoints: new Map(
    grants
      .filter(({ item }) => item.kind === 'Folder')
      .map((one) => [grantId(one), `arn:aws:s3:eu-west-1:111111111111:accesspoint/${one.source.dataset.id}`]),
  ),
  links: new Map(
    grants.flatMap((one) =>
      one.item.kind === 'Table' ? [[grantId(one), { database: 'orders_shared', link: one.item.name }] as const] : [],
    ),
  ),
  present: true,
  remediation: 'Repair',
  ...changes,
});
const nothing: ObservedSharePolicies = { principalExists: true, policies: new Map(), foreign: 0 };

const applied = (observed: ObservedSharePolicies, actions: readonly SharePolicyAction[]): ObservedSharePolicies => {
  const policies = new Map(observed.policies);
  for (const action of actions) {
    const present = policies.get(action.index);
    const arn = `arn:aws:iam::${CONSUMER}:policy/${PREFIX}${action.index}`;
    if (action.do === 'delete') policies.delete(action.index);
    else if (action.do === 'create' || action.do === 'update')
      policies.set(action.index, { arn, document: action.document, attached: present?.attached ?? false });
    else if (present !== undefined) policies.set(action.index, { ...present, attached: action.do === 'attach' });
  }
  return { ...observed, policies };
};
const plan = (wanted: SharePoliciesClaims, observed = nothing) => sharePolicies.plan(key, wanted, observed);
const settled = (wanted: SharePoliciesClaims, observed = nothing) => applied(observed, plan(wanted, observed).actions);
const verdicts = (wanted: SharePoliciesClaims, observed: ObservedSharePolicies) => [
  ...sharePolicies.judge(key, wanted, observed).values(),
];
const todo = (wanted: SharePoliciesClaims, observed: ObservedSharePolicies) =>
  plan(wanted, observed).actions.map((action) => `${action.do} ${action.index}`);

const text = ({ policies }: ObservedSharePolicies): string => JSON.stringify([...policies.values()]);

/** Items of dataset number `n`, so that pieces differ. */
const inDataset = (n: number, ...items: readonly Grant['item'][]): readonly Grant[] =>
  items.map((item) => {
    const one = grant(item.kind === 'Bucket' ? { ...item, name: `bucket-${n}` } : item);
    const source = { ...one.source, bucket: `bucket-${n}`, database: `db${n}`, keyArn: `${KEY_ARN}${n}` };
    return {
      ...one,
      share: { ...one.share, name: `share-${n}` },
      source: { ...source, dataset: { ...source.dataset, id: `dataset${n}` } },
    };
  });
const many = (count: number): readonly Grant[] =>
  Array.from({ length: count }, (_, n) => inDataset(n, bucket, folder('raw'), table('orders'))).flat();

describe('share policies', () => {
  it('say by Sid what they are for, and hold exactly what each mechanism needs', () => {
    const policy = settled(claims([grant(bucket), grant(folder('raw')), grant(table('orders'))])).policies.get(0);
    expect(policy?.attached).toBe(true);
    const bySid = Object.fromEntries(
      (policy?.document.Statement ?? []).map((one) => [one.Sid, [one.Action, one.Resource]]),
    );
    expect(bySid).toEqual({
      BucketStatementS30: [
        ['s3:GetObject', 's3:GetObjectAttributes', 's3:List*'],
        ['arn:aws:s3:::orders-data', 'arn:aws:s3:::orders-data/*'],
      ],
      BucketStatementKMS0: [['kms:Decrypt'], [KEY_ARN]],
      AccessPointsStatementS30: [
        ['s3:ListBucket', 's3:GetObject', 's3:GetObjectAttributes'],
        [
          'arn:aws:s3:eu-west-1:111111111111:accesspoint/a1b2c3d4',
          'arn:aws:s3:eu-west-1:111111111111:accesspoint/a1b2c3d4/object/*',
        ],
      ],
      AccessPointsStatementKMS0: [['kms:Decrypt'], [KEY_ARN]],
      LakeFormation0: [
        expect.arrayContaining(['glue:GetTable', 'glue:GetPartitions']),
        expect.arrayContaining([
          'arn:aws:glue:eu-west-1:111111111111:table/orders/orders',
          'arn:aws:glue:eu-west-1:222222222222:table/orders_shared/orders',
        ]),
      ],
      LakeFormationData0: [['lakeformation:GetDataAccess'], ['*']],
    });
  });

  it('are packed into as few as fit, each within its limit', () => {
    const { policies } = settled(claims(many(30)));
    const sizes = [...policies.values()].map(({ document }) => nonWhiteLength(JSON.stringify(document)));
    expect(policies.size).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(6144);
    expect(sizes.slice(0, -1).every((size) => size > 4000)).toBe(true);
  });

  it('do not move when a right comes or goes', () => {
    const before = settled(claims(many(20)));
    const fewer = many(20).slice(1);
    const changed = plan(claims(fewer), before).actions;
    expect(changed.map((action) => action.do)).toEqual(['update']);
    const more = [...fewer, ...inDataset(99, bucket)];
    expect(plan(claims(more), settled(claims(fewer), before)).actions).toHaveLength(1);
  });

  it('that gain something lack it, and are not changed: it may be given while decisions of other shares are incomplete', () => {
    const first = inDataset(1, bucket);
    const second = inDataset(2, bucket, folder('raw'), table('orders'));
    const kinds = (wanted: SharePoliciesClaims, observed: ObservedSharePolicies) =>
      plan(wanted, observed).drift.map(({ kind }) => kind);
    expect(todo(claims([...first, ...second]), settled(claims(first)))).toEqual(['update 0']);
    expect(kinds(claims([...first, ...second]), settled(claims(first)))).toEqual(['missing']);
    expect(kinds(claims(second), settled(claims([...first, ...second])))).toEqual(['changed']);
    expect(kinds(claims(second), settled(claims(first)))).toEqual(['changed']);
  });

  it('leave room for the policies of others, and tell exactly the items that do not fit', () => {
    const wanted = claims(many(30));
    const crowded = { ...nothing, foreign: 9 };
    const { refused, actions } = plan(wanted, crowded);
    expect(actions.map(({ index }) => index)).toEqual([0, 0]);
    expect(refused.size).toBeGreaterThan(0);
    for (const verdict of refused.values())
      expect(verdict).toMatchObject({
        reason: 'QuotaExceeded',
        message: expect.stringContaining('1 policies of 6144'),
      });
    const states = verdicts(wanted, applied(crowded, actions)).map(({ state }) => state);
    expect(states.filter((state) => state === 'Satisfied')).toHaveLength(90 - refused.size);
    expect(states.filter((state) => state === 'Failed')).toHaveLength(refused.size);
  });

  it('keep what works when others take the room', () => {
    const before = settled(claims(many(12)));
    expect(before.policies.size).toBe(2);
    const after = plan(claims(many(13)), { ...before, foreign: 8 });
    for (const one of many(12)) expect(after.refused.has(grantId(one))).toBe(false);
  });

  it('of a role that people manage: made, and asked to be attached', () => {
    const wanted = claims([grant(bucket)], { policyManagement: 'Partially' });
    const observed = settled(wanted);
    expect(todo(wanted, nothing)).toEqual(['create 0']);
    expect(verdicts(wanted, observed)).toMatchObject([{ state: 'Failed', reason: 'AttachmentMissing' }]);
    const attached = applied(observed, [{ do: 'attach', index: 0 }]);
    expect(verdicts(wanted, attached)).toEqual([{ state: 'Satisfied' }]);
    expect(todo(wanted, attached)).toEqual([]);
  });

  it("of a role that is somebody else's business: none, and those we made before go", () => {
    const wanted = claims([grant(bucket)], { policyManagement: 'Externally' });
    expect(verdicts(wanted, nothing)).toEqual([{ state: 'Satisfied' }]);
    expect(todo(wanted, settled(claims([grant(bucket)])))).toEqual(['detach 0', 'delete 0']);
  });

  it('go with the role, and with the object that stands for it', () => {
    const before = settled(claims([grant(bucket)]));
    const gone = applied({ ...before, principalExists: false }, [{ do: 'detach', index: 0 }]);
    expect(todo(claims([grant(bucket)]), gone)).toEqual(['delete 0']);
    expect(verdicts(claims([grant(bucket)]), gone)).toMatchObject([{ reason: 'PrincipalNotFound' }]);
    expect(todo(claims([grant(bucket)], { present: false }), before)).toEqual(['detach 0', 'delete 0']);
  });

  it('wait for the name of the link', () => {
    const wanted = claims([grant(table('orders')), grant(bucket)], { links: new Map() });
    expect(verdicts(wanted, settled(wanted))).toMatchObject([
      { state: 'Waiting', reason: 'NamePending' },
      { state: 'Satisfied' },
    ]);
  });

  it('are put right when somebody edits or detaches them', () => {
    const wanted = claims([grant(bucket)]);
    const right = settled(wanted);
    const detached = applied(right, [{ do: 'detach', index: 0 }]);
    expect(verdicts(wanted, detached)).toMatchObject([{ state: 'Waiting', reason: 'PolicyPending' }]);
    const policy = right.policies.get(0);
    if (policy === undefined) throw new Error('there is a policy');
    const wider = {
      ...policy.document,
      Statement: policy.document.Statement.map((one) => ({ ...one, Resource: '*' })),
    };
    const tampered = { ...right, policies: new Map([[0, { ...policy, document: wider }]]) };
    expect(sharePolicies.isClean(key, wanted, tampered)).toBe(false);
    expect(settled(wanted, tampered)).toEqual(right);
    expect(todo(wanted, applied(right, [{ do: 'detach', index: 0 }]))).toEqual(['attach 0']);
  });
});

describe('share policies while grants are suspended', () => {
  const [one, two] = [inDataset(1, bucket, table('orders')), inDataset(2, bucket)];

  it('are not made, attached or mended for them', () => {
    expect(todo(claims(suspended(one)), nothing)).toEqual([]);
    const right = settled(claims(one));
    expect(todo(claims(suspended(one)), applied(right, [{ do: 'detach', index: 0 }]))).toEqual([]);
    const policy = right.policies.get(0);
    if (policy === undefined) throw new Error('there is a policy');
    const less = { ...policy.document, Statement: policy.document.Statement.slice(1) };
    const cut = { ...right, policies: new Map([[0, { ...policy, document: less }]]) };
    expect(todo(claims(one), cut)).toEqual(['update 0']);
    expect(todo(claims(suspended(one)), cut)).toEqual([]);
  });

  it('keep what they had when others come and go, give back nothing with a policy of others, and lose what is not consented to', () => {
    const both = settled(claims([...one, ...two]));
    const without = settled(claims(suspended(one)), both);
    expect(text(without)).toBe(text(settled(claims(one), both)));
    const added = settled(claims([...suspended(one), ...two]), settled(claims(one)));
    expect(verdicts(claims([...one, ...two]), added).every(({ state }) => state === 'Satisfied')).toBe(true);
    const detached = applied(both, [{ do: 'detach', index: 0 }]);
    expect(text(settled(claims([...suspended(one), ...two]), detached))).not.toContain('bucket-1');
    expect(text(settled(claims(suspended(one.slice(1))), both))).not.toContain('bucket-1');
  });
});

describe('share policies (properties)', () => {
  const anyGrants = fc
    .uniqueArray(
      fc.tuple(fc.nat({ max: 9 }), fc.constantFrom(bucket, folder('raw'), table('orders'), table('customers', 'eu'))),
      {
        selector: ([n, item]) => `${n} ${item.kind} ${item.name}`,
        maxLength: 24,
      },
    )
    .map((pairs) => pairs.flatMap(([n, item]) => inDataset(n, item)));
  const management = fc.constantFrom('Fully' as const, 'Partially' as const, 'Externally' as const);

  it('of suspended grants stay as they are, wherever they are, while others come and go', () => {
    fc.assert(
      fc.property(anyGrants, anyGrants, anyGrants, (before, paused, active) => {
        const held = suspended(paused.filter((one) => !active.some((other) => grantId(one) === grantId(other))));
        const observed = settled(claims(before));
        const wanted = claims([...held, ...active]);
        const after = settled(wanted, observed);
        const had = sharePolicies.judge(key, claims(held), observed);
        const has = sharePolicies.judge(key, claims(held), after);
        for (const [id, { state }] of had) if (state === 'Satisfied') expect(has.get(id)?.state).toBe('Satisfied');
        expect(verdicts(claims(active), after).every(({ state }) => state === 'Satisfied')).toBe(true);
        expect(plan(wanted, after).actions).toEqual([]);
        expect(sharePolicies.isClean(key, wanted, after)).toBe(true);
        const left = text(after);
        for (const { source, item } of before)
          if (item.kind === 'Bucket' && !wanted.grants.some((one) => one.item.name === item.name))
            expect(left).not.toContain(`arn:aws:s3:::${source.bucket}`);
      }),
      { numRuns: 60 },
    );
  });

  it('are planned once, whatever was there, and hold nothing that is not granted', () => {
    fc.assert(
      fc.property(anyGrants, anyGrants, management, management, (before, now, first, second) => {
        const wanted = claims(now, { policyManagement: second });
        const observed = settled(wanted, settled(claims(before, { policyManagement: first })));
        expect(plan(wanted, observed).actions).toEqual([]);
        expect(sharePolicies.isClean(key, wanted, observed)).toBe(true);
        const left = JSON.stringify([...observed.policies.values()]);
        for (const { source, item } of before)
          if (item.kind === 'Bucket' && !now.some((one) => one.item.name === item.name))
            expect(left).not.toContain(`arn:aws:s3:::${source.bucket}`);
        if (second === 'Fully')
          expect(verdicts(wanted, observed).every(({ state }) => state === 'Satisfied')).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
