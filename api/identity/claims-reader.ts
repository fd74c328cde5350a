// Claims of a token, and groups from the installation's own directory where settings map none: data.all's get_groups_for_user.

import type { Clock } from '../../operator/kernel/clock.ts';
import { Answers } from './answers.ts';
import { AuthenticationFailure } from './authentication-failure.ts';
import { mapClaims, userOf, type Claims, type MappedClaims } from './claims.ts';
import type { OidcSettings } from './settings.ts';

type Mapping = OidcSettings['claimsMapping'];
export type GroupsOfUser = (user: string) => Promise<readonly string[]>;

/** Groups that somebody has lost are noticed after so long. */
const MAX_AGE_MS = 60_000;
/** No claim of a token has this name. */
const FROM_DIRECTORY = ' directory';

export class ClaimsReader {
  readonly mapping: Mapping;
  readonly #clock: Clock;
  readonly #groupsOfUser: GroupsOfUser;
  readonly #answers: Answers<readonly string[]>;

  constructor(mapping: Mapping, groupsOfUser: GroupsOfUser, clock: Clock) {
    this.mapping = mapping;
    this.#clock = clock;
    this.#groupsOfUser = groupsOfUser;
    this.#answers = new Answers(clock);
  }

  /** Throws AuthenticationFailure: UnusableClaims, or IssuerUnavailable while the directory does not answer. */
  async read(claims: Claims): Promise<MappedClaims> {
    const { mapping } = this;
    if (mapping.groups.length > 0) return mapClaims(claims, mapping);
    const user = userOf(claims, mapping);
    const groups = await this.#answers.get(user, this.#clock.now() + MAX_AGE_MS, async () => this.#ask(user));
    return mapClaims({ ...claims, [FROM_DIRECTORY]: groups }, { ...mapping, groups: [FROM_DIRECTORY] });
  }

  async #ask(user: string): Promise<readonly string[]> {
    try {
      return await this.#groupsOfUser(user);
    } catch (cause) {
      const text =
        'the group directory of this installation does not say which groups you are in: try again in a moment';
      throw new AuthenticationFailure('IssuerUnavailable', text, { cause });
    }
  }
}
