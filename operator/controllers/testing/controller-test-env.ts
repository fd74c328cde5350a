// A stage for tests of controllers: the kernel, an API server in memory, time that the test moves, accounts where everything is in order.
// Documents are read, and hold what they should, as soon as somebody asks for them.
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { parseDocumentKey } from '../../access/document-key.ts';
import type { AccountAws } from '../../aws/account.ts';
import type { AwsCall } from '../../aws/call.ts';
import { AwsFault } from '../../aws/fault.ts';
import type { LakeGrant } from '../../aws/services/lakeformation.ts';
import { callContext, SLOW_MS } from '../../aws/call-context.ts';
import { readConfig } from '../../config.ts';
import { isTrue, type Condition } from '../../kernel/conditions.ts';
import { FakeClock } from '../../kernel/testing/fake-clock.ts';
import { getIfPresent } from '../../kernel/client/kube-api.ts';
import type { Kind, KubeObject, ObjectName, Stored } from '../../kernel/kind.ts';
import { Manager } from '../../kernel/runtime/manager.ts';
import { MemoryKubeApi } from '../../kernel/testing/memory-kube-api.ts';
import { done, transient, type ControllerDefinition } from '../../kernel/runtime/reconciler.ts';
import { FINALIZER } from '../../resources/annotations.ts';
import { apiVersion } from '../../resources/kind.ts';
import { stackOutputs } from '../../stacks/stack-props.ts';
import { documentController } from '../aws-document/controller-names.ts';
import { DocumentSubscriptions } from '../reconcile/document-subscriptions.ts';
import { ObservedDocuments } from '../reconcile/observed-documents.ts';
import type { Platform } from '../reconcile/platform.ts';
import { ObjectCounts } from '../environment/object-counts.ts';
import { PivotRights } from '../reconcile/pivot-rights.ts';
import { rbacController } from '../rbac/controller-name.ts';
import { RbacProgress } from '../reconcile/rbac-progress.ts';
import { specStore, type Caches } from '../reconcile/specs.ts';
import { enqueueDependents } from '../aws-document/dependents.ts';
import { ShareUrgency } from '../reconcile/share-urgency.ts';
import { Removals } from '../reconcile/removals.ts';

const STEP_MS = 100;
const LONGEST_MS = 120_000;
/** Reads of documents in one test. */
const ENOUGH = 1_000;

export class ControllerTestEnv implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly api = new MemoryKubeApi({
    clock: this.clock,
    defaults: (_kind, object) => {
      object['status'] ??= { observedGeneration: -1, ...this.#statusOfNew };
    },
  });
  readonly platform: Platform;
  /** Every call to AWS: `<account> <what> <of what>`. */
  readonly calls: string[] = [];
  /** Documents that were read. */
  readonly documents: string[] = [];
  /** Those that AWS does not let the operator read or write. */
  readonly refused = new Set<string>();
  /** ARNs of roles that do not exist. */
  readonly missing = new Set<string>();
  /** Calls that AWS denies the operator: as in {@link ControllerTestEnv.calls}. */
  readonly denied = new Set<string>();
  /** Accounts that do not answer. */
  readonly silent = new Set<string>();
  #statusOfNew: object | undefined;
  readonly #end = new AbortController();
  readonly #running: Promise<void>;

  constructor(...define: readonly ((platform: Platform, caches: Caches) => ControllerDefinition)[]) {
    const { api, clock } = this;
    const log = pino({ level: process.env['LOG_LEVEL'] ?? 'silent' });
    const manager = new Manager({ api, clock, log, registry: new Registry(), identity: 'test', name: 'test' });
    const observed = new ObservedDocuments();
    this.platform = {
      config: readConfig({ aws: { hub: { accountId: '999999999999', region: 'eu-west-1' } } }),
      api,
      specs: specStore(manager, { allowWrite: true, allowSelfApproval: false, policiesMissing: () => [] }),
      policiesMissing: () => [],
      stores: manager.stores,
      audit: log,
      observed,
      subscriptions: new DocumentSubscriptions(),
      urgency: new ShareUrgency(),
      rights: new RbacProgress(),
      objectCounts: new ObjectCounts(),
      pivotRights: new PivotRights(),
      removals: new Removals(observed),
      aws: {
        hub: () => this.#account('999999999999'),
        forEnvironment: ({ accountId }: { accountId: string }) => this.#account(accountId),
        forBootstrap: ({ accountId }: { accountId: string }) => this.#account(accountId),
        demandsExternalId: async () => Promise.resolve(true),
        executionRoleArn: () => '',
        forget: () => undefined,
      } as unknown as Platform['aws'],
      accountOf: ({ spec, status }) => (status.pivotRole === undefined ? undefined : this.#account(spec.account.id)),
      stacks: {
        synthesizer: { synthesize: async () => Promise.resolve('') },
        deployer: this.#deployer(),
      } as unknown as Platform['stacks'],
      enqueue: (controller, key, how) => manager.enqueue(controller, key, how),
      random: () => 0,
    };
    const defined = define.map((one) => one(this.platform, manager));
    for (const one of defined) manager.add(one);
    manager.add(this.#documentController(observed));
    // Rights are written as soon as somebody asks for them, but to nobody.
    if (defined.every(({ name }) => name !== rbacController))
      manager.add({
        name: rbacController,
        watches: [],
        reconcile: async () => {
          this.platform.rights.markApplied([]);
          return Promise.resolve(done);
        },
      });
    this.#running = manager.run(this.#end.signal);
  }

  /** Documents that are written as soon as they are asked for, or refused. */
  #documentController(observed: ObservedDocuments): ControllerDefinition {
    return {
      name: documentController,
      watches: [],
      reconcile: async (text, { priority }) => {
        const key = parseDocumentKey(text);
        this.documents.push(text);
        if (this.documents.length > ENOUGH) throw new Error(`${text} is read without a pause`);
        const refused = this.refused.has(text);
        if (refused)
          observed.recordFailure({ key, failure: { reason: 'AccessDenied', message: 'no', isRefusal: true } });
        else observed.record({ key, outcome: undefined, revision: observed.nextRevision() });
        enqueueDependents(this.platform, key, priority);
        return Promise.resolve(refused ? transient('AccessDenied', 'no') : done);
      },
    };
  }

  /** There with its status from the first moment, as if an operator before this one had written it: nobody sees it without. */
  async make<T extends KubeObject>(kind: Kind<T>, name: ObjectName, spec: object, status?: object): Promise<void> {
    const metadata = { ...name, finalizers: [FINALIZER] };
    this.#statusOfNew = structuredClone(status);
    const made = this.api.create(kind, { apiVersion, kind: kind.kind, metadata, spec } as unknown as T);
    this.#statusOfNew = undefined;
    await made;
  }

  /** Until `holds` is true of the object; fails with what it last was. */
  async until<T extends KubeObject>(
    kind: Kind<T>,
    name: ObjectName,
    holds: (object: Stored<T> | undefined) => boolean,
  ): Promise<void> {
    for (let waited = 0; ; waited += STEP_MS) {
      const object = await getIfPresent(this.api, kind, name);
      if (holds(object)) return;
      if (waited > LONGEST_MS) throw new Error(`not so after ${LONGEST_MS} ms: ${JSON.stringify(object)}`);
      await this.clock.advance(STEP_MS);
    }
  }

  async ready<T extends KubeObject & { status?: { conditions?: readonly Condition[] | undefined } }>(
    kind: Kind<T>,
    name: ObjectName,
  ): Promise<void> {
    await this.until(kind, name, (object) => isTrue(object?.status?.conditions, 'Ready'));
  }

  async remove(kind: Kind, name: ObjectName): Promise<void> {
    await this.api.delete(kind, name);
    await this.until(kind, name, (object) => object === undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await this.clock.advance(600_000);
    await this.#running;
  }

  #account(account: string): AccountAws {
    const answer = async <T>(what: string, value: T): Promise<T> => {
      this.calls.push(`${account} ${what}`);
      const call = { service: 'iam', operation: what, account, region: 'eu-west-1', write: false } as const;
      await this.#answered(call);
      if (this.denied.has(`${account} ${what}`))
        throw new AwsFault(call, {
          kind: 'AccessDenied',
          code: 'AccessDenied',
          reason: 'no',
          retryable: false,
          outcomeUnknown: false,
        });
      return value;
    };
    return {
      account,
      region: 'eu-west-1',
      sts: { identity: async () => answer('identity', { arn: `arn:aws:iam::${account}:role/operator`, account }) },
      iam: {
        role: async (name: string) => answer(`role ${name}`, { id: `AROA${name}` }),
        principal: async (arn: string) =>
          answer(`principal ${arn}`, this.missing.has(arn) ? undefined : { id: `AROA${arn}` }),
      },
      lakeFormation: {
        settings: async () => answer('settings', { administrators: [], parameters: {} }),
        permissions: async () => answer('permissions', []),
        grant: async (grants: readonly LakeGrant[]) =>
          answer(
            'grant',
            grants.map((grant) => ({ grant })),
          ),
      },
      kms: { key: async (arn: string) => answer('key', { arn, state: 'Enabled' }) },
      s3: { bucketRegion: async () => answer('bucket', undefined) },
      glue: {
        tables: async () => answer('tables', []),
        table: async (_database: string, name: string) =>
          answer('table', { name, locations: [], columns: [], partitionKeys: [] }),
      },
      cloudFormation: { account, answer },
    } as unknown as AccountAws;
  }

  /** Once its account answers. */
  async #answered(call: AwsCall): Promise<void> {
    const work = callContext();
    const noLongerSlow = this.clock.after(SLOW_MS, () => work?.onSlow?.(call));
    while (this.silent.has(call.account)) await new Promise<void>((resolve) => this.clock.after(STEP_MS, resolve));
    noLongerSlow();
  }

  #deployer(): object {
    type Session = { readonly answer: (what: string, value: object) => Promise<object> };
    const outputs = {
      [stackOutputs.roleArn]: 'arn:aws:iam::111111111111:role/made',
      BucketName: 'made',
      KeyArn: 'arn:aws:kms:eu-west-1:111111111111:key/made',
    };
    const stack = (state: string) => ({ state, outputs, status: { name: 'stack' }, message: '', news: [] });
    return {
      locate: async ({ answer }: Session) => answer('locate', { outputs, name: 'stack' }),
      reconcile: async ({ answer }: Session, { name }: { name: string }) => answer(`stack ${name}`, stack('Deployed')),
      remove: async ({ answer }: Session) => answer('remove', stack('Deleted')),
      isGoing: async () => Promise.resolve(false),
      stands: async () => Promise.resolve(true),
    };
  }
}
