// `dataall who-can read`: which roles can read something, by which way, with whose consent, since when.

import { Argument } from '@commander-js/extra-typings';
import { json, type Root, type Surroundings } from '../command.ts';
import { answerOf } from '../who-can/answer.ts';
import { readQuestion } from '../who-can/question.ts';
import { readDataset } from '../who-can/read-dataset.ts';
import { answerText } from '../who-can/text.ts';

export const whoCanCommand = (root: Root, { connect, write, now }: Surroundings): void => {
  root
    .command('who-can')
    .description(
      'Which roles and users can read something now: each with the way, the consent, since when, and how certain it is. Of other times: the page "Who can read what" of the web UI.',
    )
    .addArgument(new Argument('<action>', 'what they do').choices(['read'] as const))
    .argument(
      '<what>',
      '[<namespace>/]<dataset>, [<namespace>/]<dataset>/<table>.<column>, or <namespace>/<dataset>/<table>',
    )
    .option('-i, --item <item>', 'a part of the dataset: table/<name>, folder/<name> or bucket/<name>')
    .action(async (_action, what, options, command) => {
      const { output, ...rest } = command.optsWithGlobals();
      // What is written wrongly is told before any cluster is asked.
      readQuestion(what, options.item, '');
      await using cluster = await connect(rest);
      const question = readQuestion(what, options.item, cluster.namespace);
      const answer = answerOf(await readDataset(cluster.api, question.dataset), question, now());
      write(output === 'json' ? json(answer) : answerText(answer));
    });
};
