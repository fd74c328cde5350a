// `npm run generate`: writes docs/cli.md.

import { writeFileSync } from 'node:fs';
import { createProgram } from './program.ts';
import { referencePage } from './reference.ts';

const nowhere = (): never => {
  throw new TypeError('a reference page asks no cluster');
};
const program = createProgram(
  {
    write: nowhere,
    writeError: nowhere,
    connect: nowhere,
    ask: nowhere,
    environment: {},
    now: nowhere,
    interrupted: AbortSignal.abort(),
  },
  () => {},
);
writeFileSync(new URL('../../docs/cli.md', import.meta.url), referencePage(program));
