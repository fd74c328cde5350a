// Operations of data.all's contract that this version does not have; the list only gets shorter.

import { GraphQLError, type ValidationRule } from 'graphql';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Names, one a line. */
export const notInThisVersion: ReadonlySet<string> = new Set(
  readFileSync(join(import.meta.dirname, 'not-in-this-version.txt'), 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#')),
);

const MISSING = ' is not in this version';

/** The operation that a message of {@link tellsWhatIsMissing} is about. */
export const missingOperation = (message: string): string | undefined =>
  message.endsWith(MISSING) ? message.slice(0, -MISSING.length) : undefined;

/** Says so of an operation that clients know from data.all, where the schema alone would call it unknown. */
export const tellsWhatIsMissing: ValidationRule = (context) => ({
  Field(node) {
    const parent = context.getParentType();
    const isTop = parent === context.getSchema().getQueryType() || parent === context.getSchema().getMutationType();
    if (!isTop || context.getFieldDef() || !notInThisVersion.has(node.name.value)) return;
    context.reportError(new GraphQLError(node.name.value + MISSING, { nodes: [node] }));
  },
});
