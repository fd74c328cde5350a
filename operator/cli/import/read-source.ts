// Reads a running data.all 2.9, as the person whose token it is.

import { CommandError } from '../exit-codes.ts';
import { dataOf, type AskGateway, type Gateway } from '../gateway.ts';
import type { Source, SourceDataset, SourceEnvironment, SourceFilter, SourceGroup, SourceItem, SourceOrganization, SourcePrincipal, SourceShare, Text } from './source.ts'; // prettier-ignore

const PAGE_SIZE = 100;

interface Page<Node> {
  readonly hasNext: boolean | null;
  readonly nodes: readonly (Node | null)[] | null;
}

const QUERIES = {
  organizations: `query listOrganizations($page: Int, $size: Int) { page: listOrganizations(filter: {page: $page, pageSize: $size}) { hasNext nodes {
    organizationUri label description tags SamlGroupName } } }`,
  organizationGroups: `query listOrganizationGroups($uri: String!, $page: Int, $size: Int) {
    page: listOrganizationGroups(organizationUri: $uri, filter: {page: $page, pageSize: $size}) { hasNext nodes { groupUri } } }`,
  organizationPermissions: `query listOrganizationGroupPermissions($uri: String!, $group: String!) {
    permissions: listOrganizationGroupPermissions(organizationUri: $uri, groupUri: $group) { name } }`,
  environments: `query listEnvironments($page: Int, $size: Int) { page: listEnvironments(filter: {page: $page, pageSize: $size}) { hasNext nodes {
    environmentUri label description tags AwsAccountId region SamlGroupName resourcePrefix EnvironmentDefaultIAMRoleArn PermissionsBoundaryPolicyArn
    organization { organizationUri } } } }`,
  environmentGroups: `query listEnvironmentGroups($uri: String!, $page: Int, $size: Int) {
    page: listEnvironmentGroups(environmentUri: $uri, filter: {page: $page, pageSize: $size}) { hasNext nodes {
    groupUri environmentIAMRoleArn environmentPermissions(environmentUri: $uri) { name } } } }`,
  principals: `query listEnvironmentConsumptionPrincipals($uri: String!, $page: Int, $size: Int) {
    page: listEnvironmentConsumptionPrincipals(environmentUri: $uri, filter: {page: $page, pageSize: $size}) { hasNext nodes {
    consumptionPrincipalUri consumptionPrincipalName groupUri IAMPrincipalArn dataallManaged } } }`,
  datasets: `query listDatasets($page: Int, $size: Int) { page: listDatasets(filter: {page: $page, pageSize: $size}) { hasNext nodes {
    datasetUri datasetType label } } }`,
  dataset: `query getDataset($uri: String!) { dataset: getDataset(datasetUri: $uri) {
    datasetUri label description tags SamlAdminGroupName stewards topics confidentiality language autoApprovalEnabled
    enableExpiration expirySetting expiryMinDuration expiryMaxDuration environment { environmentUri }
    restricted { S3BucketName GlueDatabaseName IAMDatasetAdminRoleArn KmsAlias } } }`,
  tables: `query getDatasetTables($uri: String!, $page: Int, $size: Int) { dataset: getDataset(datasetUri: $uri) {
    page: tables(filter: {page: $page, pageSize: $size}) { hasNext nodes { tableUri name description } } } }`,
  locations: `query getDatasetLocations($uri: String!, $page: Int, $size: Int) { dataset: getDataset(datasetUri: $uri) {
    page: locations(filter: {page: $page, pageSize: $size}) { hasNext nodes { locationUri name description S3Prefix } } } }`,
  filters: `query listTableDataFilters($uri: String!, $page: Int, $size: Int) {
    page: listTableDataFilters(tableUri: $uri, filter: {page: $page, pageSize: $size}) { hasNext nodes {
    filterUri label filterType includedCols rowExpression } } }`,
  sharesToMe: `query getShareRequestsToMe($page: Int, $size: Int) { page: getShareRequestsToMe(filter: {page: $page, pageSize: $size}) { hasNext nodes { shareUri } } }`,
  sharesFromMe: `query getShareRequestsFromMe($page: Int, $size: Int) { page: getShareRequestsFromMe(filter: {page: $page, pageSize: $size}) { hasNext nodes { shareUri } } }`,
  share: `query getShareObject($uri: String!) { share: getShareObject(shareUri: $uri) {
    shareUri status requestPurpose expiryDate datasetUri group permissions environment { environmentUri }
    principal { principalType principalId } } }`,
  items: `query getShareItems($uri: String!, $page: Int, $size: Int) { share: getShareObject(shareUri: $uri) {
    page: items(filter: {page: $page, pageSize: $size}) { hasNext nodes { itemUri itemType itemName status attachedDataFilterUri } } } }`,
  attached: `query getShareItemDataFilters($uri: String!) { attached: getShareItemDataFilters(attachedDataFilterUri: $uri) { dataFilterUris } }`,
} as const;

type QueryName = keyof typeof QUERIES;

type Permissions = readonly ({ readonly name: string } | null)[] | null;

/** One after the other: somebody else's production system answers. @throws CommandError for what is refused as a whole */
export async function readSource(gateway: Gateway, ask: AskGateway): Promise<Source> {
  const reader = new SourceReader(gateway, ask);
  const organizations = await reader.organizations();
  const environments = await reader.environments();
  const datasets = await reader.datasets();
  return { organizations, environments, datasets, shares: await reader.shares(), unread: reader.unread };
}

class SourceReader {
  readonly unread: { what: string; why: string }[] = [];
  readonly #gateway: Gateway;
  readonly #ask: AskGateway;

  constructor(gateway: Gateway, ask: AskGateway) {
    this.#gateway = gateway;
    this.#ask = ask;
  }

  async organizations(): Promise<readonly SourceOrganization[]> {
    const found: SourceOrganization[] = [];
    for (const one of await this.#all<Omit<SourceOrganization, 'groups'>>('organizations')) {
      const uri = one.organizationUri;
      const groups = await this.#attempt(`groups of organization ${one.label ?? uri}`, async () => {
        const invited: SourceGroup[] = [];
        for (const { groupUri } of await this.#all<{ readonly groupUri: Text }>('organizationGroups', { uri })) {
          const answer = await this.#one<{ readonly permissions: Permissions }>('organizationPermissions', { uri, group: groupUri }); // prettier-ignore
          invited.push({ groupUri, permissions: namesOf(answer.permissions) });
        }
        return invited;
      });
      found.push({ ...one, groups: groups ?? [] });
    }
    return found;
  }

  async environments(): Promise<readonly SourceEnvironment[]> {
    type Group = Omit<SourceEnvironment['groups'][number], 'permissions'> & { readonly environmentPermissions: Permissions }; // prettier-ignore
    const found: SourceEnvironment[] = [];
    for (const one of await this.#all<Omit<SourceEnvironment, 'groups' | 'principals'>>('environments')) {
      const uri = one.environmentUri;
      const name = one.label ?? uri;
      const groups = await this.#attempt(
        `groups of environment ${name}`,
        async () =>
        (await this.#all<Group>('environmentGroups', { uri })).map(({ environmentPermissions, ...group }) => ({ ...group, permissions: namesOf(environmentPermissions) })), // prettier-ignore
      );
      const principals = await this.#attempt(
        `consumption roles of environment ${name}`,
        async () => await this.#all<SourcePrincipal>('principals', { uri }),
      );
      found.push({ ...one, groups: groups ?? [], principals: principals ?? [] });
    }
    return found;
  }

  async datasets(): Promise<readonly SourceDataset[]> {
    type Listed = { readonly datasetUri: string; readonly datasetType: Text; readonly label: Text };
    const found: SourceDataset[] = [];
    for (const { datasetUri: uri, datasetType, label } of await this.#all<Listed>('datasets')) {
      const what = `dataset ${label ?? uri}`;
      if (/redshift/i.test(datasetType ?? '')) {
        this.unread.push({ what, why: 'it is in Redshift, which this version does not share' });
        continue;
      }
      const read = await this.#attempt(what, async () => await this.#dataset(uri));
      if (read !== undefined) found.push(read);
    }
    return found;
  }

  async #dataset(uri: string): Promise<SourceDataset> {
    type Table = Omit<SourceDataset['tables'][number], 'filters'>;
    const { dataset } = await this.#one<{ readonly dataset: Omit<SourceDataset, 'tables' | 'locations'> | null }>('dataset', { uri }); // prettier-ignore
    if (dataset === null) throw new CommandError('failed', 'data.all shows nothing of it');
    const tables: SourceDataset['tables'][number][] = [];
    for (const table of await this.#all<Table>('tables', { uri }))
      tables.push({ ...table, filters: await this.#all<SourceFilter>('filters', { uri: table.tableUri }) });
    return { ...dataset, tables, locations: await this.#all<SourceDataset['locations'][number]>('locations', { uri }) };
  }

  async shares(): Promise<readonly SourceShare[]> {
    type Listed = { readonly shareUri: string };
    const listed = [...(await this.#all<Listed>('sharesToMe')), ...(await this.#all<Listed>('sharesFromMe'))];
    const found: SourceShare[] = [];
    for (const uri of new Set(listed.map(({ shareUri }) => shareUri))) {
      const read = await this.#attempt(`share ${uri}`, async () => await this.#share(uri));
      if (read !== undefined) found.push(read);
    }
    return found;
  }

  async #share(uri: string): Promise<SourceShare> {
    type Item = Omit<SourceItem, 'filterUris'> & { readonly attachedDataFilterUri: Text };
    const { share } = await this.#one<{ readonly share: Omit<SourceShare, 'items'> | null }>('share', { uri });
    if (share === null) throw new CommandError('failed', 'data.all shows nothing of it');
    const items: SourceItem[] = [];
    for (const { attachedDataFilterUri: filters, ...item } of await this.#all<Item>('items', { uri }))
      items.push({ ...item, filterUris: filters === null ? null : await this.#attached(filters) });
    return { ...share, items };
  }

  async #attached(uri: string): Promise<readonly Text[] | undefined> {
    type Answer = { readonly attached: { readonly dataFilterUris: readonly Text[] | null } | null };
    const answer = await this.#attempt(`attached filters ${uri}`, async () => await this.#one<Answer>('attached', { uri })); // prettier-ignore
    return answer?.attached?.dataFilterUris ?? undefined;
  }

  async #one<Data>(name: QueryName, variables: object): Promise<Data> {
    return dataOf<Data>(await this.#ask(this.#gateway, QUERIES[name], variables));
  }

  async #all<Node>(name: QueryName, variables: object = {}): Promise<readonly Node[]> {
    type Answer = Readonly<Record<string, (Page<Node> & { readonly page?: Page<Node> | null }) | null>>;
    const nodes: Node[] = [];
    for (let page = 1; ; page++) {
      const [outer] = Object.values(await this.#one<Answer>(name, { ...variables, page, size: PAGE_SIZE }));
      const found = outer?.page ?? outer;
      nodes.push(...(found?.nodes ?? []).filter((node) => node !== null));
      if (found?.hasNext !== true) return nodes;
    }
  }

  /** What one object refuses does not end the reading of others. */
  async #attempt<T>(what: string, read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      // That nobody answers, or takes no token, is no matter of one object.
      if (!(error instanceof CommandError) || error.exit !== 'failed') throw error;
      this.unread.push({ what, why: error.message });
      return undefined;
    }
  }
}

const namesOf = (permissions: Permissions): readonly string[] =>
  (permissions ?? []).flatMap((permission) => permission?.name ?? []);
