// How people sign in: the section `identity` of the gateway's configuration, checked at start.

import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { StartupError } from '../../operator/kernel/process/start-up.ts';
import { describeIssues, nearest, settingsErrorMap } from '../../operator/kernel/process/settings-error.ts';

const MINUTES_OF_30_DAYS = 43_200;
const MINUTES_OF_A_WEEK = 10_080;
/** AES-256. */
const KEY_BYTES = 32;

const name = z.string().trim().min(1);

const isLoopback = ({ hostname }: URL): boolean => /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);

/** Tokens and codes travel there. */
const endpoint = z.url({ protocol: /^https?$/ }).refine((text) => {
  const url = new URL(text);
  return url.protocol === 'https:' || isLoopback(url);
}, 'is https, or http on this machine (localhost) only');

/** A secret, or a file that holds it and nothing else but a last line break, as Kubernetes mounts Secrets. */
const secret = z.union([z.string().min(1), z.strictObject({ file: name })]).transform((value, context) => {
  if (typeof value === 'string') return value;
  try {
    return readFileSync(value.file, 'utf8').replace(/\r?\n$/, '');
  } catch {
    context.addIssue({ code: 'custom', message: `cannot read ${value.file}` });
    return z.NEVER;
  }
});

/** One name, several separated by spaces as in OAuth, or a list. */
const names = z
  .union([z.string(), z.array(name)])
  .transform((value) => (typeof value === 'string' ? value.split(/\s+/).filter((part) => part !== '') : value));

/** What could make a name of Kubernetes' own: `system:`, or what a name of the provider completes to it. */
const isKubernetesOwn = (prefix: string): boolean => prefix.startsWith('system:') || 'system:'.startsWith(prefix);
const prefix = z
  .string()
  .max(64)
  .regex(/^(?!\s)[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, 'has no control characters and begins with no space')
  .refine((text) => text === '' || !isKubernetesOwn(text), 'may not make names of Kubernetes (system:...)')
  .default('');

/** data.all calls this `custom_auth`: all of it is needed, or the gateway does not start. */
const oidc = z
  .strictObject({
    /** Issuer identifier: `/.well-known/openid-configuration` is read below it. */
    issuer: endpoint,
    clientId: name,
    /** None: a public client, which PKCE alone protects. */
    clientSecret: secret.optional(),
    /** `https://<host>/auth/callback`. Its origin is the gateway's own. */
    redirectUrl: endpoint,
    /** As the provider knows them. `offline_access` or what the provider has instead is what makes sessions outlive an access token. */
    scopes: names.refine((list) => list.includes('openid'), 'contains openid'),
    claimsMapping: z.strictObject({
      /** Whose name Kubernetes is told. A name that its bearer can change at will must not be chosen. */
      user: name,
      email: name,
      /**
       * One or several, whose groups are taken together: `cognito:groups`, `custom:saml.groups`, `groups`. An empty list: tokens say none,
       * and `groupDirectory.module` is asked.
       */
      groups: names,
    }),
    /** What `aud` of a token has to name; `api://...` where the provider gives APIs names of their own. Default: clientId. */
    audiences: z.array(name).min(1).optional(),
    /** Clients whose tokens are taken (`client_id`, `cid`, `azp`), when programs have their own. Default: clientId. */
    clients: z.array(name).min(1).optional(),
    /** Where data.all's front end sends people back to, when it is not `redirectUrl`. */
    tokenExchangeRedirectUrl: endpoint.optional(),
  })
  .transform((settings) => ({
    ...settings,
    audiences: settings.audiences ?? [settings.clientId],
    clients: settings.clients ?? [settings.clientId],
  }));

const session = z.strictObject({
  /** Since the sign-in, in minutes. */
  maxAgeMinutes: z.int().min(5).max(525_600).default(MINUTES_OF_30_DAYS),
  /** Without a request, in minutes. */
  idleMinutes: z.int().min(5).max(525_600).default(MINUTES_OF_A_WEEK),
  /** Other origins of the same site whose pages may act in a session, e.g. `https://portal.example.com`. The gateway's own always may. */
  origins: z.array(endpoint).default([]),
  /** What tokens are encrypted with, 32 bytes in base64 each (`openssl rand -base64 32`). The first one encrypts, all decrypt. */
  keys: z
    .array(
      z.strictObject({
        id: name.max(64),
        secret: secret
          .transform((text) => Buffer.from(text, 'base64'))
          .refine((bytes) => bytes.length === KEY_BYTES, `is ${KEY_BYTES} bytes in base64`),
      }),
    )
    .min(1)
    .refine((keys) => new Set(keys.map(({ id }) => id)).size === keys.length, 'has two keys of one id'),
});

const reauth = z.strictObject({
  /** Fields of Query and Mutation that ask for a fresh sign-in, in any case. */
  operations: z.array(name).default([]),
  /** How long a sign-in counts as fresh. */
  ttlMinutes: z.number().positive().max(MINUTES_OF_30_DAYS).default(5),
});

const groupDirectory = z.strictObject({
  /**
   * A module of the installation's own that exports `groupDirectory` (group-directory/group-directory.ts): a package, an absolute path or a
   * file URL. Without it those are listed who have signed in.
   */
  module: name.optional(),
  /** Groups that are always there. */
  groups: z
    .array(
      z.strictObject({
        name,
        users: z.array(z.strictObject({ user: name, email: z.email().optional() })).default([]),
      }),
    )
    .default([]),
  /** Who has not signed in for so many days is listed no more. */
  rememberDays: z.int().min(1).max(3650).default(90),
});

export const identitySettings = z
  .strictObject({
    oidc,
    session,
    reauth: reauth.prefault({}),
    groupDirectory: groupDirectory.prefault({}),
    /** Put before the names that Kubernetes is told, as `--oidc-username-prefix` and `--oidc-groups-prefix` of the API server. */
    userPrefix: prefix,
    groupPrefix: prefix,
  })
  .superRefine(({ oidc, groupDirectory }, context) => {
    if (oidc.claimsMapping.groups.length > 0 || groupDirectory.module !== undefined) return;
    const message =
      'is empty: name the claim that says groups, or in identity.groupDirectory.module a module that knows them';
    context.addIssue({ code: 'custom', path: ['oidc', 'claimsMapping', 'groups'], message });
  });

export type IdentitySettings = z.output<typeof identitySettings>;
export type IdentitySettingsInput = z.input<typeof identitySettings>;
export type OidcSettings = IdentitySettings['oidc'];

/** Throws an Error that names every key that is missing, wrong or unknown (with the nearest known one). */
export const readIdentitySettings = (input: unknown): IdentitySettings => {
  const result = identitySettings.safeParse(input, { error: settingsErrorMap });
  if (result.success) return result.data;
  throw new Error(describeIssues(result.error, 'identity'));
};

/**
 * The operations that ask for a fresh sign-in as the schema spells them.
 * @param known names of all fields of Query and Mutation. Throws {@link StartupError} that names the nearest for each that is none of them.
 */
export const reauthOperations = ({ reauth }: IdentitySettings, known: readonly string[]): ReadonlySet<string> => {
  const byLowerCase = new Map(known.map((operation) => [operation.toLowerCase(), operation]));
  const unknown = reauth.operations.filter((operation) => !byLowerCase.has(operation.toLowerCase()));
  if (unknown.length > 0) {
    const lines = unknown.map(
      (operation) => `identity.reauth.operations: no operation ${operation}${near(operation, known)}`,
    );
    throw new StartupError(lines.join('\n'));
  }
  return new Set(reauth.operations.flatMap((operation) => byLowerCase.get(operation.toLowerCase()) ?? []));
};

const near = (operation: string, known: readonly string[]): string => {
  const text = nearest(operation, known);
  return text.startsWith(',') ? text : '';
};
