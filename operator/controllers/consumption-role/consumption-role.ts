// ConsumptionRole: makes sure that the role or user exists and is the one that was claimed, and keeps its unique id before our eyes.
import { formatDocumentKey } from '../../access/document-key.ts';
import { sharePoliciesKeyOf } from '../../access/documents-of-share.ts';
import type { AccountAws } from '../../aws/account.ts';
import type { IamPrincipal } from '../../aws/services/iam.ts';
import type { ConditionInput } from '../../kernel/conditions.ts';
import { objectKey, type Stored } from '../../kernel/kind.ts';
import type { ControllerDefinition, ReconcileContext, Watch } from '../../kernel/runtime/reconciler.ts';
import { consumptionRoleKind, type ConsumptionRole } from '../../resources/consumption-role.ts';
import { environmentKind, type Environment } from '../../resources/environment.ts';
import { shareRequestKind } from '../../resources/share-request.ts';
import { documentController } from '../aws-document/controller-names.ts';
import { perEnvironment } from '../reconcile/concurrency.ts';
import { groupsAround } from '../reconcile/known-groups.ts';
import { idOf, idTaken, principalKinds, whenIdIsFree } from '../reconcile/object-id.ts';
import { asReconciler, type ObjectReconciler, type StatusFields } from '../reconcile/object-reconciler.ts';
import {
  fingerprintOf,
  ObservationCache,
  ownUpdatePriority,
  statusOnlyPriority,
} from '../reconcile/observation-cache.ts';
import type { Platform } from '../reconcile/platform.ts';
import { principalRefused, whenPrincipalIsFree } from '../reconcile/principal-claims.ts';
import { blocked, ready, retryable, type ReconcileOutcome } from '../reconcile/reconcile-outcome.ts';
import { unknownOwner } from '../reconcile/unknown-words.ts';
import { givenShares } from '../reconcile/share-decisions.ts';
import { sharesInUse } from '../reconcile/usage.ts';
import { watch } from '../reconcile/watch.ts';
import { attachmentsOf } from './attachments.ts';
import { finalizeConsumptionRole } from './finalize.ts';

/** A re-created role is seen by event within seconds where events arrive, and by this at the latest. */
const LOOK_AGAIN_MS = 30 * 60_000;

export const defineConsumptionRoleController = (platform: Platform): ControllerDefinition => ({
  name: 'consumptionrole',
  watches: watchesOf(platform),
  ...perEnvironment,
  reconcile: asReconciler(platform, new ConsumptionRoleReconciler(platform)),
});

type RoleOutcome = ReconcileOutcome<ConsumptionRole>;

class ConsumptionRoleReconciler implements ObjectReconciler<ConsumptionRole> {
  readonly kind = consumptionRoleKind;
  readonly #platform: Platform;
  readonly #observations = new ObservationCache<IamPrincipal>();

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  async reconcile(role: Stored<ConsumptionRole>, context: ReconcileContext): Promise<RoleOutcome> {
    const { specs, stores } = this.#platform;
    const { namespace } = role.metadata;
    const taken = idTaken(stores, principalKinds, role);
    if (taken !== undefined) return blocked('IdTaken', taken);
    const environment = specs.environment(namespace);
    if (environment === undefined)
      return blocked('EnvironmentNotFound', `namespace ${namespace} belongs to no Environment`);
    const aws = this.#platform.accountOf(environment);
    if (aws === undefined) return blocked('EnvironmentNotReady', `environment ${namespace} is not linked yet`);
    return this.#refusal(role, environment) ?? (await this.#observe(role, environment, aws, context));
  }

  finalize(role: Stored<ConsumptionRole>, context: ReconcileContext): RoleOutcome | undefined {
    return finalizeConsumptionRole(this.#platform, role, context);
  }

  failed(error: unknown): RoleOutcome {
    return retryable(error, (reason) => (reason === 'PivotRoleUnreachable' ? 'EnvironmentNotReady' : reason));
  }

  /** What no ConsumptionRole may name, beyond what the schema refuses. */
  #refusal(role: ConsumptionRole, { spec }: Environment): RoleOutcome | undefined {
    const arn = role.spec.principalArn;
    const { id: account } = spec.account;
    if (accountOf(arn) !== account)
      return blocked(
        'ForeignAccount',
        `${arn} is not in account ${account} of this environment: name a role of that account`,
      );
    const refused = principalRefused(this.#platform.specs, arn, role);
    return refused && blocked(refused.reason, refused.message);
  }

  async #observe(
    role: Stored<ConsumptionRole>,
    environment: Environment,
    aws: AccountAws,
    context: ReconcileContext,
  ): Promise<RoleOutcome> {
    const { principalArn } = role.spec;
    const key = objectKey(role.metadata);
    const fingerprint = fingerprintOf(role, environment.status.pivotRole?.arn);
    const known = this.#observations.get(key, fingerprint, context);
    if (known !== undefined) return ready({ principalId: known.answer.id }, known.goodForMs);
    const principal = await aws.iam.principal(principalArn);
    if (principal === undefined)
      return blocked('PrincipalNotFound', `${principalArn} does not exist: create it, or delete this ConsumptionRole`, {
        lookAgainMs: 60_000,
      });
    const ms = LOOK_AGAIN_MS * (1 - this.#platform.random() / 10);
    this.#observations.set(key, fingerprint, principal, context.now() + ms);
    return ready({ principalId: principal.id }, ms);
  }

  async statusOf(
    role: Stored<ConsumptionRole>,
    { reason, status: found }: RoleOutcome,
    now: number,
  ): Promise<StatusFields<ConsumptionRole>> {
    const { specs } = this.#platform;
    const { metadata, spec, status } = role;
    const shares = specs.sharesOfPrincipal(metadata.namespace, 'ConsumptionRole', metadata.name);
    return {
      id: isDeleted(role) ? status.id : reason === 'IdTaken' ? undefined : idOf(role),
      account: accountOf(spec.principalArn),
      // The last id that was seen stays while AWS cannot be asked: forgetting it would end access for nothing.
      principalId: found.principalId ?? (reason === 'PrincipalNotFound' ? undefined : status.principalId),
      policies: attachmentsOf(this.#platform, role).policies,
      ...sharesInUse(await givenShares(specs, shares, now)),
    };
  }

  conditionsOf(role: Stored<ConsumptionRole>): readonly ConditionInput[] {
    if (isDeleted(role)) return [];
    const { condition } = attachmentsOf(this.#platform, role);
    const warnings = unknownOwner(role, groupsAround(this.#platform, role.metadata.namespace));
    return condition === undefined ? warnings : [condition, ...warnings];
  }

  /** Whoever is Ready has its policies looked at: that run reads the unique id from the status. */
  onStatusWritten({ spec }: ConsumptionRole, { type }: RoleOutcome, { priority }: ReconcileContext): void {
    const { observed, enqueue } = this.#platform;
    const document = sharePoliciesKeyOf(spec.principalArn);
    if (type === 'Ready' && observed.get(document) === undefined && !observed.isUnderWay(document))
      enqueue(documentController, formatDocumentKey(document), { priority });
  }

  forget(key: string): void {
    this.#observations.delete(key);
  }
}

const isDeleted = ({ metadata }: ConsumptionRole): boolean => metadata.deletionTimestamp !== undefined;

const accountOf = (arn: string): string => arn.split(':')[4] ?? '';

const watchesOf = ({ specs, stores }: Platform): readonly Watch[] => [
  watch(consumptionRoleKind, (role, old, event) => [
    { key: objectKey(role.metadata), ...ownUpdatePriority(role, old, event) },
  ]),
  ...whenIdIsFree(stores, consumptionRoleKind, principalKinds),
  ...whenPrincipalIsFree(specs, 'ConsumptionRole'),
  watch(environmentKind, ({ metadata, status }, old) =>
    old !== undefined && old.status.pivotRole?.arn === status.pivotRole?.arn
      ? []
      : stores
          .get(consumptionRoleKind)
          .list(metadata.name)
          .map((role) => ({ key: objectKey(role.metadata) })),
  ),
  watch(shareRequestKind, ({ metadata, spec }, _old, event) => {
    if (spec.principal.kind !== 'ConsumptionRole') return [];
    const { name } = spec.principal;
    // A share that needs the unique id of the principal waits for a look at AWS.
    const isKnown = specs.consumptionRole(metadata.namespace, name)?.status.principalId !== undefined;
    return [
      {
        key: objectKey({ namespace: metadata.namespace, name }),
        afterMs: 500,
        ...(isKnown && statusOnlyPriority(event)),
      },
    ];
  }),
];
