import { expect, it } from 'vitest';
import { readDockerfile } from './dockerfile.ts';

it('stages are told by name and base, with arguments put in, and instructions in their order', () => {
  const text = [
    'ARG BASE=node:24-slim',
    'FROM ${BASE} AS base',
    'WORKDIR /app',
    'RUN npm ci \\',
    '  --omit=dev',
    'FROM base',
    'LABEL title="some words"',
    'ENV A=1 B="two words"',
    'COPY --from=base /app/x y/',
    'USER 1:2',
    'ENTRYPOINT ["node"]',
    'CMD ["main.ts", "--help"]',
  ].join('\n');
  const [base, last, ...further] = readDockerfile(text);
  expect(base).toMatchObject({ name: 'base', from: 'node:24-slim' });
  expect(base?.steps[0]).toEqual({ kind: 'WORKDIR', folder: '/app' });
  expect(base?.steps[1]).toMatchObject({ kind: 'RUN', line: expect.stringMatching(/^npm ci\s+--omit=dev$/) as string });
  expect(last).toEqual({
    name: undefined,
    from: 'base',
    steps: [
      { kind: 'ENV', values: { A: '1', B: 'two words' } },
      { kind: 'COPY', from: 'base', paths: ['/app/x'], to: 'y/' },
      { kind: 'USER', user: '1:2' },
      { kind: 'ENTRYPOINT', command: ['node'] },
      { kind: 'CMD', command: ['main.ts', '--help'] },
    ],
  });
  expect(further).toEqual([]);
});

it.each([
  'ADD https://example.com/x /x',
  'COPY --chown=1 a b',
  'RUN --mount=type=cache,target=/x npm ci',
  'RUN ["npm", "ci"]',
  'CMD node main.ts',
  'VOLUME /x',
])('what the build does not do is refused with its line: %s', (line) => {
  expect(() => readDockerfile(`FROM x\n${line}`)).toThrow(
    `Dockerfile, line 2: hack/image does not understand: ${line}`,
  );
});
