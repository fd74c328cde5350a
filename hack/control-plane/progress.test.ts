import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { describeProgress, progressOn } from './progress.ts';

describe('describeProgress', () => {
  it.each([
    [0, 0, 'Kubernetes v1.36.3: 0 of 2,500 packages, 0:00 so far'],
    [1250, 65_400, 'Kubernetes v1.36.3: 1,250 of 2,500 packages, 1:05 so far, about 1:05 left'],
    [2500, 180_000, 'Kubernetes v1.36.3: 2,500 of 2,500 packages, 3:00 so far, linking'],
  ])('after %d packages and %d ms', (compiled, elapsedMs, expected) => {
    expect(describeProgress('v1.36.3', { compiled, expected: 2500, elapsedMs })).toBe(expected);
  });
});

it('a build says nothing that a terminal of 80 columns would break, also where it takes long', () => {
  let text = '';
  const write = (chunk: Buffer, _encoding: unknown, done: () => void): void => {
    text += chunk.toString();
    done();
  };
  const stream = Object.assign(new Writable({ write }), { isTTY: true, columns: 80 }) as unknown as NodeJS.WriteStream;
  const display = progressOn(stream, 'v1.36.3');
  display.message(
    'Building etcd, kube-apiserver, kube-controller-manager, kubectl of Kubernetes v1.36.3 with Go; this happens once.',
  );
  display.update({ compiled: 1_250, expected: 2_500, elapsedMs: 1_200_000 });
  display.end();
  const lines = text.split(/[\r\n]/).map((line) => line.replace('\u001B[2K', ''));
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(lines.join(' ')).toContain('with Go; this happens once.');
});
