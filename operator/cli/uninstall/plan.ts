// What uninstalling means for what is there: what hinders it, what is done, and what stays. Pure.

import { MANAGED_BY } from '../../resources/annotations.ts';
import { kindNames, referenceText, type AnyObject, type KindName, type ObjectReference } from '../object-reference.ts';
import { referenceTo } from '../explain/seen-object.ts';

/** What is installed, as the caller may see it. */
export interface Installation {
  readonly objects: readonly AnyObject[];
  /** Names of our definitions that Helm removes with its release. */
  readonly definitionsThatGo: readonly string[];
  /** Deployments of the operator's namespace that are ours. */
  readonly deployments: readonly { readonly name: string; readonly replicas: number }[];
  /** Roles and bindings that the operator made from what objects say of who may do what. */
  readonly rights: readonly { readonly kind: string; readonly namespace?: string | undefined; readonly name: string }[];
  /** Of Helm; undefined: installed from manifests. */
  readonly release?: string | undefined;
  readonly namespace: string;
}

export interface UninstallChoices {
  /** All objects go, and with them all access that they gave. */
  readonly endAccess: boolean;
  /** Access with an end stays beyond it while no operator runs. */
  readonly leaveExpiring: boolean;
}

/** Why it is not done, and the one thing that lets it be. */
export interface Obstacle {
  readonly evidence: string;
  readonly fix: string;
}

export interface UninstallPlan {
  readonly obstacles: readonly Obstacle[];
  /** In this order, with the operator running: what is deleted first names what is deleted later. */
  readonly deletes: readonly ObjectReference[];
  readonly stops: readonly string[];
  readonly takes: Installation['rights'];
  /** What is left to do for who installed it: commands. */
  readonly last: readonly string[];
  readonly stays: readonly string[];
}

export function uninstallPlan(installation: Installation, choices: UninstallChoices): UninstallPlan {
  const { objects, deployments, rights, release, namespace } = installation;
  return {
    obstacles: choices.endAccess ? obstaclesToEnd(objects) : obstaclesToLeave(installation, choices),
    deletes: choices.endAccess ? deletionOrder(objects) : [],
    stops: deployments.filter(({ replicas }) => replicas > 0).map(({ name }) => name),
    takes: rights,
    last:
      release === undefined
        ? [
            'node_modules/.bin/node operator/resources/generate/print-manifests.ts --config config.yaml | kubectl delete --ignore-not-found -f -',
          ]
        : [`helm uninstall ${release} --namespace ${namespace}`],
    stays: staying(installation, choices),
  };
}

/** Of access that somebody took back already: an operator that stops now leaves it. */
function obstaclesToLeave(
  { objects, definitionsThatGo, release, namespace }: Installation,
  choices: UninstallChoices,
): readonly Obstacle[] {
  const unfinished = objects.filter((object) => object.metadata.deletionTimestamp !== undefined || isRevoking(object));
  const expiring = choices.leaveExpiring ? [] : objects.filter((object) => endOf(object) !== undefined);
  const [first] = definitionsThatGo;
  return [
    ...some(unfinished).map(({ count, names, one }) => ({
      evidence: `${count} are being ended, and what they gave would stay: ${names}`,
      fix: `dataall wait ${one.kind.toLowerCase()}/${one.namespace === undefined ? '' : `${one.namespace}/`}${one.name} --for delete, or dataall explain it`,
    })),
    ...some(expiring).map(({ count, names }) => ({
      evidence: `${count} have an end, and nobody would end them: ${names}`,
      fix: 'end them now (dataall revoke), or let them last: --leave-expiring',
    })),
    ...(first === undefined
      ? []
      : [
          {
            evidence: `${first} and ${definitionsThatGo.length - 1} other definitions go with release ${release ?? ''}, and all objects, and so all access, with them`,
            fix: `helm upgrade ${release ?? ''} --namespace ${namespace} --reuse-values --set crds.keep=true`,
          },
        ]),
  ];
}

function obstaclesToEnd(objects: readonly AnyObject[]): readonly Obstacle[] {
  const withData = objects.filter(({ kind, spec }) => (kind === 'Dataset' || kind === 'Environment') && spec.deletionPolicy === 'DeleteWithData'); // prettier-ignore
  return some(withData).map(({ count, names }) => ({
    evidence: `${count} would take their data with them: ${names}`,
    fix: 'set spec.deletionPolicy: Retain, or delete them by name first',
  }));
}

function some(objects: readonly AnyObject[]): readonly { count: number; names: string; one: ObjectReference }[] {
  const [first] = objects;
  if (first === undefined) return [];
  const named = objects.slice(0, 5).map((object) => referenceText(referenceTo(object)));
  return [{ count: objects.length, names: `${named.join(', ')}${objects.length > named.length ? ', ...' : ''}`, one: referenceTo(first) }]; // prettier-ignore
}

const isRevoking = (object: AnyObject): boolean =>
  object.kind === 'ShareRequest' &&
  (object.status.phase === 'Revoking' || (object.status.items ?? []).some(({ state }) => state === 'Revoking'));

function endOf(object: AnyObject): string | undefined {
  if (object.kind !== 'ShareRequest' || (object.status.granted ?? 0) === 0) return undefined;
  return object.status.expiresAt;
}

/** Who names others goes before them. The Tenant says who administers and stands for no access: it stays. */
const deletionOrder = (objects: readonly AnyObject[]): readonly ObjectReference[] =>
  objects
    .filter(({ kind }) => kind !== 'Tenant')
    .toSorted((a, b) => kindNames.indexOf(b.kind) - kindNames.indexOf(a.kind))
    .map(referenceTo);

function staying(
  { objects, deployments }: Installation,
  { endAccess, leaveExpiring }: UninstallChoices,
): readonly string[] {
  const counted = (kind: KindName): readonly string[] => {
    const count = objects.filter((object) => object.kind === kind).length;
    return count === 0 || (endAccess && kind !== 'Tenant') ? [] : [`${count} ${kind}${count === 1 ? '' : 's'}`];
  };
  const all = kindNames.flatMap(counted);
  const granted = objects.filter((object) => object.kind === 'ShareRequest' && (object.status.granted ?? 0) > 0).length;
  return [
    `the ${kindNames.length} definitions (kubectl get crd)${all.length === 0 ? '' : `, and ${all.join(', ')}`}`,
    ...(endAccess || granted === 0 ? [] : [`access of ${granted} shares, as it is in AWS: nothing heals it, and who takes consent back is not heard until ${MANAGED_BY} runs again`]), // prettier-ignore
    ...(leaveExpiring ? ['access whose end comes while nothing runs: it lasts until then'] : []),
    endAccess
      ? 'buckets, databases and stacks of what was to be retained, and in each account the role and the consent that its administrator gave'
      : 'everything in AWS: stacks, roles, policies and the consent of each account',
    ...(deployments.length === 0 ? [] : ["the gateway's database, with who could read what and when"]),
  ];
}
