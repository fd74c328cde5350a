import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Endpoints } from './endpoints.ts';
import { formatMs, Terminal } from './terminal.ts';

const shown = (isTTY: boolean, show: (terminal: Terminal) => void, columns?: number): string => {
  let text = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  show(new Terminal(Object.assign(stream, { isTTY, columns }) as unknown as NodeJS.WriteStream));
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

describe.each([80, 120])('on a terminal of %d columns', (columns) => {
  const ARN = 'arn:aws:sts::333333333333:assumed-role/analysts/story';
  const REFUSAL = `AccessDenied: User: ${ARN} is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::acme-sales-catalogue/chair-7/sheet.txt because no resource-based policy allows the s3:GetObject action`;
  const TABLE = [
    'NAME                     FROM         DATASET     PRINCIPAL   PHASE       ITEMS   GRANTED   READY   STATUS',
    'catalogue-for-analysts   sales-prod   catalogue   analysts    Submitted   1       0         False   PendingApproval',
  ].join('\n');
  const told = (): string =>
    shown(
      false,
      (terminal) => {
        terminal.came('operator begun anew (SIGKILL): process 4194303, metrics http://127.0.0.1:65535/metrics', 1_234);
        terminal.beginStep(9, 'As the role, Athena reads the table, and of the filtered one its rows and columns only');
        terminal.line({
          command: `kubectl --context analyst apply --server-side -f ${'examples/requests.yaml '.repeat(6)}`,
        });
        terminal.line({ answer: REFUSAL, refused: true });
        terminal.line({ answer: TABLE });
        terminal.line({ note: REFUSAL });
        terminal.endStep({ name: '', ok: true, ms: 340, detail: [] });
        terminal.ready(ENDPOINTS, '/somewhere/.run');
        for (const mode of ['tour', 'bare', 'once'] as const) terminal.next(mode);
      },
      columns,
    );

  it('no line is wider, but those that are commands to be copied', () => {
    const wide = told()
      .split('\n')
      .filter((line) => line.length > columns);
    for (const line of wide) expect(line).toMatch(/^ +(kubectl )?( *export KUBECONFIG=|kubectl --context)/);
  });

  it('keeps a table in its columns', () => {
    const lines = told().split('\n');
    const header = lines.find((line) => line.includes('NAME  ')) ?? '';
    const row = lines.find((line) => line.includes('catalogue-for-analysts')) ?? '';
    for (const name of ['FROM', 'PRINCIPAL', 'PHASE']) expect(row.charAt(header.indexOf(name) - 1)).toBe(' ');
    expect(row.slice(header.indexOf('PHASE'))).toMatch(/^Submitted/);
  });

  it('names a kubeconfig that holds in any folder, in one line, and says that Ctrl-C discards it all', () => {
    expect(told()).toMatch(/^ {2}kubectl +export KUBECONFIG=\/.*\/a folder\/kubeconfig$/m);
    expect(told()).toContain('Up until Ctrl-C, which discards all of it.');
    // Each way to start says what next, and in one way where things are.
    expect(told().replaceAll(/\s+/g, ' ')).toMatch(
      /"By hand", or those of docs\/graphql\.md, in another terminal\. [^.]+\. All of it is discarded now\. Next: /,
    );
    expect(told().replaceAll(/\S*\.run\/endpoints\.json/g, '')).not.toContain('endpoints.json');
    expect(told()).toMatch(/people +platform-admin, owner/);
    expect(told()).toMatch(/web +http:\S+: sign in as owner, without a password/);
  });
});

/** A long path below here, which was once told as from here. */
const ENDPOINTS: Endpoints = {
  kubeconfig: `${process.cwd()}/${'.run/control-plane/'.repeat(6)}a folder/kubeconfig`,
  aws: { endpoint: 'http://127.0.0.1:65535', region: 'eu-west-1', accounts: {} as Endpoints['aws']['accounts'] },
  metrics: 'http://127.0.0.1:65535/metrics',
  actions: 'http://127.0.0.1:65535',
  web: 'http://127.0.0.1:65535/',
  graphql: 'http://127.0.0.1:65535/graphql/api',
  oidc: { issuer: 'http://127.0.0.1:65535', clientId: 'dataall', users: ['owner'] },
  postgres: 'postgres://postgres:password@127.0.0.1:65535/postgres',
  gateway: { pid: 4_194_303, log: '/somewhere/.run/gateway.log' },
  operator: { pid: 4_194_303, log: '/somewhere/.run/operator.log', audit: '/somewhere/.run/audit.log' },
  kubectl: '/usr/bin/kubectl',
};

describe('times', () => {
  it.each([
    [0.4, '0 ms'],
    [999, '999 ms'],
    [2_940, '2.9 s'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatMs(ms)).toBe(text);
  });
});
