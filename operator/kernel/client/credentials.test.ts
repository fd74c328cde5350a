import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { inClusterCredentials, kubeconfigCredentials, ReloadingCredentials } from './credentials.ts';
import { FakeClock } from '../testing/fake-clock.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'credentials-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function kubeconfig(user: object): string {
  const file = join(folder, 'kubeconfig');
  const cluster = {
    server: 'https://cluster.example:6443',
    'certificate-authority-data': Buffer.from('CA').toString('base64'),
  };
  const context = { name: 'main', context: { cluster: 'c', user: 'u' } };
  writeFileSync(file, stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user }],
    contexts: [context],
    'current-context': 'main',
  })); // prettier-ignore
  return file;
}

describe('kubeconfigCredentials', () => {
  it('reads server, certificate authority and token', async () => {
    const credentials = await kubeconfigCredentials(kubeconfig({ token: 'secret' }));
    expect(await credentials.current()).toEqual({
      server: 'https://cluster.example:6443',
      tls: { ca: Buffer.from('CA') },
      authorization: 'Bearer secret',
    });
  });

  it('runs an exec plugin', async () => {
    const status = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: 'from-plugin' },
    };
    const exec = {
      apiVersion: status.apiVersion,
      command: 'echo',
      args: [JSON.stringify(status)],
      interactiveMode: 'Never',
    };
    const credentials = await kubeconfigCredentials(kubeconfig({ exec }));
    expect(await credentials.current()).toMatchObject({ authorization: 'Bearer from-plugin' });
  });

  it('refuses a context that is not there', async () => {
    const credentials = await kubeconfigCredentials(kubeconfig({ token: 'x' }), 'other');
    await expect(credentials.current()).rejects.toThrow('context other names no cluster');
  });
});

describe('inClusterCredentials', () => {
  it('follows a token that is rotated', async () => {
    writeFileSync(join(folder, 'ca.crt'), 'CA');
    writeFileSync(join(folder, 'token'), 'first\n');
    const clock = new FakeClock();
    const credentials = inClusterCredentials(folder, clock);
    const first = await credentials.current();
    expect(first.authorization).toBe('Bearer first');
    writeFileSync(join(folder, 'token'), 'second');
    expect((await credentials.current()).authorization).toBe('Bearer first');
    await clock.advance(11_000);
    const second = await credentials.current();
    expect(second.authorization).toBe('Bearer second');
    expect(second.tls).toBe(first.tls);
  });
});

describe('ReloadingCredentials', () => {
  it('keeps what it had when reading fails, and reads at once after a 401, but not twice', async () => {
    const clock = new FakeClock();
    let reads = 0;
    let fails = false;
    const credentials = new ReloadingCredentials(async () => {
      reads += 1;
      if (fails) throw new Error('no such file');
      return { server: 's', tls: {}, authorization: String(reads) };
    }, clock);
    expect((await credentials.current()).authorization).toBe('1');
    fails = true;
    await clock.advance(11_000);
    expect((await credentials.current()).authorization).toBe('1');
    fails = false;
    await clock.advance(2_000);
    expect(await credentials.refresh()).toBe(true);
    expect((await credentials.current()).authorization).toBe('3');
    expect(await credentials.refresh()).toBe(false);
  });

  it('gives new TLS options when a certificate changed', async () => {
    const clock = new FakeClock();
    let cert = 'a';
    const credentials = new ReloadingCredentials(
      async () => ({ server: 's', tls: { cert: Buffer.from(cert) } }),
      clock,
    );
    const first = await credentials.current();
    cert = 'b';
    await clock.advance(11_000);
    const second = await credentials.current();
    expect(second.tls).not.toBe(first.tls);
    expect(second.tls.cert).toEqual(Buffer.from('b'));
  });

  it('reports the first failure, and reads again at the next call', async () => {
    let fails = true;
    const credentials = new ReloadingCredentials(async () => {
      if (fails) throw new Error('no such file');
      return { server: 's', tls: {} };
    }, new FakeClock());
    await expect(credentials.current()).rejects.toThrow('no such file');
    fails = false;
    expect((await credentials.current()).server).toBe('s');
  });
});
