// Lake Formation settings of one account and region. Merged, never reset: others have administrators and parameters there too.
import type { AccountAws } from '../../../aws/account.ts';
import { isFault } from '../../../aws/fault.ts';
import type { LakeSettings } from '../../../aws/services/lakeformation-settings.ts';
import type { LakeSettingsClaims } from '../../desired.ts';
import type { DocumentType } from '../../document.ts';
import type { LakeSettingsKey } from '../../document-key.ts';

const CROSS_ACCOUNT_VERSION = 'CROSS_ACCOUNT_VERSION';
/** Lake Formation cross-account version that direct grants to roles of other accounts need. */
const NEEDED_VERSION = 4;

export const lakeSettings: DocumentType<LakeSettingsKey, LakeSettingsClaims, LakeSettings, LakeSettings> = {
  kind: 'lake-settings',

  collect(specs, key) {
    const environments = specs.environmentsOf(key.account, key.region);
    // A second environment found what the first had raised, so the lowest is what was there before us.
    const versions = environments.map(({ status }) => Number(status.before?.crossAccountVersion ?? 0));
    const before = Math.min(NEEDED_VERSION, ...versions.filter((version) => version > 0));
    const pivots = (live: boolean): readonly string[] =>
      environments
        .filter(({ metadata }) => (metadata.deletionTimestamp === undefined) === live)
        .flatMap(({ status }) => status.pivotRole?.arn ?? []);
    const isLinked = pivots(true).length > 0;
    return {
      grants: [],
      administrators: pivots(true),
      formerAdministrators: pivots(false).filter((arn) => !pivots(true).includes(arn)),
      crossAccountVersion: isLinked ? NEEDED_VERSION : 0,
      restoreVersion: isLinked || before === NEEDED_VERSION ? undefined : { from: NEEDED_VERSION, to: before },
    };
  },

  // No grant waits for settings: they are right before an environment is Ready.
  shares: () => [],

  owners: (specs, key) => specs.environmentsOf(key.account, key.region),

  observe: async ({ aws }) => await aws.lakeFormation.settings(),

  plan(_key, claims, observed) {
    const missing = claims.administrators.filter((arn) => !observed.administrators.includes(arn));
    const gone = observed.administrators.filter((arn) => claims.formerAdministrators.includes(arn));
    const version = versionToSet(claims, observed);
    if (missing.length === 0 && gone.length === 0 && version === undefined)
      return { actions: [], drift: [], refused: new Map() };
    const settings: LakeSettings = {
      ...observed,
      administrators: [...observed.administrators.filter((arn) => !gone.includes(arn)), ...missing],
      parameters: {
        ...observed.parameters,
        ...(version !== undefined && { [CROSS_ACCOUNT_VERSION]: String(version) }),
      },
    };
    const missed = missing.map((arn) => `${arn} is not a data lake administrator`);
    if (version !== undefined && claims.restoreVersion === undefined)
      missed.push(`${CROSS_ACCOUNT_VERSION} of Lake Formation is less than ${version}`);
    const drift = missed.map((message) => ({ kind: 'missing' as const, message, grants: [] }));
    return { actions: [settings], drift, refused: new Map() };
  },

  async execute({ aws }, key, claims, settings) {
    try {
      await aws.lakeFormation.putSettings(settings);
      return { done: true };
    } catch (error) {
      if (!isFault(error, 'UnknownPrincipal')) throw error;
      const listed = [...settings.administrators, ...readersOf(settings)];
      const omittedPrincipals = await goneFrom(
        aws,
        key.account,
        listed.filter((arn) => !claims.administrators.includes(arn)),
      );
      if (omittedPrincipals.length === 0) throw error;
      await aws.lakeFormation.putSettings(withoutAdministrators(settings, omittedPrincipals));
      return { done: true, omittedPrincipals };
    }
  },

  judge: () => new Map(),

  isClean: (_key, claims, observed) =>
    observed.administrators.every((arn) => !claims.formerAdministrators.includes(arn)) &&
    (claims.restoreVersion === undefined || versionToSet(claims, observed) === undefined),
};

/** Undefined while it is right: high enough for us, or, once we leave, not what we made of it. */
const versionToSet = (claims: LakeSettingsClaims, observed: LakeSettings): number | undefined => {
  const version = Number(observed.parameters[CROSS_ACCOUNT_VERSION] ?? '1');
  if (version < claims.crossAccountVersion) return claims.crossAccountVersion;
  return version === claims.restoreVersion?.from ? claims.restoreVersion.to : undefined;
};

/** Those who administer by looking only. */
const readersOf = ({ others }: LakeSettings): readonly string[] =>
  (others.ReadOnlyAdmins ?? []).map(({ DataLakePrincipalIdentifier: arn = '' }) => arn);

/**
 * Lake Formation takes no settings, from anybody, that list an administrator who was deleted since
 * (https://github.com/aws-samples/data-mesh-datazone-cdk-cloudformation/issues/8). Only IAM knows who that is, of its own account.
 */
const goneFrom = async (aws: AccountAws, account: string, arns: readonly string[]): Promise<readonly string[]> => {
  const gone: string[] = [];
  for (const arn of new Set(arns))
    if (isOf(account, arn) && (await aws.iam.principal(arn)) === undefined) gone.push(arn);
  return gone;
};

const isOf = (account: string, arn: string): boolean => new RegExp(`^arn:[^:]+:iam::${account}:(role|user)/`).test(arn);

const withoutAdministrators = (settings: LakeSettings, gone: readonly string[]): LakeSettings => ({
  ...settings,
  administrators: settings.administrators.filter((arn) => !gone.includes(arn)),
  others: {
    ...settings.others,
    ReadOnlyAdmins: settings.others.ReadOnlyAdmins?.filter(
      ({ DataLakePrincipalIdentifier: arn = '' }) => !gone.includes(arn),
    ),
  },
});
