/** Terminal: what people see of the tour, as wide as theirs. Colours only where the stream is a terminal; NO_COLOR is honoured. */
import { relative } from 'node:path';
import { styleText } from 'node:util';
import { wrap } from '../control-plane/wrap.ts';
import { USERS } from './cast.ts';
import type { Endpoints } from './endpoints.ts';
import { layOutAnswer } from './layout.ts';
import type { StartOptions } from './options.ts';
import type { Line } from './story/narrator.ts';
import type { StepResult, StoryResult } from './story/result.ts';

/** Where nobody says how wide it is: a pipe, a file. */
const USUAL_WIDTH = 120;
/** What is wider is hard to read, and times stand too far from what took them. */
const MOST_WIDTH = 140;
const MOST_ROW_WIDTH = 100;
const MOST_LINES = 14;
/** Before what is said of a name. */
const LABEL = 13;

const NEXT: Readonly<Record<StartOptions['mode'], string>> = {
  tour: 'Next: try it yourself, as those people; docs/sharing.md is the user guide.',
  bare: 'Next: the commands of README.md, "By hand", or those of docs/graphql.md, in another terminal. They link the same accounts: begin anew between them.',
  once: 'All of it is discarded now. Next: npm start keeps it up after the story, npm start -- --bare without one, for README.md, "By hand".',
};

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
    const time = formatMs(ms);
    const lines = wrap(what, this.#rowWidth - '  ✓ '.length - time.length - 1);
    for (const [index, text] of lines.entries()) {
      const last = index === lines.length - 1;
      const mark = index === 0 ? this.#paint('green', '✓') : ' ';
      this.#line(last ? this.#row(`  ${mark} ${text}`, 4 + text.length, ms) : `  ${mark} ${text}`);
    }
  }

  note(text: string): void {
    this.#line(this.#paint('dim', `  ${text}`));
  }

  beginStep(number: number, name: string): void {
    this.#line('');
    for (const [index, text] of wrap(name, this.#width - 4).entries())
      this.#line(this.#paint('bold', `${index === 0 ? String(number).padStart(2) : '  '}  ${text}`));
  }

  line(line: Line): void {
    if ('command' in line) {
      for (const [index, text] of shorten(wrap(line.command, this.#width - 6)).entries())
        this.#line(`    ${this.#paint('cyan', `${index === 0 ? '$' : ' '} ${text}`)}`);
    } else if ('answer' in line) {
      for (const text of shorten(layOutAnswer(line.answer, this.#width - 6)))
        this.#line(`      ${line.refused === true ? this.#paint('yellow', text) : text}`);
    } else {
      for (const text of shorten(wrap(line.note, this.#width - 4))) this.#line(this.#paint('dim', `    ${text}`));
    }
  }

  endStep({ ok, ms }: StepResult): void {
    const mark = ok ? this.#paint('green', '✓') : this.#paint('red', '✗ this does not hold');
    this.#line(this.#row(`    ${mark}`, ok ? 5 : 24, ms));
  }

  /** What people do with it now. */
  next(mode: StartOptions['mode']): void {
    this.#line('');
    for (const text of wrap(NEXT[mode], this.#width - 2)) this.#line(`  ${text}`);
  }

  /** How it all went. */
  told({ ok, ms, steps }: StoryResult, all: number): void {
    const held = steps.filter((step) => step.ok).length;
    const verdict = ok ? `All ${all} steps held` : `Step ${steps.length} of ${all} does not hold; ${held} did`;
    this.#line(`\n  ${this.#paint(ok ? 'green' : 'red', `${verdict}, in ${formatMs(ms)}.`)}`);
  }

  /** How to use what is up. */
  ready(
    { kubeconfig, kubectl, aws, metrics, web, graphql, oidc, opensearch, operator, gateway }: Endpoints,
    runDirectory: string,
  ): void {
    const endpoints = `${near(runDirectory)}/endpoints.json`;
    // Commands stay whole, and hold in any folder: they are there to be copied.
    const commands = [
      ['kubectl', `export KUBECONFIG=${kubeconfig}`],
      ['', `${kubectl.includes('/.cache/') ? kubectl : 'kubectl'} --context platform-admin get dataall -A`],
    ] as const;
    const rows = [
      [
        'people',
        `${USERS.map(({ name }) => name).join(', ')}: by --context, without one the first; admin is no person: RBAC allows it everything`,
      ],
      [
        'AWS',
        `${aws.endpoint} (${aws.region}); credentials of ${Object.keys(aws.accounts).join(', ')} in ${endpoints}`,
      ],
      ['web', signInHint(web, oidc.users)],
      [
        'GraphQL',
        `${graphql}; ${oidc.users === undefined ? 'people' : 'the same people'} sign in at ${oidc.issuer}: docs/graphql.md`,
      ],
      ...(opensearch === undefined ? [] : [['OpenSearch', `${opensearch}: has the catalogue`] as const]),
      ['metrics', metrics],
      ['operator', `process ${operator.pid}, ${near(operator.log)}, ${near(operator.audit)}`],
      ['gateway', `process ${gateway.pid}, ${near(gateway.log)}`],
      ['all of it', endpoints],
    ] as const;
    this.#line('');
    for (const [name, command] of commands) this.#labelled(name, [command]);
    for (const [name, value] of rows) this.#labelled(name, wrap(value, this.#width - LABEL));
    this.#line(`\n  ${this.#paint('bold', 'Up until Ctrl-C, which discards all of it.')}`);
  }

  get #width(): number {
    const columns = this.#stream.columns ?? Number(process.env['COLUMNS'] ?? USUAL_WIDTH);
    return Math.min(Number.isNaN(columns) ? USUAL_WIDTH : columns, MOST_WIDTH);
  }

  get #rowWidth(): number {
    return Math.min(this.#width, MOST_ROW_WIDTH);
  }

  #row(text: string, length: number, ms: number): string {
    const time = formatMs(ms);
    return `${text}${' '.repeat(Math.max(1, this.#rowWidth - length - time.length))}${this.#paint('dim', time)}`;
  }

  #labelled(name: string, lines: readonly string[]): void {
    for (const [index, text] of lines.entries())
      this.#line(`  ${this.#paint('cyan', (index === 0 ? name : '').padEnd(LABEL - 3))} ${text}`);
  }

  #paint(style: Style, text: string): string {
    return styleText(style, text, { stream: this.#stream });
  }

  #line(text: string): void {
    this.#stream.write(`${text}\n`);
  }
}

const signInHint = (web: string, users: readonly string[] | undefined): string =>
  users === undefined ? web : `${web}: sign in as ${users.join(', ')}, without a password`;

/** From here, where it is below here. */
function near(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') ? path : fromHere;
}

/** What is longer than a screen is cut in the middle. */
function shorten(lines: readonly string[]): readonly string[] {
  if (lines.length <= MOST_LINES) return lines;
  return [...lines.slice(0, MOST_LINES - 3), `... ${lines.length - MOST_LINES + 1} lines more ...`, ...lines.slice(-2)];
}

/** `340 ms`, `2.9 s` */
export const formatMs = (ms: number): string => (ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`);
