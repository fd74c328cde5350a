// `dataall explain`: why an object is as it is, each link of its chain, and one command that mends it.

import type { Standing } from '../../resources/explanation/explanation.ts';
import { json, REFERENCE, type Cluster, type End, type Root, type Surroundings } from '../command.ts';
import type { ExitName } from '../exit-codes.ts';
import { explainChain, type ChainExplanation } from '../explain/chain.ts';
import { readChain } from '../explain/read-chain.ts';
import { explanationText } from '../explain/text.ts';
import { anyKind, parseReference, placed, type ObjectReference } from '../object-reference.ts';

const EXIT: Readonly<Record<Standing, ExitName>> = { Good: 'good', Waits: 'waits', Stuck: 'stuck' };

export const explainCommand = (root: Root, { connect, write, interrupted }: Surroundings, end: End): void => {
  root
    .command('explain')
    .description(
      'Why an object is as it is: request, approval, dataset, environments, consent of the accounts and what is in AWS; the one that the others wait for, the evidence, and one command.',
    )
    .argument('<object>', REFERENCE)
    .option('-w, --watch', 'explain again whenever the object changes, until interrupted')
    .action(async (text, _, command) => {
      const options = command.optsWithGlobals();
      const written = parseReference(text);
      await using cluster = await connect(options);
      const reference = placed(written, cluster.namespace);
      const tell = (explanation: ChainExplanation): void => {
        write(options.output === 'json' ? json(explanation) : explanationText(explanation));
        end(EXIT[explanation.standing]);
      };
      if (options.watch === true) await follow(cluster, reference, interrupted, tell);
      else tell(explainChain(await readChain(cluster.api, reference)));
    });
};

/** Tells what differs from what was told before. Ends when it is interrupted, or the object is gone. */
async function follow(
  { api }: Cluster,
  reference: ObjectReference,
  signal: AbortSignal,
  tell: (explanation: ChainExplanation) => void,
): Promise<void> {
  const kind = anyKind(reference.kind);
  let told = '';
  while (!signal.aborted) {
    const events = api.watch(kind, {
      ...(reference.namespace !== undefined && { namespace: reference.namespace }),
      fieldSelector: `metadata.name=${reference.name}`,
      sendInitialEvents: true,
      signal,
    });
    try {
      for await (const { type } of events) {
        if (type === 'BOOKMARK') continue;
        const explanation = explainChain(await readChain(api, reference));
        if (JSON.stringify(explanation) !== told) tell(explanation);
        told = JSON.stringify(explanation);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
