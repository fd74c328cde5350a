import { expect, it } from 'vitest';
import { fileLineOf } from './file-line.ts';

it('a file is told by the first sentence of its header and by what it defines', () => {
  const source = `// How often a call is tried,\n// and how long it waits. More of it.\nimport { x } from 'y';\nexport const attempts = 5;\nexport type T = 1;\nclass Calls {}\n`;
  expect(fileLineOf(source)).toEqual({
    purpose: 'How often a call is tried, and how long it waits',
    names: ['attempts', 'Calls'],
  });
  expect(fileLineOf('#!/usr/bin/env python3\n# Reads as a role.\nimport sys\n')?.purpose).toBe('Reads as a role');
  expect(fileLineOf('/** Go build: compiles the programs. */\nexport const x = 1;\n')?.purpose).toBe(
    'Go build: compiles the programs',
  );
  expect(fileLineOf(`import { x } from 'y';\n`)).toBeUndefined();
});
