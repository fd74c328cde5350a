// What the specs say of datasets to whichever document holds something of them.
import { lakeFormationOf, type Dataset } from '../resources/dataset.ts';
import type { Environment } from '../resources/environment.ts';
import type { ShareRequest } from '../resources/share-request.ts';
import { grantsOf } from './consent.ts';
import { isUninvited } from './membership.ts';
import { oncePerObject } from './once-per-object.ts';
import type { DatasetBaseline, RemediationChoice } from './desired.ts';
import type { Grant } from './grant.ts';
import { decide } from './share-decision.ts';
import { sortedBy } from './sorted-by.ts';
import type { Specs } from './specs.ts';

/** A name alone does not make a document the dataset's: events of other accounts carry names of ours too. */
export const isAt =
  ({ account, region }: { readonly account: string; readonly region: string }) =>
  ({ status }: Dataset): boolean =>
    status.account === account && status.region === region;

/** Of an import, what its policies say is written down before they are changed. What was ready before that was, had been changed already. */
export const isRecorded = ({ spec, status }: Dataset): boolean =>
  spec.s3.origin === 'Create' || status.registration !== undefined || status.before?.statements !== undefined;

export const grantsOfDatasets = (specs: Specs, datasets: readonly Dataset[], now: number): readonly Grant[] =>
  datasets
    .flatMap(({ metadata }) => inOrder(specs.sharesOfDataset(metadata.namespace, metadata.name)))
    .flatMap((share) => grantsOf(decide(specs, share, now)));

/** The same list until a share in it changes: every document of the dataset asks for it. */
export const inOrder = oncePerObject((shares: readonly ShareRequest[]): readonly ShareRequest[] =>
  sortedBy(shares, ({ metadata }) => `${metadata.namespace}/${metadata.name}`),
);

/** Undefined until the Dataset controller has found or made what the dataset consists of. */
export const baselineOf = (specs: Specs, dataset: Dataset): DatasetBaseline | undefined => {
  const { metadata, spec, status } = dataset;
  const environment = specs.environment(metadata.namespace);
  const { id, bucket, roleArn } = status;
  if (id === undefined || bucket === undefined || roleArn === undefined || environment?.status.pivotRole === undefined)
    return undefined;
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    id,
    origin: spec.s3.origin,
    bucket,
    foreignSids: { bucket: status.before?.statements?.bucket ?? [], key: status.before?.statements?.key ?? [] },
    present: metadata.deletionTimestamp === undefined,
    pivotRoleArn: environment.status.pivotRole.arn,
    datasetRoleArn: roleArn,
    ownerRoleArns: ownerRoles(specs, dataset, environment),
    lakeFormation: lakeFormationInEffect(dataset),
    hybridAccess: hasHybridAccess(dataset),
  };
};

/**
 * Of a location that was registered without it, Lake Formation gives data to principals who never opted in, and would not any more.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-access-mode-update.html
 */
export const hasHybridAccess = (dataset: Dataset): boolean => {
  const { registration } = dataset.status.before ?? {};
  const wasWithout = registration?.registered === true && registration.hybridAccess !== true;
  return lakeFormationInEffect(dataset) === 'Hybrid' && !wasWithout;
};

/** Parts of it may be known, and have documents, before its status says which it is. */
export const lakeFormationInEffect = (dataset: Dataset): DatasetBaseline['lakeFormation'] =>
  dataset.status.lakeFormation ?? lakeFormationOf(dataset);

const ownerRoles = (specs: Specs, { metadata, spec }: Dataset, environment: Environment): readonly string[] => {
  const owner = spec.owner === environment.spec.owner ? environment.status.defaultRole?.arn : undefined;
  const team = specs.teamOfGroup(metadata.namespace, spec.owner);
  const role = isUninvited(team) ? undefined : team?.status.roleArn;
  return [...new Set([owner, role].flatMap((arn) => arn ?? []))].toSorted();
};

export const remediationOf = (specs: Specs, { metadata }: Dataset): RemediationChoice => ({
  remediation: specs.environment(metadata.namespace)?.spec.remediation ?? 'Repair',
});

export const administratorsOf = (specs: Specs, account: string, region: string): readonly string[] =>
  specs.environmentsOf(account, region).flatMap(({ status }) => status.pivotRole?.arn ?? []);

interface Named {
  readonly metadata: { readonly namespace: string; readonly name: string };
}

/** Whatever they give at the moment. */
export const sharesOfDatasets = (specs: Specs, datasets: readonly Named[]): readonly ShareRequest[] =>
  datasets.flatMap(({ metadata }) => specs.sharesOfDataset(metadata.namespace, metadata.name));
