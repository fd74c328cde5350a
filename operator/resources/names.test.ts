import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accessLogsBucketName,
  accessPointName,
  accountLeaseName,
  approvalName,
  consentParameterName,
  datasetBucketName,
  datasetDatabaseName,
  datasetPolicyName,
  datasetRoleName,
  datasetStackName,
  environmentBucketName,
  environmentRoleName,
  environmentStackName,
  environmentWorkgroupName,
  eventQueueName,
  groupSlug,
  idFromUid,
  resourceLinkName,
  sharePolicyName,
  sharePolicyPrefix,
  sharedDatabaseName,
  slug,
  teamPolicyName,
  teamRoleName,
  teamWorkgroupName,
} from './names.ts';

const sales = { prefix: 'dataall', label: 'Sales (production)', id: 'a1b2c3d4' };

describe('names as people know them from data.all', () => {
  it.each([
    [environmentBucketName(sales), 'dataall-sales-production-a1b2c3d4'],
    [accessLogsBucketName(sales), 'dataall-env-access-logs-a1b2c3d4'],
    [environmentRoleName(sales), 'dataall-sales-production-a1b2c3d4'],
    [environmentWorkgroupName(sales), 'dataall-sales-production-a1b2c3d4'],
    [eventQueueName(sales), 'dataall-env-a1b2c3d4-events'],
    [datasetBucketName({ ...sales, label: 'Orders' }), 'dataall-orders-a1b2c3d4'],
    [datasetDatabaseName({ ...sales, prefix: 'data-all', label: 'Orders (2026)' }), 'data_all_orders_2026_a1b2c3d4'],
    [accessPointName('a1b2c3d4', 'z9y8x7w6'), 'a1b2c3d4-z9y8x7w6'],
    [sharePolicyName(sales, 'analysts', 0), 'dataall-env-a1b2c3d4-share-policy-analysts-0'],
    [teamPolicyName('dataall-x-a1b2c3d4', 1), 'dataall-x-a1b2c3d4-1'],
    [sharedDatabaseName('sales_orders'), 'sales_orders_shared'],
    [sharedDatabaseName('sales_orders', '111111111111'), 'sales_orders_shared_111111111111'],
    [resourceLinkName('orders'), 'orders'],
    [resourceLinkName('orders', ['no_pii', 'eu_only']), 'orders_eu_only_no_pii'],
    [approvalName({ namespace: 'marketing-prod', name: 'orders' }), 'marketing-prod.orders'],
    [accountLeaseName({ id: '111111111111', region: 'eu-west-1' }), '111111111111-eu-west-1'],
    [consentParameterName('main'), '/dataall/main/consent'],
  ])('%s', (actual, expected) => {
    expect(actual).toBe(expected);
  });

  it('tells groups apart that slugs make equal, and is a DNS label for any group', () => {
    expect(groupSlug('Sales Analysts/EMEA')).toMatch(/^sales-analysts-emea-[0-9a-f]{6}$/);
    expect(groupSlug('Sales')).not.toBe(groupSlug('sales'));
    expect(groupSlug('日本')).toMatch(/^[0-9a-f]{6}$/);
    expect(slug('Élan vital')).toBe('elan-vital');
  });

  it('gives a taken link another name that depends on what it links to', () => {
    const first = resourceLinkName('orders', [], 'arn:a');
    expect(first).toMatch(/^orders_[0-9a-f]{6}$/);
    expect(first).not.toBe(resourceLinkName('orders', [], 'arn:b'));
  });
});

/** AWS's own rules, written down apart from the code that keeps them. */
const rules = {
  bucket: /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
  role: /^[A-Za-z0-9_+=,.@-]{1,64}$/,
  policy: /^[A-Za-z0-9_+=,.@-]{1,128}$/,
  workgroup: /^[A-Za-z0-9._-]{1,128}$/,
  stack: /^[A-Za-z][A-Za-z0-9-]{0,127}$/,
  database: /^[a-z0-9_]{1,255}$/,
  accessPoint: /^[a-z0-9][a-z0-9-]{1,48}[a-z0-9]$/,
  glue: /^.{1,255}$/,
  queue: /^[A-Za-z0-9_-]{1,80}$/,
};

const id = fc.stringMatching(/^[a-z0-9]{8}$/);
const prefix = fc.stringMatching(/^[a-z]([a-z-]{0,18}[a-z])?$/);
const label = fc.oneof(
  fc.string({ minLength: 1, maxLength: 64 }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 64 }),
);
const naming = fc.record({ prefix, label, id });
const group = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 128 });

describe('any name', () => {
  it('is one AWS takes, and holds the id', () => {
    fc.assert(
      fc.property(naming, group, (names, team) => {
        const made = [
          [environmentBucketName(names), rules.bucket],
          [accessLogsBucketName(names), rules.bucket],
          [datasetBucketName(names), rules.bucket],
          [environmentRoleName(names), rules.role],
          [datasetRoleName(names), rules.role],
          [teamRoleName(names, team), rules.role],
          [datasetPolicyName(names), rules.policy],
          [environmentWorkgroupName(names), rules.workgroup],
          [teamWorkgroupName(names, team), rules.workgroup],
          [environmentStackName(names), rules.stack],
          [datasetStackName(names), rules.stack],
          [datasetDatabaseName(names), rules.database],
          [eventQueueName(names), rules.queue],
        ] as const;
        for (const [name, rule] of made) {
          expect(name).toMatch(rule);
          expect(name).toContain(names.id);
        }
      }),
    );
  });

  it('of an access point, share policy, shared database or link fits, however long what it is made of', () => {
    fc.assert(
      fc.property(naming, id, fc.stringMatching(/^[A-Za-z0-9_+=,.@-]{1,64}$/), (names, principal, role) => {
        expect(accessPointName(names.id, principal)).toMatch(rules.accessPoint);
        expect(sharePolicyName(names, role, 19)).toMatch(rules.policy);
        expect(sharePolicyName(names, role, 19).startsWith(sharePolicyPrefix(names, role))).toBe(true);
      }),
    );
    const long = 'x'.repeat(255);
    expect(sharedDatabaseName(long, 'a1b2c3d4')).toMatch(rules.glue);
    expect(resourceLinkName(long, ['f'.repeat(31)], 'arn')).toMatch(rules.glue);
  });

  it('differs where groups or long tables differ', () => {
    fc.assert(
      fc.property(naming, group, group, (names, one, other) => {
        fc.pre(one !== other);
        expect(teamRoleName(names, one)).not.toBe(teamRoleName(names, other));
      }),
    );
    const long = 'x'.repeat(254);
    expect(resourceLinkName(`${long}a`, ['eu'])).not.toBe(resourceLinkName(`${long}b`, ['eu']));
  });

  it('made of a UID is an id', () => {
    fc.assert(
      fc.property(fc.uuid(), (uid) => {
        expect(idFromUid(uid)).toMatch(/^[a-z0-9]{8}$/);
      }),
    );
    expect(idFromUid('7b1f2c3d-1a2b-4c3d-8e9f-0123456789ab')).toBe(idFromUid('7b1f2c3d-1a2b-4c3d-8e9f-0123456789ab'));
  });
});
