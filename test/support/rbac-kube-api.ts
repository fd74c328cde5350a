// An API server in memory that asks RBAC: whoever is impersonated may do what the compiled specs give their groups, and no more. Schemas are
// asked too. What admission policies decide is for the real API server (test/conformance, test/e2e).

import { z } from 'zod';
import { KubeError, type Identity, type KubeApi } from '../../operator/kernel/client/kube-api.ts';
import type { Kind, KubeObject, ObjectName } from '../../operator/kernel/kind.ts';
import type { MemoryKubeApi } from '../../operator/kernel/testing/memory-kube-api.ts';
import { allows, compile, factsOf } from '../../operator/resources/authority/compile.ts';
import { everyone } from '../../operator/resources/authority/permission-sets.ts';
import { datasetKind } from '../../operator/resources/dataset.ts';
import { environmentKind } from '../../operator/resources/environment.ts';
import { kinds } from '../../operator/resources/kinds.ts';
import { organizationKind } from '../../operator/resources/organization.ts';
import { teamKind } from '../../operator/resources/team.ts';
import { tenantKind } from '../../operator/resources/tenant.ts';

/** The server as its administrator has it; `as` gives what others have. */
export function rbacKubeApi(server: MemoryKubeApi): KubeApi {
  return Object.assign(Object.create(server) as KubeApi, bound(server), {
    as: (who: Identity) => asSomebody(server, who),
  });
}

/** Methods of the server work on the server, whoever inherits them. */
const bound = (server: MemoryKubeApi): Omit<KubeApi, 'as'> => ({
  get: server.get.bind(server),
  list: server.list.bind(server),
  watch: server.watch.bind(server),
  create: server.create.bind(server),
  replace: server.replace.bind(server),
  apply: server.apply.bind(server),
  patch: server.patch.bind(server),
  delete: server.delete.bind(server),
  post: server.post.bind(server),
  raw: server.raw.bind(server),
});

function asSomebody(server: MemoryKubeApi, who: Identity): KubeApi {
  const demand = async (verb: string, kind: Kind, { name, namespace }: Partial<ObjectName>): Promise<void> => {
    if (await isAllowed(server, who, verb, kind, { name: name ?? '', namespace })) return;
    const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
    const what = `${kind.plural}.${kind.group}${name === undefined ? '' : ` "${name}"`}`;
    const sentence = `${what} is forbidden: User "${who.user}" cannot ${verb} resource "${kind.plural}" ${where}`;
    throw new KubeError({ reason: 'Forbidden' }, sentence);
  };
  return Object.assign(Object.create(server) as KubeApi, bound(server), {
    get: async (kind: Kind, name: ObjectName) => {
      await demand('get', kind, name);
      return server.get(kind, name);
    },
    create: async (kind: Kind, object: KubeObject, options: object) => {
      await demand('create', kind, object.metadata);
      return server.create(kind, valid(kind, object), options);
    },
    patch: async (kind: Kind, name: ObjectName, patch: Parameters<KubeApi['patch']>[2], options: object) => {
      await demand('patch', kind, name);
      valid(kind, await server.patch(kind, name, patch, { ...options, dryRun: true }));
      return server.patch(kind, name, patch, options);
    },
    delete: async (kind: Kind, name: ObjectName, options: object) => {
      await demand('delete', kind, name);
      return server.delete(kind, name, options);
    },
    as: (other: Identity) => asSomebody(server, other),
  });
}

async function isAllowed(
  server: MemoryKubeApi,
  { groups = [] }: Identity,
  verb: string,
  kind: Kind,
  { name, namespace }: ObjectName,
): Promise<boolean> {
  if (verb === 'create' && everyone.rules.some(({ resources }) => resources.some((one) => one === kind.plural)))
    return true;
  const grants = compile({
    tenant: (await server.list(tenantKind)).items[0],
    organizations: (await server.list(organizationKind)).items,
    environments: (await server.list(environmentKind)).items,
    teams: (await server.list(teamKind)).items,
    datasets: (await server.list(datasetKind)).items,
  });
  const object = { verb, resource: kind.plural, name, ...(namespace !== undefined && { namespace }) };
  return allows(factsOf(grants), groups, object);
}

/** Formats and bounds, and what is not known; rules that compare with what was before are the API server's. @returns with defaults */
function valid<T extends KubeObject>(kind: Kind, object: T): T {
  const schema = kinds.find(({ plural }) => plural === kind.plural)?.spec;
  const parsed = schema?.strict().safeParse((object as { spec?: unknown }).spec);
  if (parsed === undefined) return object;
  if (parsed.success) return { ...object, spec: parsed.data };
  const sentence = `${kind.kind}.${kind.group} "${object.metadata.name}" is invalid: ${z.prettifyError(parsed.error)}`;
  throw new KubeError({ reason: 'Invalid' }, sentence);
}
