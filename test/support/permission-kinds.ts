// What becomes of ids of one kind that are given where those of another are asked for; and what is told of objects, however they are come to
// in an answer, to who may not see them.

import type { GraphQLSchema } from 'graphql';
import { documentOf } from './graphql-selection.ts';
import { deciders, objects } from './permission-facts.ts';
import { operations } from './permission-operations.ts';
import type { Asking } from './permission-oracle.ts';
import type { Asker, PermissionScene } from './permission-scene.ts';
import type { Uris } from './permission-uris.ts';

type Key = keyof Uris;

/** Each id gives place to one so many further on in the list, which is of another kind, or of another object. */
function confused(uris: Uris, by: number): Uris {
  const keys = Object.keys(uris) as Key[];
  return Object.fromEntries(keys.map((key, at) => [key, uris[keys[(at + by) % keys.length] ?? key]])) as Uris;
}

/** By how far: far enough that hardly any is of the same kind. */
const DISTANCES = [5, 9];

/**
 * Where an id of another kind was taken for one of the right kind, or was no refusal but a failure. Asked as who administers the installation,
 * from whom no right keeps anything.
 */
export async function idsConfused(schema: GraphQLSchema, scene: PermissionScene, uris: Uris): Promise<string[]> {
  const who: Asker = 'pat';
  const found: string[] = [];
  for (const [operation, tries] of Object.entries(operations))
    for (const { variables } of tries) {
      const right = JSON.stringify(variables?.(uris, who) ?? {});
      for (const distance of DISTANCES) {
        const wrong = variables?.(confused(uris, distance), who) ?? {};
        // Nothing in it is an id.
        if (JSON.stringify(wrong) === right) continue;
        const { refusal, within, data } = await scene.ask(who, documentOf(schema, operation), wrong);
        const answer = refusal?.code ?? 'answered';
        // What is asked for by a list of ids leaves out those that are none.
        const isNothing = isList(data?.[operation]) && data[operation].length === 0;
        if (!REFUSALS.has(answer) && !isNothing) found.push(`${operation} ${JSON.stringify(wrong)}: ${answer}`);
        found.push(
          ...within
            .filter(({ code }) => code === 'INTERNAL_SERVER_ERROR')
            .map(({ message }) => `${operation}: ${message}`),
        );
      }
    }
  return found;
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

const REFUSALS: ReadonlySet<string> = new Set([
  'ResourceNotFound',
  'InvalidInput',
  'RequiredParameter',
  'UnauthorizedOperation',
]);

/** By which field a type is known, and of what the object is that it names. */
const types: Readonly<Record<string, { readonly id: string; readonly keys: readonly Key[] }>> = {
  Organization: { id: 'organizationUri', keys: ['acme', 'empty'] },
  OrganizationSimplified: { id: 'organizationUri', keys: ['acme', 'empty'] },
  Environment: { id: 'environmentUri', keys: ['sales', 'marketing'] },
  EnvironmentSimplified: { id: 'environmentUri', keys: ['sales', 'marketing'] },
  Dataset: { id: 'datasetUri', keys: ['orders', 'invoices'] },
  DatasetBase: { id: 'datasetUri', keys: ['orders', 'invoices'] },
  ShareObject: { id: 'shareUri', keys: ['share', 'draft'] },
};

/** What everybody may know of a dataset and of its environment (docs/security.md), and who was given some of it: the account. */
const found = [
  '__typename',
  'datasetUri',
  'name',
  'label',
  'description',
  'confidentiality',
  'created',
  'updated',
  'ready',
];
const people = ['owner', 'owners', 'admins', 'SamlAdminGroupName', 'stewards', 'stewardGroups'];
const own = ['userRoleForDataset', 'userRoleInEnvironment', 'environment'];
const known: Readonly<Record<string, readonly string[]>> = {
  Dataset: [...found, ...people, ...own, 'tables', 'locations', 'shareableItems', 'statistics', 'terms'],
  DatasetBase: [...found, ...people, ...own, 'datasetType', 'region', 'AwsAccountId'],
  EnvironmentSimplified: ['__typename', 'environmentUri', 'label', 'region', 'organization'],
};

/**
 * `<type>.<field>` that was told, with a value, of objects that Kubernetes would not show to who was told, and that are not for everybody. Those
 * who decide about a request see it.
 */
export async function fieldsOfUnseen(
  { scene }: PermissionScene,
  uris: Uris,
  asked: readonly Asking[],
): Promise<string[]> {
  const seen = new Map<string, Promise<boolean>>();
  const sees = (who: Asker, key: Key): Promise<boolean> => {
    if (key === 'share' && deciders.includes(who)) return Promise.resolve(true);
    const asking =
      seen.get(`${who} ${key}`) ?? scene.as[who].get(objects[key as keyof typeof objects]).then(({ ok }) => ok);
    seen.set(`${who} ${key}`, asking);
    return asking;
  };
  const told = new Set<string>();
  for (const { who, answer } of asked)
    for (const node of nodesIn(answer.data)) {
      const type = String(node['__typename']);
      const { id, keys = [] } = types[type] ?? {};
      const key = id === undefined ? undefined : keys.find((one) => uris[one] === node[id]);
      if (key === undefined || (await sees(who, key))) continue;
      for (const [field, value] of Object.entries(node))
        if (isSomething(value) && known[type]?.includes(field) !== true) told.add(`${type}.${field}`);
    }
  return [...told].toSorted();
}

type Node = Readonly<Record<string, unknown>>;

function* nodesIn(value: unknown): Generator<Node> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as Node;
  for (const within of Object.values(value)) yield* nodesIn(within);
}

const isSomething = (value: unknown): boolean =>
  value !== null && value !== false && value !== 0 && !(Array.isArray(value) && value.length === 0);
