/** Terminal: what people see of the tour. Colours only where the stream is a terminal; NO_COLOR is honoured. */
import { relative } from 'node:path';
import { styleText } from 'node:util';
import type { Endpoints } from './endpoints.ts';

const WIDTH = 96;

type Style = Parameters<typeof styleText>[0];

export class Terminal {
  readonly #stream: NodeJS.WriteStream;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  title(text: string): void {
    this.#line(`\n${this.#paint('bold', text)}\n`);
  }

  /** Something is up. */
  came(what: string, ms: number): void {
    this.#line(this.#row(`  ${this.#paint('green', '✓')} ${what}`, `  ✓ ${what}`.length, ms));
  }

  note(text: string): void {
    this.#line(this.#paint('dim', `  ${text}`));
  }

  /** How to use what is up. */
  ready({ kubeconfig, kubectl, aws, metrics, operator }: Endpoints, runDirectory: string): void {
    const near = (path: string): string => relative(process.cwd(), path);
    const rows = [
      ['kubectl', `export KUBECONFIG=${near(kubeconfig)}`],
      ['', `${kubectl.includes('/.cache/') ? kubectl : 'kubectl'} --context analyst get sharerequests -A`],
      [
        'AWS',
        `${aws.endpoint} (${aws.region}); credentials of ${Object.keys(aws.accounts).join(', ')} in endpoints.json`,
      ],
      ['metrics', metrics],
      ['operator', `process ${operator.pid}, ${near(operator.log)}, ${near(operator.audit)}`],
      ['all of it', `${near(runDirectory)}/endpoints.json`],
    ] as const;
    this.#line('');
    for (const [name, value] of rows) this.#line(`  ${this.#paint('cyan', name.padEnd(10))} ${value}`);
    this.#line(`\n  ${this.#paint('bold', 'Up until Ctrl-C.')}`);
  }

  #row(text: string, length: number, ms: number): string {
    const time = formatMs(ms);
    return `${text}${' '.repeat(Math.max(1, WIDTH - length - time.length))}${this.#paint('dim', time)}`;
  }

  #paint(style: Style, text: string): string {
    return styleText(style, text, { stream: this.#stream });
  }

  #line(text: string): void {
    this.#stream.write(`${text}\n`);
  }
}

/** `340 ms`, `2.9 s` */
export const formatMs = (ms: number): string => (ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`);
