// Manifests of what a data.all 2.9 has: what both sides agreed to there and no more, with the ids that AWS names are made of. Pure.

import { apiVersion, type KindDefinition } from '../../resources/kind.ts';
import type { Manifest } from '../../resources/manifest.ts';
import { approvalName, groupSlug } from '../../resources/names.ts';
import { organizationPermissions } from '../../resources/organization.ts';
import { environmentPermissions } from '../../resources/team.ts';
import { kindNamed, kindNames, type KindName } from '../object-reference.ts';
import { datasetSpec, filtersOf } from './dataset.ts';
import { endOf, permissionsOf, sharedItems } from './share.ts';
import type { Source, SourceDataset, SourceEnvironment, SourceOrganization, SourceShare } from './source.ts';
import { Names, optional, words } from './texts.ts';

/** What of the source is not in the manifests, or otherwise. */
export interface ImportNote {
  readonly what: string;
  readonly why: string;
}

export interface Imported {
  /** In the order in which they can be applied. */
  readonly manifests: readonly Manifest[];
  readonly notes: readonly ImportNote[];
}

/** @param now milliseconds since the epoch */
export function importedManifests(source: Source, now: number): Imported {
  const importer = new Importer(source, now);
  for (const organization of source.organizations) importer.organization(organization);
  for (const environment of source.environments) importer.environment(environment);
  for (const dataset of source.datasets) importer.dataset(dataset);
  for (const share of source.shares) importer.share(share);
  const orderOf = ({ kind }: Manifest): number => kindNames.indexOf(kind as KindName);
  return { manifests: importer.made.toSorted((a, b) => orderOf(a) - orderOf(b)), notes: importer.notes };
}

interface ImportedDataset {
  readonly namespace: string;
  readonly name: string;
  readonly of: SourceDataset;
}

interface ImportedPrincipal {
  readonly kind: 'Team' | 'ConsumptionRole';
  readonly name: string;
  /** Of a ConsumptionRole. */
  readonly arn?: string;
}

/** Remembers under which name each object came, by its URI. */
class Importer {
  readonly made: Manifest[] = [];
  readonly notes: ImportNote[];
  readonly #source: Source;
  readonly #now: number;
  readonly #names = new Names();
  readonly #organizations = new Map<string, string>();
  readonly #environments = new Map<string, string>();
  readonly #datasets = new Map<string, ImportedDataset>();
  /** By environment, and group or URI of a role. */
  readonly #principals = new Map<string, ImportedPrincipal>();

  constructor(source: Source, now: number) {
    this.#source = source;
    this.#now = now;
    this.notes = [...source.unread];
  }

  organization({ organizationUri: id, label, description, tags, SamlGroupName, groups }: SourceOrganization): void {
    const name = this.#names.take('Organization', label ?? id, id);
    const invited = groups.map(({ groupUri, permissions }) => ({
      group: groupUri,
      permissions: organizationPermissions.filter((one) => permissions.includes(one)),
    }));
    const teams = [...invited, ...this.#groupsWithin(id)].filter(
      ({ group }, index, all) => group !== SamlGroupName && all.findIndex((one) => one.group === group) === index,
    );
    const spec = {
      id,
      label: label ?? name,
      ...optional({ description }),
      owner: SamlGroupName,
      ...words(tags),
      ...(teams.length > 0 && { teams }),
    };
    if (this.#put('Organization', { name }, spec, `organization ${label ?? id}`)) this.#organizations.set(id, name);
  }

  /** Groups of the environments of an organization, which it has to have invited: data.all does not ask for that. */
  #groupsWithin(organization: string): readonly { readonly group: string; readonly permissions: [] }[] {
    return this.#source.environments
      .filter((environment) => environment.organization?.organizationUri === organization)
      .flatMap(({ SamlGroupName, groups }) => [SamlGroupName, ...groups.map(({ groupUri }) => groupUri)])
      .flatMap((group) => (group === null ? [] : [{ group, permissions: [] }]));
  }

  environment(environment: SourceEnvironment): void {
    const { environmentUri: id, label, description, tags, AwsAccountId, region, resourcePrefix } = environment;
    const what = `environment ${label ?? id}`;
    const organization = this.#organizations.get(environment.organization?.organizationUri ?? '');
    if (organization === undefined) {
      this.notes.push({ what, why: 'left out: its organization is not among what was read' });
      return;
    }
    const name = this.#names.take('Environment', label ?? id, id);
    const spec = {
      id,
      organization,
      label: label ?? name,
      owner: environment.SamlGroupName,
      account: { id: AwsAccountId, region },
      ...optional({
        description,
        resourcePrefix,
        permissionsBoundaryArn: environment.PermissionsBoundaryPolicyArn,
        defaultRoleArn: environment.EnvironmentDefaultIAMRoleArn,
      }),
      ...words(tags),
    };
    if (!this.#put('Environment', { name }, spec, what)) return;
    this.#environments.set(id, name);
    this.#teams(environment, name, what);
    this.#roles(environment, name, what);
  }

  #teams({ environmentUri, SamlGroupName, groups }: SourceEnvironment, namespace: string, environment: string): void {
    for (const { groupUri, environmentIAMRoleArn, permissions } of groups) {
      // Who owns the environment has its role.
      if (groupUri === null || groupUri === SamlGroupName) continue;
      const name = groupSlug(groupUri);
      const spec = {
        group: groupUri,
        permissions: environmentPermissions.filter((one) => permissions.includes(one)),
        ...optional({ roleArn: environmentIAMRoleArn }),
      };
      if (this.#put('Team', { namespace, name }, spec, `team ${groupUri} of ${environment}`))
        this.#principals.set(`${environmentUri} ${groupUri}`, { kind: 'Team', name });
    }
  }

  #roles({ environmentUri, principals }: SourceEnvironment, namespace: string, environment: string): void {
    for (const {
      consumptionPrincipalUri: id,
      consumptionPrincipalName: label,
      groupUri,
      IAMPrincipalArn,
      dataallManaged,
    } of principals) {
      // prettier-ignore
      const name = this.#names.take(`ConsumptionRole ${namespace}`, label ?? id, id);
      const spec = {
        id,
        label: label ?? name,
        owner: groupUri,
        principalArn: IAMPrincipalArn,
        policyManagement: POLICY_MANAGEMENT[dataallManaged],
      };
      if (this.#put('ConsumptionRole', { namespace, name }, spec, `consumption role ${label ?? id} of ${environment}`))
        this.#principals.set(`${environmentUri} ${id}`, { kind: 'ConsumptionRole', name, arn: IAMPrincipalArn ?? '' });
    }
  }

  dataset(dataset: SourceDataset): void {
    const { datasetUri: id, label, restricted } = dataset;
    const what = `dataset ${label ?? id}`;
    const namespace = this.#environments.get(dataset.environment?.environmentUri ?? '');
    if (namespace === undefined) {
      this.notes.push({ what, why: 'left out: its environment is not among what was read' });
      return;
    }
    if ((restricted?.S3BucketName ?? '') === '') {
      this.notes.push({ what, why: 'left out: data.all does not show where its data is; read with a token of its owner' }); // prettier-ignore
      return;
    }
    const name = this.#names.take(`Dataset ${namespace}`, label ?? id, id);
    if (!this.#put('Dataset', { namespace, name }, datasetSpec(dataset, name), what)) return;
    this.#datasets.set(id, { namespace, name, of: dataset });
    for (const table of dataset.tables) {
      const filters = filtersOf(table.filters).map(({ name: filter, rows, columns }) => ({ name: filter, ...(rows !== undefined && { rows }), ...(columns && { columns }) })); // prettier-ignore
      if (table.name === null || (filters.length === 0 && (table.description ?? '') === '')) continue;
      const spec = {
        datasetRef: { name },
        table: table.name.toLowerCase(),
        ...optional({ description: table.description }),
        ...(filters.length > 0 && { filters }),
      };
      const place = { namespace, name: this.#names.take(`DatasetTable ${namespace}`, `${name}-${table.name}`, table.tableUri) }; // prettier-ignore
      this.#put('DatasetTable', place, spec, `table ${table.name} of ${what}`);
    }
  }

  share(share: SourceShare): void {
    const what = `share ${share.shareUri}`;
    const dataset = this.#datasets.get(share.datasetUri ?? '');
    const namespace = this.#environments.get(share.environment?.environmentUri ?? '');
    const principal = this.#principalOf(share);
    if (dataset === undefined || namespace === undefined || typeof principal === 'string') {
      const why = typeof principal === 'string' ? principal : `its ${dataset === undefined ? 'dataset' : 'environment'} is not among what was imported`; // prettier-ignore
      this.notes.push({ what, why: `left out: ${why}` });
      return;
    }
    const { asked, given, why } = sharedItems(share, dataset.of);
    for (const one of why) this.notes.push({ what, why: one });
    if (asked.length === 0) return;
    const end = endOf(share, this.#now);
    const expires = typeof end === 'string' ? {} : { expiresAt: end.at };
    const name = this.#names.take(`ShareRequest ${namespace}`, `${dataset.name}-for-${principal.name}`, share.shareUri);
    const { kind, arn } = principal;
    const common = { requester: share.group, permissions: permissionsOf(share), ...expires };
    const request = {
      ...common,
      datasetRef: { namespace: dataset.namespace, name: dataset.name },
      principal: { kind, name: principal.name },
      items: asked,
      ...optional({ purpose: share.requestPurpose }),
      ...(share.status === 'Draft' && given.length === 0 && { draft: true }),
    };
    if (!this.#put('ShareRequest', { namespace, name }, request, what) || given.length === 0) return;
    if (end === 'Past' || end === 'Unclear') {
      this.notes.push({ what, why: `not given: its end, ${share.expiryDate ?? ''}, ${end === 'Past' ? 'is past' : 'is no day'}` }); // prettier-ignore
      return;
    }
    const approval = {
      ...common,
      datasetRef: { name: dataset.name },
      requestRef: { namespace, name },
      approver: dataset.of.SamlAdminGroupName,
      principal: { kind, name: principal.name, ...(arn !== undefined && { arn }) },
      decision: 'Approved',
      items: given,
      reason: 'as it was in data.all',
    };
    const place = { namespace: dataset.namespace, name: approvalName({ namespace, name }) };
    this.#put('ShareApproval', place, approval, what);
  }

  /** Else why there is none. */
  #principalOf({ environment, principal }: SourceShare): ImportedPrincipal | string {
    const { principalType, principalId } = principal ?? {};
    const uri = environment?.environmentUri ?? '';
    const owner = this.#source.environments.find(({ environmentUri }) => environmentUri === uri)?.SamlGroupName;
    if (principalType === 'Group' && principalId === owner)
      return `it is for ${principalId ?? ''}, which owns the environment; here its role is given nothing: ask for a ConsumptionRole`;
    const found = this.#principals.get(`${uri} ${principalId ?? ''}`);
    return found ?? `its principal (${principalType ?? 'none'} ${principalId ?? ''}) is not among what was imported`;
  }

  /** False where our schema does not take it. What its rules say is for the API server. */
  #put(kind: KindName, metadata: Manifest['metadata'], spec: object, what: string): boolean {
    const definition: KindDefinition = kindNamed[kind];
    const [issue] = definition.spec.safeParse(spec).error?.issues ?? [];
    if (issue === undefined) this.made.push({ apiVersion, kind, metadata, spec });
    else this.notes.push({ what, why: `left out: ${issue.path.map(String).join('.')}: ${issue.message}` });
    return issue === undefined;
  }
}

const POLICY_MANAGEMENT = {
  FULLY_MANAGED: 'Fully',
  PARTIALLY_MANAGED: 'Partially',
  EXTERNALLY_MANAGED: 'Externally',
} as const;
