import { describe, expect, it } from 'vitest';
import { readOptions, USAGE } from './options.ts';

describe('options of npm start', () => {
  it('tells the story and stays, unless told otherwise', () => {
    expect(readOptions([])).toEqual({ mode: 'tour', json: false, port: 0, kubeconfig: undefined, opensearch: false });
    expect(readOptions(['--once', '--json'])).toMatchObject({ mode: 'once', json: true });
    expect(readOptions(['--bare', '--port', '4566', '--kubeconfig', 'k', '--oidc', 'o', '--opensearch'])).toEqual({
      mode: 'bare',
      json: false,
      port: 4566,
      kubeconfig: 'k',
      oidc: 'o',
      opensearch: true,
    });
    expect(readOptions(['-h'])).toBe('help');
  });

  it('are told in lines that a terminal of 80 columns does not break', () => {
    expect(USAGE.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it.each([
    [['--onse'], '--onse'],
    [['--once', '--bare'], 'exclude each other'],
    [['--json'], '--json goes with --once'],
    [['--port', '70000'], '--port 70000 is no port'],
    [['--port', 'x'], '--port x is no port'],
    [['tour'], 'tour'],
  ])('refuses %j and says what there is', (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
    expect(() => readOptions(args)).toThrow('npm start -- --bare');
  });
});
