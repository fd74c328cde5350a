// Which groups may read an object: those that RBAC lets `get` it, from the same compilation that the operator makes RBAC of.
// Of requests also those who decide about them: RBAC shows them what is asked in the Dataset's status, the gateway the request itself.

import { type Grant, compile, factsOf, type RbacInputs } from '../../operator/resources/authority/compile.ts';
import { group as ourGroup } from '../../operator/resources/kind.ts';
import type { ShareRequest } from '../../operator/resources/share-request.ts';
import type { ProjectedObject } from './object-columns.ts';
import type { Projection } from './projection.ts';

export type RuledOrganization = RbacInputs['organizations'][number];
export type RuledEnvironment = RbacInputs['environments'][number];
export type RuledTeam = RbacInputs['teams'][number];
export type RuledDataset = RbacInputs['datasets'][number];

/** What rights follow from, as far as it is asked for. */
export interface Rulers {
  organization(name: string): RuledOrganization | undefined;
  environment(name: string): RuledEnvironment | undefined;
  /** Those of a namespace, which is an environment's. */
  teams(namespace: string): readonly RuledTeam[];
  datasets(namespace: string): readonly RuledDataset[];
}

/** For as long as what rights follow from stays as it is: each namespace is compiled once. */
export class Viewers {
  readonly #rulers: Rulers;
  readonly #places = new Map<string, Readers>();

  constructor(rulers: Rulers) {
    this.#rulers = rulers;
  }

  /** Names of groups, sorted. */
  of({ kind }: Pick<Projection, 'kind'>, object: ProjectedObject): readonly string[] {
    const { name, namespace } = object.metadata;
    const readers = this.#readers(kind.plural, namespace, name).of(kind.plural, name);
    const deciders = kind.kind === 'ShareRequest' ? this.#deciders(object as unknown as ShareRequest) : [];
    return [...new Set([...readers, ...deciders])].toSorted();
  }

  #readers(plural: string, namespace: string | undefined, name: string): Readers {
    if (plural === 'organizations') return this.#place(`organization ${name}`, () => this.#inOrganization(name));
    if (plural === 'tenants') return this.#place('tenant', () => []);
    const environment = namespace ?? name;
    return this.#place(`environment ${environment}`, () => this.#inEnvironment(environment));
  }

  #place(key: string, grants: () => readonly Grant[]): Readers {
    let place = this.#places.get(key);
    if (place === undefined) this.#places.set(key, (place = new Readers(grants())));
    return place;
  }

  #inOrganization(name: string): readonly Grant[] {
    const organization = this.#rulers.organization(name);
    return compile({ organizations: listOf(organization), environments: [], teams: [], datasets: [] });
  }

  /** Maintenance and limits of the Tenant take no right to read away that is a group's own; the gateway asks for maintenance itself. */
  #inEnvironment(name: string): readonly Grant[] {
    const environment = this.#rulers.environment(name);
    if (environment === undefined) return [];
    const organization = this.#rulers.organization(environment.spec.organization);
    return compile({
      organizations: listOf(organization),
      environments: [environment],
      teams: this.#rulers.teams(name),
      datasets: this.#rulers.datasets(name),
    });
  }

  /** Of a draft nobody is asked. */
  #deciders({ spec: { datasetRef, draft } }: ShareRequest): readonly string[] {
    if (draft) return [];
    return this.#place(`environment ${datasetRef.namespace}`, () => this.#inEnvironment(datasetRef.namespace)).deciders(
      datasetRef.name,
    );
  }
}

const listOf = <T>(one: T | undefined): readonly T[] => (one === undefined ? [] : [one]);

/** Who may `get` what in one place. */
class Readers {
  readonly #groups = new Map<string, Set<string>>();

  constructor(grants: readonly Grant[]) {
    for (const { group, verb, apiGroup, resource, name } of factsOf(grants)) {
      if (apiGroup !== ourGroup) continue;
      if (verb === 'get') this.#add(keyOf(resource, name), group);
      if (verb === 'approve') this.#add(keyOf('approve', name), group);
    }
  }

  of(resource: string, name: string): readonly string[] {
    return [...this.#get(keyOf(resource)), ...this.#get(keyOf(resource, name))];
  }

  deciders(dataset: string): readonly string[] {
    return [...this.#get(keyOf('approve', dataset))];
  }

  #get(key: string): Iterable<string> {
    return this.#groups.get(key) ?? [];
  }

  #add(key: string, group: string): void {
    const groups = this.#groups.get(key);
    if (groups) groups.add(group);
    else this.#groups.set(key, new Set([group]));
  }
}

const keyOf = (resource: string, name = ''): string => `${resource} ${name}`;
