// What AWS documents rest on beyond grants: filters, owners and their roles, how differences are treated. Whoever changes one of these
// changes what documents must say while every grant stays as it is, so the shares wake nothing. access/claims.ts lists it all.
import { isUninvited } from '../../access/membership.ts';
import { sourceOf } from '../../access/parties.ts';
import { formatDocumentKey, type DocumentKey } from '../../access/document-key.ts';
import { documentsOfShare } from '../../access/documents-of-share.ts';
import type { Specs } from '../../access/specs.ts';
import { isTrue } from '../../kernel/conditions.ts';
import { Priority, type Request, type Watch } from '../../kernel/runtime/reconciler.ts';
import type { Stores } from '../../kernel/cache/store.ts';
import { datasetKind, type Dataset } from '../../resources/dataset.ts';
import { datasetTableKind, type DatasetTable } from '../../resources/dataset-table.ts';
import { environmentKind, type Environment } from '../../resources/environment.ts';
import { teamKind, type Team } from '../../resources/team.ts';
import { documentsOf } from '../dataset/locations.ts';
import type { ObservedDocument } from '../reconcile/observed-document.ts';
import { watch } from '../reconcile/watch.ts';

interface DocumentWatchesOptions {
  readonly specs: Specs;
  readonly stores: Stores;
  readonly observed: { readonly get: (key: DocumentKey) => Pick<ObservedDocument, 'isUnread'> | undefined };
}

/** At the start shares, datasets and roles ask for every document of theirs; from then on changes count. */
export const documentWatches = ({ specs, stores, observed }: DocumentWatchesOptions): readonly Watch[] => [
  watch(datasetTableKind, (table, old, event) => {
    if (event === 'initial' || (event !== 'deleted' && same(tableFacts, table, old))) return [];
    const dataset = specs.dataset(table.metadata.namespace, table.spec.datasetRef.name);
    const catalog = ownDocuments(dataset).filter(({ kind }) => kind === 'catalog-grants');
    // The first object for a table makes nothing less, and must not hurry past decisions that are about to be complete.
    return requests(catalog, event === 'added' && isOnly(specs, table) ? Priority.normal : Priority.revocation);
  }),
  watch(datasetKind, (dataset, old) =>
    old === undefined || same(datasetFacts, dataset, old)
      ? []
      : requests(ownDocuments(dataset), ownDocuments(old).length === 0 ? Priority.normal : Priority.revocation),
  ),
  watch(teamKind, (team, old, event) => {
    if (old === undefined || (event !== 'deleted' && same(teamFacts, team, old))) return [];
    const { metadata, spec } = team;
    const owned = stores
      .get(datasetKind)
      .list(metadata.namespace)
      .filter(({ spec: { owner } }) => owner === spec.group);
    const isFirst = old.status.roleArn === undefined;
    return requests(owned.flatMap(ownDocuments), isFirst ? Priority.normal : Priority.revocation);
  }),
  watch(environmentKind, (environment, old) => {
    const isChanged = !same(environmentFacts, environment, old);
    if (old === undefined || !(isChanged || isMended(environment, old))) return [];
    const datasets = stores.get(datasetKind).list(environment.metadata.name);
    const shares = [
      ...datasets.flatMap(({ metadata }) => specs.sharesOfDataset(metadata.namespace, metadata.name)),
      ...specs.sharesOfEnvironment(environment.metadata.name),
    ];
    const { id, region } = environment.spec.account;
    const settings: DocumentKey = { kind: 'lake-settings', account: id, region };
    const touched = shares.flatMap((share) => documentsOfShare(specs, share)).filter(({ account }) => account === id);
    const owner = old.status.defaultRole?.arn;
    const takes = owner !== undefined && owner !== environment.status.defaultRole?.arn;
    const documents = [settings, ...datasets.flatMap(ownDocuments), ...touched];
    // An account that lets us in again: what could not be read need not wait for the end of its backoff.
    const concerned = isChanged ? documents : documents.filter((key) => observed.get(key)?.isUnread === true);
    return requests(concerned, takes ? Priority.revocation : Priority.normal);
  }),
];

/** A younger object for the same table counts once this one is going. */
const tableFacts = ({ metadata, spec }: DatasetTable): unknown => [spec.filters, metadata.deletionTimestamp];

/** Its folders are in the grants, its stewards and coOwners in no document. */
const datasetFacts = (dataset: Dataset): unknown => [
  dataset.spec.owner,
  dataset.status.roleArn,
  dataset.status.lakeFormation,
  dataset.status.before?.recordedAt,
  dataset.status.before?.statements,
  sourceOf(dataset),
];

const teamFacts = (team: Team): unknown => [team.status.roleArn, isUninvited(team)];

const environmentFacts = ({ spec, status }: Environment): unknown => [
  spec.remediation,
  status.id,
  status.pivotRole?.arn,
  status.defaultRole?.arn,
];

const isMended = (environment: Environment, old: Environment): boolean =>
  isTrue(environment.status.conditions, 'Ready') && !isTrue(old.status.conditions, 'Ready');

const same = <T>(facts: (object: T) => unknown, object: T, old: T | undefined): boolean =>
  old !== undefined && JSON.stringify(facts(object)) === JSON.stringify(facts(old));

const isOnly = (specs: Specs, { metadata, spec }: DatasetTable): boolean =>
  specs
    .datasetTablesOf(metadata.namespace, spec.datasetRef.name, spec.table)
    .every((other) => other.metadata.uid === metadata.uid);

const ownDocuments = (dataset: Dataset | undefined): readonly DocumentKey[] => {
  const at = dataset && sourceOf(dataset);
  return at === undefined ? [] : documentsOf({ ...at, glueDatabase: at.database });
};

const requests = (documents: readonly DocumentKey[], priority: number): readonly Request[] =>
  [...new Set(documents.map(formatDocumentKey))].map((key) => ({ key, priority }));
