// What Helm makes of the chart for the values of an installation.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { ensureHelm } from '../../hack/helm/helm.ts';

const CHART = join(import.meta.dirname, '..', '..', 'charts', 'dataall');

export interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
}

const aws = { hub: { accountId: '111122223333', region: 'eu-west-1' } };

/** What every installation says. */
export const needed = {
  operator: { settings: { aws } },
  auth: {
    settings: {
      oidc: {
        issuer: 'https://issuer.example.com',
        clientId: 'dataall',
        redirectUrl: 'https://data.example.com/auth/callback',
        scopes: 'openid',
        claimsMapping: { user: 'sub', email: 'email', groups: 'groups' },
      },
    },
  },
};

/** @param more values files over {@link needed}, one after the other. Rejects with what Helm says against them. */
export const renderChart = async (namespace: string, ...more: readonly object[]): Promise<readonly Manifest[]> =>
  await renderValues(namespace, needed, ...more);

/** The same for these values files alone. */
export async function renderValues(namespace: string, ...all: readonly object[]): Promise<readonly Manifest[]> {
  const program = await ensureHelm();
  const home = mkdtempSync(join(tmpdir(), 'dataall-chart-'));
  try {
    const files = all.map((values, index) => {
      const file = join(home, `${index}.yaml`);
      writeFileSync(file, stringify(values));
      return file;
    });
    const args = ['template', 'dataall', CHART, '--namespace', namespace, '--kube-version', '1.36.0'];
    const flags = files.flatMap((file) => ['--values', file]);
    const { stdout } = await promisify(execFile)(program, [...args, ...flags], {
      env: { HOME: home },
      maxBuffer: 2 ** 26,
    });
    return parseAllDocuments(stdout).flatMap((document) => (document.toJS() as Manifest | null) ?? []);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** What a process reads of its ConfigMap, as an object. */
export function settingsOf(rendered: readonly Manifest[], configMap: string, file: string): unknown {
  const found = rendered.find(({ kind, metadata: { name } }) => kind === 'ConfigMap' && name === configMap);
  return parse(
    (found as (Manifest & { readonly data: Readonly<Record<string, string>> }) | undefined)?.data[file] ?? '',
  );
}
