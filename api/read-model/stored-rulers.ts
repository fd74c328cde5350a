// What rights follow from as the database has it, as far as one object takes: for who has no stores that follow the API server.

import type { Database } from './database.ts';
import type { ProjectedObject } from './object-columns.ts';
import type { Projection } from './projection.ts';
import type { Rulers, RuledDataset, RuledEnvironment, RuledOrganization, RuledTeam } from './viewers.ts';

type ByName<T> = ReadonlyMap<string, T>;

/** @param object counts as it is here, whatever the database has of it */
export async function storedRulers(database: Database, { kind }: Projection, object: ProjectedObject): Promise<Rulers> {
  const environments = await readEnvironments(database, environmentsOf(kind.kind, object));
  const itself = <T>(of: string, stored: ByName<T>): ByName<T> =>
    kind.kind === of ? new Map([...stored, [object.metadata.name, object as unknown as T]]) : stored;
  const known = itself('Environment', environments);
  const organizations = await readOrganizations(
    database,
    [...known.values()].map(({ spec }) => spec.organization),
  );
  const ruling = itself('Organization', organizations);
  const teams = await readTeams(database, [...known.keys()]);
  const datasets = await readDatasets(database, [...known.keys()]);
  const withItself = <T extends { metadata: { uid: string; namespace: string } }>(
    of: string,
    stored: readonly T[],
    namespace: string,
  ): readonly T[] => {
    const here = stored.filter(({ metadata }) => metadata.namespace === namespace);
    if (kind.kind !== of || object.metadata.namespace !== namespace) return here;
    return [...here.filter(({ metadata }) => metadata.uid !== object.metadata.uid), object as unknown as T];
  };
  return {
    organization: (name) => ruling.get(name),
    environment: (name) => known.get(name),
    teams: (namespace) => withItself('Team', teams, namespace),
    datasets: (namespace) => withItself('Dataset', datasets, namespace),
  };
}

/** Names of those by which it is decided who may see the object. */
function environmentsOf(kind: string, { metadata, spec }: ProjectedObject): readonly string[] {
  const own = metadata.namespace ?? (kind === 'Environment' ? metadata.name : undefined);
  const asked =
    kind === 'ShareRequest' ? (spec as { datasetRef: { namespace: string } }).datasetRef.namespace : undefined;
  return [own, asked].filter((name) => name !== undefined);
}

async function readEnvironments(database: Database, names: readonly string[]): Promise<ByName<RuledEnvironment>> {
  if (names.length === 0) return new Map();
  const rows = await database.selectFrom('environment').select(['name', 'object']).where('name', 'in', names).execute();
  return new Map(rows.map(({ name, object }) => [name, object]));
}

async function readOrganizations(database: Database, names: readonly string[]): Promise<ByName<RuledOrganization>> {
  if (names.length === 0) return new Map();
  const rows = await database
    .selectFrom('organization')
    .select(['name', 'object'])
    .where('name', 'in', names)
    .execute();
  return new Map(rows.map(({ name, object }) => [name, object]));
}

async function readTeams(database: Database, namespaces: readonly string[]): Promise<readonly RuledTeam[]> {
  if (namespaces.length === 0) return [];
  const rows = await database.selectFrom('team').select('object').where('namespace', 'in', namespaces).execute();
  return rows.map(({ object }) => object);
}

/** Without the objects, which are large: who owns them and decides about them is in columns. */
async function readDatasets(database: Database, namespaces: readonly string[]): Promise<readonly RuledDataset[]> {
  if (namespaces.length === 0) return [];
  const rows = await database
    .selectFrom('dataset')
    .select(['uid', 'namespace', 'name', 'owner', 'stewards', 'deleting'])
    .where('namespace', 'in', namespaces)
    .execute();
  return rows.map(({ uid, namespace, name, owner, stewards, deleting }) => {
    const metadata = { uid, namespace, name, ...(deleting !== null && { deletionTimestamp: deleting.toISOString() }) };
    return { metadata, spec: { owner, stewards } } as unknown as RuledDataset;
  });
}
