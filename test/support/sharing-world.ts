// A small world to break: simulated AWS that can be put back, an API server in memory, objects of one dataset and three principals.
import { expect } from 'vitest';
import { startAws, type SimulatedAws } from '../../hack/aws/aws.ts';
import { EventualConsistency } from '../../hack/aws/faults/consistency.ts';
import { Faults } from '../../hack/aws/faults/faults.ts';
import type { Snapshot } from '../../hack/aws/core/world.ts';
import { documentsForAnyItem } from '../../operator/access/documents-of-share.ts';
import { formatDocumentKey, type DocumentKey } from '../../operator/access/document-key.ts';
import { partiesOf } from '../../operator/access/parties.ts';
import { principalFor } from '../../operator/access/share-decision.ts';
import { documentController } from '../../operator/controllers/aws-document/controller-names.ts';
import type { Clock } from '../../operator/kernel/clock.ts';
import { FakeClock } from '../../operator/kernel/testing/fake-clock.ts';
import { checkConditions, type CheckedStatus } from '../../operator/kernel/testing/condition-checks.ts';
import { getIfPresent, type KubeApi } from '../../operator/kernel/client/kube-api.ts';
import type { Kind, KubeObject, ObjectName, Stored } from '../../operator/kernel/kind.ts';
import { MemoryKubeApi } from '../../operator/kernel/testing/memory-kube-api.ts';
import { FINALIZER } from '../../operator/resources/annotations.ts';
import { consumptionRoleKind } from '../../operator/resources/consumption-role.ts';
import { datasetKind } from '../../operator/resources/dataset.ts';
import { datasetTableKind, type DatasetTableSpec } from '../../operator/resources/dataset-table.ts';
import { environmentKind } from '../../operator/resources/environment.ts';
import { shareApprovalKind, type ShareApprovalSpec } from '../../operator/resources/share-approval.ts';
import { shareRequestKind, type ShareRequestSpec } from '../../operator/resources/share-request.ts';
import {
  Administrators,
  BUCKET,
  DATABASE,
  EXTERNAL_ID,
  makeData,
  ROLES,
  roleNames,
  type RoleName,
} from './sharing-data.ts';
import { quickClock } from './quick-clock.ts';
import { startSharingOperator, type SharingOperator, type SharingOperatorOptions } from './sharing-operator.ts';

/** The consumer's environment and the producer's, which is also that of the role `inhouse`. */
export const NAMESPACES = { consumer: 'marketing-prod', producer: 'sales-prod' } as const;
export const DATASET = { namespace: NAMESPACES.producer, name: 'orders' } as const;
export const FOLDERS = { raw: 'raw/', raw2: 'raw2/' } as const;
export const FILTERS: NonNullable<DatasetTableSpec['filters']> = [
  { name: 'eu', rows: "region = 'eu'" },
  { name: 'slim', columns: ['id'] },
];

export type Item = ShareRequestSpec['items'][number];
export const ITEMS: readonly Item[] = [
  { kind: 'Table', name: 'orders' },
  { kind: 'Table', name: 'customers' },
  { kind: 'Folder', name: 'raw' },
  { kind: 'Folder', name: 'raw2' },
  { kind: 'Bucket', name: BUCKET },
];

/** How much quicker than real time the operator's clock runs. */
const SPEED = 50;
const PATIENCE_MS = 60_000;
/** Looks in a row that find it idle: longer than the pauses in which it waits for more to come. */
const REST = 4;
const POLL_MS = 5;
/** Of the operator's time: what it has put off until then is waited for before it counts as at rest. Looks that come by themselves are later. */
const SOON_MS = 10_000;

/** One simulated AWS for a whole file of tests: `reset` puts it back to nothing shared. */
export class SharingWorld {
  readonly aws: SimulatedAws;
  readonly admin: Administrators;
  readonly faults: Faults;
  readonly keyArn: string;
  readonly #pristine: Snapshot;
  /** Rules of Flux that a status broke. */
  #broken: string[] = [];
  readonly #operatorOptions: Partial<SharingOperatorOptions>;
  readonly #makeClock: () => Clock;
  api = new MemoryKubeApi();
  clock: Clock;
  operator: SharingOperator | undefined;
  /** Calls of the operator that the API server does not take. */
  refuse: SharingOperatorOptions['refuses'];

  private constructor(
    aws: SimulatedAws,
    admin: Administrators,
    faults: Faults,
    keyArn: string,
    options: Partial<SharingOperatorOptions>,
    makeClock: () => Clock,
  ) {
    this.aws = aws;
    this.faults = faults;
    this.keyArn = keyArn;
    this.admin = admin;
    this.#pristine = aws.world.snapshot();
    this.#operatorOptions = options;
    this.#makeClock = makeClock;
    this.clock = makeClock();
  }

  /**
   * @param spreadMs how long AWS, on its own clock, does not know a role that IAM has made
   * @param makeClock of the operator; by a FakeClock time passes only while it is at rest, however busy the machine is
   */
  static async open(
    options: Partial<SharingOperatorOptions> = {},
    spreadMs = 0,
    makeClock: () => Clock = () => quickClock(SPEED, Math.random),
  ): Promise<SharingWorld> {
    const faults = new Faults();
    const spread = spreadMs > 0 ? [new EventualConsistency({ lag: spreadMs, services: [] })] : [];
    const aws = await startAws({ inProcess: true, interceptors: [faults, ...spread] });
    // Who is there before the data, and the roles of the cast, are no news.
    aws.world.clock.advance(spreadMs);
    const admin = new Administrators(aws, options.region);
    const keyArn = await makeData(admin);
    aws.world.clock.advance(spreadMs);
    return new SharingWorld(aws, admin, faults, keyArn, options, makeClock);
  }

  /** Nothing shared, no operator, every object of the cast there. */
  async reset(): Promise<void> {
    this.operator?.kill();
    this.operator = undefined;
    this.faults.clear();
    this.refuse = undefined;
    this.#broken = [];
    this.aws.world.restore(this.#pristine);
    this.aws.world.clearLog();
    this.clock = this.#makeClock();
    this.api = new MemoryKubeApi({
      clock: this.clock,
      defaults: (_kind, object) => {
        object['status'] ??= { observedGeneration: -1 };
      },
    });
    await this.#makeEnvironment('producer');
    await this.#makeEnvironment('consumer');
    await this.makeDataset();
    await this.setFilters(FILTERS);
    for (const name of roleNames) await this.makeRoleObject(name);
  }

  start(options: Partial<SharingOperatorOptions> = {}): SharingOperator {
    this.operator?.kill();
    const { api, aws, clock } = this;
    const { region } = this.admin;
    const refuses: SharingOperatorOptions['refuses'] = (call) => this.refuse?.(call) ?? false;
    const onStatus = (object: KubeObject & { status?: CheckedStatus }): void => {
      // Edited since it was read: what it says is about the generation before, as its observedGeneration tells.
      if (object.status?.observedGeneration !== object.metadata.generation) return;
      this.#broken.push(...checkConditions(object).map((rule) => `${object.kind} ${object.metadata.name}: ${rule}`));
    };
    const operator = startSharingOperator({
      api,
      aws,
      clock,
      region,
      refuses,
      onStatus,
      ...this.#operatorOptions,
      ...options,
    });
    this.operator = operator;
    // What the Environment and Dataset controllers ask for before they are Ready.
    for (const key of this.#foundations()) operator.platform.enqueue(documentController, formatDocumentKey(key));
    return operator;
  }

  async close(): Promise<void> {
    this.operator?.kill();
    await this.aws.stop();
  }

  // Objects of the cast.

  async makeDataset(): Promise<void> {
    const { metadata } = await this.create(datasetKind, {
      metadata: { ...DATASET, finalizers: [FINALIZER] },
      spec: {
        label: 'Orders',
        owner: 'sales',
        s3: { origin: 'Create' },
        confidentiality: 'Official',
        folders: Object.entries(FOLDERS).map(([name, prefix]) => ({ name, prefix })),
      },
    });
    await this.#status(datasetKind, metadata, {
      observedGeneration: 1,
      id: 'a1b2c3d4',
      account: this.admin.id('producer'),
      region: this.admin.region,
      bucket: BUCKET,
      keyArn: this.keyArn,
      glueDatabase: DATABASE,
      roleArn: this.admin.arn('producer', 'role/orders-dataset'),
      lakeFormation: 'Enforced',
    });
  }

  /** Filters of the table `orders`; undefined = there is no DatasetTable. */
  async setFilters(filters: DatasetTableSpec['filters'] | undefined): Promise<void> {
    const name = { namespace: DATASET.namespace, name: 'orders.orders' };
    const present = await getIfPresent(this.api, datasetTableKind, name);
    if (filters === undefined) {
      if (present !== undefined) await this.api.delete(datasetTableKind, name);
    } else if (present === undefined)
      await this.create(datasetTableKind, {
        metadata: name,
        spec: { datasetRef: { name: 'orders' }, table: 'orders', filters },
      });
    else await this.api.patch(datasetTableKind, name, { type: 'merge', body: { spec: { filters } } });
  }

  async makeRoleObject(role: RoleName): Promise<void> {
    await this.create(consumptionRoleKind, {
      metadata: { namespace: NAMESPACES[ROLES[role]], name: role, finalizers: [FINALIZER] },
      spec: { label: role, owner: 'marketing', principalArn: this.admin.roleArn(role), policyManagement: 'Fully' },
    });
  }

  /** A request by the group `marketing` for one of the roles. */
  async request(name: string, role: RoleName, spec: Partial<ShareRequestSpec> = {}): Promise<void> {
    await this.create(shareRequestKind, {
      metadata: { namespace: NAMESPACES[ROLES[role]], name, finalizers: [FINALIZER] },
      spec: {
        datasetRef: DATASET,
        requester: 'marketing',
        principal: { kind: 'ConsumptionRole', name: role },
        permissions: ['Read'],
        items: ITEMS,
        draft: false,
        ...spec,
      },
    });
  }

  async approve(name: string, role: RoleName, spec: Partial<ShareApprovalSpec> = {}): Promise<void> {
    const namespace = NAMESPACES[ROLES[role]];
    await this.create(shareApprovalKind, {
      metadata: { namespace: DATASET.namespace, name: `${namespace}.${name}`, finalizers: [FINALIZER] },
      spec: {
        datasetRef: { name: DATASET.name },
        requestRef: { namespace, name },
        approver: 'sales',
        requester: 'marketing',
        principal: { kind: 'ConsumptionRole', name: role, arn: this.admin.roleArn(role) },
        decision: 'Approved',
        permissions: ['Read'],
        items: [...ITEMS],
        ...spec,
      },
    });
  }

  requestName(name: string, role: RoleName): { namespace: string; name: string } {
    return { namespace: NAMESPACES[ROLES[role]], name };
  }

  approvalName(name: string, role: RoleName): { namespace: string; name: string } {
    return { namespace: DATASET.namespace, name: `${NAMESPACES[ROLES[role]]}.${name}` };
  }

  async create<T extends KubeObject>(kind: Kind<T>, object: object): Promise<Stored<T>> {
    return await this.api.create(kind, {
      apiVersion: 'dataall.io/v1alpha1',
      kind: kind.kind,
      ...object,
    } as unknown as T);
  }

  async edit<T extends KubeObject>(kind: Kind<T>, name: ObjectName, spec: object): Promise<void> {
    await this.api.patch(kind, name, { type: 'merge', body: { spec } });
  }

  // Waiting and looking.

  /** What the hourly poll would do now: look at every document of these datasets and every role. */
  verifyAll(datasets?: readonly string[]): void {
    const { operator } = this;
    if (operator === undefined) return;
    const keys = new Set(this.documents(datasets).map(formatDocumentKey));
    for (const key of keys) operator.platform.enqueue(documentController, key);
    for (const role of roleNames) operator.platform.enqueue('consumptionrole', `${NAMESPACES[ROLES[role]]}/${role}`);
  }

  /** Every document that a share of these datasets, in the namespace of the cast's, may touch. */
  documents(datasets: readonly string[] = [DATASET.name]): readonly DocumentKey[] {
    const specs = this.operator?.platform.specs;
    if (specs === undefined) return [];
    const shares = datasets.flatMap((name) => specs.sharesOfDataset(DATASET.namespace, name));
    const keys = shares.flatMap((request) => {
      const parties = partiesOf({
        request,
        dataset: specs.dataset(DATASET.namespace, request.spec.datasetRef.name),
        consumer: specs.environment(request.metadata.namespace),
        principal: principalFor(specs, request),
      });
      return parties === undefined ? [] : documentsForAnyItem(parties);
    });
    return [...this.#foundations(), ...keys];
  }

  /** Until the operator has come to rest and `check` passes; fails with what it said last. `restless`: where it cannot rest. */
  async until(check: () => Promise<void> | void, restless = false): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    let quiet = 0;
    for (;;) {
      let problem: unknown = new Error('the operator does not come to rest');
      quiet = (await this.operator?.isIdle()) === false ? 0 : quiet + 1;
      if (quiet >= REST || restless)
        try {
          expect(this.#broken).toEqual([]);
          await check();
          if (!(await this.#passTime())) return;
          quiet = 0;
        } catch (error) {
          problem = error;
          if (await this.#passTime()) quiet = 0;
        }
      if (performance.now() > deadline) throw problem;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** What the operator's roles write to AWS when it looks at everything once more: nothing, if it was at rest. */
  async writesOfAnotherLook(datasets?: readonly string[]): Promise<readonly string[]> {
    this.aws.world.clearLog();
    this.verifyAll(datasets);
    await this.until(() => {});
    return this.aws.world.log
      .filter(
        ({ access, nested, principal }) => access === 'write' && !nested && principal.includes('dataallPivotRole'),
      )
      .map(({ service, operation, input }) => `${service}:${operation} ${JSON.stringify(input)}`);
  }

  async exists(kind: Kind, name: ObjectName): Promise<boolean> {
    return (await getIfPresent(this.api as KubeApi, kind, name)) !== undefined;
  }

  /** Goes on to what the operator has put off, where time passes by the test alone; false: there is nothing. */
  async #passTime(): Promise<boolean> {
    if (!(this.clock instanceof FakeClock)) return false;
    const ms = this.clock.nextIn();
    if (ms === undefined || ms > SOON_MS) return false;
    await this.clock.advance(ms);
    return true;
  }

  #foundations(): readonly DocumentKey[] {
    const [producer, consumer] = [this.admin.id('producer'), this.admin.id('consumer')];
    return [
      { kind: 'lake-settings', account: producer, region: this.admin.region },
      { kind: 'lake-settings', account: consumer, region: this.admin.region },
      { kind: 'registration', account: producer, region: this.admin.region, bucket: BUCKET },
      { kind: 'bucket-policy', account: producer, region: this.admin.region, bucket: BUCKET },
      { kind: 'key-policy', account: producer, region: this.admin.region, keyId: this.keyArn.split('/')[1] ?? '' },
      { kind: 'catalog-grants', account: producer, region: this.admin.region, database: DATABASE },
    ];
  }

  async #makeEnvironment(account: 'producer' | 'consumer'): Promise<void> {
    const id = this.admin.id(account);
    const { metadata } = await this.create(environmentKind, {
      metadata: { name: NAMESPACES[account] },
      spec: {
        organization: 'acme',
        label: account,
        owner: account === 'producer' ? 'sales' : 'marketing',
        account: { id, region: this.admin.region },
        resourcePrefix: 'dataall',
        remediation: 'Repair',
      },
    });
    await this.#status(environmentKind, metadata, {
      observedGeneration: 1,
      id: account === 'producer' ? 'envsales' : 'envmarke',
      externalId: EXTERNAL_ID,
      pivotRole: { arn: this.admin.arn(account, 'role/dataallPivotRole') },
    });
  }

  async #status(kind: Kind, name: ObjectName, status: object): Promise<void> {
    await this.api.patch(kind, name, { type: 'merge', body: { status } }, { subresource: 'status' });
  }
}
