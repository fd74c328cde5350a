// Reads an object and all that it depends on, as far as the caller may see them.

import { isKubeError, type KubeApi } from '../../kernel/client/kube-api.ts';
import { CommandError } from '../exit-codes.ts';
import { anyKind, kindNamed, referenceText, type AnyObject, type ObjectReference } from '../object-reference.ts';
import { referencesOf, tablesOf } from './references.ts';
import { isSame, referenceTo, type SeenObject } from './seen-object.ts';

/**
 * The object first, then what it depends on, nearest first.
 * @throws CommandError `notFound` or `forbidden` where the object itself is not to be seen; KubeError of a server that does not answer
 */
export async function readChain(api: KubeApi, start: ObjectReference): Promise<readonly SeenObject[]> {
  const seen: SeenObject[] = [];
  const waiting: ObjectReference[] = [start];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const reference = next;
    if (seen.some((one) => isSame(one.reference, reference))) continue;
    const found = await look(api, reference);
    if (seen.length === 0 && found.presence !== 'Seen') throw notToBeSeen(found);
    seen.push(found);
    if (found.presence !== 'Seen') continue;
    waiting.push(...referencesOf(found.object));
    if (found.object.kind === 'ShareRequest') seen.push(...(await tables(api, found.object)));
  }
  return seen;
}

function notToBeSeen({ presence, reference }: SeenObject): CommandError {
  const what = referenceText(reference);
  return presence === 'Hidden'
    ? new CommandError(
        'forbidden',
        `you may not read ${what}: kubectl auth can-i get ${reference.kind.toLowerCase()} says so`,
      )
    : new CommandError('notFound', `there is no ${what}`);
}

async function look(api: KubeApi, reference: ObjectReference): Promise<SeenObject> {
  try {
    return { presence: 'Seen', reference, object: await api.get(anyKind(reference.kind), reference) };
  } catch (error) {
    if (isKubeError(error, 'NotFound')) return { presence: 'Missing', reference };
    if (isKubeError(error, 'Forbidden')) return { presence: 'Hidden', reference };
    throw error;
  }
}

/** What was written about the tables that a share asks for; of who may not list them, one that is hidden. */
async function tables(
  api: KubeApi,
  request: Extract<AnyObject, { kind: 'ShareRequest' }>,
): Promise<readonly SeenObject[]> {
  const { namespace, name: dataset } = request.spec.datasetRef;
  const wanted = tablesOf(request);
  if (wanted.length === 0) return [];
  try {
    const { items } = await api.list(kindNamed.DatasetTable, { namespace });
    return items
      .filter(({ spec }) => spec.datasetRef.name === dataset && wanted.includes(spec.table))
      .map((object) => ({ presence: 'Seen', reference: referenceTo(object), object }));
  } catch (error) {
    if (!isKubeError(error, 'Forbidden')) throw error;
    return [{ presence: 'Hidden', reference: { kind: 'DatasetTable', namespace, name: '*' } }];
  }
}
