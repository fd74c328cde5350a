import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { formatMs, Terminal } from './terminal.ts';

const shown = (isTTY: boolean, show: (terminal: Terminal) => void): string => {
  let text = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  show(new Terminal(Object.assign(stream, { isTTY }) as unknown as NodeJS.WriteStream));
  return text;
};

describe('the terminal', () => {
  it('shows who typed what and what came back, without colours where nobody sees them', () => {
    const text = shown(false, (terminal) => {
      terminal.beginStep(7, 'The owner approves');
      terminal.line({ command: 'kubectl apply' });
      terminal.line({ answer: 'created\nand more' });
      terminal.endStep({ name: 'The owner approves', ok: true, ms: 340, detail: [] });
    });
    expect(text).toMatch(
      /^\n 7 {2}The owner approves\n {4}\$ kubectl apply\n {6}created\n {6}and more\n {4}✓ +340 ms\n$/,
    );
  });

  it('says of a step that it does not hold', () => {
    expect(shown(false, (terminal) => terminal.endStep({ name: '', ok: false, ms: 1_250, detail: [] }))).toMatch(
      /✗ this does not hold +1\.3 s/,
    );
  });

  it('breaks long lines at words and cuts long answers, keeping their end', () => {
    const words = Array.from({ length: 60 }, (_, index) => `word${index}`).join(' ');
    const lines = shown(false, (terminal) => terminal.line({ answer: words }))
      .trimEnd()
      .split('\n');
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.every((line) => line.length < 140)).toBe(true);

    const many = Array.from({ length: 100 }, (_, index) => `line ${index}`).join('\n');
    const cut = shown(false, (terminal) => terminal.line({ answer: many }))
      .trimEnd()
      .split('\n');
    expect(cut).toHaveLength(14);
    expect(cut.at(-1)?.trim()).toBe('line 99');
    expect(cut.some((line) => line.includes('87 lines more'))).toBe(true);
  });
});

describe('times', () => {
  it.each([
    [0.4, '0 ms'],
    [999, '999 ms'],
    [2_940, '2.9 s'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatMs(ms)).toBe(text);
  });
});
