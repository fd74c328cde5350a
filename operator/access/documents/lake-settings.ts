// Lake Formation settings of one account and region. Merged, never reset: others have administrators and parameters there too.
import type { LakeSettings } from '../../aws/lakeformation.ts';
import type { LakeSettingsClaims } from '../claims.ts';
import type { DocumentType } from '../document.ts';
import type { LakeSettingsKey } from '../document-key.ts';

const CROSS_ACCOUNT_VERSION = 'CROSS_ACCOUNT_VERSION';

export const lakeSettings: DocumentType<LakeSettingsKey, LakeSettingsClaims, LakeSettings, LakeSettings> = {
  kind: 'lake-settings',

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
    const drift = missing.map((arn) => ({
      kind: 'missing' as const,
      message: `${arn} is not a data lake administrator`,
      grants: [],
    }));
    return { actions: [settings], drift, refused: new Map() };
  },

  async execute({ aws }, _key, _claims, settings) {
    await aws.lakeFormation.putSettings(settings);
    return { done: true };
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
