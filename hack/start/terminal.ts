/** Terminal: what people see of the tour. Colours only where the stream is a terminal; NO_COLOR is honoured. */
import { relative } from 'node:path';
import { styleText } from 'node:util';
import type { Endpoints } from './endpoints.ts';
import type { Line } from './story/narrator.ts';
import type { StepResult, StoryResult } from './story/result.ts';

const WIDTH = 100;
/** Of answers, without their indentation. */
const MEASURE = 130;
const MOST_LINES = 14;

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

  beginStep(number: number, name: string): void {
    this.#line(`\n${this.#paint('bold', `${String(number).padStart(2)}  ${name}`)}`);
  }

  line(line: Line): void {
    if ('command' in line) {
      for (const [index, text] of shorten(line.command).entries())
        this.#line(`    ${this.#paint('cyan', `${index === 0 ? '$' : ' '} ${text}`)}`);
    } else if ('answer' in line) {
      for (const text of shorten(line.answer))
        this.#line(`      ${line.refused === true ? this.#paint('yellow', text) : text}`);
    } else {
      for (const text of shorten(line.note)) this.#line(this.#paint('dim', `    ${text}`));
    }
  }

  endStep({ ok, ms }: StepResult): void {
    const mark = ok ? this.#paint('green', '✓') : this.#paint('red', '✗ this does not hold');
    this.#line(this.#row(`    ${mark}`, ok ? 5 : 24, ms));
  }

  /** How it all went. */
  told({ ok, ms, steps }: StoryResult, all: number): void {
    const held = steps.filter((step) => step.ok).length;
    const verdict = ok ? `All ${all} steps held` : `Step ${steps.length} of ${all} does not hold; ${held} did`;
    this.#line(`\n  ${this.#paint(ok ? 'green' : 'red', `${verdict}, in ${formatMs(ms)}.`)}`);
  }

  /** How to use what is up. */
  ready({ kubeconfig, kubectl, aws, metrics, operator }: Endpoints, runDirectory: string): void {
    const rows = [
      ['kubectl', `export KUBECONFIG=${near(kubeconfig)}`],
      ['', `${kubectl.includes('/.cache/') ? kubectl : 'kubectl'} --context platform-admin get dataall -A`],
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

/** From here, where it is below here. */
function near(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') ? path : fromHere;
}

/** Lines of an answer; what is longer than a screen is cut in the middle, and long lines are broken at words. */
function shorten(text: string): string[] {
  const lines = text.split('\n').flatMap(broken);
  if (lines.length <= MOST_LINES) return lines;
  return [...lines.slice(0, MOST_LINES - 3), `... ${lines.length - MOST_LINES + 1} lines more ...`, ...lines.slice(-2)];
}

function broken(line: string): string[] {
  const lines = [''];
  for (const word of line.split(/(?<= )(?=\S)/)) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + word.trimEnd().length > MEASURE) lines.push(word);
    else lines[lines.length - 1] = last + word;
  }
  return lines;
}

/** `340 ms`, `2.9 s` */
export const formatMs = (ms: number): string => (ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`);
