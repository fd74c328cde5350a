// `dataall uninstall`: stops the operator so that access stays as both sides agreed, or ends all of it first; and says what stays.

import { deleteIfPresent, getIfPresent, type KubeApi } from '../../kernel/client/kube-api.ts';
import type { RbacObject } from '../../resources/authority/rbac.ts';
import { labels, MANAGED_BY } from '../../resources/annotations.ts';
import { leaseKind } from '../../kernel/lease.ts';
import { rbacKinds } from '../../kernel/rbac-kinds.ts';
import { definitionKind, deploymentKind, SYSTEM_NAMESPACE } from '../cluster-kinds.ts';
import { json, type End, type Root, type Surroundings } from '../command.ts';
import { parseDuration } from '../duration.ts';
import { CommandError } from '../exit-codes.ts';
import { anyKind, kindNames, kindNamed, referenceText, type ObjectReference } from '../object-reference.ts';
import { uninstallPlan, type Installation, type UninstallPlan } from '../uninstall/plan.ts';

const HELM = { release: 'meta.helm.sh/release-name', policy: 'helm.sh/resource-policy' } as const;

export const uninstallCommand = (root: Root, { connect, write, interrupted }: Surroundings, end: End): void => {
  root
    .command('uninstall')
    .description(
      'Stop data.all in this cluster: says what hinders it, what is done, what stays and the last command, and with --yes does it. Definitions, objects and access stay; whoever may write objects by our rights may not any more, because no policy would judge them.',
    )
    .option('--yes', 'do it, where nothing hinders it')
    .option('--end-access', 'delete all objects first, and so end all access that they gave')
    .option('--leave-expiring', 'although access that has an end outlasts it while no operator runs')
    .option('--timeout <duration>', 'for what is waited for, e.g. 10m', parseDuration, 600_000)
    .option('--system-namespace <namespace>', "the operator's", SYSTEM_NAMESPACE)
    .action(async (options, command) => {
      const { output, ...rest } = command.optsWithGlobals();
      await using cluster = await connect(rest);
      const { api } = cluster;
      const installation = await readInstallation(api, options.systemNamespace);
      const plan = uninstallPlan(installation, {
        endAccess: options.endAccess ?? false,
        leaveExpiring: options.leaveExpiring ?? false,
      });
      const isHindered = plan.obstacles.length > 0;
      const isDone = options.yes === true && !isHindered;
      if (isDone)
        await carryOut(api, plan, installation.namespace, AbortSignal.any([interrupted, AbortSignal.timeout(options.timeout)])); // prettier-ignore
      write(output === 'json' ? json({ ...plan, isDone }) : planText(plan, isDone));
      if (isHindered) end('stuck');
    });
};

/** All of it has to be seen: of what is hidden nobody could say that it is not in the way. */
async function readInstallation(api: KubeApi, namespace: string): Promise<Installation> {
  const [objects, definitions, deployments, rights] = await Promise.all([
    Promise.all(kindNames.map(async (kind) => (await api.list(anyKind(kind))).items)),
    api.list(definitionKind),
    api.list(deploymentKind, { namespace, labelSelector: 'app.kubernetes.io/part-of=dataall' }),
    Promise.all(
      Object.values(rbacKinds).map(
        async (kind) => (await api.list(kind, { labelSelector: `${labels.managedBy}=${MANAGED_BY}` })).items,
      ),
    ),
  ]);
  const ours = definitions.items.filter(({ metadata }) => kindNames.some((kind) => metadata.name === `${kindNamed[kind].plural}.${kindNamed[kind].group}`)); // prettier-ignore
  const release = [...deployments.items, ...ours].map(({ metadata }) => metadata.annotations?.[HELM.release]);
  return {
    objects: objects.flat(),
    definitionsThatGo: ours
      .filter(
        ({ metadata: { annotations = {} } }) =>
          annotations[HELM.release] !== undefined && annotations[HELM.policy] !== 'keep',
      )
      .map(({ metadata }) => metadata.name),
    deployments: deployments.items.map(({ metadata, spec }) => ({
      name: metadata.name,
      replicas: spec?.replicas ?? 1,
    })),
    rights: rights.flat().map(({ kind, metadata }) => ({ kind, namespace: metadata.namespace, name: metadata.name })),
    release: release.find((name) => name !== undefined),
    namespace,
  };
}

/** The order is the point: while rights are taken nobody makes them anew, and the policies are there until nobody has any. */
async function carryOut(api: KubeApi, plan: UninstallPlan, namespace: string, signal: AbortSignal): Promise<void> {
  try {
    for (const { kind, ...name } of plan.deletes) await deleteIfPresent(api, anyKind(kind), name, { signal });
    for (const reference of plan.deletes) await gone(api, reference, signal);
    for (const name of plan.stops)
      await api.patch(deploymentKind, { namespace, name }, { type: 'merge', body: { spec: { replicas: 0 } } }, { signal }); // prettier-ignore
    await nobodyLeads(api, namespace, signal);
    for (const { kind, ...name } of plan.takes)
      await deleteIfPresent(api, rbacKinds[kind as RbacObject['kind']], name, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new CommandError('timeout', 'it took too long, and what was done so far stays done: run it again', { cause: error }); // prettier-ignore
  }
}

/** While the operator runs: it lets an object go when AWS shows that nothing is left of what it gave. */
async function gone(
  api: KubeApi,
  { kind: kindName, namespace, name }: ObjectReference,
  signal: AbortSignal,
): Promise<void> {
  const kind = anyKind(kindName);
  const place = { ...(namespace !== undefined && { namespace }), fieldSelector: `metadata.name=${name}`, signal };
  while (true) {
    const { items, resourceVersion } = await api.list(kind, place);
    if (items.length === 0) return;
    for await (const event of api.watch(kind, { ...place, resourceVersion })) if (event.type === 'DELETED') return;
  }
}

/** Its Lease is given back, or has run out. */
async function nobodyLeads(api: KubeApi, namespace: string, signal: AbortSignal): Promise<void> {
  const place = { namespace, fieldSelector: `metadata.name=${MANAGED_BY}`, signal };
  for (let renewed: string | undefined; ;) {
    const lease = await getIfPresent(api, leaseKind, { namespace, name: MANAGED_BY }, { signal });
    const { holderIdentity = '', renewTime, leaseDurationSeconds = 15 } = lease?.spec ?? {};
    // Not renewed for as long as it lasts, by the time that passed here: clocks of others are not asked.
    if (lease === undefined || holderIdentity === '' || (renewed !== undefined && renewed === renewTime)) return;
    renewed = renewTime;
    const watched = api.watch(leaseKind, {
      ...place,
      resourceVersion: lease.metadata.resourceVersion,
      timeoutSeconds: leaseDurationSeconds + 1,
    });
    for await (const event of watched)
      if (event.type === 'DELETED' || (event.type !== 'BOOKMARK' && (event.object.spec?.holderIdentity ?? '') === '')) return; // prettier-ignore
  }
}

function planText(plan: UninstallPlan, isDone: boolean): string {
  const { obstacles, deletes, stops, takes, last, stays } = plan;
  const told = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`), ''];
  const does = [
    ...(deletes.length > 0
      ? [
          `${deletes.length} objects are deleted, and AWS is asked that nothing is left: ${deletes.slice(0, 3).map(referenceText).join(', ')}${deletes.length > 3 ? ', ...' : ''}`,
        ]
      : []),
    ...stops.map((name) => `deployment ${name} is scaled to 0`),
    ...(takes.length > 0 ? [`${takes.length} roles and bindings that the operator made are taken away`] : []),
  ];
  return [
    ...told(
      'In the way:',
      obstacles.flatMap(({ evidence, fix }) => [evidence, `  ${fix}`]),
    ),
    ...told(isDone ? 'Done:' : 'Would be done (--yes):', does),
    ...told('Then, as who installed it:', last),
    ...told('Stays:', stays),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}
