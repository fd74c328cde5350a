// Lines for the AWS command line that the page of a share gives people to copy: a real shell hands every name to it as it is. (That those for
// Python and Athena read the data is tried in test/e2e/consumer-boto3.test.ts.)

import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { snippetOf } from '../../web/src/modules/share/reading/snippets.ts';

const place = { region: 'eu-west-1', workgroup: 'primary' };

describe('lines for the command line', () => {
  it.each([`it's mine/`, '$(id)/', '`id`/', 'a b; c/', '"/'])('hand %j to the command line as it is', (prefix) => {
    const lines = snippetOf('cli', { kind: 'Objects', bucket: 'lake', prefix }, place) ?? '';
    const asked = execFileSync('sh', ['-c', `aws() { printf '%s\\n' "$@"; }\n${lines}`], { encoding: 'utf8' });
    expect(asked.split('\n').filter((word) => word === `s3://lake/${prefix}`)).toHaveLength(2);
  });

  it('are commands that a shell understands, for a table as well', () => {
    const lines = snippetOf('cli', { kind: 'Table', database: `a"b`, table: `it's` }, place) ?? '';
    expect(() => execFileSync('sh', ['-n', '-c', lines])).not.toThrow();
  });
});
