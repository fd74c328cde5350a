// Facts about who has access to a dataset, of the objects that stand in the cluster now: what the operator found given, what is consented to, and what is
// the owner's. Pure; operator/access/who-can-read.ts makes answers of them.

import type { AccessFact, FilterLookup, ReadingPrincipal, RecordedConsent } from '../../access/who-can-read.ts';
import { isUninvited } from '../../access/membership.ts';
import { annotations, labels } from '../../resources/annotations.ts';
import type { Dataset } from '../../resources/dataset.ts';
import type { DatasetTable } from '../../resources/dataset-table.ts';
import type { Environment } from '../../resources/environment.ts';
import type { ShareApproval } from '../../resources/share-approval.ts';
import type { ItemState, ShareRequest } from '../../resources/share-request.ts';
import type { Team } from '../../resources/team.ts';
import type { NamespacedName } from '../share-reference.ts';

/** Of one request for the dataset; `request` is undefined where it may not be read. */
export interface SeenShare {
  readonly name: NamespacedName;
  readonly request: ShareRequest | undefined;
  readonly approval: ShareApproval | undefined;
}

export interface SeenDataset {
  readonly dataset: Dataset;
  /** Undefined where it may not be read. */
  readonly environment: Environment | undefined;
  /** Of its namespace. */
  readonly teams: readonly Team[];
  /** Of its namespace. */
  readonly tables: readonly DatasetTable[];
  readonly shares: readonly SeenShare[];
}

export const factsOf = ({ dataset, environment, teams, shares }: SeenDataset): readonly AccessFact[] => [
  ...owned(dataset, environment, teams),
  ...shares.flatMap(({ request, approval }) => [
    ...(request === undefined ? [] : granted(request, approval)),
    ...(approval === undefined ? [] : consented(approval, request)),
  ]),
];

/** As it is defined now: when it was last written, objects do not say. */
export const filtersOf =
  (tables: readonly DatasetTable[], dataset: NamespacedName, at: Date): FilterLookup =>
  (_, table, name) => {
    const filter = tables
      .filter(
        ({ metadata, spec }) =>
          metadata.namespace === dataset.namespace && spec.datasetRef.name === dataset.name && spec.table === table,
      ) // prettier-ignore
      .flatMap(({ spec }) => spec.filters ?? [])
      .find((one) => one.name === name);
    return filter && { filter, written: at };
  };

/** In these AWS may give the item, in the others it does not. */
const GIVEN: ReadonlySet<ItemState> = new Set(['Granted', 'Granting', 'Failed', 'Revoking']);

function granted({ metadata, spec, status }: ShareRequest, approval: ShareApproval | undefined): readonly AccessFact[] {
  const since = status.conditions?.find(({ type, status }) => type === 'Granted' && status === 'True');
  return (status.items ?? [])
    .filter(({ state }) => GIVEN.has(state))
    .map(({ kind, name, filters = [], state }) => ({
      evidence: 'Granted',
      principal: principalOf(spec.principal, metadata.namespace, spec.requester, status.principalArn),
      dataset: spec.datasetRef,
      request: { namespace: metadata.namespace, name: metadata.name },
      item: { kind, name },
      filters,
      permissions: status.permissions ?? [],
      consent: approval && consentOf(approval),
      from: new Date(since?.lastTransitionTime ?? metadata.creationTimestamp),
      until: undefined,
      state,
    }));
}

/** What is not asked for any more is consented to in vain; where the request may not be read, nobody knows. */
function consented(approval: ShareApproval, request: ShareRequest | undefined): readonly AccessFact[] {
  const { metadata, spec, status } = approval;
  if (spec.decision !== 'Approved' || !isBound(approval)) return [];
  const denied = new Set([...(spec.withdrawn ?? []), ...(spec.rejected ?? [])].map(keyOf));
  const asked = request && new Set(request.spec.items.map(keyOf));
  const { namespace, name } = spec.requestRef;
  const ends = [spec.expiresAt, status.boundTo?.expiresAt].flatMap((end) =>
    end === undefined ? [] : [Date.parse(end)],
  );
  return (spec.items ?? [])
    .filter((item) => !denied.has(keyOf(item)) && asked?.has(keyOf(item)) !== false)
    .map(({ kind, name: item, filters = [] }) => ({
      evidence: 'Consented',
      principal: principalOf(
        spec.principal,
        namespace,
        spec.requester,
        status.boundTo?.principalArn ?? spec.principal.arn,
      ),
      dataset: { namespace: metadata.namespace, name: spec.datasetRef.name },
      request: { namespace, name },
      item: { kind, name: item },
      filters,
      permissions: spec.permissions ?? [],
      consent: consentOf(approval),
      from: new Date(status.boundTo?.at ?? metadata.creationTimestamp),
      until: ends.length === 0 ? undefined : new Date(Math.min(...ends)),
    }));
}

const isBound = ({ status }: ShareApproval): boolean =>
  status.conditions?.some((one) => one.type === 'Bound' && one.status === 'True') === true;

const keyOf = ({ kind, name }: { readonly kind: string; readonly name: string }): string => `${kind} ${name}`;

const principalOf = (
  { kind, name }: Pick<ReadingPrincipal, 'kind' | 'name'>,
  namespace: string,
  group: string,
  arn: string | undefined,
): ReadingPrincipal => ({ kind, namespace, name, group, arn });

const consentOf = ({ metadata, spec, status }: ShareApproval): RecordedConsent => ({
  approver: status.boundTo?.approver ?? spec.approver,
  decidedBy: metadata.annotations?.[annotations.changedBy],
  automatic: metadata.labels?.[labels.autoApproved] === 'true',
  at: status.boundTo?.at === undefined ? undefined : new Date(status.boundTo.at),
  note: spec.reason,
  until: spec.expiresAt === undefined ? undefined : new Date(spec.expiresAt),
});

/** As `ownerRoleArns` of operator/access/dataset-baseline.ts: the dataset's role, that of the owner's environment, and that of the oldest team of the owner. */
function owned(dataset: Dataset, environment: Environment | undefined, teams: readonly Team[]): readonly AccessFact[] {
  const { namespace, name } = dataset.metadata;
  const group = dataset.spec.owner;
  const [team] = teams.filter(({ spec }) => spec.group === group).toSorted((a, b) => (ageOf(a) < ageOf(b) ? -1 : 1));
  const holders: readonly (readonly [ReadingPrincipal['kind'], string, string | undefined])[] = [
    ['Dataset', name, dataset.status.roleArn],
    ['Environment', namespace, environment?.spec.owner === group ? environment.status.defaultRole?.arn : undefined],
    ['Team', team?.metadata.name ?? '', isUninvited(team) ? undefined : team?.status.roleArn],
  ];
  return holders.flatMap(([kind, holder, arn]) =>
    arn === undefined
      ? []
      : [
          {
            evidence: 'Owned',
            principal: { kind, namespace, name: holder, group, arn },
            dataset: { namespace, name },
            from: new Date(dataset.metadata.creationTimestamp),
            until: undefined,
          } as const,
        ],
  );
}

const ageOf = ({ metadata }: Team): string => `${metadata.creationTimestamp} ${metadata.name}`;
