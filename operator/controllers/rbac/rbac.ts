// Keeps Kubernetes RBAC equal to what the specs say about who may do what. One work item: everything is compiled together.
import type { Kind, KubeObject, Stored } from '../../kernel/kind.ts';
import { deleteIfPresent, isKubeError, type KubeApi, type KubeFailureReason } from '../../kernel/client/kube-api.ts';
import {
  done,
  transient,
  type ControllerDefinition,
  type ReconcileContext,
  type Result,
  type Watch,
} from '../../kernel/runtime/reconciler.ts';
import { inTurns, Turns } from '../../kernel/turns.ts';
import { labels, MANAGED_BY } from '../../resources/annotations.ts';
import { compileByObject, type RbacInputs } from '../../resources/authority/compile.ts';
import type { Installation } from '../../resources/authority/installation.ts';
import { objectSets } from '../../resources/authority/permission-sets.ts';
import { rbacKey, rbacSteps, type ObservedRbac, type RbacStep } from '../../resources/authority/rbac-steps.ts';
import { RbacPlaces, type PlacedRbac, type RbacObject } from '../../resources/authority/rbac.ts';
import { datasetKind } from '../../resources/dataset.ts';
import { environmentKind, type Environment } from '../../resources/environment.ts';
import { membersOf, organizationKind, type Organization } from '../../resources/organization.ts';
import { teamKind } from '../../resources/team.ts';
import { tenantKind } from '../../resources/tenant.ts';
import { datasetController } from '../dataset/dataset.ts';
import { quotaExceeded } from '../reconcile/owner-quota.ts';
import type { Platform } from '../reconcile/platform.ts';
import { rbacKinds } from '../../kernel/rbac-kinds.ts';
import { ALL_RIGHTS, rbacController } from './controller-name.ts';
import { watch } from '../reconcile/watch.ts';
import type { Caches } from '../reconcile/specs.ts';

/** Many objects change together; their rights are written once. */
const BATCH_MS = 50;

export const defineRbacController = (platform: Platform, caches: Caches): ControllerDefinition => {
  const { stores, api, rights, config } = platform;
  // Only what we made: rights that others give are nobody's business here.
  for (const kind of Object.values(rbacKinds))
    caches.cache(kind, { labelSelector: `${labels.managedBy}=${MANAGED_BY}` });

  const counts = (object: Stored<Organization> | Stored<Environment>): boolean =>
    quotaExceeded(stores, object) === undefined;

  const reconcile = async (_key: string, context: ReconcileContext): Promise<Result> => {
    const inputs = {
      tenant: stores.get(tenantKind).get(undefined, 'default'),
      // What is one too many of its owner gives nobody any right.
      organizations: stores.get(organizationKind).list().filter(counts),
      environments: stores.get(environmentKind).list().filter(counts),
      teams: stores.get(teamKind).list(),
      datasets: rights.givers(stores.get(datasetKind).list()),
    };
    const placed = await place(inputs, config.authority);
    const observed = Object.values(rbacKinds).flatMap((kind): readonly ObservedRbac[] => stores.get(kind).list());
    const desired = placed.map(({ object }) => object);
    const steps = await inTurns(rbacSteps(observed, desired), GRANTS_A_TURN);
    const failures = await take(steps, api, context);
    const failed = new Map(failures.map(({ key, message }) => [key, message]));
    const refusals = placed.flatMap((one) => {
      const message = failed.get(rbacKey(one.object));
      if (message === undefined) return [];
      return giversOf(inputs, one, config.authority.groupPrefix).map((giver) => ({ giver, message }));
    });
    const { tenant, organizations, environments, teams, datasets } = inputs;
    rights.markApplied([...organizations, ...environments, ...teams, ...datasets]);
    const changed = rights.refuse(new Map(refusals.map(({ giver, message }) => [giver.metadata.uid, message])));
    for (const giver of [...(tenant === undefined ? [] : [tenant]), ...organizations, ...environments, ...datasets])
      if (changed.has(giver.metadata.uid)) wake(platform, giver);
    const [first] = failures;
    return first === undefined ? done : transient(first.reason, first.message);
  };

  const any = (kind: Kind): Watch => watch(kind, () => [{ key: ALL_RIGHTS, afterMs: BATCH_MS }]);
  return {
    name: rbacController,
    watches: [tenantKind, organizationKind, environmentKind, teamKind, datasetKind]
      .map((kind) =>
        watch(kind as Kind, (object, old) =>
          old !== undefined && rightsOf(old) === rightsOf(object) ? [] : [{ key: ALL_RIGHTS, afterMs: BATCH_MS }],
        ),
      )
      .concat(Object.values(rbacKinds).map(any)),
    maxConcurrentReconciles: 1,
    reconcile,
  };
};

/** Some thousand groups are some milliseconds. */
const GRANTS_A_TURN = 1_000;

const place = async (
  inputs: RbacInputs,
  installation: Pick<Installation, 'groupPrefix'>,
): Promise<readonly PlacedRbac[]> => {
  const turns = new Turns(GRANTS_A_TURN);
  const places = new RbacPlaces();
  for (const grants of compileByObject(inputs)) {
    places.add(grants);
    await turns.piece(grants.length);
  }
  const placed: PlacedRbac[] = [];
  for (const some of places.objects(installation)) {
    placed.push(...some);
    await turns.piece(some.reduce((sum, { object }) => sum + ('subjects' in object ? object.subjects.length : 1), 0));
  }
  return placed;
};

interface Failure {
  readonly key: string;
  readonly reason: string;
  /** With the object that it is about. */
  readonly message: string;
}

/** In grants; comparing one with what is there costs as much as making it. */
const sizeOf = ({ object }: RbacStep): number =>
  'subjects' in object && object.subjects !== undefined ? object.subjects.length : 1;

/** What the next request would meet as well. */
const NO_ANSWER: readonly KubeFailureReason[] = ['Unavailable', 'Timeout', 'Unauthorized'];

/** One that the API server refuses keeps none of the others from being as they should. @throws when it does not answer at all */
const take = async (
  steps: readonly RbacStep[],
  api: KubeApi,
  { writer, log, signal }: ReconcileContext,
): Promise<readonly Failure[]> => {
  const failures: Failure[] = [];
  const turns = new Turns(GRANTS_A_TURN);
  for (const step of steps) {
    const kind = rbacKinds[step.object.kind as RbacObject['kind']];
    await turns.piece(sizeOf(step));
    try {
      if (step.type === 'apply') await writer.apply(kind, step.object);
      else {
        log.info({ object: rbacKey(step.object) }, 'rights end');
        await deleteIfPresent(api, kind, step.object.metadata);
      }
    } catch (error) {
      if (signal.aborted || !isKubeError(error) || NO_ANSWER.includes(error.reason)) throw error;
      const message = `${step.object.kind} ${step.object.metadata.name}: ${error.message}`;
      log.error({ object: rbacKey(step.object), reason: error.reason }, message);
      failures.push({ key: rbacKey(step.object), reason: error.reason, message });
    }
  }
  return failures;
};

/** An object whose spec gives rights. */
interface Giver {
  readonly kind: string;
  readonly metadata: {
    readonly uid: string;
    readonly generation?: number;
    readonly namespace?: string;
    readonly name: string;
  };
}

interface Givers {
  readonly tenant: Giver | undefined;
  readonly organizations: readonly (Giver & Pick<Organization, 'spec'>)[];
  readonly environments: readonly Giver[];
  readonly datasets: readonly Giver[];
}

/** Whose spec it is that the rights in an RBAC object follow from. */
const giversOf = (from: Givers, { object, grant }: PlacedRbac, groupPrefix: string): readonly Giver[] => {
  const { tenant, organizations, environments, datasets } = from;
  switch (grant.scope) {
    case 'Cluster': {
      if (grant.set !== 'account-linker') return tenant === undefined ? [] : [tenant];
      const names = new Set('subjects' in object ? object.subjects.map(({ name }) => name) : []);
      return organizations.filter((one) => membersOf(one).some((group) => names.has(groupPrefix + group)));
    }
    case 'Namespace':
      return environments.filter(({ metadata }) => metadata.name === grant.namespace);
    case 'Object': {
      const byResource: Readonly<Record<string, readonly Giver[]>> = { organizations, environments, datasets };
      return (byResource[objectSets[grant.set].resource] ?? []).filter(
        ({ metadata }) => metadata.name === grant.name && metadata.namespace === grant.namespace,
      );
    }
  }
};

const wake = ({ enqueue }: Platform, { kind, metadata }: Giver): void => {
  if (kind === 'Dataset') enqueue(datasetController, `${metadata.namespace}/${metadata.name}`);
  else enqueue(kind.toLowerCase(), metadata.name);
};

/** What rights follow from: the spec, the end of the object, and whether its namespace is there. */
const rightsOf = (object: KubeObject): string => {
  const { metadata, status } = object as KubeObject & { status?: { namespace?: unknown } };
  return JSON.stringify([metadata.generation, metadata.deletionTimestamp, status?.namespace]);
};
