// Identity as the server takes it: who sends a request, and the routes under /auth.

import fastifyCookie from '@fastify/cookie';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Clock } from '../../operator/kernel/clock.ts';
import type { Database } from '../read-model/database.ts';
import { registerAuthRoutes } from './auth-routes.ts';
import { Authenticator, type AuthenticatedRequest, type Credentials } from './authenticator.ts';
import { BearerTokens } from './bearer-tokens.ts';
import { ClaimsReader } from './claims-reader.ts';
import { cookiesFor } from './cookies.ts';
import { joinedDirectory, type GroupDirectory } from './group-directory/group-directory.ts';
import { KnownUsers } from './group-directory/known-users.ts';
import { loadModuleDirectory } from './group-directory/module-directory.ts';
import { staticDirectory } from './group-directory/static-directory.ts';
import type { Identity } from './identity.ts';
import { Issuer } from './issuer.ts';
import { Login } from './login.ts';
import { Sessions } from './sessions/sessions.ts';
import type { IdentitySettings } from './settings.ts';

export interface AuthenticationOptions {
  readonly settings: IdentitySettings;
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface Authentication {
  /** Who is in which group, for lists and e-mail. */
  readonly groupDirectory: GroupDirectory;
  /** Undefined for nobody; throws AuthenticationFailure, whose `status` and `message` are told. Needs the cookies that {@link register} reads. */
  authenticate(request: AuthenticatedRequest): Promise<Identity | undefined>;
  /** Of a request that {@link authenticate} let in. */
  credentialsOf(request: AuthenticatedRequest): Credentials | undefined;
  /**
   * Who it is now, with the groups that they have now. A session does not go on by this alone. Throws AuthenticationFailure for who is not
   * signed in any more, or while this cannot be told.
   */
  identityOf(credentials: Credentials): Promise<Identity>;
  /** Reads the cookies of all requests of this server, and serves /auth. */
  register(fastify: FastifyInstance): Promise<void>;
}

/** Asks the provider nothing yet: a gateway starts while it is down. Throws an Error that names a group directory that cannot be loaded. */
export const openAuthentication = async (options: AuthenticationOptions): Promise<Authentication> => {
  const { settings, database, clock, log } = options;
  const { module, groups, rememberDays } = settings.groupDirectory;
  const knownUsers = new KnownUsers({ database, clock, log, rememberDays });
  const others = module === undefined ? knownUsers : await loadModuleDirectory(module);
  const groupDirectory = joinedDirectory([staticDirectory(groups), others]);
  const claims = new ClaimsReader(
    settings.oidc.claimsMapping,
    async (user) => groupDirectory.groupsOfUser(user),
    clock,
  );
  const issuer = new Issuer(settings.oidc, clock);
  const cookies = cookiesFor(settings);
  const sessions = new Sessions({ settings, database, issuer, claims, clock, log });
  const bearerTokens = new BearerTokens({ oidc: settings.oidc, issuer, claims, clock, log });
  const authenticator = new Authenticator({ settings, bearerTokens, sessions });
  const login = new Login(settings, issuer, claims, clock);
  const { maxAgeMinutes } = settings.session;
  return {
    groupDirectory,
    async authenticate(request) {
      const identity = await authenticator.authenticate(request);
      if (identity !== undefined) await knownUsers.saw(identity);
      return identity;
    },
    credentialsOf: (request) => authenticator.credentialsOf(request),
    identityOf: async (credentials) => authenticator.identityOf(credentials, { isUse: false }),
    async register(fastify) {
      await fastify.register(fastifyCookie);
      await fastify.register(async (scope) =>
        registerAuthRoutes(scope, { authenticator, sessions, login, cookies, maxAgeMinutes }),
      );
    },
  };
};
