// Reads what stands behind the shares that manifests are about, and lays the manifests over it.

import { partiesOf, type SharePrincipal } from '../../access/parties.ts';
import { isKubeError, type KubeApi } from '../../kernel/client/kube-api.ts';
import type { Kind, KubeObject, ObjectName, Stored } from '../../kernel/kind.ts';
import { consumptionRoleKind } from '../../resources/consumption-role.ts';
import { datasetKind } from '../../resources/dataset.ts';
import { environmentKind } from '../../resources/environment.ts';
import { approvalName } from '../../resources/names.ts';
import { shareApprovalKind, type ShareApprovalSpec } from '../../resources/share-approval.ts';
import { shareRequestKind, type ShareRequest, type ShareRequestSpec } from '../../resources/share-request.ts';
import { teamKind } from '../../resources/team.ts';
import { CommandError } from '../exit-codes.ts';
import type { WrittenObject } from '../manifests/read-files.ts';
import { kindNamed, referenceText } from '../object-reference.ts';
import { referenceOf } from '../restore/plan.ts';
import type { NamespacedName } from '../share-reference.ts';
import { shareChange, type ShareChange, type ShareSpecs } from './changes.ts';

const UNSEEN = 'the request is not there, or you may not read it: what both sides agree to cannot be said';

/** @param isDeleted the manifests are to be deleted */
export async function readShareChanges(
  api: KubeApi,
  manifests: readonly WrittenObject[],
  isDeleted: boolean,
  now: number,
): Promise<readonly ShareChange[]> {
  const written = new Map(manifests.map((one) => [referenceText(referenceOf(one)), one]));
  const names = new Map(manifests.flatMap(requestOf).map((name) => [`${name.namespace}/${name.name}`, name]));
  return await Promise.all(
    [...names].map(async ([share, name]) => {
      const request = await look(api, shareRequestKind, name);
      const requestManifest = written.get(referenceText({ kind: 'ShareRequest', ...name }));
      const spec = request?.spec ?? (requestManifest && specOf<ShareRequestSpec>(requestManifest));
      if (spec === undefined) return { share, gives: [], takes: [], documents: [], unknown: UNSEEN };
      const place = { namespace: spec.datasetRef.namespace, name: approvalName(name) };
      const approval = await look(api, shareApprovalKind, place);
      const approvalManifest = written.get(referenceText({ kind: 'ShareApproval', ...place }));
      const before: ShareSpecs = { request: request?.spec, approval: approval?.spec };
      const over = <Spec>(manifest: WrittenObject | undefined, is: Spec | undefined): Spec | undefined =>
        manifest === undefined ? is : isDeleted ? undefined : specOf<Spec>(manifest);
      const after: ShareSpecs = {
        request: over(requestManifest, before.request),
        approval: over<ShareApprovalSpec>(approvalManifest, before.approval),
      };
      return shareChange(share, before, after, await parties(api, name, spec), now);
    }),
  );
}

/** Which request a manifest is about. */
function requestOf({ kind, metadata, spec }: WrittenObject): readonly NamespacedName[] {
  if (kind === 'ShareRequest') return [{ namespace: metadata.namespace ?? '', name: metadata.name }];
  if (kind !== 'ShareApproval') return [];
  const { requestRef } = spec as unknown as ShareApprovalSpec;
  return [{ namespace: requestRef.namespace, name: requestRef.name }];
}

/** With defaults, as the API server would store it. @throws CommandError `failed` */
export function specOf<Spec>(manifest: WrittenObject): Spec {
  const { data, error } = kindNamed[manifest.kind].spec.safeParse(manifest.spec);
  const [issue] = error?.issues ?? [];
  if (issue !== undefined)
    throw new CommandError('failed', `${referenceText(referenceOf(manifest))}: ${issue.path.map(String).join('.')}: ${issue.message}`); // prettier-ignore
  return data as Spec;
}

async function parties(api: KubeApi, { namespace, name }: NamespacedName, spec: ShareRequestSpec) {
  const role = { namespace, name: spec.principal.name };
  const [dataset, consumer, principal] = await Promise.all([
    look(api, datasetKind, spec.datasetRef),
    look(api, environmentKind, { name: namespace }),
    spec.principal.kind === 'Team'
      ? look(api, teamKind, role).then((team): SharePrincipal | undefined => team && { kind: 'Team', team })
      : look(api, consumptionRoleKind, role).then((found): SharePrincipal | undefined => found && { kind: 'ConsumptionRole', role: found }), // prettier-ignore
  ]);
  // Of a request that is not there yet only its namespace is asked for.
  const request = { metadata: { namespace, name }, spec } as unknown as ShareRequest;
  return partiesOf({ request, dataset, consumer, principal });
}

/** Undefined also where the caller may not see it. */
async function look<T extends KubeObject>(
  api: KubeApi,
  kind: Kind<T>,
  name: ObjectName,
): Promise<Stored<T> | undefined> {
  try {
    return await api.get(kind, name);
  } catch (error) {
    if (isKubeError(error, 'NotFound', 'Forbidden')) return undefined;
    throw error;
  }
}
