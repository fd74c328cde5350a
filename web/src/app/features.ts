// What is switched on in this installation, and what it is set to: config.json, as the gateway tells it to pages.

import { createContext, use } from 'react';

/** As the file is written; a text or a mapping that nobody gave is not there. */
export interface Features {
  readonly modules: Readonly<Record<string, ModuleFeatures>>;
  readonly web: {
    /** Whether the guide is served, under /docs. */
    readonly guide: boolean;
    /** What a dataset may be about, as the installation lists it. */
    readonly topics: readonly string[];
  };
  readonly core: {
    readonly features?: { readonly custom_env_linking_text?: string };
  };
}

interface ModuleFeatures {
  readonly active: boolean;
  /** Another is kept for the version that has it. */
  readonly inThisVersion: boolean;
  readonly features?: {
    /** Whether people choose a level of confidentiality. */
    readonly confidentiality_dropdown?: boolean;
    readonly topics_dropdown?: boolean;
    /** Levels of this installation, each with the one of data.all that it means. */
    readonly custom_confidentiality_mapping?: Readonly<Record<string, string>>;
  };
}

/** @throws Error where the gateway does not tell, as who is not signed in learns */
export async function readFeatures(): Promise<Features> {
  const response = await fetch('/config.json', { headers: { accept: 'application/json' } });
  if (!response.ok) throw new Error(`/config.json answers ${response.status}`);
  return (await response.json()) as Features;
}

/** @param module as config.json names it; without one, what every installation has */
export const isActive = ({ modules }: Features, module: string | undefined): boolean =>
  module === undefined || (modules[module]?.active === true && modules[module].inThisVersion);

export const FeaturesContext = createContext<Features | undefined>(undefined);

export function useFeatures(): Features {
  const features = use(FeaturesContext);
  if (features === undefined) throw new Error('nothing is known of the installation: App provides its features');
  return features;
}
