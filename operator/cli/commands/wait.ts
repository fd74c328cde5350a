// `dataall wait`: until an object is ready or gone, and no longer than there is hope.

import type { KubeObject, Stored } from '../../kernel/kind.ts';
import { json, REFERENCE, type Cluster, type End, type Root, type Surroundings } from '../command.ts';
import type { ExitName } from '../exit-codes.ts';
import { explainChain } from '../explain/chain.ts';
import { readChain } from '../explain/read-chain.ts';
import { explanationText } from '../explain/text.ts';
import {
  anyKind,
  parseReference,
  placed,
  referenceText,
  type AnyObject,
  type ObjectReference,
} from '../object-reference.ts';
import { parseDuration } from '../duration.ts';

type Outcome = Extract<ExitName, 'good' | 'stuck' | 'timeout'>;

export const waitCommand = (root: Root, { connect, write, interrupted }: Surroundings, end: End): void => {
  root
    .command('wait')
    .description(
      'Wait until an object is ready. Unlike kubectl wait it ends at once, with the explanation, where nothing more happens until somebody does something.',
    )
    .argument('<object>', REFERENCE)
    .option('--for <what>', 'a type of condition that is to be True, or delete', 'Ready')
    .option('--timeout <duration>', 'e.g. 90s, 5m or 1h', parseDuration, 300_000)
    .option('--while-stuck', 'wait on where somebody has to act')
    .action(async (text, options, command) => {
      const { output, ...rest } = command.optsWithGlobals();
      const written = parseReference(text);
      await using cluster = await connect(rest);
      const reference = placed(written, cluster.namespace);
      const signal = AbortSignal.any([interrupted, AbortSignal.timeout(options.timeout)]);
      const outcome = await waited(cluster, reference, options.for, options.whileStuck === true, signal);
      end(outcome);
      const gone = outcome === 'good' && options.for === 'delete';
      const explanation = gone
        ? undefined
        : await readChain(cluster.api, reference).then(explainChain, () => undefined);
      if (output === 'json') write(json({ object: referenceText(reference), outcome, explanation }));
      else if (outcome === 'good') write(`${referenceText(reference)} ${gone ? 'is gone' : `is ${options.for}`}\n`);
      else
        write(explanation === undefined ? `${referenceText(reference)}: ${outcome}\n` : explanationText(explanation));
    });
};

/** An object that is not there yet is waited for, too. */
async function waited(
  { api }: Cluster,
  { kind: kindName, namespace, name }: ObjectReference,
  what: string,
  whileStuck: boolean,
  signal: AbortSignal,
): Promise<Outcome> {
  const kind = anyKind(kindName);
  const fieldSelector = `metadata.name=${name}`;
  const place = namespace === undefined ? {} : { namespace };
  while (!signal.aborted) {
    try {
      const { items, resourceVersion } = await api.list(kind, { ...place, fieldSelector, signal });
      const [first] = items;
      const now = first === undefined ? (what === 'delete' ? 'good' : undefined) : judge(first, what, whileStuck);
      if (now !== undefined) return now;
      for await (const event of api.watch(kind, { ...place, fieldSelector, resourceVersion, signal })) {
        if (event.type === 'BOOKMARK') continue;
        if (event.type === 'DELETED') {
          if (what === 'delete') return 'good';
          continue;
        }
        const then = judge(event.object, what, whileStuck);
        if (then !== undefined) return then;
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
  return 'timeout';
}

/** Undefined: not yet. What was judged before a change says nothing of what is now. */
function judge(object: Stored<AnyObject & KubeObject>, what: string, whileStuck: boolean): Outcome | undefined {
  const { conditions = [], observedGeneration } = object.status;
  if (observedGeneration !== object.metadata.generation) return undefined;
  if (what !== 'delete' && conditions.some(({ type, status }) => type === what && status === 'True')) return 'good';
  const isStuck = conditions.some(({ type, status }) => type === 'Stalled' && status === 'True');
  return isStuck && !whileStuck ? 'stuck' : undefined;
}
