// Who could read what, from when to when, and by whose consent: recorded from what the operator writes, and kept.

import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { Database } from '../../api/read-model/database.ts';
import { rebuild } from '../../api/read-model/rebuild.ts';
import { shareApprovalKind } from '../../operator/resources/share-approval.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import type { KubeApi } from '../../operator/kernel/client/kube-api.ts';
import { datasetKind } from '../../operator/resources/dataset.ts';
import { environmentKind } from '../../operator/resources/environment.ts';
import { teamKind } from '../../operator/resources/team.ts';
import { databaseServer } from '../support/database.ts';
import { approval, dataset, environment, memoryCluster, ordersTable, populate, put, READY_NAMESPACE, share, startIndexer, team } from '../support/index-scene.ts'; // prettier-ignore

const postgres = databaseServer();

const spans = async (database: Database) =>
  (await database.selectFrom('access_span').selectAll().orderBy('id').execute()).map((span) =>
    [
      span.item,
      span.principal_arn?.split('/')[1],
      span.approver,
      span.approval_generation,
      span.ended === null ? 'open' : span.end_reason,
    ].join(' '),
  );
const decisions = async (database: Database) =>
  (await database.selectFrom('consent_event').selectAll().orderBy('id').execute()).map(
    ({ event, decision, approver, generation }) => `${event} ${decision} ${approver} ${generation}`,
  );

const request = { namespace: 'marketing-prod', name: 'for-us' };
const decision = { namespace: 'sales-prod', name: 'marketing-prod.for-us' };

/** What the operator writes when it has read that in AWS. */
const found = async (api: KubeApi, state: string, rest: object = {}) =>
  put(api, shareRequestKind, request, share('marketing', [ordersTable]), {
    phase: 'Granted',
    items: [{ ...ordersTable, state }],
    principalArn: 'arn:aws:iam::222222222222:role/marketing',
    permissions: ['Read'],
    approval: { name: decision.name, generation: 1 },
    ...rest,
  });

describe('The history of access', () => {
  it('has a span from when an item was granted to when it was revoked, by whose consent', async () => {
    const api = await memoryCluster();
    await populate(api);
    const { database } = await postgres.fresh();
    startIndexer(api, database);
    await expect.poll(() => spans(database)).toEqual(['orders marketing sales 1 open']);
    expect(await decisions(database)).toEqual(['Decided Approved sales 1']);

    // Not known to have ended: AWS still lets them in, or may.
    for (const state of ['Granting', 'Failed', 'Revoking']) {
      await found(api, state);
      await expect
        .poll(async () => (await database.selectFrom('share_item').select('state').execute()).map((item) => item.state))
        .toEqual([state]);
    }
    expect(await spans(database)).toEqual(['orders marketing sales 1 open']);

    await found(api, 'Revoked');
    await expect.poll(() => spans(database)).toEqual(['orders marketing sales 1 Revoked']);
  });

  it('ends a span and begins another where the consent, the principal or the part of the item changes', async () => {
    const api = await memoryCluster();
    await populate(api);
    const { database } = await postgres.fresh();
    startIndexer(api, database);
    await expect.poll(() => spans(database)).toEqual(['orders marketing sales 1 open']);
    await put(api, shareApprovalKind, decision, approval('stewards', [ordersTable]));
    await expect.poll(() => decisions(database)).toEqual(['Decided Approved sales 1', 'Decided Approved stewards 2']);
    await found(api, 'Granted', { approval: { name: decision.name, generation: 2 } });
    await expect
      .poll(() => spans(database))
      .toEqual(['orders marketing sales 1 Changed', 'orders marketing stewards 2 open']);
  });

  it('has every decision, also of several that are written at once, or while no indexer followed', async () => {
    const api = await memoryCluster();
    await populate(api);
    const { database, url } = await postgres.fresh();
    const first = startIndexer(api, database);
    await expect.poll(() => decisions(database)).toEqual(['Decided Approved sales 1']);
    const decide = async (word: string, approver = 'sales') =>
      put(api, shareApprovalKind, decision, approval(approver, [ordersTable], word));
    // Nothing is written while somebody holds the table.
    const other = postgres.connect(url);
    await other.transaction().execute(async (holding) => {
      await sql`lock table share_approval in exclusive mode`.execute(holding);
      await decide('Rejected');
      await decide('Approved', 'stewards');
      await decide('Rejected', 'stewards');
      await decide('Approved');
    });
    const five = [
      'Decided Approved sales 1',
      'Decided Rejected sales 2',
      'Decided Approved stewards 3',
      'Decided Rejected stewards 4',
      'Decided Approved sales 5',
    ];
    await expect.poll(() => decisions(database)).toEqual(five);
    await first.stop();
    await decide('Rejected');
    await decide('Approved');
    startIndexer(api, database);
    await expect
      .poll(() => decisions(database))
      .toEqual([...five, 'Decided Rejected sales 6', 'Decided Approved sales 7']);
  });

  it('ends with a request that is deleted, and shows that an approval was', async () => {
    const api = await memoryCluster();
    await populate(api);
    const { database } = await postgres.fresh();
    startIndexer(api, database);
    await expect.poll(() => spans(database)).toEqual(['orders marketing sales 1 open']);
    await api.delete(shareApprovalKind, decision);
    await api.delete(shareRequestKind, request);
    await expect.poll(() => spans(database)).toEqual(['orders marketing sales 1 Deleted']);
    await expect.poll(() => decisions(database)).toEqual(['Decided Approved sales 1', 'Deleted Approved sales 1']);
  });

  it('has whose own a dataset is, by which roles: of the dataset, of the environment of its owner, of the team', async () => {
    const api = await memoryCluster();
    await populate(api);
    const { database } = await postgres.fresh();
    startIndexer(api, database);
    const owners = async () =>
      (await database.selectFrom('ownership_span').selectAll().orderBy('id').execute()).map(
        ({ holder, owner, principal_arn, ended }) =>
          `${holder} ${owner} ${principal_arn.split('/')[1]} ${ended === null ? 'open' : 'ended'}`,
      );
    const role = (name: string) => `arn:aws:iam::111111111111:role/${name}`;
    const orders = { namespace: 'sales-prod', name: 'orders' };
    const place = { namespace: 'sales-prod', name: 'finance' };
    await put(api, datasetKind, orders, dataset('sales'), { roleArn: role('orders') });
    await expect.poll(owners).toEqual(['Dataset sales orders open']);
    // The role of an environment, and that of a team that is not the owner's, are no owner's until they are.
    await put(api, teamKind, place, team('finance'), { roleArn: role('finance') });
    await put(api, environmentKind, { name: 'sales-prod' }, environment('sales'), { ...READY_NAMESPACE, defaultRole: { arn: role('env') } }); // prettier-ignore
    await expect.poll(owners).toEqual(['Dataset sales orders open', 'Environment sales env open']);
    await put(api, datasetKind, orders, dataset('finance'), { roleArn: role('orders') });
    const given = ['Dataset sales orders ended', 'Environment sales env ended', 'Dataset finance orders open'];
    await expect.poll(owners).toEqual([...given, 'Team finance finance open']);
    const uninvited = [{ type: 'Ready', status: 'False', reason: 'NotInvited' }];
    await put(api, teamKind, place, team('finance'), { roleArn: role('finance'), conditions: uninvited });
    await expect.poll(owners).toEqual([...given, 'Team finance finance ended']);
    await put(api, teamKind, place, team('finance'), { roleArn: role('finance'), conditions: [] });
    await expect.poll(owners).toEqual([...given, 'Team finance finance ended', 'Team finance finance open']);
    await api.delete(teamKind, place);
    await api.delete(datasetKind, orders);
    const ended = given.map((span) => span.replace('open', 'ended'));
    await expect.poll(owners).toEqual([...ended, 'Team finance finance ended', 'Team finance finance ended']);
  });

  it('is the same after a rebuild, and nobody can change it', async () => {
    const api = await memoryCluster();
    await populate(api);
    const { database } = await postgres.fresh();
    startIndexer(api, database);
    await expect.poll(() => spans(database)).toEqual(['orders marketing sales 1 open']);
    const before = await database.selectFrom('access_span').selectAll().execute();
    await rebuild(database, () => undefined, AbortSignal.timeout(20_000));
    expect(await database.selectFrom('access_span').selectAll().execute()).toEqual(before);
    expect(await decisions(database)).toEqual(['Decided Approved sales 1']);

    for (const attempt of [
      sql`delete from access_span`,
      sql`update access_span set started = now()`,
      sql`truncate access_span`,
      sql`update consent_event set approver = 'nobody'`,
      sql`delete from consent_event`,
    ])
      await expect(attempt.execute(database)).rejects.toThrow(/is kept as it was recorded/);
    expect(await spans(database)).toEqual(['orders marketing sales 1 open']);
  });
});
