// Signs in at the demo provider of npm start, as a browser would, and prints an access token and nothing else.

import { parseArgs } from 'node:util';
import { SetupError } from '../control-plane/setup-error.ts';
import { readEndpoints } from '../start/running-tour.ts';
import { signIn } from './authorization-code.ts';

const USAGE = `usage: node hack/oidc/sign-in.mjs <user>
  prints an access token of a demo user, while npm start is up:
  curl -H "Authorization: Bearer $(node hack/oidc/sign-in.mjs owner)" ...
`;

try {
  const user = readArguments();
  process.stdout.write(user === 'help' ? USAGE : `${await accessToken(user.name)}\n`);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

function readArguments(): { readonly name: string } | 'help' {
  const remedy = 'name one user, as in `node hack/oidc/sign-in.mjs owner`.';
  try {
    const options = { help: { type: 'boolean', short: 'h' } } as const;
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    if (values.help === true) return 'help';
    const [name] = positionals;
    if (name !== undefined && positionals.length === 1) return { name };
  } catch (error) {
    throw new SetupError('bad-option', error instanceof Error ? error.message : String(error), remedy);
  }
  throw new SetupError('bad-option', 'Not one user is named.', remedy);
}

async function accessToken(user: string): Promise<string> {
  const { graphql, oidc } = readEndpoints();
  const { issuer, clientId, users } = oidc;
  if (users === undefined) {
    const remedy = `get a token of ${issuer} as it is done there.`;
    throw new SetupError(
      'bad-option',
      'npm start runs with an identity provider of yours, which has no demo users.',
      remedy,
    );
  }
  if (!users.includes(user)) {
    throw new SetupError('bad-option', `There is no demo user ${user}.`, `name one of ${users.join(', ')}.`);
  }
  const tokens = await signIn({ issuer, clientId, redirectUrl: new URL('/auth/callback', graphql).href, user });
  return tokens.access_token;
}
